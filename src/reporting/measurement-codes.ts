import type { MeasurementKind, Quantity, Unit } from '../contract/measurements.ts';
import type { Code } from '../dicom/sr-items.ts';

/** This product's own concepts, where no public scheme has one. */
export const PRIVATE_SCHEME = '99ISOCENTER';

const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });
const ucum = (value: Unit, meaning: string): Code => ({ value, scheme: 'UCUM', meaning });
const own = (value: string, meaning: string): Code => ({ value, scheme: PRIVATE_SCHEME, meaning });

/** Concepts of the templates (PS3.16 TID 1500, 1501, 1410, 300, 1204, 1002, 1003). */
export const Concept = {
  report: dcm('126000', 'Imaging Measurement Report'),
  language: dcm('121049', 'Language of Content Item and Descendants'),
  english: { value: 'en', scheme: 'RFC5646', meaning: 'English' },
  observerType: dcm('121005', 'Observer Type'),
  person: dcm('121006', 'Person'),
  observerName: dcm('121008', 'Person Observer Name'),
  procedureReported: dcm('121058', 'Procedure reported'),
  imagingProcedure: sct('363679005', 'Imaging procedure'),
  measurements: dcm('126010', 'Imaging Measurements'),
  group: dcm('125007', 'Measurement Group'),
  trackingIdentifier: dcm('112039', 'Tracking Identifier'),
  trackingUid: dcm('112040', 'Tracking Unique Identifier'),
  finding: dcm('121071', 'Finding'),
  region: dcm('111030', 'Image Region'),
  derivation: dcm('121401', 'Derivation'),
  sourceOfMeasurement: dcm('121112', 'Source of Measurement'),
  comment: dcm('121106', 'Comment'),
} as const satisfies Record<string, Code>;

const PIXEL_STATISTICS = ['mean', 'standard_deviation', 'minimum', 'maximum'] as const;
type PixelStatistic = (typeof PIXEL_STATISTICS)[number];
type Named = Exclude<Quantity, PixelStatistic | 'pixel_value'>;

/** The name of each quantity that is no pixel value. */
const NAME_OF: Readonly<Record<Named, Code>> = {
  length: sct('410668003', 'Length'),
  angle: sct('1483009', 'Angle'),
  cobb_angle: sct('285285000', 'Cobb angle'),
  area: sct('42798000', 'Area'),
  cardiothoracic_ratio: own('CTR', 'Cardiothoracic ratio'),
  heart_width: own('HEART-WIDTH', 'Transverse width of the heart'),
  chest_width: own('CHEST-WIDTH', 'Inner transverse width of the chest'),
};
/** How a statistic is derived from the pixel values (CID 7464). */
const DERIVATION_OF: Readonly<Record<PixelStatistic, Code>> = {
  mean: sct('373098007', 'Mean'),
  standard_deviation: sct('386136009', 'Standard Deviation'),
  minimum: sct('255605001', 'Minimum'),
  maximum: sct('56851009', 'Maximum'),
};
const UNIT_CODES: Readonly<Record<Unit, Code>> = {
  mm: ucum('mm', 'millimeter'),
  mm2: ucum('mm2', 'square millimeter'),
  '{pixels}': ucum('{pixels}', 'pixels'),
  '{square_pixels}': ucum('{square_pixels}', 'square pixels'),
  deg: ucum('deg', 'degree'),
  "[hnsf'U]": ucum("[hnsf'U]", 'Hounsfield unit'),
  '{SUVbw}g/ml': ucum('{SUVbw}g/ml', 'Standardized Uptake Value body weight'),
  '1': ucum('1', 'no units'),
};
/** What a pixel's value is, by its unit. */
const SIGNAL_OF: Readonly<Partial<Record<Unit, Code>>> = {
  "[hnsf'U]": dcm('112031', 'Attenuation Coefficient'),
  '{SUVbw}g/ml': dcm('126401', 'SUVbw'),
};
const PIXEL_VALUE = own('PIXEL-VALUE', 'Pixel value');
/** SNOMED RT codes, as older documents have them, of the same concepts (PS3.16 annex O). */
const FORMER: Readonly<Record<string, string>> = {
  'G-D7FE': '410668003',
  'G-A160': '1483009',
  'G-A166': '42798000',
  'R-00317': '373098007',
  'R-10047': '386136009',
  'R-404FB': '255605001',
  'G-A437': '56851009',
};

/** Name, and derivation if it has one, by which a number is coded. */
export function codesOf(quantity: Quantity, unit: Unit): { name: Code; derivation?: Code } {
  const signal = SIGNAL_OF[unit] ?? PIXEL_VALUE;
  if (quantity === 'pixel_value') return { name: signal };
  return isStatistic(quantity) ? { name: signal, derivation: DERIVATION_OF[quantity] } : { name: NAME_OF[quantity] };
}

export function unitCode(unit: Unit): Code {
  return UNIT_CODES[unit];
}

/** The unit of a code; undefined if it is none of ours. */
export function unitOf(code: Code | undefined): Unit | undefined {
  return Object.values(UNIT_CODES).find(({ value }) => code?.scheme === 'UCUM' && code.value === value)?.value as Unit | undefined;
}

/** The quantity that codes say; undefined if it is none of ours. */
export function quantityOf(name: Code | undefined, derivation: Code | undefined): Quantity | undefined {
  if (!name) return undefined;
  if (sameConcept(name, PIXEL_VALUE) || Object.values(SIGNAL_OF).some((signal) => sameConcept(name, signal)))
    return derivation ? PIXEL_STATISTICS.find((statistic) => sameConcept(derivation, DERIVATION_OF[statistic])) : 'pixel_value';
  // A mean of lengths is not a length.
  if (derivation) return undefined;
  return (Object.keys(NAME_OF) as Named[]).find((quantity) => sameConcept(name, NAME_OF[quantity]));
}

/** What a measurement group is, by the first of its numbers, where that says it. */
export function kindOfQuantity(quantity: Quantity | undefined): MeasurementKind | undefined {
  if (quantity === 'pixel_value') return 'probe';
  const kinds = ['length', 'angle', 'cobb_angle', 'cardiothoracic_ratio'] as const;
  return kinds.find((kind) => kind === quantity);
}

function isStatistic(quantity: Quantity): quantity is PixelStatistic {
  return (PIXEL_STATISTICS as readonly string[]).includes(quantity);
}

function sameConcept(code: Code, known: Code): boolean {
  const value = code.scheme === 'SRT' || code.scheme === 'SNM3' ? FORMER[code.value] : code.value;
  const scheme = value === code.value ? code.scheme : 'SCT';
  return value === known.value && scheme === known.scheme;
}
