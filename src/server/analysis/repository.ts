import type { Db, Tx } from '../platform/ports.ts';
import type { AnalysisRow } from './queries.ts';

const OPEN = ['queued', 'running'] as const;

/** Keeps a run, in place of the same one if that has yet to be made; returns its id, or nothing if it is held already. */
export async function insertAnalysis(tx: Tx, row: AnalysisRow): Promise<string | undefined> {
  const { id: _, created_at: __, ...outcome } = row;
  const kept = await tx
    .insertInto('analysis')
    .values(row)
    .onConflict((conflict) => conflict.column('run_key').doUpdateSet(outcome).where('analysis.status', 'in', OPEN))
    .returning('id')
    .executeTakeFirst();
  return kept?.id;
}

export async function hasRun(db: Db, runKey: string): Promise<boolean> {
  const run = await db.selectFrom('analysis').select('id').where('run_key', '=', runKey).where('status', 'not in', OPEN).executeTakeFirst();
  return run !== undefined;
}

/** Puts runs on the list that are to be made; those that are held already stay as they are. */
export async function queueAnalyses(tx: Tx, rows: readonly AnalysisRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('analysis')
    .values([...rows])
    .onConflict((conflict) => conflict.column('run_key').doNothing())
    .execute();
}

/** @returns whether there was such a run that has yet to end */
export async function updateOpenAnalysis(
  tx: Tx,
  id: string,
  change: Partial<Pick<AnalysisRow, 'run_key' | 'status' | 'reason' | 'started_at' | 'finished_at'>>,
): Promise<boolean> {
  const updated = await tx.updateTable('analysis').set(change).where('id', '=', id).where('status', 'in', OPEN).executeTakeFirst();
  return updated.numUpdatedRows > 0n;
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
  // A run that was made again is of the same input.
  const ids = rows.filter(({ run_key }) => !present.includes(run_key.split('#')[0] ?? '')).map(({ id }) => id);
  if (ids.length > 0) await tx.updateTable('analysis').set({ status: 'cancelled', reason }).where('id', 'in', ids).execute();
  return ids;
}
