import { Redis } from 'ioredis';
import type { CacheLayer, CachePlace } from '../platform/ports.ts';

/** A request does not wait longer than this for Redis: by then it has read for itself. */
const ANSWER_MS = 100;
const RECONNECT_MS = 2_000;
const PREFIX = 'isocenter:cache:';
/** Names that are looked at in one step when those of a tenant are removed. */
const SCANNED = 1_000;

export type RedisCacheOptions = {
  url: string;
  /** Told when Redis begins to fail, and not again until it has answered. */
  onError?: (error: unknown) => void;
};

/** Texts that all processes of an installation share. While Redis does not answer, there are none. */
export function openRedisCache({ url, onError = () => undefined }: RedisCacheOptions): CacheLayer {
  let failing = false;
  let pausedUntil = 0;
  const failed = (error: unknown): undefined => {
    if (!failing) onError(error);
    failing = true;
    // One that hangs would keep each request waiting.
    pausedUntil = performance.now() + RECONNECT_MS;
  };
  const redis = new Redis(url, {
    commandTimeout: ANSWER_MS,
    connectTimeout: RECONNECT_MS,
    maxRetriesPerRequest: 0,
    // A command that cannot be sent now fails now: the request it belongs to waits for it.
    enableOfflineQueue: false,
    retryStrategy: () => RECONNECT_MS,
  });
  redis.on('error', failed);
  redis.on('ready', () => {
    failing = false;
    pausedUntil = 0;
  });
  const answers = (): boolean => redis.status === 'ready' && performance.now() >= pausedUntil;

  return {
    name: 'redis',
    get: async (place) => (answers() ? ((await redis.get(nameOf(place)).catch(failed)) ?? undefined) : undefined),
    set: async (place, text, keptMs) => {
      if (keptMs >= 1 && answers()) await redis.set(nameOf(place), text, 'PX', Math.ceil(keptMs)).catch(failed);
    },
    forget: async (tenantId) => {
      for (let cursor = '0'; ; ) {
        // No tenant's id has a character that means something in a pattern.
        const found = await redis.scan(cursor, 'MATCH', `${PREFIX}${tenantId}:*`, 'COUNT', SCANNED).catch(failed);
        if (!found) return;
        const [next, names] = found;
        if (names.length > 0) await redis.unlink(...names).catch(failed);
        if (next === '0') return;
        cursor = next;
      }
    },
    size: () => ({ entries: null, bytes: null }),
    close: async () => {
      redis.disconnect();
    },
  };
}

function nameOf({ tenantId, key }: CachePlace): string {
  return `${PREFIX}${tenantId}:${key}`;
}
