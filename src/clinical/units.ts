/** What is measured: the same pair of units converts differently for different substances. */
export type Quantity =
  | 'creatinine'
  | 'bilirubin'
  | 'urea'
  | 'urea-nitrogen'
  | 'glucose'
  | 'albumin'
  | 'cystatin-c'
  | 'sodium'
  | 'enzyme-activity'
  | 'platelets'
  | 'length'
  | 'mass'
  | 'volume'
  | 'age'
  | 'interval'
  | 'rate'
  | 'pressure'
  | 'temperature'
  | 'hemoglobin'
  | 'potassium'
  | 'cholesterol'
  | 'triglycerides'
  | 'hba1c'
  | 'leukocytes'
  | 'c-reactive-protein'
  | 'lactate'
  | 'thyrotropin'
  | 'tumor-marker'
  | 'albumin-creatinine'
  | 'gfr'
  | 'fraction'
  | 'ratio'
  | 'body-mass-index';

/** One of a unit is `factor` of the quantity's first unit, plus `offset`. */
type Scale = { factor: number; offset?: number };

/**
 * Units by UCUM code; the first of each quantity is the one that the others refer to.
 *
 * Amounts of substance: the conventional factors of the AMA Manual of Style (11th ed., chapter 17, SI conversion): creatinine
 * mg/dL x 88.4 = umol/L, bilirubin x 17.1, glucose x 0.0555 (1/18.0), urea nitrogen x 0.357 = mmol/L of urea. Urea itself from its
 * molar mass, 60.06 g/mol; hemoglobin g/dL x 0.6206 = mmol/L (of the monomer), cholesterol mg/dL x 0.0259 (1/38.67), triglycerides x 0.0113
 * (1/88.57), lactate x 0.111 (1/9.01), urine albumin/creatinine mg/g x 0.113 = mg/mmol. Hemoglobin A1c: % (NGSP) = 0.09148 x mmol/mol
 * (IFCC) + 2.152 (Hoelzel 2004, Clin Chem 50:166). Lengths and masses: the international inch and avoirdupois pound (1959). Pressure: 1 kPa = 7.50062 mm[Hg].
 */
const UNITS: Record<Quantity, Record<string, Scale>> = {
  creatinine: { 'mg/dL': { factor: 1 }, 'umol/L': { factor: 1 / 88.4 }, 'mmol/L': { factor: 1_000 / 88.4 } },
  bilirubin: { 'mg/dL': { factor: 1 }, 'umol/L': { factor: 1 / 17.1 } },
  urea: { 'mmol/L': { factor: 1 }, 'mg/dL': { factor: 10 / 60.06 } },
  'urea-nitrogen': { 'mg/dL': { factor: 1 }, 'mmol/L': { factor: 1 / 0.357 } },
  glucose: { 'mg/dL': { factor: 1 }, 'mmol/L': { factor: 18 } },
  albumin: { 'g/dL': { factor: 1 }, 'g/L': { factor: 0.1 } },
  'cystatin-c': { 'mg/L': { factor: 1 }, 'mg/dL': { factor: 10 } },
  sodium: { 'mmol/L': { factor: 1 }, 'meq/L': { factor: 1 } },
  'enzyme-activity': { 'U/L': { factor: 1 }, 'ukat/L': { factor: 60 } },
  platelets: { '10*9/L': { factor: 1 }, '10*3/uL': { factor: 1 }, '/uL': { factor: 0.001 } },
  length: { cm: { factor: 1 }, mm: { factor: 0.1 }, m: { factor: 100 }, '[in_i]': { factor: 2.54 }, '[ft_i]': { factor: 30.48 } },
  mass: { kg: { factor: 1 }, g: { factor: 0.001 }, '[lb_av]': { factor: 0.45359237 } },
  volume: { mm3: { factor: 1 }, cm3: { factor: 1_000 }, mL: { factor: 1_000 } },
  age: { a: { factor: 1 }, mo: { factor: 1 / 12 } },
  interval: { ms: { factor: 1 }, s: { factor: 1_000 } },
  rate: { '/min': { factor: 1 } },
  pressure: { 'mm[Hg]': { factor: 1 }, kPa: { factor: 7.50062 } },
  hemoglobin: { 'g/dL': { factor: 1 }, 'g/L': { factor: 0.1 }, 'mmol/L': { factor: 1 / 0.6206 } },
  potassium: { 'mmol/L': { factor: 1 }, 'meq/L': { factor: 1 } },
  cholesterol: { 'mg/dL': { factor: 1 }, 'mmol/L': { factor: 38.67 } },
  triglycerides: { 'mg/dL': { factor: 1 }, 'mmol/L': { factor: 88.57 } },
  hba1c: { '%': { factor: 1 }, 'mmol/mol': { factor: 0.09148, offset: 2.152 } },
  leukocytes: { '10*9/L': { factor: 1 }, '10*3/uL': { factor: 1 }, '/uL': { factor: 0.001 } },
  'c-reactive-protein': { 'mg/L': { factor: 1 }, 'mg/dL': { factor: 10 } },
  lactate: { 'mmol/L': { factor: 1 }, 'mg/dL': { factor: 1 / 9.01 } },
  thyrotropin: { 'm[IU]/L': { factor: 1 }, 'u[IU]/mL': { factor: 1 } },
  'tumor-marker': { 'ng/mL': { factor: 1 }, 'ug/L': { factor: 1 } },
  'albumin-creatinine': { 'mg/g': { factor: 1 }, 'mg/mmol': { factor: 1 / 0.113 } },
  gfr: { 'mL/min/{1.73_m2}': { factor: 1 }, 'mL/min/1.73.m2': { factor: 1 } },
  fraction: { '%': { factor: 1 }, '1': { factor: 100 } },
  ratio: { '1': { factor: 1 } },
  'body-mass-index': { 'kg/m2': { factor: 1 } },
  temperature: { Cel: { factor: 1 }, K: { factor: 1, offset: -273.15 }, '[degF]': { factor: 5 / 9, offset: -160 / 9 } },
};

const SIGNIFICANT_DIGITS = 12;

/** The units of a quantity, as UCUM codes. */
export function unitsOf(quantity: Quantity): string[] {
  return Object.keys(UNITS[quantity]);
}

/** The value in another unit of the same quantity; undefined if one of the units is not known for it. */
export function convertUnit(quantity: Quantity, value: number, { from, to }: { from: string; to: string }): number | undefined {
  const source = scaleOf(quantity, from);
  const target = scaleOf(quantity, to);
  if (!source || !target) return undefined;
  if (from === to) return value;
  const converted = (value * source.factor + (source.offset ?? 0) - (target.offset ?? 0)) / target.factor;
  // 28 g/L is 2.8 g/dL, not 2.8000000000000003: binary noise must not move a value over a threshold.
  return Number(converted.toPrecision(SIGNIFICANT_DIGITS));
}

/**
 * One spelling for the codes that UCUM counts as equal or that differ in an annotation alone: `l` and `L`, `{creat}`; and the printed forms
 * that records carry in place of a code (`mmHg`, `µmol/L`, `mEq/L`, `10^9/L`).
 */
export function foldUnit(unit: string): string {
  const plain = unit
    .trim()
    .replaceAll(/[µμ]/g, 'u')
    .replaceAll('²', '2')
    .replaceAll('10^', '10*')
    .replaceAll(/(?<![A-Za-z])([munpdc]?)l(?![A-Za-z])/g, '$1L')
    .replace(/^mEq\//, 'meq/');
  const printed = PRINTED[plain];
  if (printed !== undefined) return printed;
  const bare = plain.replaceAll(/(?<=[A-Za-z%\]])\{[^}]*\}/g, '');
  return /^\{[^}]*\}$/.test(bare) ? '1' : bare;
}

const PRINTED: Readonly<Record<string, string>> = {
  '': '1',
  mmHg: 'mm[Hg]',
  '°C': 'Cel',
  '°F': '[degF]',
  lbs: '[lb_av]',
  'IU/L': 'U/L',
  '[IU]/L': 'U/L',
  'mIU/L': 'm[IU]/L',
  'uIU/mL': 'u[IU]/mL',
  'mL/min/1.73m2': 'mL/min/{1.73_m2}',
  'mL/min/1.73 m2': 'mL/min/{1.73_m2}',
  'mL/min/{1.73m2}': 'mL/min/{1.73_m2}',
  bpm: '/min',
  '{beats}/min': '/min',
  '{breaths}/min': '/min',
};

function scaleOf(quantity: Quantity, unit: string): Scale | undefined {
  const scales = UNITS[quantity];
  if (Object.hasOwn(scales, unit)) return scales[unit];
  const folded = foldUnit(unit);
  return Object.hasOwn(scales, folded) ? scales[folded] : undefined;
}
