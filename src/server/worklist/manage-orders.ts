import type { NewOrder, Order, OrderChange, OrderContent } from '../../contract/worklist.ts';
import { appendEvent } from '../events/append-event.ts';
import { AppError } from '../platform/errors.ts';
import { newId, newUid } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { deleteOrder, findOrder, insertOrder, listOrders, type OrderRow, type OrderSearch, updateOrder } from './order-repository.ts';

type OrderDeps = { db: Db; now: () => Date };

/** @throws {AppError} `wrong-state` if the study has a step of this id */
export async function scheduleOrder({ db, now }: OrderDeps, order: NewOrder): Promise<Order> {
  const { study_instance_uid = newUid(now()), ...content } = order;
  const at = now().toISOString();
  const row: OrderRow = {
    id: newId(now()),
    study_instance_uid,
    status: 'scheduled',
    ...columnsOf(content),
    created_at: at,
    updated_at: at,
  };
  return db.transaction().execute(async (tx) => {
    if (!(await insertOrder(tx, row))) throw new AppError('wrong-state', `The study has a step ${row.step_id} already`);
    await appendEvent(tx, { type: 'order_scheduled', at, study_instance_uid, ids: { order_id: row.id } });
    return orderOf(row);
  });
}

/** @throws {AppError} `not-found`, `wrong-state` for the content of a step that has begun, or a step id that the study has already */
export async function changeOrder({ db, now }: OrderDeps, id: string, { status, ...change }: OrderChange): Promise<Order> {
  return db.transaction().execute(async (tx) => {
    const row = await getOrder(tx, id);
    if (Object.keys(change).length > 0 && row.status !== 'scheduled') throw new AppError('wrong-state', `The step is ${row.status}`);
    if (change.step_id !== undefined && change.step_id !== row.step_id)
      throw new AppError('wrong-state', 'The id of a step does not change: modalities may have read it');
    const at = now().toISOString();
    const columns = columnsOf({ ...parseColumn<OrderContent>(row.content), ...change });
    const changed = { ...row, ...columns, status: status ?? row.status, updated_at: at };
    await updateOrder(tx, id, changed);
    const { study_instance_uid } = row;
    await appendEvent(tx, { type: 'order_changed', at, study_instance_uid, ids: { order_id: id }, data: { status: changed.status } });
    return orderOf(changed);
  });
}

/** @throws {AppError} `not-found`, `wrong-state` once it has begun */
export async function removeOrder({ db, now }: OrderDeps, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { status, study_instance_uid } = await getOrder(tx, id);
    if (status !== 'scheduled' && status !== 'cancelled') throw new AppError('wrong-state', `The step is ${status}`);
    await deleteOrder(tx, id);
    await appendEvent(tx, { type: 'order_removed', at: now().toISOString(), study_instance_uid, ids: { order_id: id } });
  });
}

/** @throws {AppError} `not-found` */
export async function getOrder(db: Db | Tx, id: string): Promise<OrderRow> {
  const row = await findOrder(db, id);
  if (!row) throw new AppError('not-found', `No order ${id}`);
  return row;
}

export async function readOrders(db: Db, search: OrderSearch): Promise<Order[]> {
  return (await listOrders(db, search)).map(orderOf);
}

export function orderOf({ id, study_instance_uid, status, content, created_at, updated_at }: OrderRow): Order {
  return { id, study_instance_uid, status, ...parseColumn<OrderContent>(content), created_at, updated_at };
}

/** What is searched by stands in columns as well. */
function columnsOf(content: OrderContent) {
  const { patient_id, accession_number, step_id, modality, station_ae_title, start_date, start_time } = content;
  return { patient_id, accession_number, step_id, modality, station_ae_title, start_date, start_time, content: JSON.stringify(content) };
}
