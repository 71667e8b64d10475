import type { ReadingTargets } from '../../contract/reading-list.ts';
import { appendEvent } from '../events/append-event.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { endReading } from './hold-study.ts';
import { overduePlaces, placesOf, RISING_LEVELS } from './priority.ts';
import { listExpiredLocks, listPlaces, putTargets, updateTargetModalities } from './repository.ts';
import { OF_ALL, ownModalities, readTargets, targetsOf } from './targets.ts';
import { placeStudy } from './track-study.ts';

type AgeDeps = { db: Db; now: () => Date };

/** Studies of one transaction. */
const BATCH = 100;
/** Of each kind, of one run: what is more (an archive that was taken over) goes up over the next minutes, the oldest first. */
const MOST_BATCHES = 10;

/** What time alone changes: readings that nobody renews end, and what has waited longer than its target goes up. Safe to repeat. */
export async function ageList({ db, now }: AgeDeps, signal: AbortSignal): Promise<void> {
  const at = now();
  await inBatches(db, signal, { list: () => listExpiredLocks(db, at.toISOString(), BATCH), change: (tx, uid) => endReading(tx, uid, at) });
  const targets = await readTargets(db);
  const risen = [OF_ALL, ...ownModalities(targets)].flatMap((modality) => RISING_LEVELS.map((level) => ({ modality, level })));
  for (const { modality, level } of risen) {
    const places = { ...overduePlaces(level, targetsOf(targets, modality), at), modality };
    await inBatches(db, signal, { list: () => listPlaces(db, places, BATCH), change: (tx, uid) => raise(tx, uid, at) });
  }
}

async function raise(tx: Tx, uid: string, at: Date): Promise<boolean> {
  const moved = await placeStudy(tx, uid, at);
  if (moved) await appendEvent(tx, { type: 'reading_priority_changed', study_instance_uid: uid, at: at.toISOString() });
  return moved;
}

/** Sets the tenant's turnaround targets. What shorter ones lift goes up with the next aging; longer ones hold for what comes. */
export async function setTargets({ db }: Pick<AgeDeps, 'db'>, targets: ReadingTargets): Promise<ReadingTargets> {
  await db.transaction().execute(async (tx) => {
    await putTargets(tx, JSON.stringify(targets));
    await updateTargetModalities(tx, placesOf('open').before, ownModalities(targets));
  });
  return targets;
}

type Work = { list: () => Promise<string[]>; change: (tx: Tx, uid: string) => Promise<boolean> };

/** Until there are no more, or none of a batch could be changed. */
async function inBatches(db: Db, signal: AbortSignal, { list, change }: Work): Promise<void> {
  for (let batch = 0; batch < MOST_BATCHES && !signal.aborted; batch++) {
    const uids = await list();
    const changed = await db.transaction().execute(async (tx) => {
      let count = 0;
      for (const uid of uids) if (await change(tx, uid)) count += 1;
      return count;
    });
    if (changed === 0 || uids.length < BATCH) return;
  }
}
