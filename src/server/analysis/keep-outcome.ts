import { appendEvent } from '../events/append-event.ts';
import { proposeFindings } from '../findings/propose-findings.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import { newId } from '../platform/ids.ts';
import type { BlobStore, CommitGroup } from '../platform/ports.ts';
import type { RunOutcome } from './outcome.ts';
import type { PlannedRun } from './plan.ts';
import type { AnalysisRow } from './queries.ts';
import { insertAnalysis } from './repository.ts';

type KeepDeps = { commit: CommitGroup; blobs: BlobStore; now: () => Date };
type Timing = { startedAt: Date; durationMs: number };

/** Keeps a run with its findings and its event, all or nothing; a run that is held already changes nothing. */
export async function keepOutcome(
  { commit, blobs, now }: KeepDeps,
  studyInstanceUid: string,
  run: PlannedRun,
  { outcome, timing }: { outcome: RunOutcome; timing: Timing },
): Promise<void> {
  const heatmap = outcome.heatmap ? await blobs.put(chunks(outcome.heatmap)) : null;
  const id = newId(now());
  const row: AnalysisRow = {
    id,
    // A failed run does not stand for its key: the next analysis makes it anew.
    run_key: outcome.status === 'failed' ? `${run.key}/${id}` : run.key,
    study_instance_uid: studyInstanceUid,
    series_instance_uid: seriesOf(run),
    sop_instance_uid: run.kind === 'picture' ? run.instance.sop_instance_uid : null,
    model_id: run.model.card.id,
    model_version: run.model.card.version,
    model_digest: run.model.digest,
    input_digest: run.inputDigest,
    parameters: JSON.stringify(outcome.parameters),
    status: outcome.status,
    reason: outcome.reason,
    scores: JSON.stringify(outcome.scores),
    measurements: JSON.stringify(outcome.measurements),
    heatmap_blob_key: heatmap?.key ?? null,
    out_of_distribution_score: outcome.outOfDistributionScore,
    started_at: timing.startedAt.toISOString(),
    finished_at: now().toISOString(),
    duration_ms: timing.durationMs,
    created_at: now().toISOString(),
  };
  await commit(async (tx) => {
    // One that was asked for before keeps its id.
    const kept = await insertAnalysis(tx, row);
    if (kept === undefined) return;
    tellAudit(tx, { details: { model: row.model_id, model_version: row.model_version, status: row.status } });
    await proposeFindings(tx, { ...row, id: kept }, outcome.findings);
    await appendEvent(tx, {
      type: 'analysis_finished',
      study_instance_uid: studyInstanceUid,
      at: row.created_at,
      ids: { analysis_id: kept },
    });
  });
}

function seriesOf(run: PlannedRun): string | null {
  if (run.kind === 'picture') return run.instance.series_instance_uid;
  return run.kind === 'series' ? run.seriesInstanceUid : null;
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
