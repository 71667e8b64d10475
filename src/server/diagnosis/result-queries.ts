import type { DiagnosisResults } from '../../contract/diagnosis-results.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { FindingRun } from './assemble-results.ts';

/** The signed reports of studies: of each the newest version, if that is final. */
export async function listSignatures(db: Db | Tx, studies: readonly string[]): Promise<DiagnosisResults['signed_by']> {
  if (studies.length === 0) return [];
  const rows = await db
    .selectFrom('report')
    .select(['id', 'study_instance_uid', 'version', 'status', 'signed_by', 'signed_at'])
    .where('study_instance_uid', 'in', studies)
    .orderBy('version', 'desc')
    .execute();
  const newest = [...Map.groupBy(rows, ({ study_instance_uid }) => study_instance_uid).values()].flatMap(([first]) => first ?? []);
  return newest.flatMap(({ id, study_instance_uid, status, signed_by, signed_at }) =>
    status === 'final' && signed_by !== null && signed_at !== null ? [{ report_id: id, study_instance_uid, signed_by, signed_at }] : [],
  );
}

export async function listFindingRuns(db: Db | Tx, analysisIds: readonly string[]): Promise<FindingRun[]> {
  if (analysisIds.length === 0) return [];
  const rows = await db
    .selectFrom('analysis')
    .select(['id', 'model_id', 'model_version', 'heatmap_blob_key'])
    .where('id', 'in', analysisIds)
    .execute();
  return rows.map(({ heatmap_blob_key, ...row }) => ({ ...row, has_heatmap: heatmap_blob_key !== null }));
}

export async function findBirthDate(db: Db | Tx, patientKey: string): Promise<string | null> {
  const row = await db.selectFrom('patient').select('birth_date').where('id', '=', patientKey).executeTakeFirst();
  return row?.birth_date ?? null;
}
