import { intlLocale } from './strings/locale.ts';
import { reasonWords as text } from './strings/reasons/words.ts';

type Told = (...parts: string[]) => string;

/**
 * What the server says of a run without an answer (`inference/acceptance.ts`, `inference/pipeline.ts`, `analysis/plan.ts`, `imaging/quantify/ct-lung.ts`),
 * with the parts of it that are no words. Its sentences are English, as they go into records and logs too.
 */
const SENTENCES: readonly (readonly [RegExp, Told])[] = [
  [/^made for modality (.+), not ([A-Z0-9_]+)$/, text.modality],
  [/^made for modality (.+); the study has (.+)$/, text.modality],
  [/^made for modality ([^;]+)$/, text.onlyModality],
  [/^made for body part (.+); another one is stated$/, text.bodyPart],
  [/^made for view (.+); another one is stated$/, text.view],
  [/^made for (\d+) to (\d+) years; the patient's age is outside$/, text.age],
  [/^the study holds no picture$/, text.noPicture],
  [/^nothing to evaluate$/, text.nothing],
  [/^[Tt]he run failed \((.+)\); the log of the server says more$/, text.failed],
  [/^the picture is unlike those the model was made from \(score (\S+), limit (\S+)\)$/, text.unlike],
  [/^the picture does not look like (.+) \(probability (\S+), needed (\S+)\)$/, text.notLike],
  [/^needs at least (\d+) slices; the series has (\d+)$/, text.fewSlices],
  [/^A lung needs at least (\d+) slices, this series has (\d+)$/, text.fewSlices],
  [/^the series has more than (\d+) slices$/, text.manySlices],
  [/^Slices ([\d.]+) mm apart are too far for measuring; the limit is ([\d.]+) mm$/, text.farApart],
  [/^The slices are not axial$/, text.notAxial],
  [/^The values are not Hounsfield units of a chest: too little air or too little soft tissue$/, text.noChest],
  [/^No lungs in the field of view$/, text.noLungs],
  [/^made for single pictures; the object has (\d+) frames$/, text.single],
  [/^objects of several frames are not read yet$/, text.frames],
];

/** The reason of a run without an answer, `MODEL: why`, in the reader's language; what no sentence is known for stays as it came. */
export function reasonText(reason: string): string {
  const [, model, why = reason] = /^([^:]+): (.+)$/s.exec(reason) ?? [];
  const told = toldOf(why) ?? toldOf(reason);
  if (told === undefined) return reason;
  return model !== undefined && told !== toldOf(reason) ? `${model}: ${told}` : told;
}

/** `CR, DX or OT` as the language joins it. */
function inOwnWords(part: string): string {
  const several = /^[A-Z0-9_]+(?:, [A-Z0-9_]+)* or [A-Z0-9_]+$/.test(part);
  return several ? new Intl.ListFormat(intlLocale(), { type: 'disjunction' }).format(part.split(/, | or /)) : part;
}

function toldOf(sentence: string): string | undefined {
  for (const [pattern, tell] of SENTENCES) {
    const match = pattern.exec(sentence);
    if (match) return tell(...match.slice(1).map(inOwnWords));
  }
  return undefined;
}
