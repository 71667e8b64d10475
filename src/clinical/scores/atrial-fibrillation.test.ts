import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

const NO_STROKE_RISK = { heart_failure: false, hypertension: false, diabetes: false, stroke: false, vascular_disease: false };
const NO_BLEEDING_RISK = {
  hypertension: false,
  renal_disease: false,
  liver_disease: false,
  stroke: false,
  bleeding: false,
  labile_inr: false,
  drugs: false,
  alcohol: 0,
};

describe('CHA2DS2-VASc', () => {
  it.each<[string, GivenInputs, number, string]>([
    ['woman of 38 with thromboembolism and diabetes', { age: 38, sex: 'female', stroke: true, diabetes: true }, 4, 'high'],
    [
      'woman of 86 with heart failure, hypertension, thromboembolism and vascular disease',
      { age: 86, sex: 'female', heart_failure: true, hypertension: true, stroke: true, vascular_disease: true },
      8,
      'high',
    ],
    ['man of 68 with hypertension and stroke', { age: 68, sex: 'male', hypertension: true, stroke: true }, 4, 'high'],
    ['man of 64', { age: 64, sex: 'male' }, 0, 'low'],
    ['man of 65', { age: 65, sex: 'male' }, 1, 'intermediate'],
    ['man of 74', { age: 74, sex: 'male' }, 1, 'intermediate'],
    ['man of 75', { age: 75, sex: 'male' }, 2, 'high'],
    ['woman of 64', { age: 64, sex: 'female' }, 1, 'intermediate'],
    ['man of 50 with vascular disease', { age: 50, sex: 'male', vascular_disease: true }, 1, 'intermediate'],
    [
      'woman of 80 with everything',
      { age: 80, sex: 'female', heart_failure: true, hypertension: true, diabetes: true, stroke: true, vascular_disease: true },
      9,
      'high',
    ],
  ])('of a %s (Lip, Chest 2010;137:263)', (_, inputs, value, band) => {
    expect(compute('cha2ds2-vasc', { ...NO_STROKE_RISK, ...inputs })).toMatchObject({
      value,
      range: null,
      band: { id: band },
      missing: [],
    });
  });

  it('never counts what is missing as "no"', () => {
    const result = compute('cha2ds2-vasc', { age: 68, sex: 'male', hypertension: true });
    expect(result).toMatchObject({ value: null, range: { min: 2, max: 7 }, band: { id: 'high' } });
    expect(result.missing).toEqual(['heart_failure', 'diabetes', 'stroke', 'vascular_disease']);
  });

  it('takes null as missing, and a missing age as any age of an adult', () => {
    const result = compute('cha2ds2-vasc', { ...NO_STROKE_RISK, sex: 'male', age: null });
    expect(result).toMatchObject({ range: { min: 0, max: 2 }, band: null, missing: ['age'] });
    expect(result.bands.map(({ id }) => id)).toEqual(['low', 'intermediate', 'high']);
  });

  it('refuses 130 years, 64.5 years and a flag that is a number; is not for children', () => {
    expect(() => compute('cha2ds2-vasc', { age: 130 })).toThrow(/^age:/);
    expect(() => compute('cha2ds2-vasc', { age: 64.5 })).toThrow(/^age: must be a whole number/);
    expect(() => compute('cha2ds2-vasc', { stroke: 1 })).toThrow(/^stroke:/);
    expect(compute('cha2ds2-vasc', { ...NO_STROKE_RISK, sex: 'male', age: 12 }).not_applicable).not.toBeNull();
  });
});

describe('CHA2DS2-VA', () => {
  it.each<[string, GivenInputs, number, string]>([
    ['38 with thromboembolism and diabetes', { age: 38, stroke: true, diabetes: true }, 3, 'recommended'],
    [
      '86 with heart failure, hypertension, thromboembolism and vascular disease',
      { age: 86, heart_failure: true, hypertension: true, stroke: true, vascular_disease: true },
      7,
      'recommended',
    ],
    ['68 with hypertension and stroke', { age: 68, hypertension: true, stroke: true }, 4, 'recommended'],
    ['64', { age: 64 }, 0, 'low'],
    ['65', { age: 65 }, 1, 'consider'],
    ['74', { age: 74 }, 1, 'consider'],
    ['75', { age: 75 }, 2, 'recommended'],
    ['40 with heart failure', { age: 40, heart_failure: true }, 1, 'consider'],
    ['40 with stroke', { age: 40, stroke: true }, 2, 'recommended'],
    [
      '80 with everything',
      { age: 80, heart_failure: true, hypertension: true, diabetes: true, stroke: true, vascular_disease: true },
      8,
      'recommended',
    ],
  ])('at %s years (ESC 2024, Eur Heart J 2024;45:3314)', (_, inputs, value, band) => {
    expect(compute('cha2ds2-va', { ...NO_STROKE_RISK, ...inputs })).toMatchObject({ value, band: { id: band } });
  });

  it('is a range with its classes where the history of stroke is missing', () => {
    const { stroke: _, ...known } = NO_STROKE_RISK;
    const result = compute('cha2ds2-va', { ...known, age: 50 });
    expect(result).toMatchObject({ value: null, range: { min: 0, max: 2 }, missing: ['stroke'] });
    // One point cannot come of it: a stroke counts two.
    expect(result.bands.map(({ id }) => id)).toEqual(['low', 'recommended']);
  });
});

describe('HAS-BLED', () => {
  it.each<[string, GivenInputs, number, string]>([
    [
      '22 years, stroke, hypertension, liver, renal and 12 drinks',
      { age: 22, stroke: true, hypertension: true, liver_disease: true, renal_disease: true, alcohol: 12 },
      5,
      'high',
    ],
    ['72 years alone', { age: 72 }, 1, 'not-high'],
    ['57 years, liver, renal and bleeding', { age: 57, liver_disease: true, renal_disease: true, bleeding: true }, 3, 'high'],
    ['65 years', { age: 65 }, 0, 'not-high'],
    ['66 years', { age: 66 }, 1, 'not-high'],
    ['7 drinks', { age: 40, alcohol: 7 }, 0, 'not-high'],
    ['8 drinks', { age: 40, alcohol: 8 }, 1, 'not-high'],
    ['labile INR and drugs', { age: 40, labile_inr: true, drugs: true }, 2, 'not-high'],
    ['labile INR, drugs and 66 years', { age: 66, labile_inr: true, drugs: true }, 3, 'high'],
    [
      'everything',
      {
        age: 80,
        hypertension: true,
        renal_disease: true,
        liver_disease: true,
        stroke: true,
        bleeding: true,
        labile_inr: true,
        drugs: true,
        alcohol: 20,
      },
      9,
      'high',
    ],
  ])('with %s (Pisters, Chest 2010;138:1093)', (_, inputs, value, band) => {
    expect(compute('has-bled', { ...NO_BLEEDING_RISK, ...inputs })).toMatchObject({ value, band: { id: band } });
  });

  it('is a range where alcohol and INR are missing, and refuses 300 drinks', () => {
    const { alcohol: _, labile_inr: __, ...known } = NO_BLEEDING_RISK;
    expect(compute('has-bled', { ...known, age: 70 })).toMatchObject({
      range: { min: 1, max: 3 },
      missing: ['labile_inr', 'alcohol'],
      band: null,
    });
    expect(() => compute('has-bled', { alcohol: 300 })).toThrow(/^alcohol:/);
  });
});
