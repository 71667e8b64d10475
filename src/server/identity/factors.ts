import type { Confirmed, Factors } from '../../contract/identity-factors.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Scope } from '../platform/scope.ts';
import { endSessionsWithin } from './access-changes.ts';
import { confirmPassword } from './account-password.ts';
import { deleteChallengesOf } from './challenge-repository.ts';
import { confirmTotpRow, deleteRecoveryCodes, deleteTotp, readHeldFactors, spendRecoveryCode, spendTotpStep } from './factor-repository.ts';
import type { Identity } from './identity.ts';
import { factorGuard, forgive, takeTry } from './lockout.ts';
import { refuseOperator } from './manage-users.ts';
import { deletePasskeysOf } from './passkey-repository.ts';
import { readPolicies } from './policies.ts';
import { issueFirstRecoveryCodes, issueRecoveryCodes, recoveryDigest } from './recovery-codes.ts';
import { findUserByName, getUser } from './repository.ts';
import { findSession, markEnrolled } from './session-repository.ts';
import { beginTotp, findStep } from './totp.ts';

/** After a sign-in by passkey or provider, that is enough for so long to change what signs in. */
const FRESH_MS = 5 * 60_000;

type Here = Pick<Scope, 'db' | 'keys' | 'tenant_id'>;
type Parts = Pick<Identity, 'now' | 'config' | 'passwords'>;

export async function readFactors({ config }: Pick<Identity, 'config'>, { db }: Pick<Scope, 'db'>, principal: Principal): Promise<Factors> {
  const { mfa_required } = await readPolicies(db, config);
  return { is_required: mfa_required.some((role) => role === principal.role), ...(await readHeldFactors(db, principal.user_id)) };
}

/** @throws {AppError} as `confirmPerson`; `wrong-state` if there is an app that counts */
export async function enrollTotp(
  parts: Parts,
  here: Here,
  { principal, confirmed }: { principal: Principal; confirmed: Confirmed },
): Promise<{ secret: string; uri: string }> {
  await confirmPerson(parts, here, { principal, confirmed });
  return beginTotp(parts, here, { id: principal.user_id, username: principal.username });
}

/**
 * Makes the app count whose code is shown. All other sessions end: they were opened with less.
 *
 * @returns recovery codes, if the account has none yet
 * @throws {AppError} `wrong-credentials`, `wrong-state` without an app that waits for this, `too-many-requests`
 */
export async function confirmTotp(
  parts: Parts,
  here: Here,
  { principal, code }: { principal: Principal; code: string },
): Promise<string[]> {
  const { db } = here;
  const guards = [factorGuard(principal.user_id)];
  await takeTry(db, guards, parts.now());
  const found = await findStep(parts, here, principal.user_id, plain(code));
  if (!found) throw wrongCode();
  const at = parts.now();
  return db.transaction().execute(async (tx) => {
    if (!(await confirmTotpRow(tx, found.row, { at: at.toISOString(), step: found.step })))
      throw new AppError('wrong-state', 'No authenticator app waits to be confirmed');
    await forgive(tx, guards, at);
    return settleNewFactor(tx, principal, at);
  });
}

/** What follows when an account has got a second factor: its session is strong, the others end. Returns recovery codes, if it has none. */
export async function settleNewFactor(tx: Tx, { user_id, session_id }: Principal, at: Date): Promise<string[]> {
  await endSessionsWithin(tx, at, user_id, session_id);
  if (session_id !== undefined) await markEnrolled(tx, session_id, { strong_at: at.toISOString(), must_enroll: 0 });
  return issueFirstRecoveryCodes(tx, user_id, at);
}

/** @throws {AppError} as `confirmPerson`; `not-found` if there is none that counts */
export async function removeTotp(
  parts: Parts,
  here: Here,
  { principal, confirmed }: { principal: Principal; confirmed: Confirmed },
): Promise<void> {
  await confirmPerson(parts, here, { principal, confirmed });
  await here.db.transaction().execute(async (tx) => {
    if (!(await deleteTotp(tx, principal.user_id))) throw new AppError('not-found', 'There is no authenticator app');
    await settleLostFactor(parts, tx, principal);
  });
}

/** What follows when an account has one second factor less: if it was the last, the session is what it would be without. */
export async function settleLostFactor({ config, now }: Pick<Identity, 'config' | 'now'>, tx: Tx, principal: Principal): Promise<void> {
  const { user_id, session_id, role } = principal;
  await endSessionsWithin(tx, now(), user_id, session_id);
  const left = await readHeldFactors(tx, user_id);
  if (left.totp_since !== null || left.passkeys > 0) return;
  await deleteRecoveryCodes(tx, user_id);
  const { mfa_required } = await readPolicies(tx, config);
  const must_enroll = mfa_required.some((named) => named === role) ? 1 : 0;
  if (session_id !== undefined) await markEnrolled(tx, session_id, { strong_at: null, must_enroll });
}

/** @throws {AppError} as `confirmPerson`; `wrong-state` without a second factor */
export async function renewRecoveryCodes(
  parts: Parts,
  here: Here,
  { principal, confirmed }: { principal: Principal; confirmed: Confirmed },
): Promise<string[]> {
  await confirmPerson(parts, here, { principal, confirmed });
  return here.db.transaction().execute(async (tx) => {
    const { totp_since, passkeys } = await readHeldFactors(tx, principal.user_id);
    if (totp_since === null && passkeys === 0)
      throw new AppError('wrong-state', 'Recovery codes go with a second factor: set one up first');
    return issueRecoveryCodes(tx, principal.user_id, parts.now());
  });
}

/**
 * Asks once more who it is, before what signs in is changed: the password, and where the account has a second factor that as well. A
 * sign-in of the last minutes by passkey counts as both, one by a provider as the password.
 *
 * @throws {AppError} `wrong-credentials`, `too-many-requests`, `forbidden` for who is no person
 */
export async function confirmPerson(
  parts: Parts,
  here: Here,
  { principal, confirmed: { password, code } }: { principal: Principal; confirmed: Confirmed },
): Promise<void> {
  const { db } = here;
  const session = principal.session_id === undefined ? undefined : await findSession(db, principal.session_id);
  const isFresh = session !== undefined && Date.parse(session.created_at) + FRESH_MS > parts.now().getTime();
  const cameBy = isFresh ? session.method : undefined;
  if (password !== undefined || (cameBy !== 'passkey' && cameBy !== 'sso'))
    await confirmPassword({ ...parts, db }, principal, password ?? '');
  if (code === undefined && cameBy === 'passkey') return;
  const { totp_since, passkeys } = await readHeldFactors(db, principal.user_id);
  if (totp_since === null && passkeys === 0) return;
  if (code === undefined) throw new AppError('wrong-credentials', 'This needs a code of the second factor as well');
  await requireCode(parts, here, principal.user_id, code);
}

/** @throws {AppError} `wrong-credentials`, `too-many-requests` */
async function requireCode(parts: Parts, here: Here, userId: string, code: string): Promise<void> {
  const guards = [factorGuard(userId)];
  await takeTry(here.db, guards, parts.now());
  if (!(await spendCode(parts, here, userId, code))) throw wrongCode();
  await here.db.transaction().execute((tx) => forgive(tx, guards, parts.now()));
}

/** Uses up a code of the authenticator app or a recovery code; undefined if it is neither, or was used. The caller counts the try. */
export async function spendCode(
  { now }: Pick<Identity, 'now'>,
  here: Pick<Scope, 'db' | 'keys'>,
  userId: string,
  code: string,
): Promise<'totp' | 'recovery_code' | undefined> {
  const typed = plain(code);
  if (/^\d{6}$/.test(typed)) {
    const found = await findStep({ now }, here, userId, typed);
    return found && (await spendTotpStep(here.db, userId, found.step)) ? 'totp' : undefined;
  }
  const spent = await spendRecoveryCode(here.db, { userId, hash: recoveryDigest(userId, typed), at: now().toISOString() });
  return spent ? 'recovery_code' : undefined;
}

/**
 * Takes all second factors from an account and ends its sessions, for an owner who has lost them.
 *
 * @throws {AppError} `not-found`, `forbidden` for an account that administers the installation, unless one does that as well,
 * `wrong-state` for the own account
 */
export async function resetFactors(
  { now }: Pick<Identity, 'now'>,
  { db }: Pick<Scope, 'db'>,
  { id, principal }: { id: string; principal: Principal },
): Promise<void> {
  if (principal.user_id === id) throw new AppError('wrong-state', 'The own factors are removed with the password and a code');
  refuseOperator(await getUser(db, id), principal);
  await takeAllFactors(db, id, now());
}

/** As `resetFactors`, on the command line. Returns the account's id; undefined if there is none. */
export async function dropFactorsOf({ db, now }: Pick<Scope, 'db'> & Pick<Identity, 'now'>, username: string): Promise<string | undefined> {
  const user = await findUserByName(db, username);
  if (user) await takeAllFactors(db, user.id, now());
  return user?.id;
}

async function takeAllFactors(db: Db, userId: string, at: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await deleteTotp(tx, userId);
    await deletePasskeysOf(tx, userId);
    await deleteRecoveryCodes(tx, userId);
    await deleteChallengesOf(tx, userId);
    await endSessionsWithin(tx, at, userId);
  });
}

export function wrongCode(): AppError {
  return new AppError('wrong-credentials', 'The code is wrong, too old, or was used before');
}

/** As it is computed, however it was typed. */
function plain(code: string): string {
  return code.replaceAll(/[\s-]/g, '').toLowerCase();
}
