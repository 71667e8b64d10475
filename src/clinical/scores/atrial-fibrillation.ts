import type { Citation } from '../../contract/clinical.ts';
import type { Term } from './explore.ts';
import { ageInput, countInput, flagInput, sexInput } from './inputs.ts';
import { additiveScore, adultsOnly, ladder, points, type ScoreDefinition } from './score.ts';

const LIP_2010: Citation = {
  text: 'Lip GYH, Nieuwlaat R, Pisters R, Lane DA, Crijns HJGM. Refining clinical risk stratification for predicting stroke and thromboembolism in atrial fibrillation using a novel risk factor-based approach. Chest 2010;137:263-272.',
  doi: '10.1378/chest.09-1584',
  pmid: '19762550',
};
const ESC_2024: Citation = {
  text: 'Van Gelder IC, Rienstra M, Bunting KV, et al. 2024 ESC Guidelines for the management of atrial fibrillation. Eur Heart J 2024;45:3314-3414.',
  doi: '10.1093/eurheartj/ehae176',
  pmid: '39210723',
};

const strokeInputs = {
  age: ageInput({ cuts: [65, 75], from: 18 }),
  heart_failure: flagInput('Heart failure or left ventricular dysfunction'),
  hypertension: flagInput('Hypertension, also if treated'),
  diabetes: flagInput('Diabetes mellitus'),
  stroke: flagInput('Former stroke, transient ischemic attack or thromboembolism'),
  vascular_disease: flagInput('Vascular disease: former myocardial infarction, peripheral artery disease or aortic plaque'),
};
const agePoints: Term = (facts) => (facts.number('age') >= 75 ? 2 : facts.number('age') >= 65 ? 1 : 0);
const strokeTerms: readonly Term[] = [
  points('heart_failure', 1),
  points('hypertension', 1),
  agePoints,
  points('diabetes', 1),
  points('stroke', 2),
  points('vascular_disease', 1),
];

const cha2ds2Vasc = additiveScore({
  id: 'cha2ds2-vasc',
  version: '2010',
  title: 'CHA2DS2-VASc',
  population: 'Adults with atrial fibrillation without a mechanical valve or moderate to severe mitral stenosis',
  citation: LIP_2010,
  limits: ['The groups are those of the original paper; guidelines draw the line for anticoagulation in their own ways.'],
  unit: '{score}',
  inputs: { ...strokeInputs, sex: sexInput },
  terms: [...strokeTerms, (facts) => (facts.choice('sex') === 'female' ? 1 : 0)],
  bands: [
    { id: 'low', title: 'Low risk of stroke (0)' },
    { id: 'intermediate', title: 'Intermediate risk of stroke (1)' },
    { id: 'high', title: 'High risk of stroke (2 or more)' },
  ],
  bandOf: ladder([0, 'low'], [1, 'intermediate'], [2, 'high']),
  excludes: adultsOnly,
});

const cha2ds2Va = additiveScore({
  id: 'cha2ds2-va',
  version: 'ESC 2024',
  title: 'CHA2DS2-VA',
  population: 'Adults with atrial fibrillation without a mechanical valve or moderate to severe mitral stenosis',
  citation: ESC_2024,
  references: [LIP_2010],
  unit: '{score}',
  inputs: strokeInputs,
  terms: strokeTerms,
  bands: [
    { id: 'low', title: '0: no indication for anticoagulation from the score' },
    { id: 'consider', title: '1: anticoagulation should be considered' },
    { id: 'recommended', title: '2 or more: anticoagulation is recommended' },
  ],
  bandOf: ladder([0, 'low'], [1, 'consider'], [2, 'recommended']),
  excludes: adultsOnly,
});

const hasBled = additiveScore({
  id: 'has-bled',
  version: '2010',
  title: 'HAS-BLED',
  population: 'Adults with atrial fibrillation who take or may take an anticoagulant',
  citation: {
    text: 'Pisters R, Lane DA, Nieuwlaat R, de Vos CB, Crijns HJGM, Lip GYH. A novel user-friendly score (HAS-BLED) to assess 1-year risk of major bleeding in patients with atrial fibrillation. Chest 2010;138:1093-1100.',
    doi: '10.1378/chest.10-0134',
    pmid: '20299623',
  },
  limits: ['A high score asks for care and for treating what can be treated; by itself it is no reason to withhold anticoagulation.'],
  unit: '{score}',
  inputs: {
    hypertension: flagInput('Uncontrolled hypertension: systolic pressure above 160 mm[Hg]'),
    renal_disease: flagInput('Abnormal renal function: dialysis, transplant or creatinine of 200 umol/L or more'),
    liver_disease: flagInput(
      'Abnormal liver function: cirrhosis, or bilirubin above 2 times with AST, ALT or AP above 3 times the upper limit',
    ),
    stroke: flagInput('Former stroke'),
    bleeding: flagInput('Former major bleeding or predisposition to bleeding'),
    labile_inr: flagInput('Labile INR: under 60 % of the time in the therapeutic range; no if no vitamin K antagonist is taken'),
    age: ageInput({ cuts: [65, 66], from: 18 }),
    drugs: flagInput('Antiplatelet drugs or non-steroidal anti-inflammatory drugs'),
    alcohol: countInput('Alcoholic drinks a week', { range: [0, 200], unit: '{drinks}/wk', cuts: [8] }),
  },
  terms: [
    points('hypertension', 1),
    points('renal_disease', 1),
    points('liver_disease', 1),
    points('stroke', 1),
    points('bleeding', 1),
    points('labile_inr', 1),
    (facts) => (facts.number('age') > 65 ? 1 : 0),
    points('drugs', 1),
    (facts) => (facts.number('alcohol') >= 8 ? 1 : 0),
  ],
  bands: [
    { id: 'not-high', title: 'Below 3' },
    { id: 'high', title: '3 or more: high risk of bleeding' },
  ],
  bandOf: ladder([0, 'not-high'], [3, 'high']),
  excludes: adultsOnly,
});

/** Stroke and bleeding in atrial fibrillation. */
export const ATRIAL_FIBRILLATION_SCORES: readonly ScoreDefinition[] = [cha2ds2Vasc, cha2ds2Va, hasBled];
