import type { Selectable } from 'kysely';
import type { Db } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

/** An event as it was written; `payload` is JSON. */
export type EventRow = Selectable<Tables['event']>;

/** Undefined where it was removed. */
export async function findEvent(db: Db, seq: number): Promise<EventRow | undefined> {
  return db.selectFrom('event').selectAll().where('seq', '=', seq).executeTakeFirst();
}

/** What happened after a number, in the order of the commits. */
export async function listTypesAfter(db: Db, since: number, limit: number): Promise<Pick<EventRow, 'seq' | 'type'>[]> {
  return db.selectFrom('event').select(['seq', 'type']).where('seq', '>', since).orderBy('seq').limit(limit).execute();
}

/** The number of the tenant's newest event; 0 before the first. */
export async function findNewestSeq(db: Db): Promise<number> {
  const row = await db
    .selectFrom('event')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirst();
  return row?.seq ?? 0;
}
