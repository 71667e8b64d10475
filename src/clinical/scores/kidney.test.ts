import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};
const umol = (value: number) => ({ value, unit: 'umol/L' });
type Creatinine = number | { value: number; unit: string };

describe('eGFR by CKD-EPI 2021 from creatinine', () => {
  it.each<[age: number, sex: string, creatinine: Creatinine, value: number, band: string]>([
    [50, 'male', 1.0, 91.7, 'G1'],
    [50, 'female', 1.0, 68.6, 'G2'],
    [65, 'male', 2.0, 36.4, 'G3b'],
    [70, 'female', 1.2, 48.7, 'G3a'],
    [34, 'female', umol(42), 127.7, 'G1'],
    [32, 'female', umol(42), 129.3, 'G1'],
    [18, 'male', 0.9, 127.0, 'G1'],
    [18, 'female', 0.7, 128.5, 'G1'],
    [40, 'male', 0.6, 125.1, 'G1'],
    [40, 'female', 0.5, 121.5, 'G1'],
    [80, 'male', 4.0, 14.4, 'G5'],
    [60, 'female', 8.0, 5.3, 'G5'],
    [90, 'male', 1.5, 44.0, 'G3b'],
  ])('is right for %d years, %s, %o mg/dL: %d (Inker, N Engl J Med 2021;385:1737)', (...row) => {
    const [age, sex, creatinine, value, band] = row;
    const result = compute('egfr-ckd-epi-2021-cr', { age, sex, creatinine });
    expect(result).toMatchObject({ value, range: null, unit: 'mL/min/{1.73_m2}', band: { id: band }, missing: [], not_applicable: null });
  });

  it('is a range of the two sexes where the sex is missing', () => {
    const result = compute('egfr-ckd-epi-2021-cr', { age: 50, creatinine: 1 });
    expect(result).toMatchObject({ value: null, range: { min: 68.6, max: 91.7 }, band: null, missing: ['sex'] });
    expect(result.bands.map(({ id }) => id)).toEqual(['G1', 'G2']);
  });

  it('is open where a number is missing, and names all that is missing', () => {
    const result = compute('egfr-ckd-epi-2021-cr', { sex: 'male' });
    expect(result).toMatchObject({ value: null, range: null, band: null });
    expect(new Set(result.missing)).toEqual(new Set(['age', 'creatinine']));
  });

  it('is not for children', () => {
    const result = compute('egfr-ckd-epi-2021-cr', { age: 17, sex: 'male', creatinine: 1 });
    expect(result.value).toBeNull();
    expect(result.not_applicable).toMatch(/adults/);
    expect(compute('egfr-ckd-epi-2021-cr', { age: 18, sex: 'male', creatinine: 1 }).not_applicable).toBeNull();
  });

  it.each([
    ['creatinine', { age: 50, sex: 'male', creatinine: 41 }],
    ['creatinine', { age: 50, sex: 'male', creatinine: 0 }],
    ['creatinine', { age: 50, sex: 'male', creatinine: umol(5) }],
    ['age', { age: 121, sex: 'male', creatinine: 1 }],
    ['sex', { age: 50, sex: 'x', creatinine: 1 }],
  ])('refuses what is not plausible and names %s', (field, inputs) => {
    expect(() => compute('egfr-ckd-epi-2021-cr', inputs)).toThrow(new RegExp(`^${field}:`));
  });

  it('falls with creatinine and with age', () => {
    const at = (age: number, creatinine: number) => compute('egfr-ckd-epi-2021-cr', { age, sex: 'female', creatinine }).value ?? Number.NaN;
    for (let creatinine = 0.3; creatinine < 10; creatinine += 0.1) expect(at(50, creatinine + 0.1)).toBeLessThanOrEqual(at(50, creatinine));
    for (let age = 18; age < 100; age += 1) expect(at(age + 1, 1)).toBeLessThanOrEqual(at(age, 1));
  });
});

describe('eGFR by CKD-EPI 2021 from creatinine and cystatin C', () => {
  it.each([
    [50, 'male', 1.0, 1.0, 88.1, 'G2'],
    [50, 'female', 1.0, 1.0, 74.0, 'G2'],
    [65, 'male', 2.0, 1.8, 36.1, 'G3b'],
    [40, 'male', 0.8, 0.7, 122.6, 'G1'],
    [40, 'female', 0.6, 0.6, 126.2, 'G1'],
    [70, 'female', 1.5, 1.6, 38.1, 'G3b'],
    [80, 'male', 3.0, 3.0, 18.3, 'G4'],
    [18, 'male', 0.9, 0.8, 125.8, 'G1'],
    [30, 'female', 0.7, 0.8, 115.6, 'G1'],
    [55, 'male', 6.0, 4.0, 11.1, 'G5'],
    [75, 'female', 0.9, 1.2, 61.7, 'G2'],
  ])('is right for %d years, %s, %d and %d: %d (Inker, N Engl J Med 2021;385:1737)', (...row) => {
    const [age, sex, creatinine, cystatin_c, value, band] = row;
    expect(compute('egfr-ckd-epi-2021-cr-cys', { age, sex, creatinine, cystatin_c })).toMatchObject({ value, band: { id: band } });
  });

  it('is open without cystatin C', () => {
    const result = compute('egfr-ckd-epi-2021-cr-cys', { age: 50, sex: 'male', creatinine: 1 });
    expect(result).toMatchObject({ value: null, range: null, missing: ['cystatin_c'] });
  });

  it('refuses 20 mg/L of cystatin C', () => {
    expect(() => compute('egfr-ckd-epi-2021-cr-cys', { cystatin_c: 20 })).toThrow(/^cystatin_c:/);
  });
});

describe('Creatinine clearance by Cockcroft and Gault', () => {
  it.each([
    [60, 72, 1.0, 'male', 80.0],
    [80, 60, 1.2, 'female', 35.4],
    [45, 70, 0.8, 'female', 98.1],
    [18, 80, 1.0, 'female', 115.2],
    [30, 90, 0.9, 'male', 152.8],
    [70, 55, 2.5, 'female', 18.2],
    [90, 50, 1.0, 'male', 34.7],
    [50, 100, 1.0, 'male', 125.0],
    [65, 62, 3.0, 'female', 18.3],
    [40, 68, 1.0, 'male', 94.4],
  ])('is right for %d years, %d kg, %d mg/dL, %s: %d (Nephron 1976;16:31)', (...row) => {
    const [age, weight, creatinine, sex, value] = row;
    expect(compute('cockcroft-gault', { age, weight, creatinine, sex, weight_kind: 'actual' })).toMatchObject({ value, unit: 'mL/min' });
  });

  it('names the weight that was used, or says that it is not stated', () => {
    const inputs = { age: 60, weight: 72, creatinine: 1, sex: 'male' };
    expect(compute('cockcroft-gault', { ...inputs, weight_kind: 'ideal' }).notes).toEqual(['Computed with the ideal body weight.']);
    expect(compute('cockcroft-gault', inputs)).toMatchObject({
      value: 80,
      missing: [],
      notes: ['It is not stated which weight was used.'],
    });
  });

  it('takes pounds and micromoles', () => {
    const inputs = { age: 60, weight: { value: 158.73, unit: '[lb_av]' }, creatinine: umol(88.4), sex: 'male' };
    expect(compute('cockcroft-gault', inputs).value).toBe(80);
  });

  it('is a range where the sex is missing, is not for children, and refuses 10 kg', () => {
    expect(compute('cockcroft-gault', { age: 60, weight: 72, creatinine: 1 }).range).toEqual({ min: 68, max: 80 });
    expect(compute('cockcroft-gault', { age: 10, weight: 30, creatinine: 1 }).not_applicable).not.toBeNull();
    expect(() => compute('cockcroft-gault', { weight: 10 })).toThrow(/^weight:/);
  });
});

describe('eGFR of children by the bedside Schwartz formula', () => {
  it.each([
    [120, 0.5, 99.1],
    [100, 0.4, 103.3],
    [150, 1.0, 62.0],
    [80, 0.3, 110.1],
    [90, 0.35, 106.2],
    [110, 0.6, 75.7],
    [130, 0.7, 76.7],
    [140, 2.0, 28.9],
    [160, 0.9, 73.4],
    [170, 4.0, 17.6],
  ])('is right for %d cm and %d mg/dL: %d (Schwartz, J Am Soc Nephrol 2009;20:629)', (height, creatinine, value) => {
    expect(compute('egfr-schwartz-2009', { height, creatinine, age: 8 })).toMatchObject({ value, notes: [] });
  });

  it.each([
    [0.9, false],
    [1, true],
    [17.9, true],
    [18, false],
  ])('at %d years may be used: %s', (age, mayBeUsed) => {
    expect(compute('egfr-schwartz-2009', { height: 120, creatinine: 0.5, age }).not_applicable === null).toBe(mayBeUsed);
  });

  it('says that the age was not checked where it is missing, and is open without the height', () => {
    expect(compute('egfr-schwartz-2009', { height: 120, creatinine: 0.5 }).notes).toHaveLength(1);
    expect(compute('egfr-schwartz-2009', { creatinine: 0.5, age: 8 })).toMatchObject({ value: null, missing: ['height'] });
    expect(() => compute('egfr-schwartz-2009', { height: 300 })).toThrow(/^height:/);
  });
});
