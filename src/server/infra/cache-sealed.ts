import type { CacheLayer, CachePlace } from '../platform/ports.ts';
import { openText, type SealedPlace, sealText } from '../platform/sealed-text.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';

/**
 * A layer outside of this process gets nothing in the clear: each text is sealed with a key of its tenant, for its place. Once the tenant's
 * keys are destroyed nobody can read it, wherever a copy lies.
 */
export function sealedCache(layer: CacheLayer, keysOf: (tenantId: string) => Promise<TenantKeys>): CacheLayer {
  const placeOf = ({ key }: CachePlace): SealedPlace => ({ table: 'cache', column: layer.name, row: key });
  return {
    ...layer,
    get: async (place) => {
      const sealed = await layer.get(place);
      if (sealed === undefined) return undefined;
      // What was changed, is another installation's, or sealed with a key that no longer exists counts as not there.
      return keysOf(place.tenantId)
        .then((keys) => openText(keys, placeOf(place), sealed))
        .catch(() => undefined);
    },
    set: async (place, text, keptMs) => {
      const sealed = await keysOf(place.tenantId)
        .then((keys) => sealText(keys, placeOf(place), text))
        .catch(() => undefined);
      if (sealed !== undefined) await layer.set(place, sealed, keptMs);
    },
  };
}
