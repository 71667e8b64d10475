import { useSyncExternalStore } from 'react';
import type { AnalysisDepth, DiagnosisPriority, ExplainabilityMode, NewDiagnosis } from '../../contract/diagnosis.ts';
import type { DrugSafetyExam } from '../../contract/drug-safety.ts';
import { linesOf } from '../lines.ts';
import { EMPTY_VITALS, problemsOf, type VitalForm, vitalSignsOf } from './vital-form.ts';

export const STEPS = ['patient', 'images', 'complaints', 'preferences'] as const;
export type Step = (typeof STEPS)[number];

/** A diagnosis that is being put together. It is a patient's, so nothing of it is written on this device; the server keeps it (`use-kept-draft.ts`). */
export type Draft = {
  readonly patientKey: string | null;
  readonly studies: readonly string[];
  readonly files: readonly File[];
  /** Names of files that were chosen before a reload, which a browser cannot keep. */
  readonly formerFiles: readonly string[];
  readonly symptoms: string;
  readonly vitals: VitalForm;
  readonly priority: DiagnosisPriority;
  readonly depth: AnalysisDepth;
  /** Ids of models; all if empty. */
  readonly models: readonly string[];
  /** 0 to 1. */
  readonly threshold: number;
  readonly explainability: ExplainabilityMode;
  readonly contrast: DrugSafetyExam['contrast'];
};

export type DraftChange = Partial<Omit<Draft, 'patientKey'>>;

export const EMPTY_DRAFT: Draft = {
  patientKey: null,
  studies: [],
  files: [],
  formerFiles: [],
  symptoms: '',
  vitals: EMPTY_VITALS,
  priority: 'routine',
  depth: 'standard',
  models: [],
  threshold: 0,
  explainability: 'heatmap',
  contrast: 'none',
};

let draft = EMPTY_DRAFT;
const listeners = new Set<() => void>();

/** The draft of this page, which outlives a look at another screen. */
export function useDraft(): Draft {
  return useSyncExternalStore(subscribe, () => draft);
}

/** Another patient is another draft: nothing is taken along from one to the other. */
export function choosePatient(patientKey: string | null): void {
  if (patientKey !== draft.patientKey) set({ ...EMPTY_DRAFT, patientKey });
}

export function changeDraft(change: DraftChange): void {
  set({ ...draft, ...change });
}

/** Shows a draft that was kept. */
export function restoreDraft(kept: Draft): void {
  set(kept);
}

export function clearDraft(): void {
  set(EMPTY_DRAFT);
}

/** Whether a reload would lose something that somebody chose or typed. */
export function isTouched({ patientKey: _, ...choices }: Draft): boolean {
  const { patientKey: __, ...empty } = EMPTY_DRAFT;
  return Object.entries(empty).some(([name, value]) => {
    const now = choices[name as keyof typeof choices];
    return Array.isArray(value) ? (now as readonly unknown[]).length > 0 : now !== value;
  });
}

/** The first step that still lacks something; undefined if the diagnosis can begin. */
export function openStepOf({ patientKey, vitals }: Draft): Step | undefined {
  if (patientKey === null) return 'patient';
  return Object.keys(problemsOf(vitals)).length > 0 ? 'complaints' : undefined;
}

/** What the server is asked; files follow once the diagnosis is there. */
export function requestOf(chosen: Draft & { patientKey: string }): NewDiagnosis {
  return {
    patient_key: chosen.patientKey,
    study_instance_uids: [...chosen.studies],
    symptoms: linesOf(chosen.symptoms),
    vital_signs: vitalSignsOf(chosen.vitals),
    priority: chosen.priority,
    ai_config: {
      models: [...chosen.models],
      analysis_depth: chosen.depth,
      confidence_threshold: chosen.threshold,
      explainability_mode: chosen.explainability,
    },
    ...(chosen.contrast === 'none' ? {} : { planned_exam: { contrast: chosen.contrast } }),
  };
}

function set(next: Draft): void {
  draft = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
