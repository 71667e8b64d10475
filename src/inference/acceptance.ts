import type { ModelCard } from '../contract/model-card.ts';

/** What is known of a picture before a model sees it; what is absent is unknown. */
export type Acquisition = {
  /** Modality (0008,0060). */
  modality?: string | undefined;
  /** Body Part Examined (0018,0015). */
  bodyPart?: string | undefined;
  /** View Position (0018,5101). */
  view?: string | undefined;
  ageYears?: number | undefined;
};

/** `caveats`: what the card asks for and nobody stated. `reason`: a sentence for the reader, without patient data. */
export type Acceptance = { accepted: true; caveats: string[] } | { accepted: false; reason: string };

/** Names of one region: the terms of PS3.16 Annex L and what devices send instead. */
const BODY_PART_SYNONYMS = [
  ['CHEST', 'THORAX', 'THORACIC', 'LUNG', 'LUNGS', 'CXR'],
  ['HEAD', 'SKULL', 'BRAIN', 'CRANIUM'],
  ['ABDOMEN', 'ABDOMINAL', 'KUB'],
  ['HAND', 'HANDS'],
  ['BREAST', 'BREASTS', 'MAMMA'],
];
/** Words that devices add to the region and that say nothing about it. */
const BODY_PART_QUALIFIERS = new Set(['PA', 'AP', 'FRONTAL', 'PORTABLE', 'PORT', 'XRAY']);

/**
 * Whether the card was made for such a picture. What is stated must fit; what is unknown is accepted with a caveat. The reason does not
 * repeat what was stated, as devices and people write all kinds of things into these attributes.
 */
export function accepts(card: ModelCard, input: Acquisition): Acceptance {
  const { modalities, body_parts, views, age_years } = card.accepts;
  const caveats: string[] = [];
  const refuse = (reason: string): Acceptance => ({ accepted: false, reason: `${card.title}: ${reason}` });

  const modality = word(input.modality);
  if (modality === undefined) caveats.push(`modality unknown; the model was made for ${listOf(modalities)}`);
  else if (!modalities.includes(modality))
    return refuse(`made for modality ${listOf(modalities)}${/^[A-Z]{2,3}$/.test(modality) ? `, not ${modality}` : ''}`);

  const bodyPart = word(input.bodyPart);
  if (body_parts.length > 0 && bodyPart === undefined) caveats.push(`body part unknown; the model was made for ${listOf(body_parts)}`);
  else if (bodyPart !== undefined && body_parts.length > 0 && !body_parts.some((part) => isSameBodyPart(part, bodyPart)))
    return refuse(`made for body part ${listOf(body_parts)}; another one is stated`);

  const view = word(input.view);
  if (views.length > 0 && view === undefined) caveats.push(`view unknown; the model was made for ${listOf(views)}`);
  else if (view !== undefined && views.length > 0 && !views.includes(view))
    return refuse(`made for view ${listOf(views)}; another one is stated`);

  if (age_years === null) return { accepted: true, caveats };
  const range = `${age_years.min} to ${age_years.max} years`;
  if (input.ageYears === undefined) caveats.push(`age unknown; the model was made for ${range}`);
  else if (!isAgeWithin(input.ageYears, age_years)) return refuse(`made for ${range}; the patient's age is outside`);
  return { accepted: true, caveats };
}

function word(text: string | undefined): string | undefined {
  const trimmed = text?.trim().toUpperCase() ?? '';
  return trimmed === '' ? undefined : trimmed;
}

function isSameBodyPart(accepted: string, stated: string): boolean {
  const wanted = regionOf(accepted.toUpperCase());
  const words = stated
    .replace('X-RAY', 'XRAY')
    .split(/[^A-Z]+/)
    .filter((part) => part !== '' && !BODY_PART_QUALIFIERS.has(part));
  return stated === accepted.toUpperCase() || (words.length > 0 && words.every((part) => regionOf(part) === wanted));
}

function regionOf(name: string): string {
  return BODY_PART_SYNONYMS.find((names) => names.includes(name))?.[0] ?? name;
}

/** Ages are whole years: a child of 5 years and 11 months is 5 (PS3.5 6.2, AS). */
function isAgeWithin(ageYears: number, { min, max }: { min: number; max: number }): boolean {
  return Math.floor(ageYears) >= min && Math.floor(ageYears) <= max;
}

function listOf(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
