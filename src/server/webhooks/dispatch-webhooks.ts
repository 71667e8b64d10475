import { listTypesAfter } from '../events/queries.ts';
import { openTurns } from '../events/turns.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { EventSignal, SystemDb } from '../platform/ports.ts';
import type { OpenScope, Scope } from '../platform/scope.ts';
import { insertDelivery, listTenantsWithWebhooks, listWebhookRows, moveCursor, type WebhookRow } from './repository.ts';

/** Events that are looked at in one transaction. */
const BATCH = 200;
/** Over about three hours, with the pauses of jobs. */
export const MAX_ATTEMPTS = 10;
/** Many events at once are looked at together. */
const PAUSE_MS = 250;
/** Without a wake-up, in case one was lost. */
const POLL_MS = 30_000;

export type DispatchDeps = { systemDb: SystemDb; scope: OpenScope; now: () => Date };

/** Dispatches whatever is committed, until it is closed; in any number of processes. */
export function followEvents(
  deps: DispatchDeps & { eventSignal: EventSignal },
  onError: (error: unknown) => void,
): { close(): Promise<void> } {
  const turns = openTurns(() => dispatchWebhooks(deps), { onError, pauseMs: PAUSE_MS });
  const signal = deps.eventSignal.listen(turns.wake);
  const poll = setInterval(turns.wake, POLL_MS).unref();
  turns.wake();
  return {
    close: async () => {
      clearInterval(poll);
      await signal.close();
      await turns.close();
    },
  };
}

/** Makes a delivery, and its job, of every event that a webhook has not been given yet: each once, whoever calls it at the same time. */
export async function dispatchWebhooks({ systemDb, scope, now }: DispatchDeps): Promise<void> {
  for (const tenantId of await listTenantsWithWebhooks(systemDb)) {
    const own = await scope(tenantId);
    for (const webhook of await listWebhookRows(own.db)) await dispatch(own, webhook, now);
  }
}

async function dispatch({ db, jobs }: Pick<Scope, 'db' | 'jobs'>, webhook: WebhookRow, now: () => Date): Promise<void> {
  const types = parseColumn<string[]>(webhook.event_types);
  for (let from = webhook.cursor; ; ) {
    const events = await listTypesAfter(db, from, BATCH);
    const to = events.at(-1)?.seq;
    if (to === undefined) return;
    const wanted = events.filter(({ type }) => types.includes('*') || types.includes(type));
    const isOurs = await db.transaction().execute(async (tx) => {
      if (!(await moveCursor(tx, webhook.id, { from, to }))) return false;
      for (const { seq, type } of wanted) {
        const at = now();
        const id = newId(at);
        const made = { id, webhook_id: webhook.id, seq, type, created_at: at.toISOString() };
        await insertDelivery(tx, { ...made, status: 'waiting', attempts: 0, last_error: null, finished_at: null });
        await jobs.enqueue(tx, 'deliver-webhook', { delivery_id: id }, { maxAttempts: MAX_ATTEMPTS });
      }
      return true;
    });
    if (!isOurs) return;
    from = to;
  }
}
