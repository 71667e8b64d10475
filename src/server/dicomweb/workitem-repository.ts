import type { Selectable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import { WORKLISTS } from './worklist-uids.ts';

export type WorkitemRow = Selectable<Tables['workitem']>;
export type SubscriberRow = Selectable<Tables['workitem_subscriber']>;
export type EventRow = Omit<Selectable<Tables['workitem_event']>, 'seq'>;

/** Rows of one statement. */
const BATCH = 500;

export async function insertWorkitem(tx: Tx, row: WorkitemRow): Promise<void> {
  await tx.insertInto('workitem').values(row).execute();
}

export async function findWorkitem(db: Db | Tx, uid: string): Promise<WorkitemRow | undefined> {
  return db.selectFrom('workitem').selectAll().where('sop_instance_uid', '=', uid).executeTakeFirst();
}

/** Changes a workitem; false if somebody else has changed it since it was read. */
export async function replaceWorkitem(
  tx: Tx,
  { sop_instance_uid, revision }: WorkitemRow,
  changes: Partial<WorkitemRow>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('workitem')
    .set({ ...changes, revision: revision + 1 })
    .where('sop_instance_uid', '=', sop_instance_uid)
    .where('revision', '=', revision)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export type WorklistPage = {
  uid?: readonly string[] | undefined;
  states?: readonly string[] | undefined;
  after?: Pick<WorkitemRow, 'start_at' | 'sop_instance_uid'> | undefined;
};

/** Some workitems in the order in which they are scheduled. */
export async function listWorkitems(db: Db | Tx, { uid, states, after }: WorklistPage): Promise<WorkitemRow[]> {
  let query = db.selectFrom('workitem').selectAll().orderBy('start_at').orderBy('sop_instance_uid').limit(BATCH);
  if (uid) query = query.where('sop_instance_uid', 'in', uid);
  if (states) query = query.where('state', 'in', states as WorkitemRow['state'][]);
  if (after)
    query = query.where(({ or, and, eb }) =>
      or([
        eb('start_at', '>', after.start_at),
        and([eb('start_at', '=', after.start_at), eb('sop_instance_uid', '>', after.sop_instance_uid)]),
      ]),
    );
  return query.execute();
}

/** The latest workitem that an analysis made for a study. */
export async function findAnalysisWorkitem(db: Db | Tx, studyInstanceUid: string): Promise<WorkitemRow | undefined> {
  return db
    .selectFrom('workitem')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('input_digest', 'is not', null)
    .orderBy('created_at', 'desc')
    .orderBy('sop_instance_uid', 'desc')
    .executeTakeFirst();
}

/** Deletes what was finished before an instant and nobody has locked; how many. */
export async function deleteFinished(tx: Tx, before: string): Promise<number> {
  const locked = tx.selectFrom('workitem_subscriber').select('workitem_uid').where('deletion_lock', '=', 1);
  const gone = await tx
    .selectFrom('workitem')
    .select('sop_instance_uid')
    .where('finished_at', '<', before)
    .where('sop_instance_uid', 'not in', locked)
    .limit(BATCH)
    .execute();
  const uids = gone.map(({ sop_instance_uid }) => sop_instance_uid);
  if (uids.length === 0) return 0;
  await tx.deleteFrom('workitem_subscriber').where('workitem_uid', 'in', uids).execute();
  await tx.deleteFrom('workitem').where('sop_instance_uid', 'in', uids).execute();
  return uids.length;
}

/** Makes or changes subscriptions. */
export async function putSubscribers(tx: Tx, rows: readonly SubscriberRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH)
    await tx
      .insertInto('workitem_subscriber')
      .values(rows.slice(start, start + BATCH))
      .onConflict((conflict) =>
        conflict.columns(['workitem_uid', 'ae_title']).doUpdateSet(({ ref }) => ({
          deletion_lock: ref('excluded.deletion_lock'),
          filter: ref('excluded.filter'),
          is_suspended: ref('excluded.is_suspended'),
        })),
      )
      .execute();
}

export async function findSubscriber(db: Db | Tx, { uid, aeTitle }: { uid: string; aeTitle: string }): Promise<SubscriberRow | undefined> {
  return db
    .selectFrom('workitem_subscriber')
    .selectAll()
    .where('workitem_uid', '=', uid)
    .where('ae_title', '=', aeTitle)
    .executeTakeFirst();
}

export async function listSubscribers(db: Db | Tx, uid: string): Promise<SubscriberRow[]> {
  return db.selectFrom('workitem_subscriber').selectAll().where('workitem_uid', '=', uid).orderBy('ae_title').execute();
}

/** Who is to hear of workitems that are created from now on. */
export async function listWorklistSubscribers(db: Db | Tx): Promise<SubscriberRow[]> {
  return db
    .selectFrom('workitem_subscriber')
    .selectAll()
    .where('workitem_uid', 'in', [...WORKLISTS])
    .where('is_suspended', '=', 0)
    .orderBy('ae_title')
    .execute();
}

/** Ends a subscription; under a well-known UID, every one of the subscriber. */
export async function deleteSubscribers(tx: Tx, { uid, aeTitle }: { uid: string; aeTitle: string }): Promise<void> {
  let query = tx.deleteFrom('workitem_subscriber').where('ae_title', '=', aeTitle);
  if (!WORKLISTS.has(uid)) query = query.where('workitem_uid', '=', uid);
  await query.execute();
}

export async function insertEvents(tx: Tx, rows: readonly EventRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += BATCH)
    await tx
      .insertInto('workitem_event')
      .values(rows.slice(start, start + BATCH))
      .execute();
}

/** What a subscriber is yet to be told, oldest first. */
export async function listEvents(db: Db, aeTitle: string): Promise<{ seq: number; payload: string }[]> {
  return db.selectFrom('workitem_event').select(['seq', 'payload']).where('ae_title', '=', aeTitle).orderBy('seq').limit(BATCH).execute();
}

export async function deleteEvents(db: Db, seqs: readonly number[]): Promise<void> {
  if (seqs.length > 0) await db.deleteFrom('workitem_event').where('seq', 'in', seqs).execute();
}

/** What nobody fetched. */
export async function deleteEventsBefore(tx: Tx, before: string): Promise<void> {
  await tx.deleteFrom('workitem_event').where('created_at', '<', before).execute();
}
