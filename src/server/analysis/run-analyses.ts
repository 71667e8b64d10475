import { appendEvent } from '../events/append-event.ts';
import { parseColumn } from '../platform/json.ts';
import { findStudyToAnalyze, type StudyToAnalyze } from '../studies/queries.ts';
import { planSelection, type Selection } from './analyze-selection.ts';
import { type AnalysisDeps, LAST_ATTEMPT, performRun } from './analyze-study.ts';
import { type AnalysisRow, listOpenAnalyses, listRunsByKey } from './queries.ts';
import { updateOpenAnalysis } from './repository.ts';
import { AGAIN } from './request-analysis.ts';

type Options = { signal: AbortSignal; attempt: number };

/**
 * Makes the runs that were asked for on a study. Safe to repeat: each ends by itself. One that fails is tried again with the next attempt
 * of the job and does not hold up the others; after the last it is kept as failed.
 */
export async function runAnalyses(deps: AnalysisDeps, studyInstanceUid: string, { signal, attempt }: Options): Promise<void> {
  const study = await findStudyToAnalyze(deps.db, studyInstanceUid);
  const failures: unknown[] = [];
  for (const row of study ? await listOpenAnalyses(deps.db, studyInstanceUid) : []) {
    signal.throwIfAborted();
    await runOne(deps, row, { study, signal }).catch(async (error: unknown) => {
      if (signal.aborted) throw error;
      if (attempt < LAST_ATTEMPT) failures.push(error);
      else await giveUp(deps, row, error);
    });
  }
  if (failures.length > 0) throw failures[0];
}

async function runOne(
  deps: AnalysisDeps,
  row: AnalysisRow,
  { study, signal }: { study: StudyToAnalyze | undefined; signal: AbortSignal },
): Promise<void> {
  const { selection } = parseColumn<{ selection?: Selection }>(row.parameters);
  const [base = ''] = row.run_key.split(AGAIN);
  const run = study && selection && planSelection(study, deps.models, selection).runs.find(({ key }) => key === base);
  if (!run) {
    const reason = 'Superseded: the study or the models changed since';
    await deps.commit((tx) => updateOpenAnalysis(tx, row.id, { status: 'cancelled', reason, finished_at: deps.now().toISOString() }));
    return;
  }
  await deps.commit((tx) => updateOpenAnalysis(tx, row.id, { status: 'running', started_at: deps.now().toISOString() }));
  // What was found stands already if the run that this one repeats succeeded.
  const [first] = base === row.run_key ? [] : await listRunsByKey(deps.db, [base]);
  await performRun(
    deps,
    row.study_instance_uid,
    { ...run, key: row.run_key },
    { signal, attempt: 1, withoutFindings: first?.status === 'succeeded' },
  );
}

async function giveUp({ commit, now }: AnalysisDeps, row: AnalysisRow, error: unknown): Promise<void> {
  const name = error instanceof Error ? error.name : 'unknown error';
  const at = now().toISOString();
  await commit(async (tx) => {
    const failed = {
      // It does not stand for its key: who asks again gets another.
      run_key: `${row.run_key}/${row.id}`,
      status: 'failed' as const,
      reason: `The run failed (${name}); the log of the server says more`,
      finished_at: at,
    };
    if (!(await updateOpenAnalysis(tx, row.id, failed))) return;
    const { study_instance_uid } = row;
    await appendEvent(tx, { type: 'analysis_finished', study_instance_uid, at, ids: { analysis_id: row.id } });
  });
}
