import type { Db } from '../platform/ports.ts';
import { deleteEventsBefore, deleteFinished } from './workitem-repository.ts';

/** How long finished workitems can be looked up, unless a deletion lock keeps them longer. */
const KEEP_FINISHED_MS = 7 * 86_400_000;
/** How long reports wait for a subscriber who does not fetch them. */
const KEEP_EVENTS_MS = 86_400_000;

/** Deletes workitems that have been finished for a week and that nobody has locked, and reports that nobody fetched in a day. */
export async function pruneWorkitems({ db, now }: { db: Db; now: () => Date }): Promise<void> {
  const before = (ms: number): string => new Date(now().getTime() - ms).toISOString();
  await db.transaction().execute((tx) => deleteEventsBefore(tx, before(KEEP_EVENTS_MS)));
  for (;;) if ((await db.transaction().execute((tx) => deleteFinished(tx, before(KEEP_FINISHED_MS)))) === 0) return;
}
