import type { Selectable } from 'kysely';
import type { Analysis, Measurement, Score } from '../../contract/analysis.ts';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type AnalysisRow = Selectable<Tables['analysis']>;

/** Runs on a study, newest first. */
export async function listAnalyses(db: Db | Tx, studyInstanceUid: string): Promise<Analysis[]> {
  const rows = await db
    .selectFrom('analysis')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(analysisOf);
}

/** Runs of a study that have yet to end, the oldest first. */
export async function listOpenAnalyses(db: Db, studyInstanceUid: string): Promise<AnalysisRow[]> {
  return db
    .selectFrom('analysis')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('status', 'in', ['queued', 'running'])
    .orderBy('created_at')
    .orderBy('id')
    .execute();
}

export async function findStudyOfSeries(db: Db, seriesInstanceUid: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('series')
    .select('study_instance_uid')
    .where('series_instance_uid', '=', seriesInstanceUid)
    .executeTakeFirst();
  return row?.study_instance_uid;
}

/** The runs of those keys, newest first. */
export async function listRunsByKey(db: Db | Tx, runKeys: readonly string[]): Promise<AnalysisRow[]> {
  if (runKeys.length === 0) return [];
  return db
    .selectFrom('analysis')
    .selectAll()
    .where('run_key', 'in', runKeys)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

export async function findAnalysisRow(db: Db, id: string): Promise<AnalysisRow | undefined> {
  return db.selectFrom('analysis').selectAll().where('id', '=', id).executeTakeFirst();
}

export function analysisOf(row: AnalysisRow): Analysis {
  const { run_key: _, heatmap_blob_key, created_at: __, ...rest } = row;
  return {
    ...rest,
    parameters: parseColumn<Analysis['parameters']>(row.parameters),
    scores: parseColumn<Score[]>(row.scores),
    measurements: parseColumn<Measurement[]>(row.measurements),
    has_heatmap: heatmap_blob_key !== null,
    disclaimer: DISCLAIMER,
  };
}
