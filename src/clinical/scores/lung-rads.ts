import type { Recommendation } from '../../contract/clinical.ts';
import { diameterInputs, meanDiameter } from './diameter.ts';
import type { Facts } from './explore.ts';
import { recommend, step } from './follow-up.ts';
import { choiceInput, flagInput } from './inputs.ts';
import { type Outcome, round, type ScoreDefinition, tableScore } from './score.ts';

const MAX_MM = 100;
const NODULE = { long: 'long_axis', short: 'short_axis', mean: 'mean_diameter' };
const SOLID_PART = { long: 'solid_long_axis', short: 'solid_short_axis', mean: 'solid_mean_diameter' };

/** One decimal, as v2022 asks for. */
const tenths = (meanMm: number): number => round(meanMm, 1);

type Category = '0' | '1' | '2' | '3' | '4A' | '4B' | '4X';

const INFLAMMATORY = recommend('ldct-1-3', 'Low-dose CT at 1 to 3 months, then classify anew.', step('low-dose-ct', { months: [1, 3] }));
const WORK_UP = recommend(
  'diagnostic-work-up',
  'Refer for clinical evaluation: diagnostic CT, PET/CT or tissue sampling, by the probability of malignancy and comorbidity.',
  step('clinical-evaluation', { urgency: 'prompt', alternatives: ['ct', 'pet-ct', 'tissue-sampling'] }),
);
const ANNUAL = recommend('annual', 'Go on with yearly screening by low-dose CT.', step('low-dose-ct', { months: [12, 12] }));

const MANAGEMENT: Readonly<Record<Category, Recommendation>> = {
  '0': recommend(
    'incomplete',
    'Compare with the prior CT or complete the examination, then classify anew.',
    step('comparison-with-prior', { urgency: 'prompt', alternatives: ['low-dose-ct'] }),
  ),
  '1': ANNUAL,
  '2': ANNUAL,
  '3': recommend('ldct-6', 'Low-dose CT at 6 months.', step('low-dose-ct', { months: [6, 6] })),
  '4A': recommend(
    'ldct-3',
    'Low-dose CT at 3 months; PET/CT may be considered for a solid nodule or solid part of 8 mm or more.',
    step('low-dose-ct', { months: [3, 3] }),
    step('pet-ct', { urgency: 'optional' }),
  ),
  '4B': WORK_UP,
  '4X': WORK_UP,
};

const lungRads2022 = tableScore({
  id: 'lung-rads-2022',
  version: 'v2022',
  title: 'Lung-RADS v2022',
  population: 'Persons in lung cancer screening by low-dose CT',
  citation: {
    text: 'Christensen J, Prosper AE, Wu CC, et al. ACR Lung-RADS v2022: assessment categories and management recommendations. Chest 2024;165:738-753.',
    doi: '10.1016/j.chest.2023.10.028',
  },
  limits: [
    'One finding at a time: the examination has the category of its most suspicious finding.',
    'Growth is a rise of the mean diameter by more than 1.5 mm within 12 months. Sizes by volume are not taken.',
    'A part-solid nodule counts as growing if its solid part grows.',
    'The modifier S, for other significant findings, is for the reader to add.',
    'Lung-RADS is a trademark of the American College of Radiology; this is the logic in our own words.',
  ],
  unit: null,
  inputs: {
    finding: choiceInput('What was found', {
      none: 'No nodule, or only nodules with complete, central, popcorn or ring calcification, or with fat',
      incomplete: 'Lungs not completely evaluable, or a prior CT is still to come',
      inflammatory: 'Signs of inflammation or infection that make the classification uncertain',
      solid: 'Solid nodule',
      'part-solid': 'Part-solid nodule',
      'ground-glass': 'Pure ground-glass nodule',
      juxtapleural: 'Solid juxtapleural nodule: smooth, and oval, lens-shaped or triangular',
      airway: 'Airway nodule',
      cyst: 'Atypical pulmonary cyst',
    }),
    status: choiceInput('Compared with before', {
      baseline: 'First screening',
      new: 'New',
      growing: 'Growing: by more than 1.5 mm within 12 months',
      'slow-growing': 'Growing slowly: over several examinations, by no more than 1.5 mm within 12 months',
      stable: 'Unchanged or smaller',
    }),
    prior_category: choiceInput('Category of this finding at the last examination', { '2': '2', '3': '3', '4A': '4A', '4B': '4B' }),
    ...diameterInputs(NODULE, 'the nodule', MAX_MM),
    ...diameterInputs(SOLID_PART, 'the solid part', MAX_MM),
    segmental_or_proximal: flagInput('Airway nodule in a segmental or more central airway'),
    cyst_kind: choiceInput('Kind of the cyst', {
      'thick-walled': 'Thick wall',
      multilocular: 'Several chambers',
      'became-multilocular': 'Newly with several chambers',
      'growing-lumen': 'Thick wall, the hollow growing',
      'growing-wall': 'Thick wall, the wall or a nodule in it growing',
      'growing-multilocular': 'Several chambers and growing, or more chambers or opacity than before',
    }),
    suspicious_features: flagInput('Further signs that raise the suspicion of cancer, such as spiculation or enlarged lymph nodes'),
  },
  derived: {
    size: meanDiameter({ names: NODULE, round: tenths, cuts: [4, 6, 8, 10, 15, 30], maxMm: MAX_MM }),
    solid_size: meanDiameter({ names: SOLID_PART, round: tenths, cuts: [4, 6, 8], maxMm: MAX_MM }),
  },
  bands: [
    { id: '0', title: '0: incomplete' },
    { id: '1', title: '1: negative' },
    { id: '2', title: '2: benign' },
    { id: '3', title: '3: probably benign' },
    { id: '4A', title: '4A: suspicious' },
    { id: '4B', title: '4B: very suspicious' },
    { id: '4X', title: '4X: category 3 or 4 with further signs of malignancy' },
  ],
  decide,
});

/** Findings of lung cancer screening. */
export const LUNG_SCREENING_SCORES: readonly ScoreDefinition[] = [lungRads2022];

function decide(facts: Facts): Outcome {
  if (facts.choice('finding') === 'inflammatory') return { band: '0', recommendation: INFLAMMATORY };
  const category = categoryOf(facts);
  const isAtLeast3 = category === '3' || category === '4A' || category === '4B';
  const final = isAtLeast3 && facts.flag('suspicious_features') ? '4X' : category;
  return { band: final, recommendation: MANAGEMENT[final] };
}

function categoryOf(facts: Facts): Category {
  switch (facts.choice('finding')) {
    case 'none':
      return '1';
    case 'incomplete':
      return '0';
    case 'cyst':
      return cyst(facts);
    case 'airway':
      return airway(facts);
    case 'juxtapleural':
      return !facts.choice('status').endsWith('growing') && facts.number('size') < 10 ? '2' : solid(facts);
    case 'solid':
      return solid(facts);
    case 'part-solid':
      return partSolid(facts);
    default:
      return groundGlass(facts);
  }
}

function solid(facts: Facts): Category {
  switch (facts.choice('status')) {
    case 'baseline':
      return rising(facts.number('size'), [6, 8, 15]);
    case 'new':
      return rising(facts.number('size'), [4, 6, 8]);
    case 'growing':
      return facts.number('size') < 8 ? '4A' : '4B';
    case 'slow-growing':
      return '4B';
    default:
      return steppedDown(facts);
  }
}

function partSolid(facts: Facts): Category {
  const status = facts.choice('status');
  if (status === 'slow-growing') return '4B';
  if (status === 'stable') return steppedDown(facts);
  if (status === 'baseline') return facts.number('size') < 6 ? '2' : rising(facts.number('solid_size'), [0, 6, 8]);
  if (status === 'new' && facts.number('size') < 6) return '3';
  return facts.number('solid_size') < 4 ? '4A' : '4B';
}

/** 30 mm and more is category 3 only at baseline or if new. */
function groundGlass(facts: Facts): Category {
  const status = facts.choice('status');
  if (status === 'stable' || status === 'slow-growing') return '2';
  return facts.number('size') < 30 ? '2' : '3';
}

function airway(facts: Facts): Category {
  if (!facts.flag('segmental_or_proximal')) return '2';
  const status = facts.choice('status');
  return status === 'baseline' || status === 'new' ? '4A' : '4B';
}

function cyst(facts: Facts): Category {
  const kind = facts.choice('cyst_kind');
  if (kind === 'growing-lumen') return '3';
  return kind === 'growing-wall' || kind === 'growing-multilocular' ? '4B' : '4A';
}

/** Stepped management: what stays as it was goes one step down; 4B stays until worked up. */
function steppedDown(facts: Facts): Category {
  const prior = facts.choice('prior_category');
  if (prior === '4B') return '4B';
  return prior === '4A' ? '3' : '2';
}

/** 2, 3, 4A or 4B by how many steps the size reaches. */
function rising(sizeMm: number, [to3, to4A, to4B]: readonly [number, number, number]): Category {
  if (sizeMm >= to4B) return '4B';
  if (sizeMm >= to4A) return '4A';
  return sizeMm >= to3 ? '3' : '2';
}
