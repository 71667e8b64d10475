import { createHash, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { verifyPassword } from './password.ts';
import {
  deleteExpiredSessions,
  deleteSession,
  findSessionUser,
  findUserById,
  findUserByName,
  insertSession,
  type UserRow,
} from './repository.ts';

export const SESSION_COOKIE = 'isocenter_session';
const SESSION_MS = 12 * 60 * 60 * 1000;
/** Wrong passwords for one name before further tries are refused, and for how long. */
const MAX_FAILURES = 8;
const FAILURE_WINDOW_MS = 5 * 60 * 1000;
/** Names remembered at most: a flood of invented names must not grow memory. */
const MAX_TRACKED_NAMES = 10_000;

type IdentityDeps = { db: Db; now: () => Date };
export type OpenedSession = { token: string; expires_at: string; user: UserRow };

/** @throws {AppError} `wrong-credentials`, `too-many-requests` */
export async function openSession({ db, now }: IdentityDeps, username: string, password: string): Promise<OpenedSession> {
  refuseGuessing(username, now());
  const user = await findUserByName(db, username);
  if (!(await verifyPassword(user?.password_hash, password)) || !user || user.is_active !== 1) {
    countFailure(username, now());
    throw new AppError('wrong-credentials', 'Check both and try again');
  }
  failures.delete(username);
  const token = randomBytes(32).toString('base64url');
  const created_at = now().toISOString();
  const expires_at = new Date(now().getTime() + SESSION_MS).toISOString();
  await db.transaction().execute(async (tx) => {
    await deleteExpiredSessions(tx, created_at);
    await insertSession(tx, { token_hash: hashOf(token), user_id: user.id, created_at, expires_at });
  });
  return { token, expires_at, user: { ...user, last_login: created_at } };
}

export async function closeSession({ db }: IdentityDeps, request: FastifyRequest): Promise<void> {
  const token = tokenOf(request);
  if (token) await deleteSession(db, hashOf(token));
}

/** The principal behind the session cookie or a Bearer session token. */
export async function authenticateSession({ db, now }: IdentityDeps, request: FastifyRequest): Promise<Principal | undefined> {
  const token = tokenOf(request);
  if (!token) return undefined;
  const user = await findSessionUser(db, hashOf(token), now().toISOString());
  return user && { user_id: user.id, username: user.username, full_name: user.full_name, role: 'admin' };
}

/**
 * Asks for the password once more, as before a signature.
 *
 * @throws {AppError} `wrong-credentials`, `too-many-requests`
 */
export async function confirmPassword({ db, now }: IdentityDeps, principal: Principal, password: string): Promise<void> {
  refuseGuessing(principal.username, now());
  const user = await findUserById(db, principal.user_id);
  if (await verifyPassword(user?.password_hash, password)) return;
  countFailure(principal.username, now());
  throw new AppError('wrong-credentials', 'The password is wrong; nothing was signed');
}

function tokenOf(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1];
  return bearer ?? request.cookies[SESSION_COOKIE];
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

const failures = new Map<string, { count: number; since: number }>();

function refuseGuessing(username: string, now: Date): void {
  const entry = failures.get(username);
  if (!entry || entry.count < MAX_FAILURES) return;
  if (now.getTime() - entry.since < FAILURE_WINDOW_MS)
    throw new AppError('too-many-requests', 'Too many wrong passwords; try again in five minutes');
  failures.delete(username);
}

function countFailure(username: string, now: Date): void {
  const entry = failures.get(username);
  const expired = entry !== undefined && now.getTime() - entry.since >= FAILURE_WINDOW_MS;
  if (entry && !expired) entry.count += 1;
  else failures.set(username, { count: 1, since: now.getTime() });
  const [oldest] = failures.keys();
  if (failures.size > MAX_TRACKED_NAMES && oldest !== undefined) failures.delete(oldest);
}
