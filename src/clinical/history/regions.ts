/** Parts of the body in which studies and history meet. */
export const REGIONS = ['chest', 'heart', 'abdomen', 'pelvis', 'head', 'neck', 'spine', 'breast', 'limb'] as const;
export type Region = (typeof REGIONS)[number];

/** By Body Part Examined (0018,0015; terms of PS3.16 annex L) and by words of descriptions in English. */
const WORDS: Readonly<Record<Region, RegExp>> = {
  chest: /\b(chest|thorax|thoracic|lungs?|pulmonary|ribs?|mediastinum|cxr|whole ?body|chest ?abd\w*|thoraco\w*)\b/i,
  heart: /\b(heart|cardiac|coronar\w+|aorta)\b/i,
  abdomen: /\b(abdom\w+|abd|liver|hepatic|kidneys?|renal|pancreas|bowel|colon|gallbladder|spleen|adrenals?|stomach|urogram|whole ?body)\b/i,
  pelvis: /\b(pelvi\w+|prostate|uterus|ovar\w+|bladder|rectum|abdomenpelvis)\b/i,
  head: /\b(head|brain|skull|cranial|cerebr\w+|sinus(?:es)?|orbits?|face|facial|pituitary|stroke|temporal bones?)\b/i,
  neck: /\b(neck|thyroid|carotids?|larynx|pharynx)\b/i,
  spine: /\b(spine|spinal|[ctl]spine|cspine|tspine|lspine|lumbar|cervical|sacrum|vertebra\w*)\b/i,
  breast: /\b(breasts?|mammo\w*|mamma)\b/i,
  limb: /\b(wrist|hand|finger|elbow|arm|humerus|forearm|shoulder|hip|femur|knee|tibia|fibula|ankle|foot|toe|leg|extremit\w+|clavicle)\b/i,
};

/** How descriptions of studies shorten it; in other texts these are words of their own. */
const TRUNK = /\b(?:tap|cap|chest ?abd\w*pelv\w*)\b/gi;

export type StudyPlace = { body_parts: readonly string[]; description: string | null; modalities: readonly string[] };

/** Where a study looks; empty if nothing says it. Mammography needs no words. */
export function regionsOf({ body_parts, description, modalities }: StudyPlace): Region[] {
  const text = [...body_parts, description ?? ''].join(' ').replaceAll('_', ' ').replaceAll(TRUNK, 'chest abdomen pelvis');
  return REGIONS.filter((region) => WORDS[region].test(text) || (region === 'breast' && modalities.includes('MG')));
}

/** Where a text of the record speaks of. */
export function regionsInText(text: string): Region[] {
  return REGIONS.filter((region) => WORDS[region].test(text));
}
