import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type FollowUpRow = Selectable<Tables['follow_up']>;
export type DiscordanceRow = Selectable<Tables['discordance']>;
export type PlacedFollowUp = FollowUpRow & { patient_key: string };

export async function insertFollowUp(tx: Tx, row: FollowUpRow): Promise<void> {
  await tx.insertInto('follow_up').values(row).execute();
}

export async function findFollowUp(db: Db | Tx, id: string): Promise<PlacedFollowUp | undefined> {
  return withPatient(db).where('follow_up.id', '=', id).executeTakeFirst();
}

export async function listFollowUpsOfStudy(db: Db | Tx, studyInstanceUid: string): Promise<FollowUpRow[]> {
  return db.selectFrom('follow_up').selectAll().where('study_instance_uid', '=', studyInstanceUid).orderBy('id').execute();
}

export type FollowUpFilter = {
  status?: FollowUpRow['status'] | undefined;
  /** Open, and due before this day. */
  dueBefore?: string | undefined;
  studyInstanceUid?: string | undefined;
  patientKey?: string | undefined;
  /** After this row of the order. */
  after?: { due: string; id: string } | undefined;
  limit: number;
};
/** Sorts behind every day. */
export const NO_DAY = '9999-99-99';

/** By the last day, those without one at the end, then by id. */
export async function listFollowUpRows(
  db: Db,
  { status, dueBefore, studyInstanceUid, patientKey, after, limit }: FollowUpFilter,
): Promise<PlacedFollowUp[]> {
  let query = withPatient(db);
  if (status !== undefined) query = query.where('follow_up.status', '=', status);
  if (dueBefore !== undefined) query = query.where('follow_up.status', '=', 'open').where('follow_up.due_to', '<', dueBefore);
  if (studyInstanceUid !== undefined) query = query.where('follow_up.study_instance_uid', '=', studyInstanceUid);
  if (patientKey !== undefined) query = query.where('study.patient_key', '=', patientKey);
  if (after !== undefined)
    query = query.where(({ eb, fn, val, or, and }) => {
      const due = fn.coalesce('follow_up.due_to', val(NO_DAY));
      return or([eb(due, '>', after.due), and([eb(due, '=', after.due), eb('follow_up.id', '>', after.id)])]);
    });
  return query
    .orderBy(({ fn, val }) => fn.coalesce('follow_up.due_to', val(NO_DAY)))
    .orderBy('follow_up.id')
    .limit(limit)
    .execute();
}

/** Only while it is open. @returns whether it was */
export async function closeFollowUp(tx: Tx, id: string, change: Updateable<Tables['follow_up']>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('follow_up')
    .set(change)
    .where('id', '=', id)
    .where('status', '=', 'open')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function deleteFollowUp(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('follow_up').where('id', '=', id).execute();
}

export async function insertDiscordance(tx: Tx, row: DiscordanceRow): Promise<void> {
  await tx.insertInto('discordance').values(row).execute();
}

export async function findDiscordance(db: Db | Tx, id: string): Promise<DiscordanceRow | undefined> {
  return db.selectFrom('discordance').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Newest first: ids are in order of time. */
export async function listDiscordanceRows(
  db: Db,
  {
    status,
    studyInstanceUid,
    before,
    limit,
  }: { status?: DiscordanceRow['status'] | undefined; studyInstanceUid?: string | undefined; before?: string | undefined; limit: number },
): Promise<DiscordanceRow[]> {
  let query = db.selectFrom('discordance').selectAll();
  if (status !== undefined) query = query.where('status', '=', status);
  if (studyInstanceUid !== undefined) query = query.where('study_instance_uid', '=', studyInstanceUid);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

export async function listOpenDiscordances(tx: Tx, studyInstanceUid: string): Promise<DiscordanceRow[]> {
  return tx
    .selectFrom('discordance')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('status', '=', 'open')
    .orderBy('id')
    .execute();
}

/** Only while it is open. @returns whether it was */
export async function updateDiscordance(tx: Tx, id: string, change: Updateable<Tables['discordance']>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('discordance')
    .set(change)
    .where('id', '=', id)
    .where('status', '=', 'open')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function withPatient(db: Db | Tx) {
  return db
    .selectFrom('follow_up')
    .innerJoin('study', 'study.study_instance_uid', 'follow_up.study_instance_uid')
    .selectAll('follow_up')
    .select('study.patient_key');
}
