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
  | 'temperature';

/** One of a unit is `factor` of the quantity's first unit, plus `offset`. */
type Scale = { factor: number; offset?: number };

/**
 * Units by UCUM code; the first of each quantity is the one that the others refer to.
 *
 * Amounts of substance: the conventional factors of the AMA Manual of Style (11th ed., chapter 17, SI conversion): creatinine
 * mg/dL x 88.4 = umol/L, bilirubin x 17.1, glucose x 0.0555 (1/18.0), urea nitrogen x 0.357 = mmol/L of urea. Urea itself from its
 * molar mass, 60.06 g/mol. Lengths and masses: the international inch and avoirdupois pound (1959). Pressure: 1 kPa = 7.50062 mm[Hg].
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

function scaleOf(quantity: Quantity, unit: string): Scale | undefined {
  const scales = UNITS[quantity];
  return Object.hasOwn(scales, unit) ? scales[unit] : undefined;
}
