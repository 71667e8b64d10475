import { eitherOf, type Facts } from './explore.ts';
import { ageInput, choiceInput, countInput, flagInput, numberInput, steppedInput } from './inputs.ts';
import { additiveScore, adultsOnly, ladder, points, type ScoreDefinition } from './score.ts';

const respiratoryRate = (cuts: readonly number[]) =>
  steppedInput('Respiratory rate', { range: [0, 100], unit: '/min', quantity: 'rate', cuts });
const systolic = (cuts: readonly number[]) =>
  steppedInput('Systolic blood pressure', { range: [30, 300], unit: 'mm[Hg]', quantity: 'pressure', cuts });

/** Urea nitrogen, mg/dL, to urea, mmol/L. AMA Manual of Style, 11th ed., SI conversion. */
const UREA_PER_NITROGEN = 0.357;
const urea = steppedInput('Serum urea', { range: [0.3, 120], unit: 'mmol/L', quantity: 'urea', cuts: [7] });

const curb65 = additiveScore({
  id: 'curb-65',
  version: '2003',
  title: 'CURB-65',
  population: 'Adults with community-acquired pneumonia',
  citation: {
    text: 'Lim WS, van der Eerden MM, Laing R, et al. Defining community acquired pneumonia severity on presentation to hospital: an international derivation and validation study. Thorax 2003;58:377-382.',
    doi: '10.1136/thorax.58.5.377',
    pmid: '12728155',
  },
  limits: ['Helps to choose the place of treatment; does not see hypoxemia, comorbidity or social needs.'],
  unit: '{score}',
  inputs: {
    confusion: flagInput('New confusion: abbreviated mental test of 8 or less, or new disorientation'),
    urea,
    urea_nitrogen: numberInput('Blood urea nitrogen, in place of urea', {
      range: [1, 340],
      unit: 'mg/dL',
      quantity: 'urea-nitrogen',
      required: false,
    }),
    respiratory_rate: respiratoryRate([30]),
    systolic_pressure: systolic([90]),
    diastolic_pressure: steppedInput('Diastolic blood pressure', {
      range: [10, 200],
      unit: 'mm[Hg]',
      quantity: 'pressure',
      cuts: [60],
    }),
    age: ageInput({ cuts: [65], from: 18 }),
  },
  derived: { urea: eitherOf({ name: 'urea', input: urea, other: 'urea_nitrogen', convert: (value) => value * UREA_PER_NITROGEN }) },
  terms: [
    points('confusion', 1),
    (facts) => (facts.number('urea') > 7 ? 1 : 0),
    (facts) => (facts.number('respiratory_rate') >= 30 ? 1 : 0),
    (facts) => (facts.number('systolic_pressure') < 90 || facts.number('diastolic_pressure') <= 60 ? 1 : 0),
    (facts) => (facts.number('age') >= 65 ? 1 : 0),
  ],
  bands: [
    { id: 'low', title: 'Low risk (0-1)' },
    { id: 'intermediate', title: 'Intermediate risk (2)' },
    { id: 'high', title: 'High risk, severe pneumonia (3 or more)' },
  ],
  bandOf: ladder([0, 'low'], [2, 'intermediate'], [3, 'high']),
  excludes: adultsOnly,
});

const quickSofa = additiveScore({
  id: 'qsofa',
  version: 'Sepsis-3 (2016)',
  title: 'qSOFA',
  population: 'Adults with suspected infection outside of intensive care',
  citation: {
    text: 'Seymour CW, Liu VX, Iwashyna TJ, et al. Assessment of clinical criteria for sepsis: for the Third International Consensus Definitions for Sepsis and Septic Shock (Sepsis-3). JAMA 2016;315:762-774.',
    doi: '10.1001/jama.2016.0288',
    pmid: '26903335',
  },
  limits: ['Neither finds nor excludes sepsis by itself.'],
  unit: '{score}',
  inputs: {
    respiratory_rate: respiratoryRate([22]),
    systolic_pressure: systolic([100]),
    altered_mentation: flagInput('Altered mentation: Glasgow coma scale below 15'),
  },
  terms: [
    (facts) => (facts.number('respiratory_rate') >= 22 ? 1 : 0),
    (facts) => (facts.number('systolic_pressure') <= 100 ? 1 : 0),
    points('altered_mentation', 1),
  ],
  bands: [
    { id: 'negative', title: 'Below 2' },
    { id: 'positive', title: '2 or more: higher risk of a poor outcome' },
  ],
  bandOf: ladder([0, 'negative'], [2, 'positive']),
});

const VASOPRESSOR_POINTS: Readonly<Record<string, number>> = { none: 0, low: 2, medium: 3, high: 4 };

const sofa = additiveScore({
  id: 'sofa',
  version: '1996',
  title: 'SOFA',
  population: 'Adults in intensive care',
  citation: {
    text: 'Vincent JL, Moreno R, Takala J, et al. The SOFA (Sepsis-related Organ Failure Assessment) score to describe organ dysfunction/failure. Intensive Care Med 1996;22:707-710.',
    doi: '10.1007/BF01709751',
    pmid: '8844239',
  },
  references: [
    {
      text: 'Singer M, Deutschman CS, Seymour CW, et al. The Third International Consensus Definitions for Sepsis and Septic Shock (Sepsis-3). JAMA 2016;315:801-810.',
      doi: '10.1001/jama.2016.0287',
      pmid: '26903338',
    },
  ],
  limits: [
    'The worst values of 24 hours. Where the printed steps leave a gap (11.9 to 12.0 mg/dL of bilirubin, 4.9 to 5.0 of creatinine), the upper step begins at the round number.',
    'Sepsis is a rise by 2 or more over the value before the infection, which one value does not show.',
  ],
  unit: '{score}',
  inputs: {
    pao2_fio2: steppedInput('PaO2 / FiO2', { range: [20, 800], unit: 'mm[Hg]', quantity: 'pressure', cuts: [100, 200, 300, 400] }),
    respiratory_support: flagInput('Respiratory support'),
    platelets: steppedInput('Platelets', { range: [0, 3000], unit: '10*9/L', quantity: 'platelets', cuts: [20, 50, 100, 150] }),
    bilirubin: steppedInput('Total bilirubin', { range: [0.05, 80], unit: 'mg/dL', quantity: 'bilirubin', cuts: [1.2, 2, 6, 12] }),
    mean_arterial_pressure: steppedInput('Mean arterial pressure', {
      range: [10, 250],
      unit: 'mm[Hg]',
      quantity: 'pressure',
      cuts: [70],
    }),
    vasopressors: choiceInput('Vasopressors for at least 1 hour, in ug/kg/min', {
      none: 'None',
      low: 'Dopamine up to 5, or dobutamine at any dose',
      medium: 'Dopamine above 5, or epinephrine or norepinephrine up to 0.1',
      high: 'Dopamine above 15, or epinephrine or norepinephrine above 0.1',
    }),
    glasgow_coma_scale: countInput('Glasgow coma scale', { range: [3, 15], unit: '{score}', cuts: [6, 10, 13, 15] }),
    creatinine: steppedInput('Serum creatinine', { range: [0.1, 40], unit: 'mg/dL', quantity: 'creatinine', cuts: [1.2, 2, 3.5, 5] }),
    urine_output: steppedInput('Urine output', { range: [0, 20000], unit: 'mL/d', cuts: [200, 500] }),
  },
  terms: [
    respiration,
    (facts) => 4 - reached(facts.number('platelets'), [20, 50, 100, 150]),
    (facts) => reached(facts.number('bilirubin'), [1.2, 2, 6, 12]),
    circulation,
    (facts) => 4 - reached(facts.number('glasgow_coma_scale'), [6, 10, 13, 15]),
    kidney,
  ],
});

/** Pneumonia, sepsis, failure of organs. */
export const ACUTE_ILLNESS_SCORES: readonly ScoreDefinition[] = [curb65, quickSofa, sofa];

/** How many of the rising steps `value` reaches. */
function reached(value: number, steps: readonly number[]): number {
  return steps.filter((step) => value >= step).length;
}

/** 3 and 4 points only under respiratory support. */
function respiration(facts: Facts): number {
  const byRatio = 4 - reached(facts.number('pao2_fio2'), [100, 200, 300, 400]);
  return byRatio > 2 && !facts.flag('respiratory_support') ? 2 : byRatio;
}

function circulation(facts: Facts): number {
  const byDrug = VASOPRESSOR_POINTS[facts.choice('vasopressors')] ?? 0;
  if (byDrug > 0) return byDrug;
  return facts.number('mean_arterial_pressure') < 70 ? 1 : 0;
}

function kidney(facts: Facts): number {
  const byCreatinine = reached(facts.number('creatinine'), [1.2, 2, 3.5, 5]);
  if (byCreatinine === 4) return 4;
  const output = facts.number('urine_output');
  return Math.max(byCreatinine, output < 200 ? 4 : output < 500 ? 3 : 0);
}
