import { randomBytes, randomUUID } from 'node:crypto';
import { AppError } from '../platform/errors.ts';
import type { SystemDb } from '../platform/ports.ts';
import type { DataKey, KeyWrapper, TenantKeys } from '../platform/tenant-keys.ts';
import {
  deleteReplacedKeys,
  deleteTenantKeys,
  insertTenantKeys,
  listTenantKeys,
  listWrappedByOthers,
  replaceDataKey,
  type TenantKeyRow,
  updateWrapping,
} from './repository.ts';

/** Keys are read again after this long, so that a rotation by another process is noticed. */
const FRESH_MS = 60_000;
/**
 * A key that was replaced is deleted at the earliest after this long: by then every process writes with the new one, and a nightly
 * reseal has passed over what was written with the old one meanwhile.
 */
const RETIRE_AFTER_MS = 24 * 3_600_000;

/** The keys of all tenants. */
export type Keyring = {
  /** The keys of a tenant, made at its first use. */
  of(tenantId: string): Promise<TenantKeys>;
  /** Makes a new key for what is written from now on; what was written before stays readable, and is resealed in the background. */
  rotate(tenantId: string): Promise<void>;
  /** Deletes replaced keys. Call when nothing is sealed with them any more; keys replaced within the last day stay. */
  retire(tenantId: string): Promise<number>;
  /** Deletes every key of the tenant: nothing that was sealed for it can be read again, wherever a copy lies. */
  destroy(tenantId: string): Promise<void>;
};

export type KeyringDeps = { db: SystemDb; masterKeys: readonly [KeyWrapper, ...KeyWrapper[]]; now: () => Date };

/**
 * Opens the keyring, and wraps with the first master key whatever another one wrapped.
 *
 * @throws {Error} if a key was wrapped by a master key that is not there
 */
export async function openKeyring(deps: KeyringDeps): Promise<Keyring> {
  await rewrap(deps);
  const opened = new Map<string, Promise<OpenKeys>>();

  const open = (tenantId: string): Promise<OpenKeys> => {
    const known = opened.get(tenantId);
    if (known) return known;
    const opening = openTenantKeys(deps, tenantId);
    opened.set(tenantId, opening);
    opening.catch(() => opened.delete(tenantId));
    return opening;
  };
  return {
    of: async (tenantId) => (await open(tenantId)).keys,
    rotate: async (tenantId) => {
      const keys = await open(tenantId);
      await replaceDataKey(deps.db, await newKey(deps, tenantId, 'data'));
      await keys.reload();
    },
    retire: async (tenantId) => {
      const keys = await open(tenantId);
      const count = await deleteReplacedKeys(deps.db, tenantId, new Date(deps.now().getTime() - RETIRE_AFTER_MS).toISOString());
      await keys.reload();
      return count;
    },
    destroy: async (tenantId) => {
      const keys = await open(tenantId);
      await deleteTenantKeys(deps.db, tenantId);
      await keys.reload();
      opened.delete(tenantId);
    },
  };
}

type OpenKeys = { keys: TenantKeys; reload(): Promise<void> };

async function openTenantKeys(deps: KeyringDeps, tenantId: string): Promise<OpenKeys> {
  if ((await listTenantKeys(deps.db, tenantId)).length === 0) {
    await insertTenantKeys(deps.db, [await newKey(deps, tenantId, 'name'), await newKey(deps, tenantId, 'data')]);
  }
  let rows: TenantKeyRow[] = [];
  const secrets = new Map<string, DataKey>();
  const idOf = (purpose: TenantKeyRow['purpose']): string | undefined =>
    rows.find((row) => row.purpose === purpose && row.replaced_at === null)?.id;
  const present = (purpose: TenantKeyRow['purpose']): DataKey => {
    const key = secrets.get(idOf(purpose) ?? '');
    if (!key) throw new AppError('not-found', 'The keys of this tenant were destroyed');
    return key;
  };
  let readAt = 0;
  const open: OpenKeys = {
    reload: async () => {
      rows = await listTenantKeys(deps.db, tenantId);
      for (const row of rows) if (!secrets.has(row.id)) secrets.set(row.id, { id: row.id, secret: await unwrap(deps.masterKeys, row) });
      for (const id of secrets.keys()) if (!rows.some((row) => row.id === id)) secrets.delete(id);
      readAt = deps.now().getTime();
    },
    keys: {
      tenant_id: tenantId,
      current: () => {
        // Not waited for: the key that was current a moment ago still serves.
        if (deps.now().getTime() - readAt >= FRESH_MS) {
          readAt = deps.now().getTime();
          open.reload().catch(() => undefined);
        }
        return present('data');
      },
      nameKey: () => present('name').secret,
      find: async (id) => {
        // A key that we have never seen: another process has made it.
        if (!secrets.has(id)) await open.reload();
        return secrets.get(id);
      },
      hasReplaced: () => rows.some(({ replaced_at }) => replaced_at !== null),
    },
  };
  await open.reload();
  return open;
}

async function newKey(deps: KeyringDeps, tenantId: string, purpose: TenantKeyRow['purpose']): Promise<TenantKeyRow> {
  const [first] = deps.masterKeys;
  const named = { tenant_id: tenantId, id: randomUUID(), purpose };
  const wrapped = await first.wrap(randomBytes(32), contextOf(named));
  return { ...named, wrapped, master_key_id: first.id, created_at: deps.now().toISOString(), replaced_at: null };
}

async function unwrap(masterKeys: readonly KeyWrapper[], row: TenantKeyRow): Promise<Uint8Array> {
  const wrapper = masterKeys.find(({ id }) => id === row.master_key_id);
  if (!wrapper) {
    const known = masterKeys.map(({ id }) => id).join(', ');
    throw new Error(`Data is sealed under the master key ${row.master_key_id}, which is not configured. Configured: ${known}`);
  }
  return await wrapper.unwrap(row.wrapped, contextOf(row));
}

async function rewrap(deps: KeyringDeps): Promise<void> {
  const [first] = deps.masterKeys;
  for (const row of await listWrappedByOthers(deps.db, first.id)) {
    const wrapped = await first.wrap(await unwrap(deps.masterKeys, row), contextOf(row));
    await updateWrapping(deps.db, { ...row, wrapped, master_key_id: first.id });
  }
}

/** A wrapped key opens only as the key that it was made as. */
function contextOf({ tenant_id, id, purpose }: Pick<TenantKeyRow, 'tenant_id' | 'id' | 'purpose'>): string {
  return `isocenter ${purpose} key ${id} of tenant ${tenant_id}`;
}
