import type { Facts } from './explore.ts';
import { recommend, step } from './follow-up.ts';
import { ageInput, choiceInput, countInput, flagInput, steppedInput } from './inputs.ts';
import { adultsOnly, anyExclusion, type Outcome, type ScoreDefinition, tableScore } from './score.ts';

const liRads2018 = tableScore({
  id: 'li-rads-2018',
  version: 'v2018',
  title: 'LI-RADS v2018: diagnostic table for CT and MRI',
  population: 'Adults with cirrhosis, chronic hepatitis B, or present or former hepatocellular carcinoma; untreated observations',
  citation: {
    text: 'Chernyak V, Do RKG, Kamaya A, et al. Liver Imaging Reporting and Data System (LI-RADS) version 2018: imaging of hepatocellular carcinoma in at-risk patients. Radiology 2018;289:816-830.',
    doi: '10.1148/radiol.2018181494',
    pmid: '30251931',
  },
  references: [
    {
      text: 'Elsayes KM, Kielar AZ, Chernyak V, et al. LI-RADS: a conceptual and historical review from its beginning to its recent integration into AASLD clinical practice guidance. J Hepatocell Carcinoma 2019;6:49-69.',
      doi: '10.2147/JHC.S186239',
      pmid: '30788336',
    },
  ],
  limits: [
    'Only the table for LR-3, LR-4 and LR-5. LR-1, LR-2, LR-M, tumor in vein and LR-NC are decided before it.',
    'Ancillary features and tie-breaking rules are for the reader to apply afterwards.',
    'Not in cirrhosis from congenital hepatic fibrosis or a vascular disorder.',
    'LI-RADS is a work of the American College of Radiology; this is the logic in our own words.',
  ],
  unit: null,
  inputs: {
    at_risk: flagInput('Cirrhosis, chronic hepatitis B, or present or former hepatocellular carcinoma', { required: false }),
    age: { ...ageInput(), required: false },
    arterial_hyperenhancement: flagInput('Nonrim hyperenhancement in the arterial phase'),
    size: steppedInput('Largest diameter', { range: [1, 300], unit: 'mm', quantity: 'length', cuts: [10, 20] }),
    washout: flagInput('Nonperipheral washout'),
    capsule: flagInput('Enhancing capsule'),
    threshold_growth: flagInput('Growth by 50 % or more within 6 months'),
  },
  bands: [
    { id: 'LR-3', title: 'LR-3: intermediate probability of malignancy' },
    { id: 'LR-4', title: 'LR-4: probably hepatocellular carcinoma' },
    { id: 'LR-5', title: 'LR-5: definitely hepatocellular carcinoma' },
  ],
  excludes: anyExclusion(adultsOnly, (known) =>
    known.get('at_risk') === false ? 'LI-RADS is only for patients at high risk of hepatocellular carcinoma' : undefined,
  ),
  decide: (facts) => {
    const category = liverCategory(facts);
    return { band: category, recommendation: LIVER_MANAGEMENT[category] };
  },
  notes: (known) =>
    known.has('at_risk') ? [] : ['It is not stated that the patient is at high risk, without which LI-RADS does not apply.'],
});

type LiverCategory = 'LR-3' | 'LR-4' | 'LR-5';
const LIVER_MANAGEMENT = {
  'LR-3': recommend('imaging-3-6', 'Repeat or alternative imaging within 3 to 6 months.', step('ct-or-mri', { months: [3, 6] })),
  'LR-4': recommend(
    'discussion-or-imaging-3',
    'Multidisciplinary discussion; repeat imaging within 3 months if neither biopsy nor treatment follows.',
    step('multidisciplinary-discussion', { urgency: 'prompt', alternatives: ['tissue-sampling'] }),
    step('ct-or-mri', { months: [0, 3], ifUnchanged: true }),
  ),
  'LR-5': recommend(
    'discussion-of-treatment',
    'Multidisciplinary discussion of the treatment.',
    step('multidisciplinary-discussion', { urgency: 'prompt' }),
  ),
} as const;

const bosniak2019 = tableScore({
  id: 'bosniak-2019-ct',
  version: '2019, CT',
  title: 'Bosniak classification 2019 of cystic renal masses on CT',
  population: 'Adults with a cystic renal mass, not of infectious, inflammatory or vascular origin',
  citation: {
    text: 'Silverman SG, Pedrosa I, Ellis JH, et al. Bosniak classification of cystic renal masses, version 2019: an update proposal and needs assessment. Radiology 2019;292:475-488.',
    doi: '10.1148/radiol.2019182646',
    pmid: '31210616',
  },
  limits: [
    'For CT with contrast; the criteria of MRI are not included.',
    'Homogeneous masses that are class II by attenuation alone (such as 70 HU or more without contrast) are not asked for.',
    'Not for masses with a genetic syndrome.',
  ],
  unit: null,
  inputs: {
    enhancing_quarter: flagInput('A quarter or more of the mass enhances'),
    nodule: choiceInput('Largest enhancing protrusion', {
      none: 'None',
      'obtuse-up-to-3': 'Obtuse margins, up to 3 mm: an irregularity',
      'obtuse-4-or-more': 'Obtuse margins, 4 mm or more: a nodule',
      acute: 'Acute margins, any size: a nodule',
    }),
    wall_thickness: countInput('Thickness of the wall, in whole millimeters', {
      range: [0, 50],
      unit: 'mm',
      quantity: 'length',
      cuts: [3, 4],
    }),
    wall_enhances: flagInput('The wall enhances'),
    septa: countInput('Number of septa', { range: [0, 200], unit: '{septa}', cuts: [1, 4] }),
    septa_thickness: countInput('Thickness of the thickest septum, in whole millimeters', {
      range: [0, 50],
      unit: 'mm',
      quantity: 'length',
      cuts: [3, 4],
    }),
    septa_enhance: flagInput('The septa enhance'),
    calcification: flagInput('Calcification'),
    simple_fluid: flagInput('Homogeneous fluid of -9 to 20 HU'),
  },
  bands: [
    { id: 'I', title: 'I: simple cyst' },
    { id: 'II', title: 'II: benign' },
    { id: 'IIF', title: 'IIF: probably benign, to be followed' },
    { id: 'III', title: 'III: intermediate probability of malignancy' },
    { id: 'IV', title: 'IV: probably malignant' },
    { id: 'unclassified', title: 'None of the classes: thickening without enhancement, or content that these inputs do not describe' },
  ],
  excludes: (known) =>
    known.get('enhancing_quarter') === true ? 'A mass of which a quarter or more enhances is a solid mass, not a cystic one' : undefined,
  decide: bosniak,
});

const CYST_NOTHING = recommend('none', 'No follow-up.');
const CYST_FOLLOW = recommend(
  'imaging-6-12-then-yearly-to-60',
  'CT or MRI at 6 and 12 months, then every year until 5 years.',
  step('ct-or-mri', { months: [6, 6] }),
  step('ct-or-mri', { months: [12, 12], ifUnchanged: true, repeat: { every: 12, until: 60 } }),
);
const CYST_UROLOGY = recommend(
  'urology',
  'Urological consultation on resection, ablation or active surveillance.',
  step('clinical-evaluation', { urgency: 'prompt' }),
);
const CYST_MANAGEMENT = { I: CYST_NOTHING, II: CYST_NOTHING, IIF: CYST_FOLLOW, III: CYST_UROLOGY, IV: CYST_UROLOGY } as const;

/** Findings of liver and kidney. */
export const ABDOMEN_SCORES: readonly ScoreDefinition[] = [liRads2018, bosniak2019];

function liverCategory(facts: Facts): LiverCategory {
  const hasArterial = facts.flag('arterial_hyperenhancement');
  const size = facts.number('size');
  const hasWashout = facts.flag('washout');
  const hasCapsule = facts.flag('capsule');
  const hasGrowth = facts.flag('threshold_growth');
  const additional = [hasWashout, hasCapsule, hasGrowth].filter(Boolean).length;
  if (!hasArterial) return additional >= (size < 20 ? 2 : 1) ? 'LR-4' : 'LR-3';
  if (size < 10) return additional >= 1 ? 'LR-4' : 'LR-3';
  if (size >= 20) return additional >= 1 ? 'LR-5' : 'LR-4';
  if (additional === 0) return 'LR-3';
  return hasWashout || hasGrowth ? 'LR-5' : 'LR-4';
}

function bosniak(facts: Facts): Outcome {
  if (facts.flag('enhancing_quarter')) return { band: 'unclassified' };
  const nodule = facts.choice('nodule');
  if (nodule === 'obtuse-4-or-more' || nodule === 'acute') return cystOutcome('IV');
  if (nodule === 'obtuse-up-to-3') return cystOutcome('III');
  const wall = facts.number('wall_thickness');
  const isWallEnhancing = wall >= 3 && facts.flag('wall_enhances');
  const septa = facts.number('septa');
  const septum = septa === 0 ? 0 : facts.number('septa_thickness');
  const areSeptaEnhancing = septa > 0 && (septum >= 3 || septa >= 4) && facts.flag('septa_enhance');
  if ((isWallEnhancing && wall >= 4) || (areSeptaEnhancing && septum >= 4)) return cystOutcome('III');
  if (isWallEnhancing || areSeptaEnhancing) return cystOutcome('IIF');
  if (wall >= 3 || septum >= 3 || septa >= 4) return { band: 'unclassified' };
  if (septa > 0 || facts.flag('calcification')) return cystOutcome('II');
  return facts.flag('simple_fluid') ? cystOutcome('I') : { band: 'unclassified' };
}

function cystOutcome(band: keyof typeof CYST_MANAGEMENT): Outcome {
  return { band, recommendation: CYST_MANAGEMENT[band] };
}
