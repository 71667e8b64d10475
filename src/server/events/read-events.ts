import { AppError } from '../platform/errors.ts';
import type { SystemDb } from '../platform/ports.ts';
import type { OpenScope } from '../platform/scope.ts';
import type { EventRow } from './queries.ts';
import { findHorizon, findLastSeq, listEventsAfter } from './repository.ts';
import { checkSight, type Sight } from './sight.ts';

export type ReadDeps = { systemDb: SystemDb; scope: OpenScope };
export type ReadOptions = { since: number; upTo?: number; rooms?: ReadonlySet<string>; limit: number };
/** `last`: how far was read, whether or not there was something to see; `done`: that there is nothing more at present. */
export type EventsRead = { items: readonly EventRow[]; last: number; done: boolean };

/** The next events that a sight shows, oldest first. */
export async function readEvents({ scope }: Pick<ReadDeps, 'scope'>, sight: Sight, options: ReadOptions): Promise<EventsRead> {
  const { db } = await scope(sight.tenantId);
  return pageOf({ scope }, sight, await listEventsAfter(db, { ...options, limit: options.limit + 1 }), options);
}

/** The same of rows that are at hand: one more than `limit`, if there are as many. */
export async function pageOf(
  { scope }: Pick<ReadDeps, 'scope'>,
  sight: Sight,
  rows: readonly EventRow[],
  { since, upTo, limit }: ReadOptions,
): Promise<EventsRead> {
  const page = rows.slice(0, limit);
  const done = rows.length <= limit;
  const items = await checkSight({ scope }, sight.tenantId, page)(sight);
  return { items, last: (done ? upTo : undefined) ?? page.at(-1)?.seq ?? since, done };
}

/**
 * Checks that everything after `since` is still there. A number that was not given out yet is from before a backup was restored: what
 * came after it is unknown. 0 is not checked: it means from the oldest.
 *
 * @param given a number that has been given out; smaller ones have been as well, and the newest need not be looked for
 * @throws {AppError} `events-gone`
 */
export async function requireKept({ systemDb }: Pick<ReadDeps, 'systemDb'>, since: number, given = 0): Promise<void> {
  if (since === 0) return;
  const horizon = await findHorizon(systemDb);
  if (since < horizon)
    throw new AppError('events-gone', `Events are kept from number ${horizon + 1}; load what you show anew, then ask since ${horizon}`);
  if (since <= given) return;
  const last = await findLastSeq(systemDb);
  if (since > last)
    throw new AppError('events-gone', `The newest event has number ${last}; load what you show anew, then ask since ${last}`);
}
