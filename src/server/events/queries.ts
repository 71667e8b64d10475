import type { Selectable } from 'kysely';
import type { Db } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type EventRow = Selectable<Tables['event']>;

/** Events after a sequence number, oldest first. */
export async function listEventsAfter(db: Db, since: number, limit: number): Promise<EventRow[]> {
  const rows = await db.selectFrom('event').selectAll().where('seq', '>', since).orderBy('seq').limit(limit).execute();
  // PostgreSQL gives bigint as text.
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}
