import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

describe('Revised cardiac risk index', () => {
  const none = {
    high_risk_surgery: false,
    ischemic_heart_disease: false,
    heart_failure: false,
    cerebrovascular_disease: false,
    insulin: false,
    creatinine: 1,
  };
  it.each<[string, GivenInputs, number, string]>([
    ['nothing', {}, 0, 'I'],
    ['high-risk surgery', { high_risk_surgery: true }, 1, 'II'],
    ['ischemic heart disease', { ischemic_heart_disease: true }, 1, 'II'],
    ['heart failure', { heart_failure: true }, 1, 'II'],
    ['cerebrovascular disease', { cerebrovascular_disease: true }, 1, 'II'],
    ['insulin', { insulin: true }, 1, 'II'],
    ['creatinine 2.0', { creatinine: 2 }, 0, 'I'],
    ['creatinine 2.1', { creatinine: 2.1 }, 1, 'II'],
    ['creatinine 177 umol/L, which is 2.002 mg/dL', { creatinine: { value: 177, unit: 'umol/L' } }, 1, 'II'],
    ['two factors', { heart_failure: true, insulin: true }, 2, 'III'],
    ['three factors', { heart_failure: true, insulin: true, high_risk_surgery: true }, 3, 'IV'],
    [
      'six factors',
      {
        high_risk_surgery: true,
        ischemic_heart_disease: true,
        heart_failure: true,
        cerebrovascular_disease: true,
        insulin: true,
        creatinine: 3,
      },
      6,
      'IV',
    ],
  ])('with %s (Lee, Circulation 1999;100:1043)', (_, inputs, value, band) => {
    expect(compute('rcri', { ...none, ...inputs })).toMatchObject({ value, band: { id: band } });
  });

  it('is a range where creatinine is missing, and refuses 60 mg/dL', () => {
    expect(compute('rcri', { ...none, insulin: true, creatinine: null })).toMatchObject({
      range: { min: 1, max: 2 },
      missing: ['creatinine'],
    });
    expect(() => compute('rcri', { creatinine: 60 })).toThrow(/^creatinine:/);
  });
});

describe('Caprini score', () => {
  const flags = Object.entries(findScore('caprini')?.inputs ?? {}).flatMap(([name, { kind }]) => (kind === 'boolean' ? [name] : []));
  const none = { ...Object.fromEntries(flags.map((name) => [name, false])), age: 30, sex: 'male', surgery: 'none', body_mass_index: 22 };
  it.each<[string, GivenInputs, number, string]>([
    ['nothing', {}, 0, 'low'],
    ['40 years', { age: 40 }, 0, 'low'],
    ['41 years', { age: 41 }, 1, 'low'],
    ['60 years', { age: 60 }, 1, 'low'],
    ['61 years', { age: 61 }, 2, 'moderate'],
    ['74 years', { age: 74 }, 2, 'moderate'],
    ['75 years', { age: 75 }, 3, 'high'],
    ['body mass index 25', { body_mass_index: 25 }, 0, 'low'],
    ['body mass index 25.1', { body_mass_index: 25.1 }, 1, 'low'],
    ['minor surgery', { surgery: 'minor' }, 1, 'low'],
    ['arthroscopic surgery', { surgery: 'arthroscopic' }, 2, 'moderate'],
    ['major surgery at 61 years', { surgery: 'major', age: 61 }, 4, 'high'],
    ['arthroplasty', { surgery: 'lower-extremity-arthroplasty' }, 5, 'highest'],
    ['former VTE', { previous_vte: true }, 3, 'high'],
    ['factor V Leiden and malignancy', { factor_v_leiden: true, malignancy: true }, 5, 'highest'],
    ['stroke', { stroke: true }, 5, 'highest'],
    ['a woman on hormones', { sex: 'female', hormones: true }, 1, 'low'],
    ['a woman, pregnant, with losses', { sex: 'female', pregnancy: true, pregnancy_loss: true }, 2, 'moderate'],
    [
      'everything of a woman',
      {
        ...Object.fromEntries(flags.map((name) => [name, true])),
        sex: 'female',
        age: 80,
        surgery: 'lower-extremity-arthroplasty',
        body_mass_index: 40,
      },
      77,
      'highest',
    ],
  ])('with %s (Caprini, Dis Mon 2005;51:70)', (_, inputs, value, band) => {
    expect(compute('caprini', { ...none, ...inputs })).toMatchObject({ value, band: { id: band }, missing: [] });
  });

  it('asks a man nothing about pregnancy', () => {
    const inputs = { ...none, hormones: null, pregnancy: null, pregnancy_loss: null };
    expect(compute('caprini', inputs)).toMatchObject({ value: 0, missing: [] });
    expect(compute('caprini', { ...inputs, sex: 'female' })).toMatchObject({ range: { min: 0, max: 3 } });
    expect(compute('caprini', { ...inputs, sex: null })).toMatchObject({
      range: { min: 0, max: 3 },
      missing: ['sex', 'hormones', 'pregnancy', 'pregnancy_loss'],
    });
  });

  it('ranges over a missing operation, and refuses a body mass index of 200', () => {
    expect(compute('caprini', { ...none, surgery: null })).toMatchObject({ range: { min: 0, max: 5 }, missing: ['surgery'] });
    expect(() => compute('caprini', { body_mass_index: 200 })).toThrow(/^body_mass_index:/);
  });
});
