import type { Db, SealedBlobStore, SystemDb } from '../platform/ports.ts';
import { DEFAULT_TENANT } from '../platform/scope.ts';
import { openText, sealedWith, sealText } from '../platform/sealed-text.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import type { Keyring } from './keyring.ts';
import { listSealedValues, updateSealedValue } from './repository.ts';
import { INSTALLATION_COLUMNS, SEALED_COLUMNS, type SealedColumn } from './sealed-columns.ts';

const PAGE = 200;

export type ResealDeps = {
  db: Db;
  blobs: SealedBlobStore;
  keys: TenantKeys;
  keyring: Keyring;
  systemDb: SystemDb;
};
export type Resealed = { files: number; values: number; damaged: number; retiredKeys: number };

/**
 * Brings everything of a tenant to its present key: files that were stored in the clear or under an earlier key, and sealed columns. What a
 * pass finds nothing to do for, no earlier key is needed for: then those are deleted. Can be broken off at any time.
 */
export async function resealTenant(deps: ResealDeps, signal?: AbortSignal): Promise<Resealed> {
  const { db, systemDb, blobs, keys, keyring } = deps;
  const { resealed: files, damaged } = await blobs.reseal(signal);
  let values = 0;
  if (keys.hasReplaced()) {
    for (const column of SEALED_COLUMNS) values += await resealColumn({ db, keys }, column, signal);
    const ofInstallation = keys.tenant_id === DEFAULT_TENANT ? INSTALLATION_COLUMNS : [];
    for (const column of ofInstallation) values += await resealColumn({ db: systemDb, keys }, column, signal);
  }
  const isDone = files === 0 && values === 0 && damaged === 0;
  return { files, values, damaged, retiredKeys: isDone && keys.hasReplaced() ? await keyring.retire(keys.tenant_id) : 0 };
}

async function resealColumn(
  { db, keys }: { db: Db | SystemDb; keys: TenantKeys },
  column: SealedColumn<string>,
  signal?: AbortSignal,
): Promise<number> {
  let changed = 0;
  for (let after = ''; ; ) {
    signal?.throwIfAborted();
    const page = await listSealedValues(db, column, { after, limit: PAGE });
    for (const value of page) {
      if (sealedWith(value.sealed) === keys.current().id) continue;
      const place = { table: column.table, column: column.column, row: value.row };
      const next = sealText(keys, place, await openText(keys, place, value.sealed));
      await updateSealedValue(db, column, { ...value, next });
      changed += 1;
    }
    const last = page.at(-1);
    if (page.length < PAGE || !last) return changed;
    after = last.row;
  }
}
