import type { Db, Tx } from '../platform/ports.ts';

/** Most writes that one transaction takes, so that a burst does not hold the lock for long. */
const MAX_GROUP = 64;

type Write<T> = { run: (tx: Tx, done: Set<string>) => Promise<T>; resolve: (value: T) => void; reject: (reason: unknown) => void };

/**
 * Commits a write together with its neighbors; resolves when it is durable. `done` is shared by the writes of one transaction: they
 * note in it what need not be done twice.
 */
export type CommitGroup = <T>(run: (tx: Tx, done: Set<string>) => Promise<T>) => Promise<T>;

/**
 * Group commit: what queued during the last commit shares the next transaction, and so one fsync. If a shared transaction fails, each
 * write is repeated alone, so that one bad write cannot fail its neighbors: `run` must be repeatable.
 */
export function openCommitGroup(db: Db): CommitGroup {
  const queue: Write<unknown>[] = [];
  let busy = false;

  const drain = async (): Promise<void> => {
    busy = true;
    // One turn of the event loop lets writes that are ready at the same time join.
    await new Promise(setImmediate);
    while (queue.length > 0) await commit(db, queue.splice(0, MAX_GROUP));
    busy = false;
  };

  return (run) =>
    new Promise((resolve, reject) => {
      // The queue forgets the type of each result; `resolve` and `run` of one entry always belong together.
      queue.push({ run, resolve: resolve as (value: unknown) => void, reject });
      if (!busy) void drain();
    });
}

async function commit(db: Db, group: Write<unknown>[]): Promise<void> {
  try {
    const results = await db.transaction().execute(async (tx) => {
      const values: unknown[] = [];
      const done = new Set<string>();
      for (const { run } of group) values.push(await run(tx, done));
      return values;
    });
    for (const [index, { resolve }] of group.entries()) resolve(results[index]);
  } catch (error) {
    const [only] = group;
    if (group.length === 1 && only) only.reject(error);
    else for (const write of group) await commit(db, [write]);
  }
}
