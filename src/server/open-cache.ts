import { join } from 'node:path';
import { type Cache, openCache } from './cache/cache.ts';
import type { Config } from './config.ts';
import { openMemoryCache } from './infra/cache-memory.ts';
import { sealedCache } from './infra/cache-sealed.ts';
import type { NoticeListener } from './open-protection.ts';
import type { CacheLayer, SystemDb } from './platform/ports.ts';
import type { TenantKeys } from './platform/tenant-keys.ts';

type CacheParts = {
  systemDb: SystemDb;
  keysOf: (tenantId: string) => Promise<TenantKeys>;
  now: () => Date;
  onNotice: NoticeListener;
};

/** Opens the layers that the configuration names, the nearest first. */
export async function openConfiguredCache(config: Config, { systemDb, keysOf, now, onNotice }: CacheParts): Promise<Cache> {
  const layers: CacheLayer[] = [];
  const { memoryBytes, fileBytes } = config.cache;
  if (memoryBytes > 0) layers.push(openMemoryCache(memoryBytes));
  if (memoryBytes > 0 && config.redisUrl) {
    const { openRedisCache } = await import('./infra/cache-redis.ts');
    const onError = (): void => onNotice('Redis does not answer: until it does, each process keeps what it has read for itself');
    layers.push(sealedCache(openRedisCache({ url: config.redisUrl, onError }), keysOf));
  }
  if (fileBytes > 0) {
    const { openFileCache } = await import('./infra/cache-file.ts');
    layers.push(sealedCache(await openFileCache(join(config.dataDir, 'cache'), fileBytes), keysOf));
  }
  return openCache({ layers, systemDb, now });
}
