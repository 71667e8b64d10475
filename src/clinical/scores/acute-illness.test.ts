import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

describe('CURB-65', () => {
  const none = { confusion: false, urea: 5, respiratory_rate: 18, systolic_pressure: 120, diastolic_pressure: 75, age: 50 };
  const { urea: _, ...withoutUrea } = none;
  it.each<[string, GivenInputs, number, string]>([
    ['57 years and urea nitrogen 22', { ...withoutUrea, age: 57, urea_nitrogen: 22 }, 1, 'low'],
    ['76 years and urea nitrogen 42.6', { ...withoutUrea, age: 76, urea_nitrogen: 42.6 }, 2, 'intermediate'],
    ['63 years and diastolic pressure 59', { ...none, age: 63, diastolic_pressure: 59 }, 1, 'low'],
    ['64 years', { ...none, age: 64 }, 0, 'low'],
    ['65 years', { ...none, age: 65 }, 1, 'low'],
    ['urea 7.0', { ...none, urea: 7 }, 0, 'low'],
    ['urea 7.1', { ...none, urea: 7.1 }, 1, 'low'],
    ['urea nitrogen 19', { ...withoutUrea, urea_nitrogen: 19 }, 0, 'low'],
    ['urea nitrogen 20', { ...withoutUrea, urea_nitrogen: 20 }, 1, 'low'],
    ['respiratory rate 29', { ...none, respiratory_rate: 29 }, 0, 'low'],
    ['respiratory rate 30', { ...none, respiratory_rate: 30 }, 1, 'low'],
    ['systolic pressure 90', { ...none, systolic_pressure: 90 }, 0, 'low'],
    ['systolic pressure 89 and diastolic 50, one point together', { ...none, systolic_pressure: 89, diastolic_pressure: 50 }, 1, 'low'],
    ['diastolic pressure 60', { ...none, diastolic_pressure: 60 }, 1, 'low'],
    ['diastolic pressure 61', { ...none, diastolic_pressure: 61 }, 0, 'low'],
    ['confusion, urea and rate: 3', { ...none, confusion: true, urea: 9, respiratory_rate: 32 }, 3, 'high'],
  ])('with %s (Lim, Thorax 2003;58:377)', (_, inputs, value, band) => {
    expect(compute('curb-65', inputs)).toMatchObject({ value, band: { id: band }, missing: [] });
  });

  it('does not miss the diastolic pressure where the systolic one decides', () => {
    expect(compute('curb-65', { ...none, systolic_pressure: 80, diastolic_pressure: null })).toMatchObject({ value: 1, missing: [] });
    expect(compute('curb-65', { ...none, diastolic_pressure: null })).toMatchObject({
      range: { min: 0, max: 1 },
      missing: ['diastolic_pressure'],
    });
  });

  it('asks for urea where neither urea nor urea nitrogen is known, and refuses both together', () => {
    expect(compute('curb-65', withoutUrea)).toMatchObject({ range: { min: 0, max: 1 }, missing: ['urea'] });
    expect(() => compute('curb-65', { ...none, urea_nitrogen: 20 })).toThrow(/^urea_nitrogen:/);
    expect(() => compute('curb-65', { urea: 500 })).toThrow(/^urea:/);
  });
});

describe('qSOFA', () => {
  it.each([
    [21, 101, false, 0, 'negative'],
    [22, 101, false, 1, 'negative'],
    [21, 100, false, 1, 'negative'],
    [21, 101, true, 1, 'negative'],
    [22, 100, false, 2, 'positive'],
    [22, 101, true, 2, 'positive'],
    [21, 100, true, 2, 'positive'],
    [22, 100, true, 3, 'positive'],
    [16, 130, false, 0, 'negative'],
    [40, 70, true, 3, 'positive'],
  ])('at a rate of %d, a pressure of %d, altered %s is %d (Seymour, JAMA 2016;315:762)', (...row) => {
    const [respiratory_rate, systolic_pressure, altered_mentation, value, band] = row;
    expect(compute('qsofa', { respiratory_rate, systolic_pressure, altered_mentation })).toMatchObject({ value, band: { id: band } });
  });

  it('is positive for sure with two, whatever is missing', () => {
    const result = compute('qsofa', { respiratory_rate: 25, systolic_pressure: 90 });
    expect(result).toMatchObject({ value: null, range: { min: 2, max: 3 }, band: { id: 'positive' }, missing: ['altered_mentation'] });
    expect(() => compute('qsofa', { respiratory_rate: 200 })).toThrow(/^respiratory_rate:/);
  });
});

describe('SOFA', () => {
  const none = {
    pao2_fio2: 450,
    respiratory_support: false,
    platelets: 200,
    bilirubin: 0.8,
    mean_arterial_pressure: 80,
    vasopressors: 'none',
    glasgow_coma_scale: 15,
    creatinine: 0.9,
    urine_output: 1500,
  };
  it.each<[string, GivenInputs, number]>([
    ['nothing', {}, 0],
    ['PaO2/FiO2 400', { pao2_fio2: 400 }, 0],
    ['PaO2/FiO2 399', { pao2_fio2: 399 }, 1],
    ['PaO2/FiO2 299', { pao2_fio2: 299 }, 2],
    ['PaO2/FiO2 199 without support', { pao2_fio2: 199 }, 2],
    ['PaO2/FiO2 199 with support', { pao2_fio2: 199, respiratory_support: true }, 3],
    ['PaO2/FiO2 99 with support', { pao2_fio2: 99, respiratory_support: true }, 4],
    ['platelets 150', { platelets: 150 }, 0],
    ['platelets 149', { platelets: 149 }, 1],
    ['platelets 99', { platelets: 99 }, 2],
    ['platelets 49', { platelets: 49 }, 3],
    ['platelets 19', { platelets: { value: 19_000, unit: '/uL' } }, 4],
    ['bilirubin 1.2', { bilirubin: 1.2 }, 1],
    ['bilirubin 2', { bilirubin: 2 }, 2],
    ['bilirubin 6', { bilirubin: 6 }, 3],
    ['bilirubin 12', { bilirubin: 12 }, 4],
    ['mean pressure 70', { mean_arterial_pressure: 70 }, 0],
    ['mean pressure 69', { mean_arterial_pressure: 69 }, 1],
    ['low vasopressors', { vasopressors: 'low' }, 2],
    ['medium vasopressors', { vasopressors: 'medium' }, 3],
    ['high vasopressors', { vasopressors: 'high' }, 4],
    ['Glasgow 14', { glasgow_coma_scale: 14 }, 1],
    ['Glasgow 12', { glasgow_coma_scale: 12 }, 2],
    ['Glasgow 9', { glasgow_coma_scale: 9 }, 3],
    ['Glasgow 5', { glasgow_coma_scale: 5 }, 4],
    ['creatinine 1.2', { creatinine: 1.2 }, 1],
    ['creatinine 3.4', { creatinine: 3.4 }, 2],
    ['creatinine 3.5', { creatinine: 3.5 }, 3],
    ['creatinine 5', { creatinine: 5 }, 4],
    ['urine 500', { urine_output: 500 }, 0],
    ['urine 200', { urine_output: 200 }, 3],
    ['urine 499', { urine_output: 499 }, 3],
    ['urine 199', { urine_output: 199 }, 4],
    [
      'six organs at worst',
      { pao2_fio2: 60, respiratory_support: true, platelets: 5, bilirubin: 20, vasopressors: 'high', glasgow_coma_scale: 3, creatinine: 7 },
      24,
    ],
  ])('with %s (Vincent, Intensive Care Med 1996;22:707)', (_, inputs, value) => {
    expect(compute('sofa', { ...none, ...inputs })).toMatchObject({ value, missing: [] });
  });

  it('gives an organ without values 0 to 4 points', () => {
    expect(compute('sofa', { ...none, platelets: null })).toMatchObject({ value: null, range: { min: 0, max: 4 }, missing: ['platelets'] });
    expect(compute('sofa', { ...none, pao2_fio2: 90, respiratory_support: null })).toMatchObject({
      range: { min: 2, max: 4 },
      missing: ['respiratory_support'],
    });
  });

  it('asks for respiratory support only where the ratio is below 200', () => {
    expect(compute('sofa', { ...none, pao2_fio2: 200, respiratory_support: null })).toMatchObject({ value: 2, missing: [] });
  });

  it('does not miss the urine where creatinine gives 4, nor the pressure under vasopressors', () => {
    expect(compute('sofa', { ...none, creatinine: 6, urine_output: null })).toMatchObject({ value: 4, missing: [] });
    expect(compute('sofa', { ...none, vasopressors: 'high', mean_arterial_pressure: null })).toMatchObject({ value: 4, missing: [] });
    expect(() => compute('sofa', { glasgow_coma_scale: 2 })).toThrow(/^glasgow_coma_scale:/);
  });
});
