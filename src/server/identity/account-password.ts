import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import type { Scope } from '../platform/scope.ts';
import { endSessionsWithin } from './access-changes.ts';
import type { Identity } from './identity.ts';
import { accountGuard, forgive, takeTry } from './lockout.ts';
import { findLink } from './one-time-links.ts';
import { type Passwords, passwords, requireStrength } from './password.ts';
import { findUserById, findUserByName, getUser, type UserRow, updateUser } from './repository.ts';
import { deleteLinksOf, spendOneTimeLink } from './request-repository.ts';

/** An account, and the tenant that it belongs to. */
export type TenantUser = { tenantId: string; user: UserRow };

/**
 * Asks for the password once more, as before a signature. A key or a link has none.
 *
 * @throws {AppError} `wrong-credentials`, `too-many-requests`, `forbidden` for who is no person
 */
export async function confirmPassword(
  deps: { db: Db; now: () => Date; passwords?: Passwords },
  principal: Principal,
  password: string,
): Promise<void> {
  if (principal.kind !== 'user') throw new AppError('forbidden', 'This needs a person, who confirms it with a password');
  const { db, now } = deps;
  const guards = [accountGuard(principal.username)];
  await takeTry(db, guards, now());
  const user = await findUserById(db, principal.user_id);
  if (!(await (deps.passwords ?? passwords).matches(user?.password_hash, password)))
    throw new AppError('wrong-credentials', 'The password is wrong; nothing was signed or changed');
  await db.transaction().execute((tx) => forgive(tx, guards, now()));
}

/**
 * Changes the own password: the present one is asked for, and all other sessions end.
 *
 * @throws {AppError} `wrong-credentials`, `too-many-requests`, `invalid-request` for one that is guessed first or is the present one
 */
export async function changePassword(
  identity: Pick<Identity, 'now' | 'passwords'>,
  { db }: Pick<Scope, 'db'>,
  { principal, current, next }: { principal: Principal; current: string; next: string },
): Promise<void> {
  await confirmPassword({ ...identity, db }, principal, current);
  const user = await getUser(db, principal.user_id);
  if (next === current) throw sameAsBefore();
  await requireStrength(next, ownWords(user), 'new_password');
  await setPassword(identity, db, { userId: user.id, password: next, keepSession: principal.session_id });
}

/**
 * Sets a new password with a one-time link, ends every session of the account and every other link.
 *
 * @throws {AppError} `forbidden` for a link that does not work, `invalid-request` for a password that is guessed first
 */
export async function resetPassword(identity: Identity, { token, password }: { token: string; password: string }): Promise<TenantUser> {
  const link = await findLink(identity, 'password-reset', token);
  if (!link || link.user_id === null) throw linkDoesNotWork();
  const { db } = await identity.scope(link.tenant_id);
  const user = await findUserById(db, link.user_id);
  if (user?.is_active !== 1) throw linkDoesNotWork();
  await requireStrength(password, ownWords(user));
  await setPassword(identity, db, { userId: user.id, password, linkId: link.id, unlock: user.username });
  return { tenantId: link.tenant_id, user };
}

/**
 * Sets a password for somebody who has none any more, on the command line: unlocks the account and ends its sessions and links.
 *
 * @returns the account's id; undefined if there is none
 */
export async function changeForgotten(
  identity: Pick<Identity, 'now' | 'passwords'>,
  { db }: Pick<Scope, 'db'>,
  { username, password }: { username: string; password: string },
): Promise<string | undefined> {
  const user = await findUserByName(db, username);
  if (!user) return undefined;
  await requireStrength(password, ownWords(user));
  await setPassword(identity, db, { userId: user.id, password, unlock: username });
  return user.id;
}

/** Names that a guesser would try for the account. */
export function ownWords(user: Pick<UserRow, 'username' | 'full_name' | 'email' | 'hospital'>): (string | null)[] {
  return [user.username, user.full_name, user.email?.split('@')[0] ?? null, user.hospital];
}

export function linkDoesNotWork(): AppError {
  return new AppError('forbidden', 'The link does not work: it was used, it is too old, or it was replaced by a newer one');
}

type NewPassword = { userId: string; password: string; keepSession?: string | undefined; linkId?: string; unlock?: string };

async function setPassword(
  { now, passwords: hasher }: Pick<Identity, 'now' | 'passwords'>,
  db: Db,
  { userId, password, keepSession, linkId, unlock }: NewPassword,
): Promise<void> {
  // Hashed before the transaction: it takes long, and the transaction blocks other writers.
  const password_hash = await hasher.hash(password);
  const at = now();
  await db.transaction().execute(async (tx) => {
    if (linkId !== undefined && !(await spendOneTimeLink(tx, linkId, at.toISOString()))) throw linkDoesNotWork();
    await deleteLinksOf(tx, userId);
    await updateUser(tx, userId, { password_hash, password_changed_at: at.toISOString() });
    await endSessionsWithin(tx, at, userId, keepSession);
    if (unlock !== undefined) await forgive(tx, [accountGuard(unlock)], at);
  });
}

function sameAsBefore(): AppError {
  return new AppError('invalid-request', 'Some fields are not valid', {
    fields: [{ field: 'body/new_password', message: 'is the present password' }],
  });
}
