import { ageInput, flagInput, sexInput, steppedInput } from './inputs.ts';
import { additiveScore, adultsOnly, anyExclusion, ladder, points, type ScoreDefinition } from './score.ts';

const heartRate = (cuts: readonly number[]) => steppedInput('Heart rate', { range: [10, 300], unit: '/min', quantity: 'rate', cuts });
const saturation = (cuts: readonly number[]) => steppedInput('Arterial oxygen saturation', { range: [30, 100], unit: '%', cuts });
const systolic = (cuts: readonly number[]) =>
  steppedInput('Systolic blood pressure', { range: [30, 300], unit: 'mm[Hg]', quantity: 'pressure', cuts });

const wellsPe = additiveScore({
  id: 'wells-pe',
  version: '2000',
  title: 'Wells score for pulmonary embolism',
  population: 'Adults in whom pulmonary embolism is suspected',
  citation: {
    text: "Wells PS, Anderson DR, Rodger M, et al. Derivation of a simple clinical model to categorize patients probability of pulmonary embolism: increasing the model's utility with the SimpliRED D-dimer. Thromb Haemost 2000;83:416-420.",
    doi: '10.1055/s-0037-1613830',
    pmid: '10744147',
  },
  limits: ['Two classes, at 4 points. "Most likely diagnosis" is a clinical judgment and is asked for as such.'],
  unit: '{score}',
  inputs: {
    dvt_signs: flagInput('Clinical signs of deep vein thrombosis: leg swelling and pain on palpation of the deep veins'),
    pe_most_likely: flagInput('Pulmonary embolism is more likely than any other diagnosis'),
    heart_rate: heartRate([100]),
    immobilization_or_surgery: flagInput('Immobilization of 3 days or more, or surgery within 4 weeks'),
    previous_vte: flagInput('Former deep vein thrombosis or pulmonary embolism'),
    hemoptysis: flagInput('Hemoptysis'),
    cancer: flagInput('Cancer under treatment, treated within 6 months, or palliative'),
  },
  terms: [
    points('dvt_signs', 3),
    points('pe_most_likely', 3),
    (facts) => (facts.number('heart_rate') > 100 ? 1.5 : 0),
    points('immobilization_or_surgery', 1.5),
    points('previous_vte', 1.5),
    points('hemoptysis', 1),
    points('cancer', 1),
  ],
  bands: [
    { id: 'unlikely', title: 'Pulmonary embolism unlikely (4 or less)' },
    { id: 'likely', title: 'Pulmonary embolism likely (more than 4)' },
  ],
  // Totals are multiples of one half.
  bandOf: ladder([0, 'unlikely'], [4.5, 'likely']),
  excludes: adultsOnly,
});

const wellsDvt = additiveScore({
  id: 'wells-dvt',
  version: '2003',
  title: 'Wells score for deep vein thrombosis',
  population: 'Adult outpatients in whom deep vein thrombosis of the leg is suspected',
  citation: {
    text: 'Wells PS, Anderson DR, Rodger M, et al. Evaluation of D-dimer in the diagnosis of suspected deep-vein thrombosis. N Engl J Med 2003;349:1227-1235.',
    doi: '10.1056/NEJMoa023153',
    pmid: '14507948',
  },
  unit: '{score}',
  inputs: {
    cancer: flagInput('Active cancer: treatment ongoing, within 6 months, or palliative'),
    paralysis_or_cast: flagInput('Paralysis, paresis or recent plaster immobilization of the leg'),
    bedridden_or_surgery: flagInput('Bedridden for 3 days or more, or major surgery within 12 weeks under general or regional anesthesia'),
    tenderness: flagInput('Localized tenderness along the deep veins'),
    whole_leg_swollen: flagInput('Entire leg swollen'),
    calf_swelling: flagInput('Calf more than 3 cm thicker than on the other side, 10 cm below the tibial tuberosity'),
    pitting_edema: flagInput('Pitting edema confined to the symptomatic leg'),
    collateral_veins: flagInput('Collateral superficial veins that are not varicose'),
    previous_dvt: flagInput('Former deep vein thrombosis'),
    alternative_diagnosis: flagInput('Another diagnosis is at least as likely'),
  },
  terms: [
    points('cancer', 1),
    points('paralysis_or_cast', 1),
    points('bedridden_or_surgery', 1),
    points('tenderness', 1),
    points('whole_leg_swollen', 1),
    points('calf_swelling', 1),
    points('pitting_edema', 1),
    points('collateral_veins', 1),
    points('previous_dvt', 1),
    points('alternative_diagnosis', -2),
  ],
  bands: [
    { id: 'unlikely', title: 'Deep vein thrombosis unlikely (1 or less)' },
    { id: 'likely', title: 'Deep vein thrombosis likely (2 or more)' },
  ],
  bandOf: ladder([-2, 'unlikely'], [2, 'likely']),
});

const perc = additiveScore({
  id: 'perc',
  version: '2004',
  title: 'Pulmonary embolism rule-out criteria (PERC)',
  population: 'Adults in an emergency department whose probability of pulmonary embolism is judged to be low',
  citation: {
    text: 'Kline JA, Mitchell AM, Kabrhel C, Richman PB, Courtney DM. Clinical criteria to prevent unnecessary diagnostic testing in emergency department patients with suspected pulmonary embolism. J Thromb Haemost 2004;2:1247-1255.',
    doi: '10.1111/j.1538-7836.2004.00790.x',
    pmid: '15304025',
  },
  limits: ['The value counts the criteria that are not met. Only 0, and only at a low clinical probability, speaks against embolism.'],
  unit: '{criteria}',
  inputs: {
    age: ageInput({ cuts: [50], from: 18 }),
    heart_rate: heartRate([100]),
    oxygen_saturation: saturation([95]),
    hemoptysis: flagInput('Hemoptysis'),
    estrogen: flagInput('Estrogen intake'),
    previous_vte: flagInput('Former deep vein thrombosis or pulmonary embolism'),
    leg_swelling: flagInput('Swelling of one leg'),
    surgery_or_trauma: flagInput('Surgery or trauma with hospital stay within 4 weeks'),
    low_probability: flagInput('The clinical probability of pulmonary embolism is judged to be low', { required: false }),
  },
  terms: [
    (facts) => (facts.number('age') >= 50 ? 1 : 0),
    (facts) => (facts.number('heart_rate') >= 100 ? 1 : 0),
    (facts) => (facts.number('oxygen_saturation') < 95 ? 1 : 0),
    points('hemoptysis', 1),
    points('estrogen', 1),
    points('previous_vte', 1),
    points('leg_swelling', 1),
    points('surgery_or_trauma', 1),
  ],
  bands: [
    { id: 'negative', title: 'Negative: all criteria met' },
    { id: 'positive', title: 'Positive: embolism is not ruled out by the criteria' },
  ],
  bandOf: ladder([0, 'negative'], [1, 'positive']),
  excludes: anyExclusion(adultsOnly, (known) =>
    known.get('low_probability') === false ? 'The criteria are only for a low clinical probability' : undefined,
  ),
  notes: (known) =>
    known.has('low_probability')
      ? []
      : ['It is not stated that the clinical probability is low; without that the criteria rule nothing out.'],
});

const pesi = additiveScore({
  id: 'pesi',
  version: '2005',
  title: 'Pulmonary embolism severity index (PESI)',
  population: 'Adults with confirmed acute pulmonary embolism',
  citation: {
    text: 'Aujesky D, Obrosky DS, Stone RA, et al. Derivation and validation of a prognostic model for pulmonary embolism. Am J Respir Crit Care Med 2005;172:1041-1046.',
    doi: '10.1164/rccm.200506-862OC',
    pmid: '16020800',
  },
  unit: '{score}',
  inputs: {
    // Each year counts one point, so each is a value of its own.
    age: ageInput({ cuts: Array.from({ length: 34 }, (_, index) => 20 + 3 * index), from: 18 }),
    sex: sexInput,
    cancer: flagInput('Cancer, active or in the history'),
    heart_failure: flagInput('Heart failure'),
    chronic_lung_disease: flagInput('Chronic lung disease'),
    heart_rate: heartRate([110]),
    systolic_pressure: systolic([100]),
    respiratory_rate: steppedInput('Respiratory rate', { range: [0, 100], unit: '/min', quantity: 'rate', cuts: [30] }),
    temperature: steppedInput('Body temperature', { range: [20, 45], unit: 'Cel', quantity: 'temperature', cuts: [36] }),
    altered_mental_status: flagInput('Altered mental status: disorientation, lethargy, stupor or coma'),
    oxygen_saturation: saturation([90]),
  },
  terms: [
    (facts) => facts.number('age'),
    (facts) => (facts.choice('sex') === 'male' ? 10 : 0),
    points('cancer', 30),
    points('heart_failure', 10),
    points('chronic_lung_disease', 10),
    (facts) => (facts.number('heart_rate') >= 110 ? 20 : 0),
    (facts) => (facts.number('systolic_pressure') < 100 ? 30 : 0),
    (facts) => (facts.number('respiratory_rate') >= 30 ? 20 : 0),
    (facts) => (facts.number('temperature') < 36 ? 20 : 0),
    points('altered_mental_status', 60),
    (facts) => (facts.number('oxygen_saturation') < 90 ? 20 : 0),
  ],
  bands: [
    { id: 'I', title: 'Class I, very low risk (65 or less)' },
    { id: 'II', title: 'Class II, low risk (66-85)' },
    { id: 'III', title: 'Class III, intermediate risk (86-105)' },
    { id: 'IV', title: 'Class IV, high risk (106-125)' },
    { id: 'V', title: 'Class V, very high risk (more than 125)' },
  ],
  bandOf: ladder([0, 'I'], [66, 'II'], [86, 'III'], [106, 'IV'], [126, 'V']),
  excludes: adultsOnly,
});

const simplifiedPesi = additiveScore({
  id: 'spesi',
  version: '2010',
  title: 'Simplified pulmonary embolism severity index (sPESI)',
  population: 'Adults with confirmed acute pulmonary embolism',
  citation: {
    text: 'Jimenez D, Aujesky D, Moores L, et al. Simplification of the pulmonary embolism severity index for prognostication in patients with acute symptomatic pulmonary embolism. Arch Intern Med 2010;170:1383-1389.',
    doi: '10.1001/archinternmed.2010.199',
    pmid: '20696966',
  },
  unit: '{score}',
  inputs: {
    age: ageInput({ cuts: [80], from: 18 }),
    cancer: flagInput('Cancer, active or in the history'),
    chronic_cardiopulmonary_disease: flagInput('Heart failure or chronic lung disease'),
    heart_rate: heartRate([110]),
    systolic_pressure: systolic([100]),
    oxygen_saturation: saturation([90]),
  },
  terms: [
    (facts) => (facts.number('age') > 80 ? 1 : 0),
    points('cancer', 1),
    points('chronic_cardiopulmonary_disease', 1),
    (facts) => (facts.number('heart_rate') >= 110 ? 1 : 0),
    (facts) => (facts.number('systolic_pressure') < 100 ? 1 : 0),
    (facts) => (facts.number('oxygen_saturation') < 90 ? 1 : 0),
  ],
  bands: [
    { id: 'low', title: 'Low risk (0)' },
    { id: 'high', title: 'High risk (1 or more)' },
  ],
  bandOf: ladder([0, 'low'], [1, 'high']),
  excludes: adultsOnly,
});

/** Probability and severity of venous thromboembolism. */
export const THROMBOEMBOLISM_SCORES: readonly ScoreDefinition[] = [wellsPe, wellsDvt, perc, pesi, simplifiedPesi];
