import type { Recommendation } from '../../contract/clinical.ts';
import { type Facts, sumOf, type Term } from './explore.ts';
import { recommend, step } from './follow-up.ts';
import { choiceInput, flagInput, steppedInput } from './inputs.ts';
import { ladder, type Outcome, points, type ScoreDefinition, tableScore } from './score.ts';

const COMPOSITION: Readonly<Record<string, number>> = { cystic: 0, spongiform: 0, mixed: 1, solid: 2, undetermined: 2 };
const ECHOGENICITY: Readonly<Record<string, number>> = {
  anechoic: 0,
  'hyper-or-isoechoic': 1,
  hypoechoic: 2,
  'very-hypoechoic': 3,
  undetermined: 1,
};
const MARGIN: Readonly<Record<string, number>> = {
  smooth: 0,
  'ill-defined': 0,
  undetermined: 0,
  'lobulated-or-irregular': 2,
  extrathyroidal: 3,
};

/** Largest diameter in mm from which to sample and from which to follow, and when to look again. */
type LevelRule = { fnaMm: number; followMm: number; years: readonly number[] };
const RULES: Readonly<Record<string, LevelRule>> = {
  TR3: { fnaMm: 25, followMm: 15, years: [1, 3, 5] },
  TR4: { fnaMm: 15, followMm: 10, years: [1, 2, 3, 5] },
  TR5: { fnaMm: 10, followMm: 5, years: [1, 2, 3, 4, 5] },
};
const NOTHING = recommend('none', 'No fine-needle aspiration and no follow-up.');
const levelOf = ladder([0, 'TR1'], [1, 'unassigned'], [2, 'TR2'], [3, 'TR3'], [4, 'TR4'], [7, 'TR5']);

const inputs = {
  composition: choiceInput('Composition', {
    cystic: 'Cystic or almost completely cystic',
    spongiform: 'Spongiform',
    mixed: 'Mixed cystic and solid',
    solid: 'Solid or almost completely solid',
    undetermined: 'Hidden by calcification',
  }),
  echogenicity: choiceInput('Echogenicity', {
    anechoic: 'Anechoic',
    'hyper-or-isoechoic': 'Hyperechoic or isoechoic',
    hypoechoic: 'Hypoechoic',
    'very-hypoechoic': 'Very hypoechoic',
    undetermined: 'Cannot be determined',
  }),
  taller_than_wide: flagInput('Taller than wide'),
  margin: choiceInput('Margin', {
    smooth: 'Smooth',
    'ill-defined': 'Ill-defined',
    'lobulated-or-irregular': 'Lobulated or irregular',
    extrathyroidal: 'Extension beyond the thyroid',
    undetermined: 'Cannot be determined',
  }),
  macrocalcifications: flagInput('Macrocalcifications'),
  rim_calcifications: flagInput('Peripheral (rim) calcifications'),
  punctate_foci: flagInput('Punctate echogenic foci (not large comet-tail artifacts)'),
  largest_diameter: steppedInput('Largest diameter', {
    range: [1, 150],
    unit: 'mm',
    quantity: 'length',
    cuts: [5, 10, 15, 25],
  }),
};

/** What adds points besides the composition. */
const FURTHER: readonly Term[] = [
  (facts) => ECHOGENICITY[facts.choice('echogenicity')] ?? 0,
  points('taller_than_wide', 3),
  (facts) => MARGIN[facts.choice('margin')] ?? 0,
  points('macrocalcifications', 1),
  points('rim_calcifications', 2),
  points('punctate_foci', 3),
];

const tiRads = tableScore({
  id: 'acr-ti-rads-2017',
  version: '2017',
  title: 'ACR TI-RADS 2017: thyroid nodules on ultrasound',
  population: 'Adults with thyroid nodules',
  citation: {
    text: 'Tessler FN, Middleton WD, Grant EG, et al. ACR Thyroid Imaging, Reporting and Data System (TI-RADS): white paper of the ACR TI-RADS Committee. J Am Coll Radiol 2017;14:587-595.',
    doi: '10.1016/j.jacr.2017.01.046',
    pmid: '28372962',
  },
  limits: [
    'One nodule at a time; the white paper says how many to sample and to follow.',
    'A total of 1 point has no level in the white paper and gets none here.',
    'TI-RADS is a work of the American College of Radiology; this is the logic in our own words.',
  ],
  unit: '{score}',
  inputs,
  derived: { further_points: sumOf(inputs, FURTHER) },
  bands: [
    { id: 'TR1', title: 'TR1: benign' },
    { id: 'unassigned', title: '1 point: no level in the white paper' },
    { id: 'TR2', title: 'TR2: not suspicious' },
    { id: 'TR3', title: 'TR3: mildly suspicious' },
    { id: 'TR4', title: 'TR4: moderately suspicious' },
    { id: 'TR5', title: 'TR5: highly suspicious' },
  ],
  decide,
});

/** Nodules of the thyroid. */
export const THYROID_SCORES: readonly ScoreDefinition[] = [tiRads];

function decide(facts: Facts): Outcome {
  const total = totalOf(facts);
  const level = levelOf(total);
  return level === 'unassigned' ? { value: total, band: level } : { value: total, band: level, recommendation: managementOf(level, facts) };
}

/** A spongiform nodule gets no further points. */
function totalOf(facts: Facts): number {
  const composition = facts.choice('composition');
  return composition === 'spongiform' ? 0 : (COMPOSITION[composition] ?? 0) + facts.number('further_points');
}

function managementOf(level: string, facts: Facts): Recommendation {
  const rule = RULES[level];
  if (!rule) return NOTHING;
  const size = facts.number('largest_diameter');
  if (size >= rule.fnaMm) {
    return recommend('fine-needle-aspiration', 'Fine-needle aspiration.', step('tissue-sampling', { urgency: 'prompt' }));
  }
  if (size < rule.followMm) return NOTHING;
  return recommend(
    `ultrasound-${rule.years.join('-')}-years`,
    `Ultrasound at ${rule.years.join(', ')} years.`,
    ...rule.years.map((year, index) => step('ultrasound', { months: [12 * year, 12 * year], ifUnchanged: index > 0 })),
  );
}
