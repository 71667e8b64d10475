import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type PerformedRow = Selectable<Tables['performed_step']>;

/** Whether it was inserted; false if there is one of this UID. */
export async function insertPerformed(tx: Tx, row: PerformedRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('performed_step')
    .values(row)
    .onConflict((conflict) => conflict.column('sop_instance_uid').doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

export async function findPerformed(db: Db | Tx, sopInstanceUid: string): Promise<PerformedRow | undefined> {
  return db.selectFrom('performed_step').selectAll().where('sop_instance_uid', '=', sopInstanceUid).executeTakeFirst();
}

export async function updatePerformed(tx: Tx, sopInstanceUid: string, change: Updateable<Tables['performed_step']>): Promise<void> {
  await tx.updateTable('performed_step').set(change).where('sop_instance_uid', '=', sopInstanceUid).execute();
}

export type PerformedSearch = { study?: string; order?: string; before?: PerformedRow | undefined; limit: number };

/** The latest first. */
export async function listPerformed(db: Db, { study, order, before, limit }: PerformedSearch): Promise<PerformedRow[]> {
  let query = db.selectFrom('performed_step').selectAll();
  if (study) query = query.where('study_instance_uid', '=', study);
  if (order) query = query.where('order_id', '=', order);
  if (before)
    query = query.where((where) =>
      where.or([
        where('created_at', '<', before.created_at),
        where.and([where('created_at', '=', before.created_at), where('sop_instance_uid', '<', before.sop_instance_uid)]),
      ]),
    );
  return query.orderBy('created_at', 'desc').orderBy('sop_instance_uid', 'desc').limit(limit).execute();
}
