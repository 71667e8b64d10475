import type { Selectable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type WebhookRow = Selectable<Tables['webhook']>;
export type DeliveryRow = Selectable<Tables['webhook_delivery']>;
export type DeliveryStatus = DeliveryRow['status'];

export async function insertWebhook(db: Db, row: WebhookRow): Promise<void> {
  await db.insertInto('webhook').values(row).execute();
}

export async function listWebhookRows(db: Db): Promise<WebhookRow[]> {
  return db.selectFrom('webhook').selectAll().orderBy('id').execute();
}

export async function findWebhook(db: Db, id: string): Promise<WebhookRow | undefined> {
  return db.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Whether there was one. */
export async function deleteWebhook(db: Db, id: string): Promise<boolean> {
  return (await db.deleteFrom('webhook').where('id', '=', id).executeTakeFirst()).numDeletedRows > 0n;
}

/** Deliveries of each webhook, by their state. */
export async function countDeliveries(db: Db): Promise<{ webhook_id: string; status: DeliveryStatus; count: number }[]> {
  return db
    .selectFrom('webhook_delivery')
    .select(['webhook_id', 'status'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('status', 'in', ['waiting', 'dead'])
    .groupBy(['webhook_id', 'status'])
    .execute();
}

/** Whether it was there to be moved: of two that move it at once, one only. */
export async function moveCursor(tx: Tx, id: string, { from, to }: { from: number; to: number }): Promise<boolean> {
  const moved = await tx.updateTable('webhook').set({ cursor: to }).where('id', '=', id).where('cursor', '=', from).executeTakeFirst();
  return moved.numUpdatedRows > 0n;
}

export async function insertDelivery(tx: Tx, row: DeliveryRow): Promise<void> {
  await tx.insertInto('webhook_delivery').values(row).execute();
}

export async function findDelivery(db: Db, id: string): Promise<DeliveryRow | undefined> {
  return db.selectFrom('webhook_delivery').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function updateDelivery(
  db: Db,
  id: string,
  change: Partial<Pick<DeliveryRow, 'status' | 'attempts' | 'last_error' | 'finished_at'>>,
): Promise<void> {
  await db.updateTable('webhook_delivery').set(change).where('id', '=', id).execute();
}

/** Latest first. */
export async function listDeliveries(
  db: Db,
  webhookId: string,
  { status, limit }: { status: DeliveryStatus | undefined; limit: number },
): Promise<DeliveryRow[]> {
  let query = db.selectFrom('webhook_delivery').selectAll().where('webhook_id', '=', webhookId);
  if (status) query = query.where('status', '=', status);
  return query.orderBy('seq', 'desc').limit(limit).execute();
}

/** Removes those that ended before an instant. */
export async function deleteDeliveriesBefore(db: Db, at: string): Promise<void> {
  await db.deleteFrom('webhook_delivery').where('finished_at', '<', at).execute();
}

/** Tenants that have webhooks. */
export async function listTenantsWithWebhooks(db: SystemDb): Promise<string[]> {
  const rows = await db.selectFrom('webhook').select('tenant_id').distinct().execute();
  return rows.map(({ tenant_id }) => tenant_id);
}
