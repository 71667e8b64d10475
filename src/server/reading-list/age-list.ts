import type { ReadingTargets } from '../../contract/reading-list.ts';
import { appendEvent } from '../events/append-event.ts';
import type { Db } from '../platform/ports.ts';
import { endReading } from './hold-study.ts';
import { overduePlaces, RISING_LEVELS } from './priority.ts';
import { listExpiredLocks, listPlaces, putTargets } from './repository.ts';
import { readTargets } from './targets.ts';
import { placeStudy } from './track-study.ts';

type AgeDeps = { db: Db; now: () => Date };

/** Studies of one statement. */
const BATCH = 200;

/**
 * What time alone changes: readings that nobody renews end, and what has waited longer than its target goes up. Safe to repeat.
 */
export async function ageList({ db, now }: AgeDeps): Promise<void> {
  const at = now();
  await inBatches(
    () => listExpiredLocks(db, at.toISOString(), BATCH),
    (uid) => db.transaction().execute((tx) => endReading(tx, uid, at)),
  );
  const targets = await readTargets(db);
  for (const level of RISING_LEVELS) {
    await inBatches(
      () => listPlaces(db, overduePlaces(level, targets, at), BATCH),
      (uid) =>
        db.transaction().execute(async (tx) => {
          const moved = await placeStudy(tx, uid, at);
          if (moved) await appendEvent(tx, { type: 'reading_priority_changed', study_instance_uid: uid, at: at.toISOString() });
          return moved;
        }),
    );
  }
}

/** Sets the tenant's turnaround targets. What shorter ones lift goes up with the next aging; longer ones hold for what comes. */
export async function setTargets({ db }: Pick<AgeDeps, 'db'>, targets: ReadingTargets): Promise<ReadingTargets> {
  await db.transaction().execute((tx) => putTargets(tx, JSON.stringify(targets)));
  return targets;
}

/** Until there are no more, or none of a batch could be moved. */
async function inBatches(list: () => Promise<string[]>, move: (uid: string) => Promise<boolean>): Promise<void> {
  for (;;) {
    let moved = 0;
    const uids = await list();
    for (const uid of uids) if (await move(uid)) moved += 1;
    if (moved === 0 || uids.length < BATCH) return;
  }
}
