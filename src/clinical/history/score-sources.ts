/** How an input of a score is filled from the record. Flags are only ever set, never cleared: what no entry shows stays unknown. */
export type InputSource =
  | { kind: 'age' }
  | { kind: 'sex' }
  /** The newest value of a test that is not older. */
  | { kind: 'test'; test: string; maxAgeDays: number }
  /** A problem, `present`: of now; `ever`: now or in the past; `former`: over, or begun more than 30 days ago. */
  | { kind: 'problem'; concepts: readonly string[]; when: 'present' | 'ever' | 'former' }
  /** A drug of one of the classes that is taken. */
  | { kind: 'drug'; classes: readonly string[] }
  /** Codes of ICD-10 by Quan 2005 (the score's own table), or a problem. */
  | { kind: 'charlson'; condition: string; concepts: readonly string[] };

/** Ages up to which a value may stand for the present; our own choice, stated with every value. */
const ACUTE_DAYS = 1;
const LAB_DAYS = 365;
const GROWN_HEIGHT_DAYS = 3650;

const test = (name: string, maxAgeDays = LAB_DAYS): InputSource => ({ kind: 'test', test: name, maxAgeDays });
const ever = (...concepts: string[]): InputSource => ({ kind: 'problem', concepts, when: 'ever' });
const present = (...concepts: string[]): InputSource => ({ kind: 'problem', concepts, when: 'present' });
const former = (...concepts: string[]): InputSource => ({ kind: 'problem', concepts, when: 'former' });
const drug = (...classes: string[]): InputSource => ({ kind: 'drug', classes });
const charlson = (condition: string, ...concepts: string[]): InputSource => ({ kind: 'charlson', condition, concepts });
/** A vital sign or a value of an acute illness. */
const acute = (name: string): InputSource => test(name, ACUTE_DAYS);

/** Inputs that mean the same in every score that has them. */
const EVERYWHERE: Readonly<Record<string, InputSource>> = {
  age: { kind: 'age' },
  sex: { kind: 'sex' },
  creatinine: test('creatinine'),
  cystatin_c: test('cystatin-c'),
  bilirubin: test('bilirubin'),
  albumin: test('albumin'),
  inr: test('inr'),
  sodium: test('sodium'),
  platelets: test('platelets'),
  ast: test('ast'),
  alt: test('alt'),
  weight: test('weight'),
  height: test('height', GROWN_HEIGHT_DAYS),
  body_mass_index: test('body-mass-index'),
  urea: acute('urea'),
  heart_rate: acute('heart-rate'),
  respiratory_rate: acute('respiratory-rate'),
  systolic_pressure: acute('systolic-pressure'),
  diastolic_pressure: acute('diastolic-pressure'),
  mean_arterial_pressure: acute('mean-arterial-pressure'),
  oxygen_saturation: acute('oxygen-saturation'),
  temperature: acute('temperature'),
  qt: acute('qt'),
  glasgow_coma_scale: acute('glasgow-coma-scale'),
  pao2_fio2: acute('pao2-fio2'),
};

const STROKE_RISK: Readonly<Record<string, InputSource>> = {
  heart_failure: ever('heart-failure'),
  hypertension: ever('hypertension'),
  diabetes: ever('diabetes'),
  stroke: ever('stroke'),
  vascular_disease: ever('myocardial-infarction', 'peripheral-artery-disease'),
};

/** Inputs whose meaning belongs to one score. What only an examination or a judgment can tell is not here. */
const OF_SCORE: Readonly<Record<string, Readonly<Record<string, InputSource>>>> = {
  'cha2ds2-vasc': STROKE_RISK,
  'cha2ds2-va': STROKE_RISK,
  'has-bled': {
    renal_disease: present('dialysis'),
    liver_disease: ever('cirrhosis'),
    stroke: ever('stroke-without-tia'),
    bleeding: ever('bleeding'),
    drugs: drug('antiplatelet', 'nsaid'),
  },
  'wells-pe': { previous_vte: former('venous-thromboembolism') },
  perc: { estrogen: drug('estrogen', 'contraceptive-hormonal'), previous_vte: former('venous-thromboembolism') },
  pesi: { cancer: ever('cancer'), heart_failure: ever('heart-failure'), chronic_lung_disease: ever('copd', 'interstitial-lung-disease') },
  spesi: { cancer: ever('cancer'), chronic_cardiopulmonary_disease: ever('heart-failure', 'copd', 'interstitial-lung-disease') },
  'curb-65': { urea_nitrogen: acute('urea-nitrogen') },
  sofa: { platelets: acute('platelets'), bilirubin: acute('bilirubin'), creatinine: acute('creatinine') },
  rcri: {
    ischemic_heart_disease: ever('coronary-disease', 'myocardial-infarction'),
    heart_failure: ever('heart-failure'),
    cerebrovascular_disease: ever('stroke'),
    insulin: drug('insulin'),
  },
  caprini: {
    malignancy: ever('cancer'),
    inflammatory_bowel_disease: ever('inflammatory-bowel-disease'),
    previous_vte: ever('venous-thromboembolism'),
    hormones: drug('estrogen', 'contraceptive-hormonal'),
    pregnancy: present('pregnancy'),
  },
  charlson: {
    myocardial_infarction: charlson('myocardial_infarction', 'myocardial-infarction'),
    heart_failure: charlson('heart_failure', 'heart-failure'),
    peripheral_vascular_disease: charlson('peripheral_vascular_disease', 'peripheral-artery-disease', 'aneurysm'),
    cerebrovascular_disease: charlson('cerebrovascular_disease', 'stroke'),
    dementia: charlson('dementia', 'dementia'),
    chronic_pulmonary_disease: charlson('chronic_pulmonary_disease', 'copd', 'asthma', 'interstitial-lung-disease'),
    connective_tissue_disease: charlson('connective_tissue_disease', 'rheumatic-disease'),
    peptic_ulcer_disease: charlson('peptic_ulcer_disease', 'peptic-ulcer'),
    mild_liver_disease: charlson('mild_liver_disease', 'cirrhosis', 'hepatitis'),
    severe_liver_disease: charlson('severe_liver_disease'),
    diabetes: charlson('diabetes', 'diabetes'),
    diabetes_with_organ_damage: charlson('diabetes_with_organ_damage'),
    hemiplegia: charlson('hemiplegia'),
    renal_disease: charlson('renal_disease', 'dialysis'),
    solid_tumor: charlson('solid_tumor', 'solid-tumor'),
    leukemia: charlson('leukemia', 'leukemia'),
    lymphoma: charlson('lymphoma', 'lymphoma'),
    metastatic_tumor: charlson('metastatic_tumor', 'metastasis'),
    aids: charlson('aids', 'aids'),
  },
  'fleischner-2017': { known_cancer: ever('cancer'), immunosuppression: present('immunosuppression') },
};

/** Only children are measured for it, and grow. */
const SCHWARTZ_HEIGHT = test('height', 90);

/** Undefined for an input that a record cannot give. */
export function sourceOfInput(score: string, input: string): InputSource | undefined {
  if (score === 'egfr-schwartz-2009' && input === 'height') return SCHWARTZ_HEIGHT;
  return OF_SCORE[score]?.[input] ?? EVERYWHERE[input];
}
