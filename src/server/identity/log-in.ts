import { actorOf } from '../platform/act.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { DEFAULT_TENANT } from '../platform/scope.ts';
import { findTenant } from '../tenants/queries.ts';
import type { Identity } from './identity.ts';
import { accountGuard, addressGuard, forgive, type Guarded, takeTry } from './lockout.ts';
import { isOutdated } from './password.ts';
import { readPolicies } from './policies.ts';
import { findUserByName, roleOf, type UserRow, updateUnchanged } from './repository.ts';
import type { SessionRow } from './session-repository.ts';
import { type Client, issueRefreshToken, type OpenedSession, openSession } from './sessions.ts';

export type Credentials = { username: string; password: string; tenant?: string | undefined };
/** An account that somebody may enter, and its tenant. */
export type Entrant = { tenantId: string; db: Db; user: UserRow; guards: readonly Guarded[] };
export type SignIn = { tenantId: string; user: UserRow; session: OpenedSession; refreshToken: string | undefined };
/** How somebody came in. Tokens are for clients that are no page. */
export type Entry = { method: SessionRow['method']; client: Client; wantsTokens: boolean; isStrong?: boolean; providerId?: string | null };

/**
 * Whose name and password they are. Whatever is wrong (tenant, name, password, an account that was switched off) costs one computation of
 * a hash and one count of a try, and is told alike: nobody learns which names exist.
 *
 * @throws {AppError} `wrong-credentials`, `too-many-requests`
 */
export async function checkPassword(identity: Identity, credentials: Credentials, client: Client): Promise<Entrant> {
  const { systemDb, scope, now, passwords } = identity;
  const { username, password, tenant: named = DEFAULT_TENANT } = credentials;
  const tenant = await findTenant(systemDb, named);
  const isOpen = tenant?.is_active === 1;
  // Tries on what does not exist are counted, too; they are kept by the first tenant.
  const tenantId = isOpen ? tenant.id : DEFAULT_TENANT;
  const { db } = await scope(tenantId);
  const guards = [accountGuard(isOpen ? username : `${named}/${username}`), addressGuard(client.ip)];
  await takeTry(db, guards, now());
  const user = isOpen ? await findUserByName(db, username) : undefined;
  // What was typed as a name is not written down: it may be a password. The account that it names is.
  if (client.act && user) Object.assign(client.act, { tenantId, actor: actorOf(personOf(tenantId, user)) });
  const matches = await passwords.matches(user?.password_hash, password);
  if (!user || !matches || !(await mayEnter(identity, db, user))) throw wrongCredentials();
  return { tenantId, db, user: await withPresentHash(identity, db, user, password), guards };
}

/**
 * Opens the session of somebody who has shown who it is, and takes back the tries that were counted for that.
 *
 * @throws {AppError} `wrong-credentials` if the account has got another password, or was switched off, since it was looked at
 */
export async function admit(
  identity: Identity,
  { tenantId, db, user, guards }: Entrant,
  { method, client, wantsTokens, isStrong = false, providerId = null }: Entry,
): Promise<SignIn> {
  const at = identity.now();
  const last_login = at.toISOString();
  return db.transaction().execute(async (tx) => {
    // Of a sign-in and a new password at once, the password wins: no session outlives the one that was replaced.
    if (!(await updateUnchanged(tx, user, { last_login }))) throw wrongCredentials();
    await forgive(tx, guards, at);
    const holder = { user_id: user.id, role: user.role };
    const session = await openSession(identity, tx, { tenantId, holder, method, providerId, client, isStrong });
    const refreshToken = wantsTokens ? await issueRefreshToken(tx, session.id, at) : undefined;
    return { tenantId, user: { ...user, last_login }, session, refreshToken };
  });
}

/** An account as a trail names it. */
export function personOf(tenantId: string, { id, username, full_name, role }: UserRow): Principal {
  return { kind: 'user', tenant_id: tenantId, id, user_id: id, username, full_name, role: roleOf({ role }) };
}

/** Whether the account may be entered, whoever asks: it is active, and a patient's only where the tenant lets patients in. */
export async function mayEnter(identity: Identity, db: Db, user: UserRow): Promise<boolean> {
  if (user.is_active !== 1) return false;
  return user.role !== 'patient' || (await readPolicies(db, identity.config)).patient_portal;
}

/** A hash of an earlier time, or of another system, is made anew now that the password is at hand. */
async function withPresentHash({ passwords }: Identity, db: Db, user: UserRow, password: string): Promise<UserRow> {
  if (!isOutdated(user.password_hash)) return user;
  const password_hash = await passwords.hash(password);
  return (await updateUnchanged(db, user, { password_hash })) ? { ...user, password_hash } : user;
}

function wrongCredentials(): AppError {
  return new AppError('wrong-credentials', 'Check both and try again');
}
