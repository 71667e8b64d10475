import type { Input } from '../../contract/endpoint.ts';
import type { addUser, approveRegistration, User, updateUser as updateUserEndpoint } from '../../contract/identity-users.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Scope } from '../platform/scope.ts';
import { tellAccessChanged } from './access-changes.ts';
import { ownWords } from './account-password.ts';
import { revokeApiKeysOf } from './api-key-repository.ts';
import type { Identity } from './identity.ts';
import { accountGuard } from './lockout.ts';
import { findLock, forgetTries, listLocks } from './login-failure-repository.ts';
import { type IssuedLink, issueReset } from './one-time-links.ts';
import { requireStrength } from './password.ts';
import { readPolicies } from './policies.ts';
import {
  countOtherAdministrators,
  detailsOf,
  getUser,
  insertUser,
  isEmailTaken,
  listUsers,
  patientExists,
  type UserFilter,
  type UserRow,
  updateUser,
  userOf,
} from './repository.ts';
import { deleteInvitationsOf, deleteLinksOf, deleteRegistration, findRegistration } from './request-repository.ts';
import { deleteSessionsOf, demandFactors } from './session-repository.ts';

type Here = Pick<Scope, 'db' | 'tenant_id'>;
type Clock = Pick<Identity, 'now'>;
export type NewUser = Input<typeof addUser>['body'];
/** With the hash of a password instead of the password for a person who comes from another system. */
export type WantedUser = Omit<NewUser, 'password'> & { password: string | { hash: string } };
export type UserChange = Input<typeof updateUserEndpoint>['body'];

/** A page of accounts, each with whether it is locked. */
export async function readUsers(
  { now }: Clock,
  { db, tenant_id }: Here,
  filter: UserFilter,
): Promise<{ items: User[]; next: string | null }> {
  const rows = await listUsers(db, filter);
  const shown = rows.slice(0, filter.limit);
  const locks = await listLocks(
    db,
    shown.map(({ username }) => accountGuard(username).key),
    now().toISOString(),
  );
  const items = shown.map((row) => userOf(row, { tenantId: tenant_id, lockedUntil: locks.get(accountGuard(row.username).key) ?? null }));
  return { items, next: rows.length > filter.limit ? (shown.at(-1)?.username ?? null) : null };
}

/** @throws {AppError} `not-found` */
export async function readUser({ now }: Clock, { db, tenant_id }: Here, id: string): Promise<User> {
  const row = await getUser(db, id);
  const lockedUntil = (await findLock(db, accountGuard(row.username).key, now().toISOString())) ?? null;
  return userOf(row, { tenantId: tenant_id, lockedUntil });
}

/**
 * Makes an account.
 *
 * @param options what no request decides: a body may hold more than its schema says
 * @throws {AppError} `wrong-state` if the name or address is taken, `invalid-request` for a password that is guessed first or a patient
 * record that does not exist
 */
export async function makeUser(
  { now, passwords }: Pick<Identity, 'now' | 'passwords'>,
  { db, tenant_id }: Here,
  { password, role, patient_id, username, full_name, email, profile = {} }: WantedUser,
  { isOperator = false }: { isOperator?: boolean } = {},
): Promise<User> {
  const { specialization = null, license_number = null, hospital = null, phone = null } = profile;
  const given = { username, full_name, email: email?.toLowerCase() ?? null, specialization, license_number, hospital, phone };
  if (typeof password === 'string') await requireStrength(password, ownWords(given));
  const patient_key = patient_id ?? null;
  await requirePatient(db, role, patient_key);
  const at = now().toISOString();
  const row: UserRow = {
    ...given,
    id: newId(now()),
    role,
    password_hash: typeof password === 'string' ? await passwords.hash(password) : password.hash,
    is_active: 1,
    created_at: at,
    last_login: null,
    is_operator: isOperator ? 1 : 0,
    patient_key,
    password_changed_at: at,
    email_confirmed_at: given.email === null ? null : at,
  };
  if (!(await insertUser(db, row))) throw taken();
  return userOf(row, { tenantId: tenant_id, lockedUntil: null });
}

/**
 * Changes an account. Who is deactivated is signed out at once, its links are void, and the keys that it made end, unless they are kept.
 *
 * @throws {AppError} `not-found`, `wrong-state` for the last administrator, one's own deactivation, or an address that is taken,
 * `forbidden` for an account that administers the installation, unless one does that as well
 */
export async function changeUser(
  clock: Clock & Pick<Identity, 'config'>,
  here: Here,
  { id, change, principal }: { id: string; change: UserChange; principal: Principal },
): Promise<User> {
  const { db } = here;
  const { role, is_active, patient_id, email, full_name, profile, keep_api_keys = false } = change;
  if (is_active === false && principal.user_id === id) throw new AppError('wrong-state', 'Nobody deactivates the own account');
  await db.transaction().execute(async (tx) => {
    const user = await getUser(tx, id);
    refuseOperator(user, principal);
    const nextRole = role ?? user.role;
    const patient_key = patient_id !== undefined ? patient_id : nextRole === 'patient' ? user.patient_key : null;
    await requirePatient(tx, nextRole, patient_key);
    const staysAdministrator = nextRole === 'admin' && (is_active ?? user.is_active === 1);
    if (user.role === 'admin' && !staysAdministrator && (await countOtherAdministrators(tx, id)) === 0)
      throw new AppError('wrong-state', 'The last administrator stays: make another one first');
    if (email && (await isEmailTaken(tx, email.toLowerCase(), id))) throw taken();
    await updateUser(tx, id, {
      ...detailsOf(profile),
      ...(full_name === undefined ? {} : { full_name }),
      ...(role === undefined ? {} : { role }),
      ...(email === undefined ? {} : { email: email?.toLowerCase() ?? null, email_confirmed_at: email ? clock.now().toISOString() : null }),
      patient_key,
      ...(is_active === undefined ? {} : { is_active: is_active ? 1 : 0 }),
    });
    if (nextRole !== user.role) await demandFactors(tx, (await readPolicies(tx, clock.config)).mfa_required);
    // Whether patients may be here is asked when they sign in.
    if (nextRole === 'patient' && user.role !== 'patient') await deleteSessionsOf(tx, id);
    if (nextRole !== user.role) await tellAccessChanged(tx, clock.now(), { user_id: id });
    if (is_active === false) await signOutForGood(tx, id, { keepKeys: keep_api_keys, at: clock.now() });
  });
  return readUser(clock, here, id);
}

/** @throws {AppError} `not-found` */
export async function unlockUser(clock: Clock, here: Here, id: string): Promise<User> {
  const { username } = await getUser(here.db, id);
  await forgetTries(here.db, accountGuard(username).key);
  return readUser(clock, here, id);
}

/** Issues a link to set a new password; those before are void. @throws {AppError} `not-found`, `wrong-state` for a deactivated account */
export async function offerReset(clock: Clock, { db }: Here, { id, principal }: { id: string; principal: Principal }): Promise<IssuedLink> {
  return db.transaction().execute(async (tx) => {
    const user = await getUser(tx, id);
    refuseOperator(user, principal);
    if (user.is_active !== 1) throw new AppError('wrong-state', 'The account is deactivated');
    await deleteLinksOf(tx, id);
    return issueReset(clock, tx, { userId: id, createdBy: principal.id });
  });
}

/**
 * Makes the account that somebody asked for.
 *
 * @throws {AppError} `not-found`, `wrong-state` if the name is taken, `invalid-request` for a patient without a record
 */
export async function approve(
  { now }: Clock,
  { db, tenant_id }: Here,
  { id, role, username, patient_id }: Input<typeof approveRegistration>['body'] & { id: string },
): Promise<User> {
  const patient_key = patient_id ?? null;
  await requirePatient(db, role, patient_key);
  return db.transaction().execute(async (tx) => {
    const asked = await findRegistration(tx, id);
    if (!asked || !(await deleteRegistration(tx, id))) throw new AppError('not-found', `No registration ${id}`);
    const { ip: _, created_at: __, ...given } = asked;
    const at = now().toISOString();
    const row: UserRow = {
      ...given,
      id: newId(now()),
      username: username ?? asked.username,
      role,
      is_active: 1,
      created_at: at,
      last_login: null,
      is_operator: 0,
      patient_key,
      password_changed_at: asked.created_at,
      // Approved was the request, not the address in it.
      email_confirmed_at: null,
    };
    if (!(await insertUser(tx, row))) throw taken();
    return userOf(row, { tenantId: tenant_id, lockedUntil: null });
  });
}

async function signOutForGood(tx: Tx, id: string, { keepKeys, at }: { keepKeys: boolean; at: Date }): Promise<void> {
  await deleteSessionsOf(tx, id);
  await deleteLinksOf(tx, id);
  await deleteInvitationsOf(tx, id);
  await tellAccessChanged(tx, at, { user_id: id });
  const ended = keepKeys ? [] : await revokeApiKeysOf(tx, id, at.toISOString());
  for (const api_key_id of ended) await tellAccessChanged(tx, at, { api_key_id });
}

/** A patient sees one patient record, and nobody else is tied to one. */
export async function requirePatient(db: Db | Tx, role: string, patientId: string | null): Promise<void> {
  if (role === 'patient') {
    if (patientId === null || !(await patientExists(db, patientId)))
      throw wrongPatient('names the record that the patient sees; there is none');
  } else if (patientId !== null) throw wrongPatient('goes with the role patient only');
}

function wrongPatient(message: string): AppError {
  return new AppError('invalid-request', 'Some fields are not valid', { fields: [{ field: 'body/patient_id', message }] });
}

/** An administrator of the first tenant is not yet one of the installation, and must not become one by a detour. */
export function refuseOperator({ is_operator }: UserRow, principal: Principal): void {
  if (is_operator === 1 && !principal.is_operator)
    throw new AppError('forbidden', 'This account administers the installation: only such an account changes it');
}

function taken(): AppError {
  return new AppError('wrong-state', 'This user name or e-mail address is taken');
}
