import type { DiagnosisDraftContent } from '../../contract/diagnosis-drafts.ts';
import type { Draft } from './draft.ts';
import { type Consciousness, EMPTY_VITALS, SIGNS, type VitalForm } from './vital-form.ts';

const LEVELS: readonly Consciousness[] = ['alert', 'confusion', 'voice', 'pain', 'unresponsive'];
const MOST_NAMES = 200;
const MOST_CHARACTERS = 255;

/** What the server keeps of a draft: everything but the files themselves, of which it keeps the names. */
export function contentOf(draft: Draft): DiagnosisDraftContent {
  const { consciousness, ...signs } = draft.vitals;
  return {
    study_instance_uids: [...draft.studies],
    file_names: missingFiles(draft)
      .concat(draft.files.map(({ name }) => name))
      .slice(0, MOST_NAMES)
      .map((name) => name.slice(0, MOST_CHARACTERS)),
    symptoms: draft.symptoms,
    vital_signs: Object.fromEntries(Object.entries(signs).filter(([, { typed }]) => typed !== '')),
    consciousness,
    priority: draft.priority,
    analysis_depth: draft.depth,
    models: [...draft.models],
    confidence_threshold: draft.threshold,
    explainability_mode: draft.explainability,
    contrast: draft.contrast,
  };
}

/** The draft that a content was kept of; its files have to be chosen again. */
export function draftOf(patientKey: string, content: DiagnosisDraftContent): Draft {
  return {
    patientKey,
    studies: content.study_instance_uids,
    files: [],
    formerFiles: content.file_names,
    symptoms: content.symptoms,
    vitals: vitalsOf(content),
    priority: content.priority,
    depth: content.analysis_depth,
    models: content.models,
    threshold: content.confidence_threshold,
    explainability: content.explainability_mode,
    contrast: content.contrast,
  };
}

/** Names of files that were chosen before a reload and have not been chosen again. */
export function missingFiles({ files, formerFiles }: Pick<Draft, 'files' | 'formerFiles'>): string[] {
  const names = new Set(files.map(({ name }) => name));
  return formerFiles.filter((name) => !names.has(name));
}

function vitalsOf({ vital_signs, consciousness }: DiagnosisDraftContent): VitalForm {
  const signs = Object.fromEntries(SIGNS.map((sign) => [sign, vital_signs[sign] ?? EMPTY_VITALS[sign]]));
  // The keys are those of the type.
  return { ...(signs as Omit<VitalForm, 'consciousness'>), consciousness: LEVELS.find((level) => level === consciousness) ?? '' };
}
