import type { Db, Tx } from '../platform/ports.ts';
import type { AnalysisRow } from './queries.ts';

/** Inserts a run unless the same run is held already; returns whether it did. */
export async function insertAnalysis(tx: Tx, row: AnalysisRow): Promise<boolean> {
  const inserted = await tx
    .insertInto('analysis')
    .values(row)
    .onConflict((conflict) => conflict.column('run_key').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function hasRun(db: Db, runKey: string): Promise<boolean> {
  return (await db.selectFrom('analysis').select('id').where('run_key', '=', runKey).executeTakeFirst()) !== undefined;
}

/** Cancels the runs of a study that are not among the present ones. Returns their ids. */
export async function cancelSuperseded(
  tx: Tx,
  { studyInstanceUid, present, reason }: { studyInstanceUid: string; present: readonly string[]; reason: string },
): Promise<string[]> {
  const rows = await tx
    .selectFrom('analysis')
    .select(['id', 'run_key'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('status', '!=', 'cancelled')
    .execute();
  const ids = rows.filter(({ run_key }) => !present.includes(run_key)).map(({ id }) => id);
  if (ids.length > 0) await tx.updateTable('analysis').set({ status: 'cancelled', reason }).where('id', 'in', ids).execute();
  return ids;
}
