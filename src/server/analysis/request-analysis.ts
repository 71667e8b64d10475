import type { Analysis } from '../../contract/analysis.ts';
import type { AnalysisRequest } from '../../contract/analysis-requests.ts';
import { appendEvent } from '../events/append-event.ts';
import { allowedModels } from '../identity/policies.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, TenantJobs } from '../platform/ports.ts';
import { findInstance, findStudyToAnalyze, type StudyToAnalyze } from '../studies/queries.ts';
import { planSelection, type Selection } from './analyze-selection.ts';
import { isReader, type KnownModel, type PlannedRun } from './plan.ts';
import { type AnalysisRow, analysisOf, findAnalysisRow, findStudyOfSeries, listRunsByKey } from './queries.ts';
import { queueAnalyses } from './repository.ts';

export type RequestDeps = { db: Db; jobs: TenantJobs; models: readonly KnownModel[]; now: () => Date };

/** A person waits for it. */
const ASKED_PRIORITY = 10;
/** Stands between the key of a run and what tells its repetitions apart. */
export const AGAIN = '#';

/**
 * Asks for runs on a part of a study. Those that are held are given as they are, the others are queued.
 *
 * @throws {AppError} `invalid-request` unless exactly one part is named, `study-not-found`, `not-found` for a series,
 * `instance-not-found`, `model-not-found`, `forbidden` for a model that the role may not use
 */
export async function requestAnalysis(deps: RequestDeps, principal: Principal, request: AnalysisRequest): Promise<Analysis[]> {
  await requireModels(deps, principal, request.models ?? []);
  const selection = await selectionOf(deps.db, request);
  const study = await getStudy(deps.db, selection.study_instance_uid);
  const { runs } = planSelection(study, deps.models, selection);
  const rows = runs.map((run) => queuedRow(run, { selection, key: run.key, now: deps.now() }));
  return queue(deps, study.study_instance_uid, rows);
}

/**
 * Asks for one run again, which becomes a run of its own.
 *
 * @throws {AppError} `analysis-not-found`, `study-not-found`, `forbidden`, `wrong-state` if it has yet to end, or its input or model is
 * no longer there
 */
export async function repeatAnalysis(deps: RequestDeps, principal: Principal, id: string): Promise<Analysis> {
  const first = await findAnalysisRow(deps.db, id);
  if (!first) throw new AppError('analysis-not-found', `No analysis ${id}`);
  if (first.status === 'queued' || first.status === 'running') throw new AppError('wrong-state', 'The run has yet to end');
  if (!deps.models.some(({ card }) => card.id === first.model_id))
    throw new AppError('wrong-state', 'The model of the run is no longer installed');
  await requireModels(deps, principal, [first.model_id]);
  const { study_instance_uid, series_instance_uid: series, sop_instance_uid: sop, model_id } = first;
  const selection: Selection = {
    study_instance_uid,
    models: [model_id],
    ...(sop === null ? (series === null ? {} : { series_instance_uid: series }) : { sop_instance_uids: [sop] }),
  };
  const { runs } = planSelection(await getStudy(deps.db, study_instance_uid), deps.models, selection);
  const [run] = runs;
  if (!run) throw new AppError('wrong-state', 'What the run looked at is no longer there');
  const now = deps.now();
  const [again] = await queue(deps, study_instance_uid, [queuedRow(run, { selection, key: `${run.key}${AGAIN}${newId(now)}`, now })]);
  if (!again) throw new AppError('internal', 'The run was not queued');
  return again;
}

async function queue({ db, jobs, now }: RequestDeps, studyInstanceUid: string, rows: AnalysisRow[]): Promise<Analysis[]> {
  return db.transaction().execute(async (tx) => {
    await queueAnalyses(tx, rows);
    const kept = await listRunsByKey(
      tx,
      rows.map(({ run_key }) => run_key),
    );
    if (kept.some(({ status }) => status === 'queued')) {
      const options = { key: studyInstanceUid, priority: ASKED_PRIORITY };
      await jobs.enqueue(tx, 'run-analyses', { study_instance_uid: studyInstanceUid }, options);
      await appendEvent(tx, { type: 'analysis_queued', study_instance_uid: studyInstanceUid, at: now().toISOString() });
    }
    return kept.map(analysisOf);
  });
}

async function selectionOf(db: Db, { models = [], ...part }: AnalysisRequest): Promise<Selection> {
  const { study_instance_uid: study, series_instance_uid: series, sop_instance_uid: instance } = part;
  if ([study, series, instance].filter((uid) => uid !== undefined).length !== 1)
    throw new AppError('invalid-request', 'Name one of study_instance_uid, series_instance_uid and sop_instance_uid');
  if (study !== undefined) return { study_instance_uid: study, models };
  if (series !== undefined) {
    const ofSeries = await findStudyOfSeries(db, series);
    if (ofSeries === undefined) throw new AppError('not-found', `No series ${series}`);
    return { study_instance_uid: ofSeries, series_instance_uid: series, models };
  }
  const row = instance === undefined ? undefined : await findInstance(db, instance);
  if (!row) throw new AppError('instance-not-found', `No instance ${instance}`);
  return { study_instance_uid: row.study_instance_uid, sop_instance_uids: [row.sop_instance_uid], models };
}

async function getStudy(db: Db, studyInstanceUid: string): Promise<StudyToAnalyze> {
  const study = await findStudyToAnalyze(db, studyInstanceUid);
  if (!study) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
  return study;
}

async function requireModels({ db, models }: RequestDeps, principal: Principal, wanted: readonly string[]): Promise<void> {
  const allowed = wanted.length > 0 ? await allowedModels(db, principal) : undefined;
  for (const id of wanted) {
    if (!models.some((model) => isReader(model) && model.card.id === id)) throw new AppError('model-not-found', `No model ${id}`);
    if (!allowed?.has(id))
      throw new AppError('forbidden', `The rules of this tenant do not let the role ${principal.role} use the model ${id}`);
  }
}

/** The run as it waits; `parameters` holds what was asked for, until the run puts its own there. */
function queuedRow(run: PlannedRun, { selection, key, now }: { selection: Selection; key: string; now: Date }): AnalysisRow {
  const at = now.toISOString();
  return {
    id: newId(now),
    run_key: key,
    study_instance_uid: selection.study_instance_uid,
    series_instance_uid: run.kind === 'picture' ? run.instance.series_instance_uid : run.kind === 'series' ? run.seriesInstanceUid : null,
    sop_instance_uid: run.kind === 'picture' ? run.instance.sop_instance_uid : null,
    model_id: run.model.card.id,
    model_version: run.model.card.version,
    model_digest: run.model.digest,
    input_digest: run.inputDigest,
    parameters: JSON.stringify({ selection }),
    status: 'queued',
    reason: null,
    scores: '[]',
    measurements: '[]',
    heatmap_blob_key: null,
    out_of_distribution_score: null,
    started_at: null,
    finished_at: null,
    duration_ms: null,
    created_at: at,
  };
}
