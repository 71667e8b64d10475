import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertUnit, foldUnit, type Quantity, unitsOf } from './units.ts';

const QUANTITIES: Quantity[] = [
  'creatinine',
  'bilirubin',
  'urea',
  'urea-nitrogen',
  'glucose',
  'albumin',
  'cystatin-c',
  'sodium',
  'enzyme-activity',
  'platelets',
  'length',
  'mass',
  'volume',
  'age',
  'interval',
  'rate',
  'pressure',
  'temperature',
  'hemoglobin',
  'potassium',
  'cholesterol',
  'triglycerides',
  'hba1c',
  'leukocytes',
  'c-reactive-protein',
  'lactate',
  'thyrotropin',
  'tumor-marker',
  'albumin-creatinine',
  'gfr',
  'fraction',
  'ratio',
  'body-mass-index',
];

describe('units', () => {
  it.each<[Quantity, number, string, string, number]>([
    ['creatinine', 1, 'mg/dL', 'umol/L', 88.4],
    ['creatinine', 200, 'umol/L', 'mg/dL', 2.26244343891],
    ['creatinine', 0.1, 'mmol/L', 'umol/L', 100],
    ['bilirubin', 2, 'mg/dL', 'umol/L', 34.2],
    ['urea-nitrogen', 20, 'mg/dL', 'mmol/L', 7.14],
    ['urea', 42.042, 'mg/dL', 'mmol/L', 7],
    ['glucose', 90, 'mg/dL', 'mmol/L', 5],
    ['albumin', 28, 'g/L', 'g/dL', 2.8],
    ['enzyme-activity', 1, 'ukat/L', 'U/L', 60],
    ['platelets', 150_000, '/uL', '10*9/L', 150],
    ['length', 1, '[ft_i]', 'cm', 30.48],
    ['length', 10, '[in_i]', 'm', 0.254],
    ['length', 8, 'mm', 'cm', 0.8],
    ['hemoglobin', 135, 'g/L', 'g/dL', 13.5],
    ['hemoglobin', 10, 'g/dL', 'mmol/L', 6.206],
    ['hba1c', 53, 'mmol/mol', '%', 7.00044],
    ['cholesterol', 5, 'mmol/L', 'mg/dL', 193.35],
    ['albumin-creatinine', 100, 'mg/g', 'mg/mmol', 11.3],
    ['creatinine', 106, 'µmol/l', 'mg/dL', 1.19909502262],
    ['pressure', 120, 'mmHg', 'mm[Hg]', 120],
    ['mass', 154, '[lb_av]', 'kg', 69.85322498],
    ['volume', 0.25, 'mL', 'mm3', 250],
    ['age', 18, 'mo', 'a', 1.5],
    ['interval', 0.8, 's', 'ms', 800],
    ['pressure', 8, 'kPa', 'mm[Hg]', 60.00496],
    ['temperature', 98.6, '[degF]', 'Cel', 37],
    ['temperature', 309.15, 'K', 'Cel', 36],
    ['temperature', 36, 'Cel', '[degF]', 96.8],
  ])('convert %s: %d %s -> %s', (...row) => {
    const [quantity, value, from, to, expected] = row;
    expect(convertUnit(quantity, value, { from, to })).toBeCloseTo(expected, 8);
  });

  it('come back from every other unit of the quantity', () => {
    fc.assert(
      fc.property(fc.constantFrom(...QUANTITIES), fc.double({ min: 0.01, max: 1e4, noNaN: true }), (quantity, value) => {
        const units = unitsOf(quantity);
        for (const to of units) {
          const there = convertUnit(quantity, value, { from: units[0] ?? '', to }) ?? Number.NaN;
          const back = convertUnit(quantity, there, { from: to, to: units[0] ?? '' }) ?? Number.NaN;
          expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-8 * Math.max(1, Math.abs(value)));
        }
      }),
    );
  });

  it('of another quantity, and names that objects have anyway, are not known', () => {
    expect(convertUnit('creatinine', 1, { from: 'mm', to: 'mg/dL' })).toBeUndefined();
    expect(convertUnit('creatinine', 1, { from: 'mg/dL', to: 'toString' })).toBeUndefined();
  });

  it.each([
    ['mg/dl', 'mg/dL'],
    ['µmol/l', 'umol/L'],
    ['10^3/uL', '10*3/uL'],
    ['mEq/L', 'meq/L'],
    ['mg/dL{creat}', 'mg/dL'],
    ['{INR}', '1'],
    ['mL/min/{1.73_m2}', 'mL/min/{1.73_m2}'],
    ['lbs', '[lb_av]'],
  ])('folds %s to %s', (written, code) => {
    expect(foldUnit(written)).toBe(code);
    expect(foldUnit(code)).toBe(code);
  });
});
