import type { Db, Tx } from '../platform/ports.ts';

/** How often something may be tried. */
export type TryLimit = {
  /** Tries before the first wait. */
  free: number;
  /** Milliseconds after which earlier tries are forgotten. */
  windowMs: number;
};

/**
 * Counts one more try under a key, unless it is locked. Returns how many tries there have been, this one included, or until when it is
 * locked. Two calls at once never count as one: the row is locked until the transaction ends.
 */
export async function countTry(
  tx: Tx,
  { key, now, windowMs }: { key: string; now: Date; windowMs: number },
): Promise<{ failures: number } | { lockedUntil: string }> {
  const at = now.toISOString();
  const forgetBefore = new Date(now.getTime() - windowMs).toISOString();
  const counted = await tx
    .insertInto('login_failure')
    .values({ key, failures: 1, last_at: at, locked_until: null })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet(({ eb, ref }) => ({
          failures: eb
            .case()
            .when(ref('login_failure.last_at'), '<', forgetBefore)
            .then(1)
            .else(eb(ref('login_failure.failures'), '+', 1))
            .end(),
          last_at: at,
          locked_until: null,
        }))
        .where((where) => where.or([where('login_failure.locked_until', 'is', null), where('login_failure.locked_until', '<=', at)])),
    )
    .returning('failures')
    .executeTakeFirst();
  if (counted) return { failures: Number(counted.failures) };
  return { lockedUntil: (await findLock(tx, key, at)) ?? at };
}

export async function lockUntil(tx: Tx, key: string, lockedUntil: string): Promise<void> {
  await tx.updateTable('login_failure').set({ locked_until: lockedUntil }).where('key', '=', key).execute();
}

/** Takes one try back, and the wait that it led to. */
export async function takeBackTry(tx: Tx, key: string): Promise<void> {
  await tx
    .updateTable('login_failure')
    .set(({ eb, ref }) => ({ failures: eb(ref('failures'), '-', 1), locked_until: null }))
    .where('key', '=', key)
    .where('failures', '>', 0)
    .execute();
}

export async function forgetTries(tx: Db | Tx, key: string): Promise<void> {
  await tx.deleteFrom('login_failure').where('key', '=', key).execute();
}

export async function forgetOldTries(tx: Tx, before: string): Promise<void> {
  await tx.deleteFrom('login_failure').where('last_at', '<', before).execute();
}

/** Until when the key is locked, if it is. */
export async function findLock(db: Db | Tx, key: string, now: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('login_failure')
    .select('locked_until')
    .where('key', '=', key)
    .where('locked_until', '>', now)
    .executeTakeFirst();
  return row?.locked_until ?? undefined;
}

/** Which of the keys are locked, and until when. */
export async function listLocks(db: Db, keys: readonly string[], now: string): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('login_failure')
    .select(['key', 'locked_until'])
    .where('key', 'in', keys)
    .where('locked_until', '>', now)
    .execute();
  return new Map(rows.flatMap(({ key, locked_until }) => (locked_until === null ? [] : [[key, locked_until] as const])));
}
