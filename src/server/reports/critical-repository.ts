import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type CriticalRow = Selectable<Tables['critical_result']>;

export async function insertCritical(tx: Tx, row: CriticalRow): Promise<void> {
  await tx.insertInto('critical_result').values(row).execute();
}

export async function findCritical(db: Db | Tx, id: string): Promise<CriticalRow | undefined> {
  return db.selectFrom('critical_result').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function listCriticalOfStudy(db: Db | Tx, studyInstanceUid: string): Promise<CriticalRow[]> {
  return db.selectFrom('critical_result').selectAll().where('study_instance_uid', '=', studyInstanceUid).orderBy('id').execute();
}

export type CriticalFilter = {
  /** One of these; any if left out. */
  statuses?: readonly CriticalRow['status'][] | undefined;
  /** Open, and due before this instant. */
  dueBefore?: string | undefined;
  studyInstanceUid?: string | undefined;
  /** After this row of the order. */
  after?: { due: string; id: string } | undefined;
  limit: number;
};

/** By the time at which they are due, then by id. */
export async function listCriticalRows(
  db: Db,
  { statuses, dueBefore, studyInstanceUid, after, limit }: CriticalFilter,
): Promise<CriticalRow[]> {
  let query = db.selectFrom('critical_result').selectAll();
  if (statuses !== undefined) query = query.where('status', 'in', statuses);
  if (dueBefore !== undefined) query = query.where('status', '=', 'open').where('due_at', '<', dueBefore);
  if (studyInstanceUid !== undefined) query = query.where('study_instance_uid', '=', studyInstanceUid);
  if (after !== undefined)
    query = query.where(({ eb, or, and }) =>
      or([eb('due_at', '>', after.due), and([eb('due_at', '=', after.due), eb('id', '>', after.id)])]),
    );
  return query.orderBy('due_at').orderBy('id').limit(limit).execute();
}

/** Whose studies these are, and what they are of. */
export async function listStudyNames(db: Db, uids: readonly string[]) {
  if (uids.length === 0) return [];
  return db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(['study.study_instance_uid', 'study.description', 'study.modalities', 'patient.name', 'patient.patient_id'])
    .where('study.study_instance_uid', 'in', uids)
    .execute();
}

/** Only while it has one of these states. @returns whether it had */
export async function updateCritical(
  tx: Tx,
  { id, from }: { id: string; from: readonly CriticalRow['status'][] },
  change: Updateable<Tables['critical_result']>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('critical_result')
    .set(change)
    .where('id', '=', id)
    .where('status', 'in', [...from])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
