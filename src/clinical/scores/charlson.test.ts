import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import { charlsonConditionsFromIcd10 } from './charlson-icd10.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

const CONDITIONS = Object.entries(findScore('charlson')?.inputs ?? {}).flatMap(([name, { kind }]) => (kind === 'boolean' ? [name] : []));
const NONE = Object.fromEntries(CONDITIONS.map((name) => [name, false]));

describe('Charlson comorbidity index with age', () => {
  it.each<[string, GivenInputs, number]>([
    ['48 years without disease', { age: 48 }, 0],
    ['72 years, infarction, heart failure, diabetes', { age: 72, myocardial_infarction: true, heart_failure: true, diabetes: true }, 6],
    ['55 years, colon cancer with metastasis', { age: 55, solid_tumor: true, metastatic_tumor: true }, 7],
    ['49 years', { age: 49 }, 0],
    ['50 years', { age: 50 }, 1],
    ['59 years', { age: 59 }, 1],
    ['60 years', { age: 60 }, 2],
    ['70 years', { age: 70 }, 3],
    ['80 years', { age: 80 }, 4],
    ['95 years: at most 4', { age: 95 }, 4],
    ['diabetes in both stages counts 2', { age: 40, diabetes: true, diabetes_with_organ_damage: true }, 2],
    ['liver disease in both stages counts 3', { age: 40, mild_liver_disease: true, severe_liver_disease: true }, 3],
    ['leukemia, lymphoma and a solid tumor', { age: 40, leukemia: true, lymphoma: true, solid_tumor: true }, 6],
    ['hemiplegia and renal disease', { age: 40, hemiplegia: true, renal_disease: true }, 4],
    ['AIDS', { age: 40, aids: true }, 6],
    [
      'dementia, ulcer, lung, stroke, vessels, connective tissue',
      {
        age: 40,
        dementia: true,
        peptic_ulcer_disease: true,
        chronic_pulmonary_disease: true,
        cerebrovascular_disease: true,
        peripheral_vascular_disease: true,
        connective_tissue_disease: true,
      },
      6,
    ],
  ])('of %s (Charlson, J Chronic Dis 1987;40:373; J Clin Epidemiol 1994;47:1245)', (_, inputs, value) => {
    expect(compute('charlson', { ...NONE, ...inputs })).toMatchObject({ value, missing: [] });
  });

  it('does not miss what a graver stage settles', () => {
    expect(compute('charlson', { ...NONE, age: 55, metastatic_tumor: true, solid_tumor: null })).toMatchObject({ value: 7, missing: [] });
  });

  it('ranges over everything that is missing', () => {
    expect(compute('charlson', { age: 55 }).range).toEqual({ min: 1, max: 34 });
    expect(compute('charlson', { ...NONE, age: null })).toMatchObject({ range: { min: 0, max: 4 }, missing: ['age'] });
    expect(compute('charlson', { ...NONE, age: 40, diabetes_with_organ_damage: null })).toMatchObject({ range: { min: 0, max: 2 } });
    expect(() => compute('charlson', { age: -1 })).toThrow(/^age:/);
  });
});

describe('Conditions of the Charlson index from ICD-10 (Quan, Med Care 2005;43:1130)', () => {
  it.each([
    ['I21.4', 'myocardial_infarction'],
    ['I252', 'myocardial_infarction'],
    ['i50.1', 'heart_failure'],
    ['I42.7', 'heart_failure'],
    ['K55.8', 'peripheral_vascular_disease'],
    ['I69.4', 'cerebrovascular_disease'],
    ['G30.1', 'dementia'],
    ['J44.9', 'chronic_pulmonary_disease'],
    ['M32.1', 'connective_tissue_disease'],
    ['K28.9', 'peptic_ulcer_disease'],
    ['K70.3', 'mild_liver_disease'],
    ['K76.7', 'severe_liver_disease'],
    ['E11.9', 'diabetes'],
    ['E11.40', 'diabetes_with_organ_damage'],
    ['G83.9', 'hemiplegia'],
    ['N18.5', 'renal_disease'],
    ['C18.2', 'solid_tumor'],
    ['C97', 'solid_tumor'],
    ['C91.0', 'leukemia'],
    ['C83.3', 'lymphoma'],
    ['C78.7', 'metastatic_tumor'],
    ['B24', 'aids'],
  ])('%s is %s', (code, condition) => {
    expect(charlsonConditionsFromIcd10([code])).toEqual({ [condition]: true });
  });

  it.each(['I25.1', 'I42.1', 'C44.9', 'C59', 'K71.6', 'E11', 'B23', 'N17.9', '', 'x', '410'])('%s is none of them', (code) => {
    expect(charlsonConditionsFromIcd10([code])).toEqual({});
  });

  it('only concludes yes: with codes alone the index is a range', () => {
    const shown = charlsonConditionsFromIcd10(['I50.0', 'C78.0', 'C18.9']);
    expect(shown).toEqual({ heart_failure: true, metastatic_tumor: true, solid_tumor: true });
    expect(compute('charlson', { age: 60, ...shown })).toMatchObject({ value: null, range: { min: 9, max: 35 } });
  });

  it('names inputs of the score only', () => {
    const all = charlsonConditionsFromIcd10([
      'I21',
      'I50',
      'I70',
      'G45',
      'F00',
      'J40',
      'M05',
      'K25',
      'B18',
      'K72.1',
      'E10.0',
      'E10.2',
      'G81',
      'N18',
      'C00',
      'C91',
      'C81',
      'C77',
      'B20',
    ]);
    expect(Object.keys(all).sort()).toEqual([...CONDITIONS].sort());
  });
});
