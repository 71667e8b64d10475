import type { Citation } from '../../contract/clinical.ts';
import { choiceInput, numberInput, sexInput } from './inputs.ts';
import { adultsOnly, formulaScore, ladder, round, type ScoreDefinition } from './score.ts';

const INKER_2021: Citation = {
  text: 'Inker LA, Eneanya ND, Coresh J, et al. New creatinine- and cystatin C-based equations to estimate GFR without race. N Engl J Med 2021;385:1737-1749.',
  doi: '10.1056/NEJMoa2102953',
  pmid: '34554658',
};
const KDIGO_2012: Citation = {
  text: 'Kidney Disease: Improving Global Outcomes (KDIGO) CKD Work Group. KDIGO 2012 clinical practice guideline for the evaluation and management of chronic kidney disease. Kidney Int Suppl 2013;3:1-150 (GFR categories; eGFR reported as a whole number).',
};

const age = numberInput('Age', { range: [0, 120], unit: 'a', quantity: 'age' });
const creatinine = numberInput('Serum creatinine (IDMS-traceable)', { range: [0.1, 40], unit: 'mg/dL', quantity: 'creatinine' });
const cystatinC = numberInput('Serum cystatin C', { range: [0.1, 15], unit: 'mg/L', quantity: 'cystatin-c' });

const GFR_BANDS = [
  { id: 'G1', title: 'G1: 90 or more, normal or high' },
  { id: 'G2', title: 'G2: 60-89, mildly decreased' },
  { id: 'G3a', title: 'G3a: 45-59, mildly to moderately decreased' },
  { id: 'G3b', title: 'G3b: 30-44, moderately to severely decreased' },
  { id: 'G4', title: 'G4: 15-29, severely decreased' },
  { id: 'G5', title: 'G5: below 15, kidney failure' },
];
const gfrBand = ladder([0, 'G5'], [15, 'G4'], [30, 'G3b'], [45, 'G3a'], [60, 'G2'], [90, 'G1']);
const GFR_LIMITS = [
  'Only in a steady state: not in acute kidney injury.',
  'Less accurate at extremes of muscle mass, in pregnancy and after amputation.',
  'The category is that of the value rounded to a whole number; it means chronic kidney disease only if it lasts for more than 3 months.',
];

/** Inker 2021, creatinine alone: mg/dL, years -> mL/min/1.73 m2. */
const ckdEpiCreatinine = formulaScore({
  id: 'egfr-ckd-epi-2021-cr',
  version: '2021',
  title: 'Estimated GFR, CKD-EPI 2021 (creatinine)',
  population: 'Adults (18 years and older)',
  citation: INKER_2021,
  references: [KDIGO_2012],
  limits: GFR_LIMITS,
  unit: 'mL/min/{1.73_m2}',
  inputs: { age, sex: sexInput, creatinine },
  bands: GFR_BANDS,
  excludes: adultsOnly,
  formula: (facts) => {
    const isFemale = facts.choice('sex') === 'female';
    const ratio = facts.number('creatinine') / (isFemale ? 0.7 : 0.9);
    const low = Math.min(ratio, 1) ** (isFemale ? -0.241 : -0.302);
    const gfr = 142 * low * Math.max(ratio, 1) ** -1.2 * 0.9938 ** facts.number('age') * (isFemale ? 1.012 : 1);
    return { value: round(gfr, 1), band: gfrBand(round(gfr, 0)) };
  },
});

/** Inker 2021, creatinine and cystatin C: mg/dL, mg/L, years -> mL/min/1.73 m2. */
const ckdEpiCreatinineCystatin = formulaScore({
  id: 'egfr-ckd-epi-2021-cr-cys',
  version: '2021',
  title: 'Estimated GFR, CKD-EPI 2021 (creatinine and cystatin C)',
  population: 'Adults (18 years and older)',
  citation: INKER_2021,
  references: [KDIGO_2012],
  limits: [...GFR_LIMITS, 'Cystatin C also rises with inflammation, glucocorticoids and thyroid disease.'],
  unit: 'mL/min/{1.73_m2}',
  inputs: { age, sex: sexInput, creatinine, cystatin_c: cystatinC },
  bands: GFR_BANDS,
  excludes: adultsOnly,
  formula: (facts) => {
    const isFemale = facts.choice('sex') === 'female';
    const ratio = facts.number('creatinine') / (isFemale ? 0.7 : 0.9);
    const cystatinRatio = facts.number('cystatin_c') / 0.8;
    const byCreatinine = Math.min(ratio, 1) ** (isFemale ? -0.219 : -0.144) * Math.max(ratio, 1) ** -0.544;
    const byCystatin = Math.min(cystatinRatio, 1) ** -0.323 * Math.max(cystatinRatio, 1) ** -0.778;
    const gfr = 135 * byCreatinine * byCystatin * 0.9961 ** facts.number('age') * (isFemale ? 0.963 : 1);
    return { value: round(gfr, 1), band: gfrBand(round(gfr, 0)) };
  },
});

const cockcroftGault = formulaScore({
  id: 'cockcroft-gault',
  version: '1976',
  title: 'Creatinine clearance, Cockcroft-Gault',
  population: 'Adults (18 years and older)',
  citation: {
    text: 'Cockcroft DW, Gault MH. Prediction of creatinine clearance from serum creatinine. Nephron 1976;16:31-41.',
    doi: '10.1159/000180580',
    pmid: '1244564',
  },
  limits: [
    'Not indexed to body surface: mL/min, the measure in which many drug labels give their renal limits.',
    'The result depends on the weight that goes in; name it. The formula was made before creatinine assays were standardized.',
  ],
  unit: 'mL/min',
  inputs: {
    age,
    sex: sexInput,
    weight: numberInput('Weight', { range: [20, 400], unit: 'kg', quantity: 'mass' }),
    creatinine,
    weight_kind: choiceInput(
      'Which weight was given',
      { actual: 'Actual body weight', ideal: 'Ideal body weight', adjusted: 'Adjusted body weight' },
      { required: false },
    ),
  },
  excludes: adultsOnly,
  formula: (facts) => {
    const factor = facts.choice('sex') === 'female' ? 0.85 : 1;
    return { value: round((factor * (140 - facts.number('age')) * facts.number('weight')) / (72 * facts.number('creatinine')), 1) };
  },
  notes: (known) => {
    const kind = known.get('weight_kind');
    return [kind === undefined ? 'It is not stated which weight was used.' : `Computed with the ${String(kind)} body weight.`];
  },
});

const schwartz = formulaScore({
  id: 'egfr-schwartz-2009',
  version: '2009',
  title: 'Estimated GFR in children, bedside Schwartz',
  population: 'Children from 1 to 17 years',
  citation: {
    text: 'Schwartz GJ, Munoz A, Schneider MF, et al. New equations to estimate GFR in children with CKD. J Am Soc Nephrol 2009;20:629-637.',
    doi: '10.1681/ASN.2008030287',
    pmid: '19158356',
  },
  limits: ['Made in children with chronic kidney disease; enzymatic creatinine assays.', 'Only in a steady state.'],
  unit: 'mL/min/{1.73_m2}',
  inputs: {
    height: numberInput('Height', { range: [40, 220], unit: 'cm', quantity: 'length' }),
    creatinine,
    age: { ...age, required: false },
  },
  excludes: (known) => {
    const years = known.get('age');
    return typeof years === 'number' && (years < 1 || years >= 18) ? 'The formula is for children from 1 to 17 years' : undefined;
  },
  formula: (facts) => ({ value: round((0.413 * facts.number('height')) / facts.number('creatinine'), 1) }),
  notes: (known) => (known.has('age') ? [] : ['The age is not known, so it was not checked that this is a child from 1 to 17 years.']),
});

/** Kidney function from blood and body. */
export const KIDNEY_SCORES: readonly ScoreDefinition[] = [ckdEpiCreatinine, ckdEpiCreatinineCystatin, cockcroftGault, schwartz];
