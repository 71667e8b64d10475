import type { Facts } from './explore.ts';
import { ageInput, choiceInput, flagInput, type Input, sexInput, steppedInput } from './inputs.ts';
import { additiveScore, adultsOnly, ladder, points, type ScoreDefinition } from './score.ts';

const rcri = additiveScore({
  id: 'rcri',
  version: '1999',
  title: 'Revised cardiac risk index (Lee)',
  population: 'Adults of 50 years and older before major elective non-cardiac surgery',
  citation: {
    text: 'Lee TH, Marcantonio ER, Mangione CM, et al. Derivation and prospective validation of a simple index for prediction of cardiac risk of major noncardiac surgery. Circulation 1999;100:1043-1049.',
    doi: '10.1161/01.CIR.100.10.1043',
    pmid: '10477528',
  },
  limits: ['Classes, not percentages: rates of events in present practice are higher than those of 1999.'],
  unit: '{score}',
  inputs: {
    high_risk_surgery: flagInput('Intraperitoneal, intrathoracic or suprainguinal vascular surgery'),
    ischemic_heart_disease: flagInput('History of ischemic heart disease'),
    heart_failure: flagInput('History of congestive heart failure'),
    cerebrovascular_disease: flagInput('History of stroke or transient ischemic attack'),
    insulin: flagInput('Diabetes treated with insulin'),
    creatinine: steppedInput('Serum creatinine before surgery', { range: [0.1, 40], unit: 'mg/dL', quantity: 'creatinine', cuts: [2] }),
  },
  terms: [
    points('high_risk_surgery', 1),
    points('ischemic_heart_disease', 1),
    points('heart_failure', 1),
    points('cerebrovascular_disease', 1),
    points('insulin', 1),
    (facts) => (facts.number('creatinine') > 2 ? 1 : 0),
  ],
  bands: [
    { id: 'I', title: 'Class I (no factor)' },
    { id: 'II', title: 'Class II (1 factor)' },
    { id: 'III', title: 'Class III (2 factors)' },
    { id: 'IV', title: 'Class IV (3 factors or more)' },
  ],
  bandOf: ladder([0, 'I'], [1, 'II'], [2, 'III'], [3, 'IV']),
});

/** name -> [points, title]; surgery, age and what is for women only stand apart. */
const CAPRINI_FACTORS: Readonly<Record<string, readonly [value: number, title: string]>> = {
  previous_major_surgery: [1, 'Major surgery within the last month'],
  varicose_veins: [1, 'Varicose veins'],
  inflammatory_bowel_disease: [1, 'Inflammatory bowel disease'],
  swollen_legs: [1, 'Swollen legs at present'],
  myocardial_infarction: [1, 'Acute myocardial infarction'],
  heart_failure: [1, 'Congestive heart failure within the last month'],
  sepsis: [1, 'Sepsis within the last month'],
  serious_lung_disease: [1, 'Serious lung disease, pneumonia included, within the last month'],
  abnormal_pulmonary_function: [1, 'Abnormal pulmonary function (chronic obstructive lung disease)'],
  medical_bed_rest: [1, 'Medical patient at bed rest at present'],
  malignancy: [2, 'Malignant disease, present or former'],
  confined_to_bed: [2, 'Confined to bed for more than 72 hours'],
  plaster_cast: [2, 'Immobilizing plaster cast within the last month'],
  central_venous_access: [2, 'Central venous access'],
  previous_vte: [3, 'Former deep vein thrombosis or pulmonary embolism'],
  family_history: [3, 'Family history of thrombosis'],
  factor_v_leiden: [3, 'Factor V Leiden'],
  prothrombin_20210a: [3, 'Prothrombin 20210A'],
  elevated_homocysteine: [3, 'Elevated serum homocysteine'],
  lupus_anticoagulant: [3, 'Lupus anticoagulant'],
  anticardiolipin_antibodies: [3, 'Elevated anticardiolipin antibodies'],
  heparin_thrombocytopenia: [3, 'Heparin-induced thrombocytopenia'],
  other_thrombophilia: [3, 'Other thrombophilia, congenital or acquired'],
  leg_fracture: [5, 'Fracture of hip, pelvis or leg within the last month'],
  stroke: [5, 'Stroke within the last month'],
  multiple_trauma: [5, 'Multiple trauma within the last month'],
  spinal_cord_injury: [5, 'Acute spinal cord injury with paralysis within the last month'],
};
const CAPRINI_WOMEN: Readonly<Record<string, string>> = {
  hormones: 'Oral contraceptive or hormone replacement therapy',
  pregnancy: 'Pregnancy, or delivery within the last month',
  pregnancy_loss: 'Unexplained stillbirth, 3 or more spontaneous abortions, or premature birth with toxemia or growth restriction',
};
const SURGERY_POINTS: Readonly<Record<string, number>> = {
  none: 0,
  minor: 1,
  arthroscopic: 2,
  major: 2,
  laparoscopic: 2,
  'lower-extremity-arthroplasty': 5,
};

const caprini = additiveScore({
  id: 'caprini',
  version: '2005',
  title: 'Caprini score for venous thromboembolism',
  population: 'Adult surgical patients',
  citation: {
    text: 'Caprini JA. Thrombosis risk assessment as a guide to quality patient care. Dis Mon 2005;51:70-78.',
    doi: '10.1016/j.disamonth.2005.02.003',
    pmid: '15900257',
  },
  limits: ['The item "other risk factors" of the form, which is free text, is not asked for.', 'One operation counts once.'],
  unit: '{score}',
  inputs: {
    age: ageInput({ cuts: [41, 61, 75], from: 18 }),
    sex: sexInput,
    surgery: choiceInput('Planned operation', {
      none: 'None',
      minor: 'Minor',
      arthroscopic: 'Arthroscopic',
      major: 'Major, longer than 45 minutes',
      laparoscopic: 'Laparoscopic, longer than 45 minutes',
      'lower-extremity-arthroplasty': 'Elective major arthroplasty of the lower extremity',
    }),
    body_mass_index: steppedInput('Body mass index', { range: [8, 100], unit: 'kg/m2', cuts: [25] }),
    ...flagsOf(Object.entries(CAPRINI_FACTORS).map(([name, [, title]]) => [name, title])),
    ...flagsOf(Object.entries(CAPRINI_WOMEN)),
  },
  terms: [
    capriniAge,
    (facts) => SURGERY_POINTS[facts.choice('surgery')] ?? 0,
    (facts) => (facts.number('body_mass_index') > 25 ? 1 : 0),
    ...Object.entries(CAPRINI_FACTORS).map(([name, [value]]) => points(name, value)),
    (facts) => (facts.choice('sex') === 'female' ? Object.keys(CAPRINI_WOMEN).filter((name) => facts.flag(name)).length : 0),
  ],
  bands: [
    { id: 'low', title: 'Low risk (0-1)' },
    { id: 'moderate', title: 'Moderate risk (2)' },
    { id: 'high', title: 'Higher risk (3-4)' },
    { id: 'highest', title: 'Highest risk (5 or more)' },
  ],
  bandOf: ladder([0, 'low'], [2, 'moderate'], [3, 'high'], [5, 'highest']),
  excludes: adultsOnly,
});

/** Risks of an operation. */
export const PERIOPERATIVE_SCORES: readonly ScoreDefinition[] = [rcri, caprini];

function capriniAge(facts: Facts): number {
  const age = facts.number('age');
  return age >= 75 ? 3 : age >= 61 ? 2 : age >= 41 ? 1 : 0;
}

function flagsOf(entries: readonly (readonly [name: string, title: string])[]): Record<string, Input> {
  return Object.fromEntries(entries.map(([name, title]) => [name, flagInput(title)]));
}
