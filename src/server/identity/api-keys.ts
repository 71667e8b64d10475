import { randomBytes } from 'node:crypto';
import type { ApiKey, KeyRole, NewApiKey } from '../../contract/identity-api-keys.ts';
import { type GrantedPermission, PERMISSIONS } from '../../contract/permission.ts';
import { mayDo, type Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { tellAccessChanged } from './access-changes.ts';
import {
  type ApiKeyRow,
  findApiKey,
  findApiKeyByPrefix,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
  touchApiKey,
} from './api-key-repository.ts';
import type { Identity } from './identity.ts';
import { digestOf, newSecret, sameDigest } from './secret.ts';

/** `isk_`, what finds the key, and its secret: the form lets scanners of source code recognize one that was published. */
export const KEY_FORM = /^(isk_[0-9a-f]{16})_([\w-]{43})$/;
const PREFIX_BYTES = 8;

/**
 * Makes a key; what is returned as `key` is nowhere else.
 *
 * @param maker whose rights the key cannot go beyond; undefined for the command line, which has them all
 * @throws {AppError} `forbidden` for rights that the maker lacks, `invalid-request` for a time that is over or no right at all
 */
export async function makeApiKey(
  { db, now }: { db: Db; now: () => Date },
  { name, role, permissions, requests_per_hour, expires_at }: NewApiKey,
  maker?: Principal,
): Promise<ApiKey & { key: string }> {
  const created_at = now().toISOString();
  const expiry = expires_at === undefined ? null : new Date(expires_at).toISOString();
  if (expiry !== null && expiry <= created_at) throw invalid('expires_at', 'is over');
  if (permissions && !permissions.some((permission) => mayDo(bareHolder(role), permission)))
    throw invalid('permissions', `holds nothing that the role ${role} grants`);
  refuseBeyond(maker, role, permissions);
  const prefix = `isk_${randomBytes(PREFIX_BYTES).toString('hex')}`;
  const secret = newSecret();
  const row: ApiKeyRow = {
    id: newId(now()),
    name,
    prefix,
    secret_hash: digestOf(secret),
    role,
    permissions: permissions ? JSON.stringify(permissions) : null,
    requests_per_hour: requests_per_hour ?? null,
    created_by: maker?.kind === 'user' ? maker.user_id : null,
    created_at,
    expires_at: expiry,
    last_used_at: null,
    revoked_at: null,
  };
  await insertApiKey(db, row);
  return { ...apiKeyOf(row), key: `${prefix}_${secret}` };
}

/** The newest first, those that ended too. */
export async function readApiKeys(db: Db): Promise<ApiKey[]> {
  return (await listApiKeys(db)).map(apiKeyOf);
}

/** Ends a key at once, for good. @throws {AppError} `not-found` */
export async function endApiKey({ db, now }: { db: Db; now: () => Date }, id: string): Promise<ApiKey> {
  const at = now();
  const row = await db.transaction().execute(async (tx) => {
    await revokeApiKey(tx, id, at.toISOString());
    await tellAccessChanged(tx, at, { api_key_id: id });
    return findApiKey(tx, id);
  });
  if (!row) throw new AppError('not-found', `No API key ${id}`);
  return apiKeyOf(row);
}

/** Who a key stands for; undefined if it does not exist, was revoked or is past its time. */
export async function findKeyPrincipal({ systemDb, now, uses }: Identity, text: string): Promise<Principal | undefined> {
  const [, prefix = '', secret = ''] = KEY_FORM.exec(text) ?? [];
  const row = await findApiKeyByPrefix(systemDb, prefix);
  const at = now();
  if (!row || !sameDigest(row.secret_hash, digestOf(secret)) || row.revoked_at !== null) return undefined;
  if (row.expires_at !== null && row.expires_at <= at.toISOString()) return undefined;
  uses.note(`key:${row.id}`, row.last_used_at, at, () => touchApiKey(systemDb, row, at.toISOString()));
  const permissions = permissionsOf(row);
  return {
    kind: 'api_key',
    tenant_id: row.tenant_id,
    id: row.id,
    // Not the account that made it: a key acts for no person.
    user_id: row.id,
    username: row.name,
    full_name: row.name,
    role: row.role as KeyRole,
    ...(permissions ? { permissions } : {}),
    ...(row.requests_per_hour === null ? {} : { requests_per_hour: row.requests_per_hour }),
  };
}

function apiKeyOf(row: ApiKeyRow): ApiKey {
  const { secret_hash: _, permissions: __, role, ...shown } = row;
  // Written by this program from `KEY_ROLES` and `PERMISSIONS`.
  return { ...shown, role: role as KeyRole, permissions: permissionsOf(row) };
}

function permissionsOf({ permissions }: { permissions: string | null }): GrantedPermission[] | null {
  return permissions === null ? null : parseColumn<GrantedPermission[]>(permissions);
}

/** Nobody makes a key that can do what they cannot. */
function refuseBeyond(maker: Principal | undefined, role: KeyRole, permissions: readonly GrantedPermission[] | undefined): void {
  if (!maker) return;
  const holder = { ...bareHolder(role), ...(permissions ? { permissions } : {}) };
  const beyond = PERMISSIONS.find((permission) => mayDo(holder, permission) && !mayDo(maker, permission));
  if (beyond) throw new AppError('forbidden', `A key with ${beyond} can only be made by somebody who has it`);
}

function bareHolder(role: KeyRole): Principal {
  return { kind: 'api_key', tenant_id: '', id: '', user_id: '', username: '', full_name: '', role };
}

function invalid(field: string, message: string): AppError {
  return new AppError('invalid-request', 'Some fields are not valid', { fields: [{ field: `body/${field}`, message }] });
}
