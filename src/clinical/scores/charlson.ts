import type { Term } from './explore.ts';
import { ageInput, flagInput } from './inputs.ts';
import { additiveScore, adultsOnly, points, type ScoreDefinition } from './score.ts';

const conditions = {
  myocardial_infarction: flagInput('Myocardial infarction'),
  heart_failure: flagInput('Congestive heart failure'),
  peripheral_vascular_disease: flagInput('Peripheral vascular disease'),
  cerebrovascular_disease: flagInput('Cerebrovascular disease'),
  dementia: flagInput('Dementia'),
  chronic_pulmonary_disease: flagInput('Chronic pulmonary disease'),
  connective_tissue_disease: flagInput('Connective tissue disease'),
  peptic_ulcer_disease: flagInput('Peptic ulcer disease'),
  mild_liver_disease: flagInput('Mild liver disease'),
  diabetes: flagInput('Diabetes without organ damage'),
  hemiplegia: flagInput('Hemiplegia or paraplegia'),
  renal_disease: flagInput('Moderate or severe renal disease'),
  diabetes_with_organ_damage: flagInput('Diabetes with organ damage'),
  solid_tumor: flagInput('Solid tumor without metastasis'),
  leukemia: flagInput('Leukemia'),
  lymphoma: flagInput('Lymphoma'),
  severe_liver_disease: flagInput('Moderate or severe liver disease'),
  metastatic_tumor: flagInput('Metastatic solid tumor'),
  aids: flagInput('AIDS'),
};

/** Of two stages of one disease only the graver counts. */
function staged(grave: readonly [flag: string, value: number], mild: readonly [flag: string, value: number]): Term {
  return (facts) => (facts.flag(grave[0]) ? grave[1] : facts.flag(mild[0]) ? mild[1] : 0);
}

const agePoints: Term = (facts) => Math.min(4, Math.max(0, Math.floor(facts.number('age') / 10) - 4));

const charlson = additiveScore({
  id: 'charlson',
  version: '1987 weights, age of 1994',
  title: 'Charlson comorbidity index with age',
  population: 'Adults',
  citation: {
    text: 'Charlson ME, Pompei P, Ales KL, MacKenzie CR. A new method of classifying prognostic comorbidity in longitudinal studies: development and validation. J Chronic Dis 1987;40:373-383.',
    doi: '10.1016/0021-9681(87)90171-8',
    pmid: '3558716',
  },
  references: [
    {
      text: 'Charlson M, Szatrowski TP, Peterson J, Gold J. Validation of a combined comorbidity index. J Clin Epidemiol 1994;47:1245-1251 (one point for each decade from 50 years, here at most 4).',
      doi: '10.1016/0895-4356(94)90129-5',
      pmid: '7722560',
    },
  ],
  limits: ['Weights of 1987: AIDS in particular weighs more than it does under present treatment.'],
  unit: '{score}',
  inputs: { age: ageInput({ cuts: [50, 60, 70, 80], from: 18 }), ...conditions },
  terms: [
    agePoints,
    points('myocardial_infarction', 1),
    points('heart_failure', 1),
    points('peripheral_vascular_disease', 1),
    points('cerebrovascular_disease', 1),
    points('dementia', 1),
    points('chronic_pulmonary_disease', 1),
    points('connective_tissue_disease', 1),
    points('peptic_ulcer_disease', 1),
    staged(['severe_liver_disease', 3], ['mild_liver_disease', 1]),
    staged(['diabetes_with_organ_damage', 2], ['diabetes', 1]),
    points('hemiplegia', 2),
    points('renal_disease', 2),
    staged(['metastatic_tumor', 6], ['solid_tumor', 2]),
    points('leukemia', 2),
    points('lymphoma', 2),
    points('aids', 6),
  ],
  excludes: adultsOnly,
});

/** Burden of disease. */
export const COMORBIDITY_SCORES: readonly ScoreDefinition[] = [charlson];
