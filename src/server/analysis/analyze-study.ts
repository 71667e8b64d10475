import type { ModelPool } from '../../inference/pool.ts';
import { withdrawFindings } from '../findings/propose-findings.ts';
import type { BlobStore, CommitGroup, Db, Tx } from '../platform/ports.ts';
import { findStudyToAnalyze } from '../studies/queries.ts';
import type { FrameRenderer } from '../studies/render-instance.ts';
import { recordStudyStep } from '../studies/study-progress.ts';
import { keepOutcome } from './keep-outcome.ts';
import { abstained, type RunOutcome } from './outcome.ts';
import { isReader, type KnownModel, type PlannedRun, planRuns } from './plan.ts';
import { listAnalyses } from './queries.ts';
import { cancelSuperseded, hasRun } from './repository.ts';
import { type LungQuantifier, runCtLung } from './run-ct-lung.ts';
import { runNetwork } from './run-network.ts';

export type AnalysisDeps = {
  db: Db;
  blobs: BlobStore;
  /** Studies that are analyzed at the same time share transactions: each costs the server's thread a wait for the disk. */
  commit: CommitGroup;
  renderer: FrameRenderer;
  pool: ModelPool;
  lung: LungQuantifier;
  models: readonly KnownModel[];
  now: () => Date;
};

export type AnalyzeOptions = {
  signal?: AbortSignal;
  attempt?: number;
  onProgress?: (done: number, total: number, model: string) => void;
};

/** As many as a job gets. */
export const LAST_ATTEMPT = 5;

/**
 * Runs every model that accepts the study and keeps what each said: scores, findings, measurements, heat map, or why it abstained.
 *
 * Safe to repeat and to resume: a run that is kept already (same input, model and parameters) is not done again. When the study has
 * grown, runs on its former state are cancelled, with those of their findings that nobody decided on.
 *
 * A run that fails fails the whole, to be repeated; on the last attempt it is kept as failed instead, and the others go on.
 *
 * @param attempt 1 for the first; the last unless told
 * @param onProgress told before each run, with the number of runs done and to do
 */
export async function analyzeStudy(
  deps: AnalysisDeps,
  studyInstanceUid: string,
  { signal, onProgress, attempt = LAST_ATTEMPT }: AnalyzeOptions = {},
): Promise<void> {
  const study = await findStudyToAnalyze(deps.db, studyInstanceUid);
  if (!study) return;
  const runs = planRuns(study, deps.models.filter(isReader));
  await deps.commit((tx) => begin(tx, deps, { studyInstanceUid, runs }));

  for (const [index, run] of runs.entries()) {
    signal?.throwIfAborted();
    onProgress?.(index, runs.length, run.model.card.id);
    if (await hasRun(deps.db, run.key)) continue;
    const startedAt = deps.now();
    const from = performance.now();
    const outcome = await perform(deps, run).catch((error: unknown) => failedOrThrow(run, error, { attempt, signal }));
    await keepOutcome(deps, studyInstanceUid, run, { outcome, timing: { startedAt, durationMs: performance.now() - from } });
  }
  onProgress?.(runs.length, runs.length, '');
  await deps.commit((tx) => finish(tx, deps, studyInstanceUid));
}

async function begin(
  tx: Tx,
  { now }: AnalysisDeps,
  { studyInstanceUid, runs }: { studyInstanceUid: string; runs: PlannedRun[] },
): Promise<void> {
  await recordStudyStep(tx, studyInstanceUid, {
    status: 'complete',
    analysis_status: 'running',
    event: 'analysis_started',
    at: now().toISOString(),
  });
  const present = runs.map(({ key }) => key);
  const superseded = await cancelSuperseded(tx, { studyInstanceUid, present, reason: 'Superseded: the study or the models changed since' });
  await withdrawFindings(tx, superseded);
}

async function perform(deps: AnalysisDeps, run: PlannedRun): Promise<RunOutcome> {
  if (run.kind === 'none') return abstained(run.reason);
  if (run.kind === 'picture') return runNetwork(deps, run.model.card, run.instance, run.acquisition);
  return runCtLung(deps, run.model.card, run.instances);
}

function failedOrThrow(
  { model }: PlannedRun,
  error: unknown,
  { attempt, signal }: { attempt: number; signal: AbortSignal | undefined },
): RunOutcome {
  if (attempt < LAST_ATTEMPT || signal?.aborted) throw error;
  const name = error instanceof Error ? error.name : 'unknown error';
  return { ...abstained(`${model.card.title}: the run failed (${name}); the log of the server says more`), status: 'failed' };
}

async function finish(tx: Tx, { now }: AnalysisDeps, studyInstanceUid: string): Promise<void> {
  const statuses = new Set((await listAnalyses(tx, studyInstanceUid)).map(({ status }) => status));
  const analysis_status = statuses.has('succeeded') ? 'succeeded' : statuses.has('failed') ? 'failed' : 'abstained';
  await recordStudyStep(tx, studyInstanceUid, { analysis_status, event: 'analysis_complete', at: now().toISOString() });
}
