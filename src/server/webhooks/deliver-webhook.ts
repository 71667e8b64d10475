import type { WebhookBody } from '../../contract/webhooks.ts';
import { type EventRow, findEvent } from '../events/queries.ts';
import type { Egress } from '../platform/egress.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import type { Scope } from '../platform/scope.ts';
import { openText } from '../platform/sealed-text.ts';
import { MAX_ATTEMPTS } from './dispatch-webhooks.ts';
import { deleteDeliveriesBefore, findDelivery, findWebhook, updateDelivery } from './repository.ts';
import { signatureHeaders } from './signature.ts';

const TIMEOUT_MS = 10_000;
/** Nothing is read from the answer. */
const MAX_ANSWER_BYTES = 65_536;
/** What leaves: ids of objects. Everything else of an event stays here, and who a patient is never was in it. */
const ID = /_(id|uid)$/;
const NEVER = new Set(['patient_id', 'user_id']);
const DAY_MS = 86_400_000;

export type DeliverDeps = Pick<Scope, 'db' | 'keys'> & { egress: Pick<Egress, 'fetch'>; now: () => Date; timeoutMs?: number };

/**
 * Posts one delivery. Any answer of 2xx counts as taken; a redirect is not followed. A receiver may get one twice, with the same `webhook-id`.
 *
 * @throws {Error} if it was not taken: the job tries again, and after the last attempt the delivery is dead
 */
export async function deliverWebhook(deps: DeliverDeps, deliveryId: string, attempt: number): Promise<void> {
  const { db, now } = deps;
  const delivery = await findDelivery(db, deliveryId);
  const webhook = delivery && (await findWebhook(db, delivery.webhook_id));
  if (!delivery || !webhook || delivery.status !== 'waiting') return;
  const event = await findEvent(db, delivery.seq);
  if (!event) return updateDelivery(db, deliveryId, { status: 'dropped', finished_at: now().toISOString() });
  const secret = await openText(deps.keys, { table: 'webhook', column: 'secret', row: webhook.id }, webhook.secret);
  const failure = await post(deps, webhook.url, { id: deliveryId, body: bodyOf(event), secret });
  const finished_at = now().toISOString();
  if (failure === undefined)
    return updateDelivery(db, deliveryId, { status: 'delivered', attempts: attempt, last_error: null, finished_at });
  const isLast = attempt >= MAX_ATTEMPTS;
  const ended = isLast ? ({ status: 'dead', finished_at } as const) : {};
  await updateDelivery(db, deliveryId, { attempts: attempt, last_error: failure, ...ended });
  throw new Error(failure);
}

/** Removes deliveries that ended before the time that events are kept. */
export async function pruneDeliveries({ db, now }: { db: Db; now: () => Date }, retentionDays: number): Promise<void> {
  await deleteDeliveriesBefore(db, new Date(now().getTime() - retentionDays * DAY_MS).toISOString());
}

/** Why it was not taken; undefined if it was. */
async function post(
  { egress, now, timeoutMs = TIMEOUT_MS }: DeliverDeps,
  url: string,
  { id, body, secret }: { id: string; body: string; secret: string },
): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', ...signatureHeaders(secret, { id, at: now(), body }) };
  try {
    const answer = await egress.fetch(url, { method: 'POST', headers, body, timeoutMs, maxBytes: MAX_ANSWER_BYTES });
    await answer.body?.cancel();
    if (answer.ok) return undefined;
    return answer.status >= 300 && answer.status < 400
      ? `Redirected (${answer.status}), which is not followed`
      : `Answered ${answer.status}`;
  } catch (error) {
    return error instanceof AppError ? error.message : 'The connection broke';
  }
}

function bodyOf({ seq, type, created_at, payload }: EventRow): string {
  const ids = Object.entries(parseColumn<Record<string, unknown>>(payload)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && ID.test(entry[0]) && !NEVER.has(entry[0]),
  );
  const body: WebhookBody = { type, timestamp: created_at, data: { seq, ...Object.fromEntries(ids) } };
  return JSON.stringify(body);
}
