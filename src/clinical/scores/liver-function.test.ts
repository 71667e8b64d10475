import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

describe('Child-Pugh score', () => {
  const best = { bilirubin: 1, albumin: 4, inr: 1.1, ascites: 'none', encephalopathy: 'none' };
  it.each<[string, GivenInputs, number, string]>([
    ['the best values', {}, 5, 'A'],
    ['bilirubin 1.9', { bilirubin: 1.9 }, 5, 'A'],
    ['bilirubin 2', { bilirubin: 2 }, 6, 'A'],
    ['bilirubin 3', { bilirubin: 3 }, 6, 'A'],
    ['bilirubin 3.1', { bilirubin: 3.1 }, 7, 'B'],
    ['albumin 3.6', { albumin: 3.6 }, 5, 'A'],
    ['albumin 3.5', { albumin: 3.5 }, 6, 'A'],
    ['albumin 28 g/L', { albumin: { value: 28, unit: 'g/L' } }, 6, 'A'],
    ['albumin 2.7', { albumin: 2.7 }, 7, 'B'],
    ['INR 1.69', { inr: 1.69 }, 5, 'A'],
    ['INR 1.7', { inr: 1.7 }, 6, 'A'],
    ['INR 2.3', { inr: 2.3 }, 6, 'A'],
    ['INR 2.4', { inr: 2.4 }, 7, 'B'],
    ['prothrombin time 4 s longer', { inr: null, prothrombin_prolongation: 4 }, 6, 'A'],
    ['prothrombin time 3.9 s longer', { inr: null, prothrombin_prolongation: 3.9 }, 5, 'A'],
    ['prothrombin time 6 s longer', { inr: null, prothrombin_prolongation: 6 }, 6, 'A'],
    ['prothrombin time 6.1 s longer', { inr: null, prothrombin_prolongation: 6.1 }, 7, 'B'],
    ['slight ascites and encephalopathy of grade 3', { ascites: 'slight', encephalopathy: 'grade-3-4' }, 8, 'B'],
    ['9 points', { bilirubin: 4, albumin: 2, ascites: 'none' }, 9, 'B'],
    ['10 points', { bilirubin: 4, albumin: 2, ascites: 'slight' }, 10, 'C'],
    ['the worst values', { bilirubin: 9, albumin: 2, inr: 3, ascites: 'moderate', encephalopathy: 'grade-3-4' }, 15, 'C'],
  ])('with %s (Pugh, Br J Surg 1973;60:646)', (_, inputs, value, band) => {
    expect(compute('child-pugh', { ...best, ...inputs })).toMatchObject({ value, band: { id: band }, missing: [] });
  });

  it('counts a missing item from 1 to 3 points', () => {
    const result = compute('child-pugh', { ...best, bilirubin: 2, inr: null });
    expect(result).toMatchObject({ value: null, range: { min: 6, max: 8 }, band: null, missing: ['inr'] });
    expect(result.bands.map(({ id }) => id)).toEqual(['A', 'B']);
    expect(() => compute('child-pugh', { ...best, prothrombin_prolongation: 3 })).toThrow(/^prothrombin_prolongation:/);
    expect(() => compute('child-pugh', { albumin: 40 })).toThrow(/^albumin:/);
  });
});

type Liver = [bilirubin: number, inr: number, creatinine: number, sodium: number, albumin: number];
const liver = ([bilirubin, inr, creatinine, sodium, albumin]: Liver) => ({ bilirubin, inr, creatinine, sodium, albumin, dialysis: false });

describe('MELD, MELD-Na and MELD 3.0', () => {
  it.each<[Liver, number, number, number, number]>([
    [[1, 1, 1, 137, 3.5], 6, 6, 6, 7],
    [[2, 1.5, 1.2, 135, 3], 15, 17, 17, 18],
    [[3, 2, 2, 130, 2.5], 25, 28, 30, 31],
    [[1.5, 1.1, 2.7, 135, 3.5], 19, 20, 21, 23],
    [[10, 3, 4, 125, 1.5], 40, 40, 42, 43],
    [[0.5, 0.9, 0.6, 145, 4.5], 6, 6, 6, 7],
    [[5, 1.8, 1, 128, 2.8], 19, 25, 24, 25],
    [[20, 2.5, 3, 120, 2], 39, 39, 41, 43],
    [[30, 6, 5, 140, 3], 40, 40, 50, 51],
    [[2.5, 1.3, 1.5, 133, 3.2], 17, 20, 20, 21],
    [[1.2, 1.2, 1.1, 125, 2], 10, 10, 21, 23],
  ])('of %o (Kamath, Hepatology 2001;33:464; OPTN policy 9.1 of 2016; Kim, Gastroenterology 2021;161:1887)', (...row) => {
    const [values, meld, meldNa, male, female] = row;
    const { sodium, albumin, ...common } = liver(values);
    expect(compute('meld', common).value).toBe(meld);
    expect(compute('meld-na', { ...common, sodium }).value).toBe(meldNa);
    expect(compute('meld-3.0', { ...common, sodium, albumin, sex: 'male' }).value).toBe(male);
    expect(compute('meld-3.0', { ...common, sodium, albumin, sex: 'female' }).value).toBe(female);
  });

  it('take creatinine as the upper limit under dialysis: 4 mg/dL, in MELD 3.0 3 mg/dL', () => {
    const { sodium, albumin, ...common } = { ...liver([2, 1.5, 1.2, 135, 3]), dialysis: true };
    expect(compute('meld', common).value).toBe(27);
    expect(compute('meld', { ...common, dialysis: false, creatinine: 4 }).value).toBe(27);
    expect(compute('meld-3.0', { ...common, sodium, albumin, sex: 'male' }).value).toBe(26);
    expect(compute('meld-3.0', { ...common, dialysis: false, creatinine: 3.7, sodium, albumin, sex: 'male' }).value).toBe(26);
  });

  it('do not change outside of the limits of the inputs', () => {
    const base = { ...liver([3, 2, 2, 130, 2.5]), sex: 'male' };
    const meld3 = (change: GivenInputs) => compute('meld-3.0', { ...base, ...change }).value;
    expect(meld3({ sodium: 137 })).toBe(meld3({ sodium: 150 }));
    expect(meld3({ sodium: 125 })).toBe(meld3({ sodium: 110 }));
    expect(meld3({ albumin: 3.5 })).toBe(meld3({ albumin: 4.8 }));
    expect(meld3({ albumin: 1.5 })).toBe(meld3({ albumin: 1 }));
    expect(meld3({ bilirubin: 1 })).toBe(meld3({ bilirubin: 0.3 }));
  });

  it('do not let sodium in at a MELD of 11 or less', () => {
    const common = { bilirubin: 1, inr: 1.5, creatinine: 1, dialysis: false };
    expect(compute('meld', common).value).toBe(11);
    expect(compute('meld-na', { ...common, sodium: 125 }).value).toBe(11);
    const more = { ...common, inr: 1.6 };
    expect(compute('meld', more).value).toBe(12);
    expect(compute('meld-na', { ...more, sodium: 125 }).value).toBe(23);
  });

  it('range where dialysis or the sex is missing, and are open without a laboratory value', () => {
    const { sodium, albumin, ...common } = { ...liver([2, 1.5, 1.2, 135, 3]), dialysis: null };
    expect(compute('meld', common)).toMatchObject({ value: null, range: { min: 15, max: 27 }, missing: ['dialysis'] });
    expect(compute('meld-3.0', { ...common, dialysis: false, sodium, albumin }).range).toEqual({ min: 17, max: 18 });
    const open = compute('meld-na', { ...common, sodium: null });
    expect(open).toMatchObject({ value: null, range: null });
    expect(new Set(open.missing)).toEqual(new Set(['dialysis', 'sodium']));
  });

  it('take SI units and refuse 60 mmol/L of sodium', () => {
    const si = { bilirubin: { value: 34.2, unit: 'umol/L' }, inr: 1.5, creatinine: { value: 106.08, unit: 'umol/L' }, dialysis: false };
    expect(compute('meld', si).value).toBe(15);
    expect(() => compute('meld-na', { sodium: 60 })).toThrow(/^sodium:/);
    expect(() => compute('meld', { inr: 25 })).toThrow(/^inr:/);
  });

  it('never fall when bilirubin, INR or creatinine rise', () => {
    for (const name of ['bilirubin', 'inr', 'creatinine']) {
      const values = [1, 1.5, 2, 2.5, 3, 4, 6].map(
        (value) => compute('meld', { bilirubin: 2, inr: 1.4, creatinine: 1.3, dialysis: false, [name]: value }).value,
      );
      expect(values).toEqual([...values].sort((a, b) => Number(a) - Number(b)));
    }
  });
});

describe('FIB-4', () => {
  it.each([
    [50, 40, 40, 200, 1.58, 'indeterminate'],
    [60, 80, 60, 120, 5.16, 'high'],
    [40, 25, 30, 250, 0.73, 'low'],
    [65, 145, 100, 100, 9.43, 'high'],
    [55, 29, 100, 110, 1.45, 'indeterminate'],
    [55, 28.8, 100, 110, 1.44, 'low'],
    [45, 50, 25, 150, 3.0, 'indeterminate'],
    [65, 50, 100, 100, 3.25, 'indeterminate'],
    [65, 50.2, 100, 100, 3.26, 'high'],
    [30, 30, 30, 300, 0.55, 'low'],
    [58, 100, 64, 100, 7.25, 'high'],
  ])('at %d years, AST %d, ALT %d, platelets %d is %d (Sterling, Hepatology 2006;43:1317)', (...row) => {
    const [age, ast, alt, platelets, value, band] = row;
    expect(compute('fib-4', { age, ast, alt, platelets })).toMatchObject({ value, band: { id: band } });
  });

  it('is open where a value is missing, not for children, and refuses no platelets', () => {
    expect(compute('fib-4', { age: 50, ast: 40, alt: 40 })).toMatchObject({ value: null, range: null, band: null, missing: ['platelets'] });
    expect(compute('fib-4', { age: 17, ast: 40, alt: 40, platelets: 200 }).not_applicable).not.toBeNull();
    expect(() => compute('fib-4', { platelets: 0 })).toThrow(/^platelets:/);
  });
});
