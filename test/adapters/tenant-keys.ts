import { randomBytes, randomUUID } from 'node:crypto';
import type { DataKey, TenantKeys } from '../../src/server/platform/tenant-keys.ts';

/** Keys of a tenant, in memory; `rotate` makes a new one for what is written from then on. */
export function newTenantKeys(tenantId = 'default'): TenantKeys & { rotate(): DataKey; destroy(id: string): void } {
  const nameKey = randomBytes(32);
  const keys: DataKey[] = [];
  const rotate = (): DataKey => {
    const key = { id: randomUUID(), secret: randomBytes(32) };
    keys.unshift(key);
    return key;
  };
  rotate();
  return {
    tenant_id: tenantId,
    current: () => keys[0] ?? rotate(),
    find: async (id) => keys.find((key) => key.id === id),
    nameKey: () => nameKey,
    hasReplaced: () => keys.length > 1,
    rotate,
    destroy: (id) => {
      keys.splice(
        keys.findIndex((key) => key.id === id),
        1,
      );
    },
  };
}
