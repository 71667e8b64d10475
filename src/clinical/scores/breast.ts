import type { Recommendation, ScoreBand } from '../../contract/clinical.ts';
import { recommend, step } from './follow-up.ts';
import { choiceInput } from './inputs.ts';
import { type ScoreDefinition, tableScore } from './score.ts';

const ROUTINE = recommend('routine-screening', 'Routine screening.');
const BIOPSY = recommend('tissue-diagnosis', 'Tissue diagnosis.', step('tissue-sampling', { urgency: 'prompt' }));
const MANAGEMENT: Readonly<Record<string, Recommendation>> = {
  '0': recommend(
    'complete-assessment',
    'Further imaging, or comparison with prior examinations.',
    step('breast-imaging', { urgency: 'prompt', alternatives: ['comparison-with-prior'] }),
  ),
  '1': ROUTINE,
  '2': ROUTINE,
  '3': recommend(
    'short-interval-6',
    'Follow-up at 6 months, then surveillance until the finding has been unchanged for long enough.',
    step('breast-imaging', { months: [6, 6] }),
  ),
  '4': BIOPSY,
  '4A': BIOPSY,
  '4B': BIOPSY,
  '4C': BIOPSY,
  '5': BIOPSY,
  '6': recommend('treat', 'Treatment of the proven cancer, where it is appropriate.', step('clinical-evaluation', { urgency: 'prompt' })),
};
/** Probability of malignancy, as the 5th edition gives it. */
const LIKELIHOOD_2013: Readonly<Record<string, string>> = {
  '1': 'essentially 0 %',
  '2': 'essentially 0 %',
  '3': 'up to 2 %',
  '4': 'above 2 % and below 95 %',
  '4A': 'above 2 % up to 10 %',
  '4B': 'above 10 % up to 50 %',
  '4C': 'above 50 % and below 95 %',
  '5': '95 % or more',
};

const CATEGORIES: readonly ScoreBand[] = [
  { id: '0', title: '0: incomplete' },
  { id: '1', title: '1: negative' },
  { id: '2', title: '2: benign' },
  { id: '3', title: '3: probably benign' },
  { id: '4', title: '4: suspicious, not subdivided' },
  { id: '4A', title: '4A: low suspicion' },
  { id: '4B', title: '4B: moderate suspicion' },
  { id: '4C', title: '4C: high suspicion' },
  { id: '5', title: '5: highly suggestive of malignancy' },
  { id: '6', title: '6: malignancy proven by biopsy' },
];

const biRads = tableScore({
  id: 'bi-rads',
  version: '2013 and v2025',
  title: 'BI-RADS: from the category to the management',
  population: 'Examinations of the breast that a reader has categorized',
  citation: {
    text: "D'Orsi CJ, Sickles EA, Mendelson EB, Morris EA, et al. ACR BI-RADS Atlas, Breast Imaging Reporting and Data System. 5th ed. Reston, VA: American College of Radiology; 2013.",
  },
  references: [
    {
      text: 'American College of Radiology. ACR BI-RADS v2025 Manual. Reston, VA: American College of Radiology; 2025 (categories 0 to 6 kept).',
    },
  ],
  limits: [
    "The category is the reader's; nothing is derived from findings here.",
    'Probabilities of malignancy are told for the edition of 2013 only.',
    'BI-RADS is a trademark of the American College of Radiology; this is the logic in our own words.',
  ],
  unit: null,
  inputs: {
    category: choiceInput('Category', CATEGORIES),
    edition: choiceInput('Edition by which the category was given', { '2013': '5th edition (2013)', v2025: 'v2025' }),
  },
  bands: CATEGORIES,
  decide: (facts) => {
    const category = facts.choice('category');
    const recommendation = MANAGEMENT[category];
    // Both editions manage alike; the edition is asked for because it is kept with the category.
    facts.choice('edition');
    return recommendation ? { band: category, recommendation } : { band: category };
  },
  notes: (known) => {
    const edition = known.get('edition');
    if (edition === undefined) return ['The edition is not stated; store it with the category.'];
    const likelihood = LIKELIHOOD_2013[String(known.get('category'))];
    return edition === '2013' && likelihood ? [`Probability of malignancy in the edition of 2013: ${likelihood}.`] : [];
  },
});

/** Categories of breast imaging. */
export const BREAST_SCORES: readonly ScoreDefinition[] = [biRads];
