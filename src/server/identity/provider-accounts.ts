import { TENANT_ROLES, type TenantRole } from '../../contract/identity-users.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { tellAccessChanged } from './access-changes.ts';
import type { Identity } from './identity.ts';
import type { Claims } from './openid.ts';
import { readPolicies } from './policies.ts';
import { findIdentityLink, type ProviderRow, putIdentityLink } from './provider-repository.ts';
import { roleMapOf, wordsOf } from './providers.ts';
import {
  countOtherAdministrators,
  findUserByEmail,
  findUserById,
  findUserByName,
  insertUser,
  type UserRow,
  updateUser,
} from './repository.ts';
import { newSecret } from './secret.ts';
import { demandFactors } from './session-repository.ts';

/** Names that are tried for a new account, before somebody has to make it. */
const MAX_NAMES = 50;

/**
 * The account of whom a provider names: the one that was tied to that name before; else, by the provider's rules, the one whose confirmed
 * address both sides know, or a new one. Its role follows the provider's claim, if the rules say so.
 *
 * @throws {AppError} `wrong-credentials` for who has no account and gets none
 */
export async function accountOf(
  { now, config, passwords }: Pick<Identity, 'now' | 'config' | 'passwords'>,
  db: Db,
  { provider, claims }: { provider: ProviderRow; claims: Claims },
): Promise<{ user: UserRow; isNew: boolean }> {
  const at = now();
  const role = roleFor(provider, claims);
  if (role === undefined) throw noAccount();
  // Nobody knows it. Hashed before the transaction: it takes long, and the transaction blocks other writers.
  const password_hash = await passwords.hash(newSecret());
  return db.transaction().execute(async (tx) => {
    const link = await findIdentityLink(tx, provider.id, claims.sub);
    const known = link ? await findUserById(tx, link.user_id) : await findByEmail(tx, provider, claims);
    const made = known ? undefined : await provision(tx, { provider, claims, role, password_hash, at });
    const user = known ?? made;
    if (!user) throw noAccount();
    await putIdentityLink(tx, { provider_id: provider.id, subject: claims.sub, user_id: user.id, created_at: at.toISOString() });
    if (role === null || role === user.role || (await mustStay(tx, user))) return { user, isNew: made !== undefined };
    await updateUser(tx, user.id, { role, patient_key: null });
    await demandFactors(tx, (await readPolicies(tx, config)).mfa_required);
    await tellAccessChanged(tx, at, { user_id: user.id });
    return { user: { ...user, role, patient_key: null }, isNew: false };
  });
}

/** Whether the provider says that two factors, or a level that was asked for, were shown (RFC 8176; OpenID Connect Core 1.0, 2). */
export function isStrong({ acr_values }: Pick<ProviderRow, 'acr_values'>, { acr, amr }: Claims): boolean {
  if (typeof acr === 'string' && wordsOf(acr_values).includes(acr)) return true;
  return Array.isArray(amr) && amr.includes('mfa');
}

/** Null where the provider decides no roles; undefined for whom it gives none. */
function roleFor(provider: ProviderRow, claims: Claims): TenantRole | null | undefined {
  const map = roleMapOf(provider);
  const fallback = TENANT_ROLES.find((role) => role === provider.default_role);
  if (map.length === 0) return fallback === undefined ? null : fallback;
  const found = provider.role_claim.split('.').reduce<unknown>(memberOf, claims);
  const values: unknown[] = Array.isArray(found) ? found : [found];
  return map.find(({ value }) => values.includes(value))?.role ?? fallback;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/**
 * Both sides have to have confirmed the address: the provider says that it has, and here an administrator wrote it. What people write into
 * their own profile leads nowhere, nor does a provider lead to an account that administers the installation.
 */
async function findByEmail(tx: Tx, { links_by_email }: ProviderRow, claims: Claims): Promise<UserRow | undefined> {
  const email = confirmedEmail(claims);
  if (links_by_email !== 1 || email === undefined) return undefined;
  const user = await findUserByEmail(tx, email);
  return user?.email_confirmed_at != null && user.is_operator !== 1 ? user : undefined;
}

/** In ASCII alone: beyond it, different addresses have the same lower case. */
function confirmedEmail({ email, email_verified }: Claims): string | undefined {
  if (typeof email !== 'string' || email_verified !== true || !/^[!-~]{3,254}$/.test(email)) return undefined;
  return email.toLowerCase();
}

type NewAccount = { provider: ProviderRow; claims: Claims; role: TenantRole | null; password_hash: string; at: Date };

async function provision(tx: Tx, { provider, claims, role, password_hash, at }: NewAccount): Promise<UserRow | undefined> {
  if (provider.provisions !== 1 || role === null) return undefined;
  const email = confirmedEmail(claims);
  const isFree = email !== undefined && !(await findUserByEmail(tx, email));
  const created_at = at.toISOString();
  const username = await freeName(tx, claims);
  const user: UserRow = {
    id: newId(at),
    username,
    full_name: (textOf(claims['name']) ?? username).replaceAll(/\p{Cc}/gu, ' ').slice(0, 200),
    role,
    password_hash,
    is_active: 1,
    created_at,
    last_login: null,
    is_operator: 0,
    email: isFree ? email : null,
    email_confirmed_at: isFree ? created_at : null,
    specialization: null,
    license_number: null,
    hospital: null,
    phone: null,
    patient_key: null,
    password_changed_at: created_at,
  };
  return (await insertUser(tx, user)) ? user : undefined;
}

/** As the provider calls the person, in the form of our user names; a number tells it from others of that name. */
async function freeName(tx: Tx, claims: Claims): Promise<string> {
  const wanted = textOf(claims['preferred_username']) ?? textOf(claims['email']) ?? '';
  const plain = (wanted.split('@')[0] ?? '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]/g, '')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 60);
  const base = plain.length < 2 ? 'user' : plain;
  for (let number = 1; number <= MAX_NAMES; number += 1) {
    const name = number === 1 ? base : `${base}${number}`;
    if (!(await findUserByName(tx, name))) return name;
  }
  throw new AppError('wrong-state', 'Too many accounts have this name: an administrator has to make the next one');
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim.trim() !== '' ? claim : undefined;
}

/** The last administrator keeps its role, and an account that administers the installation is changed by such accounts only. */
async function mustStay(tx: Tx, { id, role, is_operator }: UserRow): Promise<boolean> {
  if (is_operator === 1) return true;
  return role === 'admin' && (await countOtherAdministrators(tx, id)) === 0;
}

function noAccount(): AppError {
  return new AppError('wrong-credentials', 'There is no account for whom the provider names; ask an administrator');
}
