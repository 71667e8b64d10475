import type { Webhook, WebhookDelivery } from '../../contract/webhooks.ts';
import { findNewestSeq } from '../events/queries.ts';
import type { Egress } from '../platform/egress.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import type { Scope } from '../platform/scope.ts';
import { sealText } from '../platform/sealed-text.ts';
import {
  countDeliveries,
  type DeliveryRow,
  type DeliveryStatus,
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listDeliveries,
  listWebhookRows,
  type WebhookRow,
} from './repository.ts';
import { newWebhookSecret } from './signature.ts';

type Deps = Pick<Scope, 'db' | 'keys'> & { egress: Pick<Egress, 'check'>; now: () => Date };

/** Gets what happens from now on. @throws {AppError} `address-refused` for a host that this server may not call */
export async function registerWebhook(
  { db, keys, egress, now }: Deps,
  { url, event_types }: Pick<Webhook, 'url' | 'event_types'>,
): Promise<Webhook & { secret: string }> {
  egress.check(url);
  const id = newId(now());
  const secret = newWebhookSecret();
  const row: WebhookRow = {
    id,
    url,
    event_types: JSON.stringify(event_types),
    secret: sealText(keys, { table: 'webhook', column: 'secret', row: id }, secret),
    cursor: await findNewestSeq(db),
    created_at: now().toISOString(),
  };
  await insertWebhook(db, row);
  return { ...webhookOf(row), secret };
}

export async function readWebhooks(db: Db): Promise<Webhook[]> {
  const counts = await countDeliveries(db);
  const countOf = (id: string, state: DeliveryStatus): number =>
    counts.find(({ webhook_id, status }) => webhook_id === id && status === state)?.count ?? 0;
  return (await listWebhookRows(db)).map((row) => ({
    ...webhookOf(row),
    waiting: countOf(row.id, 'waiting'),
    dead: countOf(row.id, 'dead'),
  }));
}

/** @throws {AppError} `webhook-not-found` */
export async function forgetWebhook(db: Db, id: string): Promise<void> {
  if (!(await deleteWebhook(db, id))) throw new AppError('webhook-not-found', `No webhook ${id}`);
}

/** @throws {AppError} `webhook-not-found` */
export async function readDeliveries(
  db: Db,
  webhookId: string,
  options: { status: DeliveryStatus | undefined; limit: number },
): Promise<WebhookDelivery[]> {
  if (!(await findWebhook(db, webhookId))) throw new AppError('webhook-not-found', `No webhook ${webhookId}`);
  return (await listDeliveries(db, webhookId, options)).map(({ webhook_id: _webhook, ...delivery }: DeliveryRow) => delivery);
}

function webhookOf({ id, url, event_types, created_at }: WebhookRow): Webhook {
  return { id, url, event_types: parseColumn<string[]>(event_types), created_at, waiting: 0, dead: 0 };
}
