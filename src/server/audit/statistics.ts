import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AuditStatistics } from '../../contract/audit.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { countActors, countActs } from './search-repository.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MAX_DAYS = 92;

/**
 * What was done on each day (UTC) of a span, and who did most. Counted a day at a time, so that nobody waits for it.
 *
 * @throws {AppError} `invalid-request` for a span that ends before it begins, or is too long
 */
export async function auditStatistics(db: Db, span: { from?: string; to?: string }, now: Date): Promise<AuditStatistics> {
  const to = new Date(span.to ?? now);
  const from = new Date(span.from ?? to.getTime() - DEFAULT_DAYS * DAY_MS);
  if (!(from < to)) throw new AppError('invalid-request', 'The span ends before it begins');
  if (to.getTime() - from.getTime() > MAX_DAYS * DAY_MS) throw new AppError('invalid-request', `At most ${MAX_DAYS} days at a time`);
  const days: AuditStatistics['days'] = [];
  const actors = new Map<string, AuditStatistics['actors'][number]>();
  for (let start = from; start < to; ) {
    const end = new Date(Math.min(Math.floor(start.getTime() / DAY_MS + 1) * DAY_MS, to.getTime()));
    const part = { from: start.toISOString(), to: end.toISOString() };
    for (const count of await countActs(db, part)) days.push({ day: part.from.slice(0, 10), ...count });
    for (const actor of await countActors(db, part)) {
      const key = JSON.stringify([actor.actor_kind, actor.actor_id]);
      actors.set(key, { ...actor, count: actor.count + (actors.get(key)?.count ?? 0) });
    }
    start = end;
    await nextTurn();
  }
  const entries = days.reduce((sum, { count }) => sum + count, 0);
  const most = [...actors.values()].sort((a, b) => b.count - a.count || String(a.actor_id).localeCompare(String(b.actor_id)));
  return { from: from.toISOString(), to: to.toISOString(), entries, days, actors: most.slice(0, MAX_ACTORS) };
}

/** Of each day the most active are counted; of the whole span the most active of those are told. */
const MAX_ACTORS = 50;
