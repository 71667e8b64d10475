import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type OrderRow = Selectable<Tables['worklist_order']>;

/** Whether it was inserted; false if the study has a step of this id. */
export async function insertOrder(tx: Tx, row: OrderRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('worklist_order')
    .values(row)
    .onConflict((conflict) => conflict.columns(['study_instance_uid', 'step_id']).doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

export async function findOrder(db: Db | Tx, id: string): Promise<OrderRow | undefined> {
  return db.selectFrom('worklist_order').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function updateOrder(tx: Tx, id: string, change: Updateable<Tables['worklist_order']>): Promise<void> {
  await tx.updateTable('worklist_order').set(change).where('id', '=', id).execute();
}

export async function deleteOrder(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('worklist_order').where('id', '=', id).execute();
}

/** The step that a modality names. */
export async function findScheduled(
  db: Db | Tx,
  { studyInstanceUid, stepId }: { studyInstanceUid: string; stepId: string },
): Promise<OrderRow | undefined> {
  return db
    .selectFrom('worklist_order')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .where('step_id', '=', stepId)
    .executeTakeFirst();
}

/** `days` are inclusive; `after` is the last that was read. */
export type OrderSearch = {
  statuses?: readonly OrderRow['status'][];
  from?: string;
  until?: string;
  modality?: string;
  patientId?: string;
  after?: OrderRow | undefined;
  limit: number;
};

/** The earliest first. */
export async function listOrders(db: Db, search: OrderSearch): Promise<OrderRow[]> {
  const { statuses, from, until, modality, patientId, after, limit } = search;
  let query = db.selectFrom('worklist_order').selectAll();
  if (statuses) query = query.where('status', 'in', [...statuses]);
  if (from) query = query.where('start_date', '>=', from);
  if (until) query = query.where('start_date', '<=', until);
  if (modality) query = query.where('modality', '=', modality);
  if (patientId) query = query.where('patient_id', '=', patientId);
  if (after)
    query = query.where((where) =>
      where.or([
        where('start_date', '>', after.start_date),
        where.and([where('start_date', '=', after.start_date), where('id', '>', after.id)]),
      ]),
    );
  return query.orderBy('start_date').orderBy('id').limit(limit).execute();
}
