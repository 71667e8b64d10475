import type { EncryptionState } from '../../contract/encryption.ts';
import type { SystemDb } from '../platform/ports.ts';
import { listTenantKeys } from './repository.ts';

/** The data keys of a tenant, the present one first; nothing of the keys themselves. */
export async function stateOfKeys(systemDb: SystemDb, tenantId: string): Promise<EncryptionState['keys']> {
  const keys = (await listTenantKeys(systemDb, tenantId)).filter(({ purpose }) => purpose === 'data');
  return (
    keys
      // The present one first, also where one was made within the same millisecond.
      .toSorted((a, b) => Number(a.replaced_at !== null) - Number(b.replaced_at !== null))
      .map(({ id, created_at, replaced_at, master_key_id }) => ({ id, created_at, replaced_at, master_key_id }))
  );
}
