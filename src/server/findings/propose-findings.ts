import type { Box } from '../../contract/findings.ts';
import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/ports.ts';
import { deleteUndecided, insertFinding } from './repository.ts';

/** What a run found, before a reader saw it. `box` in pixels of the frame. */
export type ProposedFinding = {
  code: string;
  title: string;
  /** Calibrated probability, 0..1; null if the method gives none. */
  confidence: number | null;
  threshold: number | null;
  sop_instance_uid: string | null;
  frame: number | null;
  box: Box | null;
  evidence: Record<string, unknown>;
};

/** The run that proposes. */
export type ProposingRun = { id: string; study_instance_uid: string; series_instance_uid: string | null; created_at: string };

/** Puts what a run found before the reader. */
export async function proposeFindings(tx: Tx, run: ProposingRun, findings: readonly ProposedFinding[]): Promise<void> {
  for (const { box, evidence, ...finding } of findings) {
    await insertFinding(tx, {
      ...finding,
      id: newId(new Date(run.created_at)),
      study_instance_uid: run.study_instance_uid,
      series_instance_uid: run.series_instance_uid,
      analysis_id: run.id,
      source: 'model',
      box: box ? JSON.stringify(box) : null,
      evidence: JSON.stringify(evidence),
      status: 'proposed',
      text: null,
      reason: null,
      reviewed_by: null,
      reviewed_at: null,
      created_at: run.created_at,
    });
  }
}

/** Takes back what superseded runs proposed; what a reader decided on stays. */
export async function withdrawFindings(tx: Tx, analysisIds: readonly string[]): Promise<void> {
  for (const id of analysisIds) await deleteUndecided(tx, id);
}
