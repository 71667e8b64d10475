import { LRUCache } from 'lru-cache';
import type { CacheLayer, CachePlace } from '../platform/ports.ts';

/** What is past its time is let go this often, so that nothing of a patient stays in memory for the night. */
const LET_GO_MS = 60_000;
/** Of a character, in the worst case. */
const BYTES = 2;

/**
 * Texts in this process; the one that was used longest ago gives way.
 *
 * @param maxBytes of all texts together, more than 0
 */
export function openMemoryCache(maxBytes: number): CacheLayer {
  const held = new LRUCache<string, string>({ maxSize: maxBytes, sizeCalculation: (text, name) => (text.length + name.length) * BYTES });
  const letGo = setInterval(() => held.purgeStale(), LET_GO_MS).unref();
  return {
    name: 'memory',
    get: async (place) => held.get(nameOf(place)),
    set: async (place, text, keptMs) => {
      if (keptMs >= 1) held.set(nameOf(place), text, { ttl: keptMs });
    },
    forget: async (tenantId) => {
      for (const name of held.keys()) if (name.startsWith(`${tenantId} `)) held.delete(name);
    },
    size: () => ({ entries: held.size, bytes: held.calculatedSize }),
    close: async () => {
      clearInterval(letGo);
      held.clear();
    },
  };
}

/** No tenant's id has a space. */
function nameOf({ tenantId, key }: CachePlace): string {
  return `${tenantId} ${key}`;
}
