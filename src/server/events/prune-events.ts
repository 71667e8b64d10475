import type { SystemDb } from '../platform/ports.ts';
import { deleteEventsTo, findFirstSince, findLastSeq, findNthSeq } from './repository.ts';

const DAY_MS = 86_400_000;
/** Removed in one transaction: short enough that nobody waits for it. */
const BATCH = 5_000;

/**
 * Removes the events past their time, oldest first: up to the first that is young enough, so that what is kept has no hole. Who has not read
 * them by then is told so. Can be broken off and called again.
 */
export async function pruneEvents({
  systemDb,
  now,
  retentionDays,
}: {
  systemDb: SystemDb;
  now: () => Date;
  retentionDays: number;
}): Promise<void> {
  const last = await findLastSeq(systemDb);
  const from = new Date(now().getTime() - retentionDays * DAY_MS).toISOString();
  // What is appended meanwhile is past `last`.
  const kept = (await findFirstSince(systemDb, from)) ?? last + 1;
  for (;;) {
    const seq = await findNthSeq(systemDb, BATCH, kept);
    if (seq === undefined) return;
    await systemDb.transaction().execute((tx) => deleteEventsTo(tx, seq));
  }
}
