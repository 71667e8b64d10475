/** Value representations of PS3.5 6.2. */
export type Vr =
  | 'AE'
  | 'AS'
  | 'AT'
  | 'CS'
  | 'DA'
  | 'DS'
  | 'DT'
  | 'FD'
  | 'FL'
  | 'IS'
  | 'LO'
  | 'LT'
  | 'OB'
  | 'OD'
  | 'OF'
  | 'OL'
  | 'OV'
  | 'OW'
  | 'PN'
  | 'SH'
  | 'SL'
  | 'SQ'
  | 'SS'
  | 'ST'
  | 'SV'
  | 'TM'
  | 'UC'
  | 'UI'
  | 'UL'
  | 'UN'
  | 'UR'
  | 'US'
  | 'UT'
  | 'UV';

/** Component groups of a person name, each `family^given^middle^prefix^suffix` (PS3.5 6.2.1). */
export type PersonName = { Alphabetic?: string; Ideographic?: string; Phonetic?: string };

/** One value: text, number, person name or sequence item; null stands for an empty value among several. 64-bit integers are bigint. */
export type Value = string | number | bigint | PersonName | DataSet | null;

/**
 * One attribute. Text, numbers, names and items are in `Value`; binary VRs (OB OD OF OL OV OW UN) in `bytes`, little endian, a view
 * into the source where possible; encapsulated Pixel Data in `fragments` (the basic offset table apart). Empty: none of them.
 */
export type Attribute = { vr: Vr; Value?: Value[]; bytes?: Uint8Array; fragments?: Uint8Array[]; offsetTable?: Uint8Array };

/** A data set: attributes by tag, 8 upper-case hex digits ("00100020"), in ascending order. */
export type DataSet = { [tag: string]: Attribute };

/** A file of PS3.10: file meta group (0002,xxxx) and data set. */
export type Part10 = { meta: DataSet; dataSet: DataSet; transferSyntaxUid: string };

/** Where the value of Pixel Data stands in the file; `length` null if undefined (encapsulated). */
export type PixelDataLocation = { offset: number; length: number | null; vr: 'OB' | 'OW' | 'OF' | 'OD' };

/** Bytes that are not the DICOM that they should be; says what and where, never a value. */
export class DicomError extends Error {
  readonly tag: string | undefined;
  readonly offset: number | undefined;

  constructor(reason: string, where: { tag?: string; offset?: number } = {}) {
    super(reason);
    this.name = 'DicomError';
    this.tag = where.tag;
    this.offset = where.offset;
  }
}

/** First value as text, trimmed; undefined if absent, empty or not text. Numbers are written out. */
export function textOf(dataSet: DataSet, tag: string): string | undefined {
  const value = dataSet[tag]?.Value?.[0];
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}

/** All text values, trimmed, empty ones left out. */
export function textsOf(dataSet: DataSet, tag: string): string[] {
  const values = dataSet[tag]?.Value ?? [];
  return values.flatMap((value) => (typeof value === 'string' && value.trim() !== '' ? [value.trim()] : []));
}

/** First value as a finite number (DS and IS are numbers already, text that is a number is read); undefined otherwise. */
export function numberOf(dataSet: DataSet, tag: string): number | undefined {
  return numbersOf(dataSet, tag)[0];
}

/** All values that are finite numbers. */
export function numbersOf(dataSet: DataSet, tag: string): number[] {
  const values = dataSet[tag]?.Value ?? [];
  return values.flatMap((value) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? [number] : [];
  });
}

/** First person name; undefined if absent or empty. */
export function personNameOf(dataSet: DataSet, tag: string): PersonName | undefined {
  const value = dataSet[tag]?.Value?.[0];
  return value !== null && typeof value === 'object' && isPersonName(value) ? value : undefined;
}

/** Items of a sequence; empty if absent. */
export function itemsOf(dataSet: DataSet, tag: string): DataSet[] {
  if (dataSet[tag]?.vr !== 'SQ') return [];
  return (dataSet[tag]?.Value ?? []).flatMap((value) => (value !== null && typeof value === 'object' ? [value as DataSet] : []));
}

function isPersonName(value: PersonName | DataSet): value is PersonName {
  return 'Alphabetic' in value || 'Ideographic' in value || 'Phonetic' in value;
}
