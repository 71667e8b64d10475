import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

/** Every flag of the score answered with no. */
function noFlags(id: string): Record<string, boolean> {
  const inputs = Object.entries(findScore(id)?.inputs ?? {});
  return Object.fromEntries(inputs.filter(([, { kind, required }]) => kind === 'boolean' && required).map(([name]) => [name, false]));
}

describe('Wells score for pulmonary embolism', () => {
  const none = { ...noFlags('wells-pe'), heart_rate: 80 };
  it.each<[string, GivenInputs, number, string]>([
    ['heart rate 130 only', { heart_rate: 130 }, 1.5, 'unlikely'],
    ['nothing', {}, 0, 'unlikely'],
    ['heart rate 120, former VTE, likeliest', { heart_rate: 120, previous_vte: true, pe_most_likely: true }, 6, 'likely'],
    ['heart rate 100', { heart_rate: 100 }, 0, 'unlikely'],
    ['heart rate 101', { heart_rate: 101 }, 1.5, 'unlikely'],
    ['signs of DVT', { dvt_signs: true }, 3, 'unlikely'],
    ['signs of DVT and hemoptysis: 4', { dvt_signs: true, hemoptysis: true }, 4, 'unlikely'],
    ['signs of DVT and surgery: 4.5', { dvt_signs: true, immobilization_or_surgery: true }, 4.5, 'likely'],
    ['cancer and hemoptysis', { cancer: true, hemoptysis: true }, 2, 'unlikely'],
    [
      'everything',
      {
        dvt_signs: true,
        pe_most_likely: true,
        heart_rate: 140,
        immobilization_or_surgery: true,
        previous_vte: true,
        hemoptysis: true,
        cancer: true,
      },
      12.5,
      'likely',
    ],
  ])('with %s (Thromb Haemost 2000;83:416)', (_, inputs, value, band) => {
    expect(compute('wells-pe', { ...none, ...inputs })).toMatchObject({ value, band: { id: band }, missing: [] });
  });

  it('is a range where rate and judgment are missing, and refuses a rate of 400', () => {
    const known = { ...none, heart_rate: null, pe_most_likely: null };
    expect(compute('wells-pe', known)).toMatchObject({
      value: null,
      range: { min: 0, max: 4.5 },
      missing: ['pe_most_likely', 'heart_rate'],
    });
    expect(() => compute('wells-pe', { heart_rate: 400 })).toThrow(/^heart_rate:/);
  });
});

describe('Wells score for deep vein thrombosis', () => {
  const none = noFlags('wells-dvt');
  it.each<[string, GivenInputs, number, string]>([
    ['alternative only', { alternative_diagnosis: true }, -2, 'unlikely'],
    ['paresis and alternative', { paralysis_or_cast: true, alternative_diagnosis: true }, -1, 'unlikely'],
    ['cancer, calf and edema', { cancer: true, calf_swelling: true, pitting_edema: true }, 3, 'likely'],
    ['nothing', {}, 0, 'unlikely'],
    ['tenderness: 1', { tenderness: true }, 1, 'unlikely'],
    ['tenderness and whole leg: 2', { tenderness: true, whole_leg_swollen: true }, 2, 'likely'],
    ['former DVT and collaterals: 2', { previous_dvt: true, collateral_veins: true }, 2, 'likely'],
    ['bedridden: 1', { bedridden_or_surgery: true }, 1, 'unlikely'],
    [
      'three signs and an alternative: 1',
      { cancer: true, calf_swelling: true, pitting_edema: true, alternative_diagnosis: true },
      1,
      'unlikely',
    ],
    [
      'everything but an alternative',
      { ...Object.fromEntries(Object.keys(none).map((name) => [name, true])), alternative_diagnosis: false },
      9,
      'likely',
    ],
  ])('with %s (N Engl J Med 2003;349:1227)', (_, inputs, value, band) => {
    expect(compute('wells-dvt', { ...none, ...inputs })).toMatchObject({ value, band: { id: band } });
  });

  it('may still fall where the alternative diagnosis is missing', () => {
    const known = { ...none, alternative_diagnosis: null };
    expect(compute('wells-dvt', { ...known, cancer: true, tenderness: true })).toMatchObject({ range: { min: 0, max: 2 }, band: null });
    expect(() => compute('wells-dvt', { heart_rate: 80 })).toThrow(/^heart_rate: is not an input/);
  });
});

describe('PERC', () => {
  const none = { ...noFlags('perc'), age: 35, heart_rate: 80, oxygen_saturation: 98, low_probability: true };
  it.each<[string, GivenInputs, number, string]>([
    ['61 years, saturation 88, former VTE', { age: 61, oxygen_saturation: 88, previous_vte: true }, 3, 'positive'],
    ['35 years', {}, 0, 'negative'],
    ['23 years', { age: 23 }, 0, 'negative'],
    ['49 years', { age: 49 }, 0, 'negative'],
    ['50 years', { age: 50 }, 1, 'positive'],
    ['heart rate 99', { heart_rate: 99 }, 0, 'negative'],
    ['heart rate 100', { heart_rate: 100 }, 1, 'positive'],
    ['saturation 95', { oxygen_saturation: 95 }, 0, 'negative'],
    ['saturation 94', { oxygen_saturation: 94 }, 1, 'positive'],
    ['estrogen and leg swelling', { estrogen: true, leg_swelling: true }, 2, 'positive'],
    ['surgery and hemoptysis', { surgery_or_trauma: true, hemoptysis: true }, 2, 'positive'],
  ])('with %s (Kline, J Thromb Haemost 2004;2:1247)', (_, inputs, value, band) => {
    expect(compute('perc', { ...none, ...inputs })).toMatchObject({ value, band: { id: band }, notes: [] });
  });

  it('is only for a low probability, and says so where that is not stated', () => {
    expect(compute('perc', { ...none, low_probability: false }).not_applicable).toMatch(/low/);
    expect(compute('perc', { ...none, low_probability: null })).toMatchObject({ value: 0, notes: [expect.stringMatching(/low/)] });
  });

  it('is positive for sure with one criterion, and open in between where another is missing', () => {
    expect(compute('perc', { ...none, age: 60, estrogen: null })).toMatchObject({ range: { min: 1, max: 2 }, band: { id: 'positive' } });
    expect(compute('perc', { ...none, estrogen: null })).toMatchObject({ range: { min: 0, max: 1 }, band: null, missing: ['estrogen'] });
    expect(() => compute('perc', { oxygen_saturation: 101 })).toThrow(/^oxygen_saturation:/);
  });
});

describe('PESI', () => {
  const none = {
    ...noFlags('pesi'),
    sex: 'female',
    heart_rate: 80,
    systolic_pressure: 130,
    respiratory_rate: 16,
    temperature: 37,
    oxygen_saturation: 97,
  };
  it.each<[string, GivenInputs, number, string]>([
    ['woman of 65', { age: 65 }, 65, 'I'],
    ['woman of 66', { age: 66 }, 66, 'II'],
    ['man of 75', { age: 75, sex: 'male' }, 85, 'II'],
    ['man of 76', { age: 76, sex: 'male' }, 86, 'III'],
    ['woman of 75 with cancer', { age: 75, cancer: true }, 105, 'III'],
    ['woman of 76 with cancer', { age: 76, cancer: true }, 106, 'IV'],
    ['woman of 65 with altered mental status', { age: 65, altered_mental_status: true }, 125, 'IV'],
    ['woman of 66 with altered mental status', { age: 66, altered_mental_status: true }, 126, 'V'],
    ['heart rate 109', { age: 50, heart_rate: 109 }, 50, 'I'],
    ['heart rate 110', { age: 50, heart_rate: 110 }, 70, 'II'],
    ['pressure 100', { age: 50, systolic_pressure: 100 }, 50, 'I'],
    ['pressure 99', { age: 50, systolic_pressure: 99 }, 80, 'II'],
    ['respiratory rate 30', { age: 50, respiratory_rate: 30 }, 70, 'II'],
    ['36.0 degrees', { age: 50, temperature: 36 }, 50, 'I'],
    ['35.9 degrees', { age: 50, temperature: 35.9 }, 70, 'II'],
    ['saturation 90', { age: 50, oxygen_saturation: 90 }, 50, 'I'],
    [
      'saturation 89, heart and lung disease',
      { age: 50, oxygen_saturation: 89, heart_failure: true, chronic_lung_disease: true },
      90,
      'III',
    ],
  ])('of a %s (Aujesky, Am J Respir Crit Care Med 2005;172:1041)', (_, inputs, value, band) => {
    expect(compute('pesi', { ...none, ...inputs })).toMatchObject({ value, band: { id: band } });
  });

  it('has every class that a missing age leaves possible, and takes Fahrenheit', () => {
    const result = compute('pesi', none);
    expect(result).toMatchObject({ range: { min: 18, max: 120 }, missing: ['age'] });
    expect(result.bands.map(({ id }) => id)).toEqual(['I', 'II', 'III', 'IV']);
    expect(compute('pesi', { ...none, age: 50, temperature: { value: 96.7, unit: '[degF]' } }).value).toBe(70);
    expect(() => compute('pesi', { temperature: 98.6 })).toThrow(/^temperature:/);
  });
});

describe('sPESI', () => {
  const none = { ...noFlags('spesi'), age: 60, heart_rate: 80, systolic_pressure: 130, oxygen_saturation: 97 };
  it.each<[string, GivenInputs, number, string]>([
    ['nothing', {}, 0, 'low'],
    ['80 years', { age: 80 }, 0, 'low'],
    ['81 years', { age: 81 }, 1, 'high'],
    ['cancer', { cancer: true }, 1, 'high'],
    ['heart or lung disease', { chronic_cardiopulmonary_disease: true }, 1, 'high'],
    ['heart rate 109', { heart_rate: 109 }, 0, 'low'],
    ['heart rate 110', { heart_rate: 110 }, 1, 'high'],
    ['pressure 100', { systolic_pressure: 100 }, 0, 'low'],
    ['pressure 99', { systolic_pressure: 99 }, 1, 'high'],
    ['saturation 90', { oxygen_saturation: 90 }, 0, 'low'],
    ['saturation 89.9 and 90 years', { oxygen_saturation: 89.9, age: 90 }, 2, 'high'],
  ])('with %s (Jimenez, Arch Intern Med 2010;170:1383)', (_, inputs, value, band) => {
    expect(compute('spesi', { ...none, ...inputs })).toMatchObject({ value, band: { id: band } });
  });

  it('is a range where the saturation is missing, and refuses a pressure of 10', () => {
    expect(compute('spesi', { ...none, oxygen_saturation: null })).toMatchObject({
      range: { min: 0, max: 1 },
      missing: ['oxygen_saturation'],
    });
    expect(() => compute('spesi', { systolic_pressure: 10 })).toThrow(/^systolic_pressure:/);
  });
});
