import { isIPv6 } from 'node:net';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { countTry, forgetOldTries, forgetTries, lockUntil, type TryLimit, takeBackTry } from './login-failure-repository.ts';
import { digestOf } from './secret.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What is counted: digests, because what somebody types into a name's field may be a password. */
export type Guarded = { key: string; limit: TryLimit };

/** Of one account, wherever the tries come from. */
export function accountGuard(username: string): Guarded {
  return { key: digestOf(`account:${username}`), limit: { free: 8, windowMs: DAY_MS } };
}

/** Of one address, whichever the accounts; a clinic has many people behind one. */
export function addressGuard(ip: string): Guarded {
  return { key: digestOf(`address:${networkOf(ip)}`), limit: { free: 100, windowMs: 15 * MINUTE_MS } };
}

/** Of the codes of one account: a right password does not take tries at them back. */
export function factorGuard(userId: string): Guarded {
  return { key: digestOf(`factor:${userId}`), limit: { free: 8, windowMs: DAY_MS } };
}

/** Of one shared link with a password. */
export function linkGuard(id: string): Guarded {
  return { key: digestOf(`link:${id}`), limit: { free: 8, windowMs: DAY_MS } };
}

/** Of one address that asks for accounts. */
export function registrationGuard(ip: string): Guarded {
  return { key: digestOf(`registration:${networkOf(ip)}`), limit: { free: 10, windowMs: 60 * MINUTE_MS } };
}

/** The first wait; each further try doubles it, up to a quarter of an hour. */
const FIRST_WAIT_MS = MINUTE_MS;
const LONGEST_WAIT_MS = 15 * MINUTE_MS;

/**
 * Counts a try under all guards before it is made, so that many at once are not more than one after the other; a try that was right is
 * taken back with `forgive`. Kept in the database: a restart forgets nothing, and all processes count together.
 *
 * @throws {AppError} `too-many-requests` while one of them waits
 */
export async function takeTry(db: Db, guards: readonly Guarded[], now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const { key, limit } of guards) {
      const counted = await countTry(tx, { key, now, windowMs: limit.windowMs });
      // Rolls back what was counted under the other guards: who waits anyway locks nobody else out.
      if ('lockedUntil' in counted) throw tooManyTries(counted.lockedUntil, now);
      const beyond = counted.failures - limit.free;
      if (beyond >= 0) await lockUntil(tx, key, new Date(now.getTime() + waitMs(beyond)).toISOString());
    }
  });
}

/** Takes back a try that was right: the first guard (what was opened) starts anew, the others lose this try only. */
export async function forgive(tx: Tx, [opened, ...others]: readonly Guarded[], now: Date): Promise<void> {
  if (opened) await forgetTries(tx, opened.key);
  for (const { key } of others) await takeBackTry(tx, key);
  await forgetOldTries(tx, new Date(now.getTime() - DAY_MS).toISOString());
}

function tooManyTries(lockedUntil: string, now: Date): AppError {
  const seconds = Math.max(1, Math.ceil((Date.parse(lockedUntil) - now.getTime()) / 1000));
  return new AppError('too-many-requests', `Too many tries; try again in ${seconds} seconds`);
}

function waitMs(beyond: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(beyond, 10));
}

/** An IPv6 address counts with its /64, which one machine has to itself. */
function networkOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]?.split('::') ?? [];
  const [left, right] = [head.split(':').filter(Boolean), (tail ?? '').split(':').filter(Boolean)];
  const groups = tail === undefined ? left : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
