import type { Citation } from '../../contract/clinical.ts';
import type { Derived, Facts } from './explore.ts';
import { ClinicalInputError, choiceInput, flagInput, numberInput, sexInput, steppedInput } from './inputs.ts';
import { additiveScore, adultsOnly, formulaScore, ladder, round, type ScoreDefinition } from './score.ts';

const bilirubin = numberInput('Total bilirubin', { range: [0.05, 80], unit: 'mg/dL', quantity: 'bilirubin' });
const inr = numberInput('INR', { range: [0.5, 20] });
const creatinine = numberInput('Serum creatinine', { range: [0.1, 40], unit: 'mg/dL', quantity: 'creatinine' });
const sodium = numberInput('Serum sodium', { range: [90, 200], unit: 'mmol/L', quantity: 'sodium' });
const albumin = numberInput('Serum albumin', { range: [0.5, 7], unit: 'g/dL', quantity: 'albumin' });
const dialysis = flagInput('Dialysis at least twice, or 24 hours of continuous hemodialysis, within the last week');

/** From INR or from the prolongation of the prothrombin time: 1 to 3 points. */
const coagulation: Derived = (known) => {
  const ratio = known.get('inr');
  const seconds = known.get('prothrombin_prolongation');
  if (ratio !== undefined && seconds !== undefined)
    throw new ClinicalInputError('prothrombin_prolongation', 'is another way to give inr: give one of them');
  if (typeof ratio === 'number') return { value: ratio > 2.3 ? 3 : ratio >= 1.7 ? 2 : 1 };
  if (typeof seconds === 'number') return { value: seconds > 6 ? 3 : seconds >= 4 ? 2 : 1 };
  return { values: [1, 2, 3], missing: ['inr'] };
};

const childPugh = additiveScore({
  id: 'child-pugh',
  version: '1973, with INR',
  title: 'Child-Pugh score',
  population: 'Patients with cirrhosis',
  citation: {
    text: 'Pugh RN, Murray-Lyon IM, Dawson JL, Pietroni MC, Williams R. Transection of the oesophagus for bleeding oesophageal varices. Br J Surg 1973;60:646-649.',
    doi: '10.1002/bjs.1800600817',
    pmid: '4541913',
  },
  limits: [
    'INR below 1.7, 1.7 to 2.3 and above 2.3 in place of the prothrombin time is a later convention.',
    'The limits of bilirubin for cholestatic disease are not used.',
  ],
  unit: '{score}',
  inputs: {
    bilirubin: steppedInput('Total bilirubin', { range: [0.05, 80], unit: 'mg/dL', quantity: 'bilirubin', cuts: [2, 3] }),
    albumin: steppedInput('Serum albumin', { range: [0.5, 7], unit: 'g/dL', quantity: 'albumin', cuts: [2.8, 3.5] }),
    inr,
    prothrombin_prolongation: numberInput('Prothrombin time above control, in place of INR', {
      range: [0, 120],
      unit: 's',
      required: false,
    }),
    ascites: choiceInput('Ascites', { none: 'None', slight: 'Slight', moderate: 'Moderate or more' }),
    encephalopathy: choiceInput('Encephalopathy', { none: 'None', 'grade-1-2': 'Grade 1 or 2', 'grade-3-4': 'Grade 3 or 4' }),
  },
  derived: { coagulation },
  terms: [
    (facts) => (facts.number('bilirubin') > 3 ? 3 : facts.number('bilirubin') >= 2 ? 2 : 1),
    (facts) => (facts.number('albumin') < 2.8 ? 3 : facts.number('albumin') <= 3.5 ? 2 : 1),
    (facts) => facts.number('coagulation'),
    (facts) => 1 + ['none', 'slight', 'moderate'].indexOf(facts.choice('ascites')),
    (facts) => 1 + ['none', 'grade-1-2', 'grade-3-4'].indexOf(facts.choice('encephalopathy')),
  ],
  bands: [
    { id: 'A', title: 'Class A (5-6)' },
    { id: 'B', title: 'Class B (7-9)' },
    { id: 'C', title: 'Class C (10-15)' },
  ],
  bandOf: ladder([5, 'A'], [7, 'B'], [10, 'C']),
});

const KAMATH_2001: Citation = {
  text: 'Kamath PS, Wiesner RH, Malinchoc M, et al. A model to predict survival in patients with end-stage liver disease. Hepatology 2001;33:464-470.',
  doi: '10.1053/jhep.2001.22172',
  pmid: '11172350',
};
const OPTN_2016: Citation = {
  text: 'Organ Procurement and Transplantation Network. Policy 9.1: MELD score, with serum sodium, in force from January 2016 (limits of the inputs, rounding, limits of the score).',
};

const meld = formulaScore({
  id: 'meld',
  version: '2001, limits of OPTN',
  title: 'MELD',
  population: 'Patients from 12 years with chronic liver disease',
  citation: KAMATH_2001,
  references: [OPTN_2016],
  unit: '{score}',
  inputs: { bilirubin, inr, creatinine, dialysis },
  formula: (facts) => ({ value: clamp(Math.round(unroundedMeld(facts)), [6, 40]) }),
});

const meldSodium = formulaScore({
  id: 'meld-na',
  version: 'OPTN 2016',
  title: 'MELD-Na',
  population: 'Patients from 12 years with chronic liver disease',
  citation: OPTN_2016,
  references: [
    KAMATH_2001,
    {
      text: 'Kim WR, Biggins SW, Kremers WK, et al. Hyponatremia and mortality among patients on the liver-transplant waiting list. N Engl J Med 2008;359:1018-1026 (the idea; the formula here is that of the policy).',
      doi: '10.1056/NEJMoa0801209',
      pmid: '18768945',
    },
  ],
  unit: '{score}',
  inputs: { bilirubin, inr, creatinine, dialysis, sodium },
  formula: (facts) => {
    // The policy rounds the sum to tenths and multiplies by ten before sodium comes in.
    const initial = Math.round(unroundedMeld(facts));
    const lack = 137 - clamp(facts.number('sodium'), [125, 137]);
    const total = initial > 11 ? initial + 1.32 * lack - 0.033 * initial * lack : initial;
    return { value: clamp(Math.round(total), [6, 40]) };
  },
});

const meld3 = formulaScore({
  id: 'meld-3.0',
  version: '3.0 (2021)',
  title: 'MELD 3.0',
  population: 'Adults with chronic liver disease',
  citation: {
    text: 'Kim WR, Mannalithara A, Heimbach JK, et al. MELD 3.0: the Model for End-Stage Liver Disease updated for the modern era. Gastroenterology 2021;161:1887-1895.',
    doi: '10.1053/j.gastro.2021.08.050',
    pmid: '34481845',
  },
  limits: [
    'Not cut off at 40, as in the publication; rules of allocation may do so.',
    'Rules for those of 12 to 17 years are not applied.',
  ],
  unit: '{score}',
  inputs: {
    sex: sexInput,
    bilirubin,
    sodium,
    inr,
    creatinine,
    dialysis,
    albumin,
    age: { ...numberInput('Age', { range: [0, 120], unit: 'a', quantity: 'age', required: false }) },
  },
  excludes: adultsOnly,
  formula: (facts) => {
    const lnBilirubin = Math.log(Math.max(1, facts.number('bilirubin')));
    const lnCreatinine = Math.log(creatinineWithin(facts, 3));
    const lackOfSodium = 137 - clamp(facts.number('sodium'), [125, 137]);
    const lackOfAlbumin = 3.5 - clamp(facts.number('albumin'), [1.5, 3.5]);
    const total =
      (facts.choice('sex') === 'female' ? 1.33 : 0) +
      4.56 * lnBilirubin +
      0.82 * lackOfSodium -
      0.24 * lackOfSodium * lnBilirubin +
      9.09 * Math.log(Math.max(1, facts.number('inr'))) +
      11.14 * lnCreatinine +
      1.85 * lackOfAlbumin -
      1.83 * lackOfAlbumin * lnCreatinine +
      6;
    return { value: Math.round(total) };
  },
});

const fib4 = formulaScore({
  id: 'fib-4',
  version: '2006',
  title: 'FIB-4',
  population: 'Adults with chronic liver disease; made in coinfection with HIV and hepatitis C',
  citation: {
    text: 'Sterling RK, Lissen E, Clumeck N, et al. Development of a simple noninvasive index to predict significant fibrosis in patients with HIV/HCV coinfection. Hepatology 2006;43:1317-1325.',
    doi: '10.1002/hep.21178',
    pmid: '16729309',
  },
  limits: ['The limits are those of the original paper; other limits are in use for fatty liver disease and from 65 years of age.'],
  unit: '{index}',
  inputs: {
    age: numberInput('Age', { range: [0, 120], unit: 'a', quantity: 'age' }),
    ast: numberInput('Aspartate aminotransferase', { range: [1, 20000], unit: 'U/L', quantity: 'enzyme-activity' }),
    alt: numberInput('Alanine aminotransferase', { range: [1, 20000], unit: 'U/L', quantity: 'enzyme-activity' }),
    platelets: numberInput('Platelets', { range: [1, 3000], unit: '10*9/L', quantity: 'platelets' }),
  },
  bands: [
    { id: 'low', title: 'Below 1.45: advanced fibrosis unlikely' },
    { id: 'indeterminate', title: '1.45 to 3.25: indeterminate' },
    { id: 'high', title: 'Above 3.25: advanced fibrosis likely' },
  ],
  excludes: adultsOnly,
  formula: (facts) => {
    const index = (facts.number('age') * facts.number('ast')) / (facts.number('platelets') * Math.sqrt(facts.number('alt')));
    const value = round(index, 2);
    return { value, band: value > 3.25 ? 'high' : value < 1.45 ? 'low' : 'indeterminate' };
  },
});

/** Function of the liver. */
export const LIVER_FUNCTION_SCORES: readonly ScoreDefinition[] = [childPugh, meld, meldSodium, meld3, fib4];

/** Kamath 2001 with the limits of the policy: every value at least 1, creatinine at most 4 mg/dL and 4 under dialysis. */
function unroundedMeld(facts: Facts): number {
  const bilirubinPart = 3.78 * Math.log(Math.max(1, facts.number('bilirubin')));
  const inrPart = 11.2 * Math.log(Math.max(1, facts.number('inr')));
  return bilirubinPart + inrPart + 9.57 * Math.log(creatinineWithin(facts, 4)) + 6.43;
}

function creatinineWithin(facts: Facts, max: number): number {
  const measured = facts.number('creatinine');
  return facts.flag('dialysis') ? max : clamp(measured, [1, max]);
}

function clamp(value: number, [min, max]: readonly [number, number]): number {
  return Math.min(max, Math.max(min, value));
}
