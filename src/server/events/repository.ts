import { ANALYSIS_EVENTS } from '../../contract/events.ts';
import type { Db, SystemDb, SystemTx } from '../platform/ports.ts';
import type { EventRow } from './queries.ts';

/** Of which tenant. */
export type TenantEventRow = EventRow & { tenant_id: string };

/** The one row of the horizon. */
const HORIZON = 'events';

export type EventPage = {
  /** Exclusive. */
  since: number;
  /** Inclusive. */
  upTo?: number;
  /** Everything unless told. */
  rooms?: ReadonlySet<string>;
  limit: number;
};

/** Events of a tenant in the order of their commits. Whoever has read up to a number has missed nothing below it (docs/adr/0014). */
export async function listEventsAfter(db: Db, { since, upTo, rooms, limit }: EventPage): Promise<EventRow[]> {
  let query = db.selectFrom('event').selectAll().where('seq', '>', since).orderBy('seq').limit(limit);
  if (upTo !== undefined) query = query.where('seq', '<=', upTo);
  if (rooms && !rooms.has('all')) {
    const topics = [...rooms].filter((room) => room !== 'analysis');
    query = query.where((eb) =>
      eb.or([
        ...(topics.length > 0 ? [eb('topic', 'in', topics)] : []),
        ...(rooms.has('analysis') ? [eb('type', 'in', ANALYSIS_EVENTS)] : []),
      ]),
    );
  }
  return query.execute();
}

/** Which of the events the view shows. */
export async function listVisible(db: Db, seqs: readonly number[]): Promise<Set<number>> {
  const rows = await db.selectFrom('event').select('seq').where('seq', 'in', seqs).execute();
  return new Set(rows.map(({ seq }) => seq));
}

/** Events of all tenants. */
export async function listAllEventsAfter(db: SystemDb, since: number, limit: number): Promise<TenantEventRow[]> {
  return db.selectFrom('event').selectAll().where('seq', '>', since).orderBy('seq').limit(limit).execute();
}

/** How many events of all tenants there are after a number, up to another. */
export async function countEvents(db: SystemDb, { after, upTo }: { after: number; upTo: number }): Promise<number> {
  const { count } = await db
    .selectFrom('event')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The number of the newest event; where all have been removed, of the last that was; 0 before the first. */
export async function findLastSeq(db: SystemDb): Promise<number> {
  const row = await db
    .selectFrom('event')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  return Math.max(row?.seq ?? 0, await findHorizon(db));
}

/** Up to which number events were removed because of their age; 0 if none were. */
export async function findHorizon(db: SystemDb): Promise<number> {
  const row = await db.selectFrom('event_horizon').select('seq').where('id', '=', HORIZON).executeTakeFirst();
  return row?.seq ?? 0;
}

/** The oldest event that is not older than the instant. */
export async function findFirstSince(db: SystemDb, at: string): Promise<number | undefined> {
  const row = await db.selectFrom('event').select('seq').where('created_at', '>=', at).orderBy('seq').limit(1).executeTakeFirst();
  return row?.seq;
}

/** The number of the event that stands so many after the oldest, or of the newest below `below` if there are fewer. */
export async function findNthSeq(db: SystemDb, nth: number, below: number): Promise<number | undefined> {
  const rows = await db.selectFrom('event').select('seq').where('seq', '<', below).orderBy('seq').limit(nth).execute();
  return rows.at(-1)?.seq;
}

/** Removes events up to a number, and keeps that they are gone. */
export async function deleteEventsTo(tx: SystemTx, seq: number): Promise<void> {
  await tx
    .insertInto('event_horizon')
    .values({ id: HORIZON, seq })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seq }))
    .execute();
  await tx.deleteFrom('event').where('seq', '<=', seq).execute();
}
