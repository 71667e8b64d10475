import type { Recommendation } from '../../contract/clinical.ts';
import { diameterInputs, meanDiameter } from './diameter.ts';
import type { Derived, Facts } from './explore.ts';
import { recommend, step } from './follow-up.ts';
import { ageInput, ClinicalInputError, choiceInput, flagInput, type KnownFacts, numberInput } from './inputs.ts';
import { anyExclusion, type Outcome, type ScoreDefinition, tableScore } from './score.ts';

/** Nodules above this are masses, which the guideline is not about. */
const MAX_NODULE_MM = 30;
const NODULE = { long: 'long_axis', short: 'short_axis', mean: 'mean_diameter' };
const SOLID_PART = { long: 'solid_long_axis', short: 'solid_short_axis', mean: 'solid_mean_diameter' };

const wholeMm = (meanMm: number): number => Math.round(meanMm);
const byDiameter = meanDiameter({ names: NODULE, round: wholeMm, cuts: [6, 8], maxMm: MAX_NODULE_MM });
const solidDiameter = meanDiameter({ names: SOLID_PART, round: wholeMm, cuts: [6], maxMm: MAX_NODULE_MM });

/** `small`: below 6 mm or 100 mm3; `medium`: 6-8 mm or 100-250 mm3; `large`: above. A volume goes before diameters. */
const sizeClass: Derived = (known) => {
  const volume = known.get('volume');
  const diameter = byDiameter(known);
  if (typeof volume === 'number') {
    if (Object.values(NODULE).some((name) => known.has(name)))
      throw new ClinicalInputError('volume', 'is another way to give the diameters: give one of them');
    return { value: volume < 100 ? 'small' : volume <= 250 ? 'medium' : 'large' };
  }
  if ('value' in diameter) return { value: classOf(Number(diameter.value)) };
  return { ...diameter, values: [...new Set((diameter.values ?? []).map((mm) => classOf(Number(mm))))] };
};

const NOTHING = recommend('none', 'No routine follow-up.');
const OPTIONAL_12 = recommend(
  'optional-ct-12',
  'CT at 12 months is optional; suspicious shape or a place in the upper lobe speak for it.',
  step('ct', { months: [12, 12], urgency: 'optional' }),
);
const SOLID_6_12_CONSIDER = recommend(
  'ct-6-12-consider-18-24',
  'CT at 6 to 12 months; then consider CT at 18 to 24 months.',
  step('ct', { months: [6, 12] }),
  step('ct', { months: [18, 24], urgency: 'consider', ifUnchanged: true }),
);
const SOLID_6_12 = recommend(
  'ct-6-12-then-18-24',
  'CT at 6 to 12 months; then CT at 18 to 24 months.',
  step('ct', { months: [6, 12] }),
  step('ct', { months: [18, 24], ifUnchanged: true }),
);
const LARGE_SOLID = recommend(
  'ct-3-pet-or-tissue',
  'Consider CT at 3 months, PET/CT or tissue sampling.',
  step('ct', { months: [3, 3], urgency: 'consider', alternatives: ['pet-ct', 'tissue-sampling'] }),
);
const MULTIPLE_CONSIDER = recommend(
  'ct-3-6-consider-18-24',
  'CT at 3 to 6 months; then consider CT at 18 to 24 months. The most suspicious nodule guides.',
  step('ct', { months: [3, 6] }),
  step('ct', { months: [18, 24], urgency: 'consider', ifUnchanged: true }),
);
const MULTIPLE = recommend(
  'ct-3-6-then-18-24',
  'CT at 3 to 6 months; then CT at 18 to 24 months. The most suspicious nodule guides.',
  step('ct', { months: [3, 6] }),
  step('ct', { months: [18, 24], ifUnchanged: true }),
);
const GROUND_GLASS = recommend(
  'ct-6-12-then-every-24-to-60',
  'CT at 6 to 12 months to see whether it persists; then CT every 2 years until 5 years.',
  step('ct', { months: [6, 12] }),
  step('ct', { months: [24, 36], ifUnchanged: true, repeat: { every: 24, until: 60 } }),
);
const PART_SOLID = recommend(
  'ct-3-6-then-every-12-to-60',
  'CT at 3 to 6 months to see whether it persists; if unchanged with a solid part below 6 mm, CT every year for 5 years.',
  step('ct', { months: [3, 6] }),
  step('ct', { months: [12, 18], ifUnchanged: true, repeat: { every: 12, until: 60 } }),
);
const PART_SOLID_SUSPICIOUS = recommend(
  'ct-3-6-highly-suspicious',
  'CT at 3 to 6 months to see whether it persists; a lasting solid part of 6 mm or more is highly suspicious.',
  step('ct', { months: [3, 6] }),
  step('pet-ct', { urgency: 'consider', alternatives: ['tissue-sampling', 'clinical-evaluation'], ifUnchanged: true }),
);
const SMALL_SUBSOLID_MULTIPLE = recommend(
  'ct-3-6-consider-24-48',
  'CT at 3 to 6 months; if stable, consider CT at 2 and 4 years.',
  step('ct', { months: [3, 6] }),
  step('ct', { months: [24, 24], urgency: 'consider', ifUnchanged: true }),
  step('ct', { months: [48, 48], urgency: 'consider', ifUnchanged: true }),
);
const SUBSOLID_MULTIPLE = recommend(
  'ct-3-6-then-by-worst',
  'CT at 3 to 6 months; what follows depends on the most suspicious nodule.',
  step('ct', { months: [3, 6] }),
);

const fleischner2017 = tableScore({
  id: 'fleischner-2017',
  version: '2017',
  title: 'Fleischner Society 2017: incidental pulmonary nodules on CT',
  population: 'Persons of 35 years and older with incidental nodules, without known cancer and without immunosuppression; not in screening',
  citation: {
    text: 'MacMahon H, Naidich DP, Goo JM, et al. Guidelines for management of incidental pulmonary nodules detected on CT images: from the Fleischner Society 2017. Radiology 2017;284:228-243.',
    doi: '10.1148/radiol.2017161659',
    pmid: '28240562',
  },
  references: [
    {
      text: 'Bankier AA, MacMahon H, Goo JM, Rubin GD, Schaefer-Prokop CM, Naidich DP. Recommendations for measuring pulmonary nodules at CT: a statement from the Fleischner Society. Radiology 2017;285:584-600 (mean of the axes, rounded to whole millimeters).',
      doi: '10.1148/radiol.2017162894',
    },
  ],
  limits: [
    'The most suspicious nodule is the one to enter, with the number of nodules.',
    'Nodules with typical signs of benignity, such as fat or central calcification, and perifissural nodules need no follow-up and are not asked for.',
  ],
  unit: null,
  inputs: {
    kind: choiceInput('Kind of the nodule', { solid: 'Solid', 'part-solid': 'Part-solid', 'ground-glass': 'Pure ground-glass' }),
    multiple: flagInput('More than one nodule'),
    ...diameterInputs(NODULE, 'the nodule', MAX_NODULE_MM),
    volume: numberInput('Volume of the nodule, in place of its diameters', {
      range: [1, 15_000],
      unit: 'mm3',
      quantity: 'volume',
      required: false,
    }),
    ...diameterInputs(SOLID_PART, 'the solid part', MAX_NODULE_MM),
    high_risk: flagInput(
      'High risk of lung cancer: smoking, other carcinogens, emphysema or fibrosis, family history, upper lobe, spiculation',
    ),
    age: { ...ageInput(), required: false },
    known_cancer: flagInput('Known cancer', { required: false }),
    immunosuppression: flagInput('Immunosuppression', { required: false }),
    screening: flagInput('Found in lung cancer screening', { required: false }),
  },
  derived: { size: sizeClass, solid_size: solidDiameter },
  excludes: anyExclusion(
    (known) => (Number(known.get('age') ?? 35) < 35 ? 'The guideline is for persons of 35 years and older' : undefined),
    (known) => (known.get('known_cancer') === true ? 'The guideline does not apply with a known cancer' : undefined),
    (known) => (known.get('immunosuppression') === true ? 'The guideline does not apply under immunosuppression' : undefined),
    (known) => (known.get('screening') === true ? 'Nodules found in screening are classified by Lung-RADS' : undefined),
  ),
  decide,
  notes: (known) => uncheckedConditions(known),
});

/** Incidental nodules of the lung. */
export const FLEISCHNER_SCORES: readonly ScoreDefinition[] = [fleischner2017];

function decide(facts: Facts): Outcome {
  const kind = facts.choice('kind');
  const multiple = facts.flag('multiple');
  const size = facts.choice('size');
  if (kind === 'solid') return { recommendation: multiple ? solidMultiple(facts, size) : solidSingle(facts, size) };
  if (multiple) return { recommendation: size === 'small' ? SMALL_SUBSOLID_MULTIPLE : SUBSOLID_MULTIPLE };
  if (size === 'small') return { recommendation: NOTHING };
  if (kind === 'ground-glass') return { recommendation: GROUND_GLASS };
  return { recommendation: facts.number('solid_size') >= 6 ? PART_SOLID_SUSPICIOUS : PART_SOLID };
}

function solidSingle(facts: Facts, size: string): Recommendation {
  if (size === 'large') return LARGE_SOLID;
  const isHighRisk = facts.flag('high_risk');
  if (size === 'small') return isHighRisk ? OPTIONAL_12 : NOTHING;
  return isHighRisk ? SOLID_6_12 : SOLID_6_12_CONSIDER;
}

function solidMultiple(facts: Facts, size: string): Recommendation {
  const isHighRisk = facts.flag('high_risk');
  if (size === 'small') return isHighRisk ? OPTIONAL_12 : NOTHING;
  return isHighRisk ? MULTIPLE : MULTIPLE_CONSIDER;
}

function classOf(roundedMm: number): string {
  return roundedMm < 6 ? 'small' : roundedMm <= 8 ? 'medium' : 'large';
}

function uncheckedConditions(known: KnownFacts): string[] {
  const unchecked = ['age', 'known_cancer', 'immunosuppression', 'screening'].filter((name) => !known.has(name));
  return unchecked.length > 0 ? [`Not known, so not checked against the guideline's population: ${unchecked.join(', ')}.`] : [];
}
