import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openFileCache } from '../../src/server/infra/cache-file.ts';
import { openMemoryCache } from '../../src/server/infra/cache-memory.ts';
import { openRedisCache } from '../../src/server/infra/cache-redis.ts';
import { sealedCache } from '../../src/server/infra/cache-sealed.ts';
import type { CacheLayer } from '../../src/server/platform/ports.ts';
import type { TenantKeys } from '../../src/server/platform/tenant-keys.ts';
import { type RedisServer, redisMissing, startRedis } from '../redis.ts';
import { newPlace, testCacheLayer, untilReady } from './cache-layer-contract.ts';
import { newTenantKeys } from './tenant-keys.ts';

const MEGABYTE = 1_048_576;
const HOUR_MS = 3_600_000;
const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-cache-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function opened(layer: CacheLayer): CacheLayer {
  closing.push(() => layer.close());
  return layer;
}

function openKeys(): (tenantId: string) => Promise<ReturnType<typeof newTenantKeys>> {
  const keys = new Map<string, ReturnType<typeof newTenantKeys>>();
  return async (tenantId) => {
    const known = keys.get(tenantId) ?? newTenantKeys(tenantId);
    keys.set(tenantId, known);
    return known;
  };
}

describe('kept answers in memory', () => {
  testCacheLayer(async () => opened(openMemoryCache(MEGABYTE)));

  test('stay within their bytes: what was used longest ago gives way', async () => {
    const layer = opened(openMemoryCache(100_000));
    const places = Array.from({ length: 100 }, () => newPlace());
    const [first, second] = places;
    if (!first || !second) throw new Error('There are places');
    for (const place of places) {
      await layer.set(place, 'x'.repeat(1_000), HOUR_MS);
      expect(await layer.get(first)).toBeDefined();
      expect(layer.size().bytes).toBeLessThanOrEqual(100_000);
    }
    expect(await layer.get(second)).toBeUndefined();
    // Larger than all together.
    await layer.set(second, 'x'.repeat(200_000), HOUR_MS);
    expect(await layer.get(second)).toBeUndefined();
    expect(await layer.get(first)).toBeDefined();
  });
});

describe('kept answers in files', () => {
  testCacheLayer(async () => opened(await openFileCache(await newFolder(), MEGABYTE)));

  test('outlast a restart, and what a crash left half written does not', async () => {
    const folder = await newFolder();
    const place = newPlace();
    const before = await openFileCache(folder, MEGABYTE);
    await before.set(place, 'from before', HOUR_MS);
    await before.close();
    await writeFile(join(folder, 'default', 'crash.half'), 'half');
    const after = await openFileCache(folder, MEGABYTE);
    expect(await after.get(place)).toBe('from before');
    await after.close();
    expect(await readdir(join(folder, 'default'))).toEqual([place.key]);
  });

  test('stay within their bytes on the disk, also when there were more before', async () => {
    const folder = await newFolder();
    const layer = await openFileCache(folder, 10_000);
    for (let count = 0; count < 30; count += 1) await layer.set(newPlace(), 'x'.repeat(1_000), HOUR_MS);
    await layer.close();
    expect(await readdir(join(folder, 'default'))).toHaveLength(10);
    await (await openFileCache(folder, 3_000)).close();
    expect(await readdir(join(folder, 'default'))).toHaveLength(3);
  });
});

describe('what is kept outside of the process', () => {
  test('is sealed: a file tells nothing, and opens at no other place', async () => {
    const folder = await newFolder();
    const layer = sealedCache(opened(await openFileCache(folder, MEGABYTE)), openKeys());
    const [place, other] = [newPlace(), newPlace()];
    await layer.set(place, 'patients: 17', HOUR_MS);
    const file = join(folder, 'default', place.key);
    expect(await readFile(file, 'utf8')).not.toContain('patients');
    await layer.set(other, 'patients: 18', HOUR_MS);
    await writeFile(join(folder, 'default', other.key), await readFile(file));
    expect(await layer.get(place)).toBe('patients: 17');
    expect(await layer.get(other)).toBeUndefined();
  });

  test('is gone with the keys of its tenant', async () => {
    const keysOf = openKeys();
    const layer = sealedCache(opened(await openFileCache(await newFolder(), MEGABYTE)), keysOf);
    const place = newPlace();
    await layer.set(place, 'of a tenant', HOUR_MS);
    const keys = await keysOf('default');
    keys.destroy(keys.current().id);
    expect(await layer.get(place)).toBeUndefined();
  });

  test('is not kept where the keys are destroyed', async () => {
    const folder = await newFolder();
    const destroyed = async (): Promise<TenantKeys> => {
      throw new Error('destroyed');
    };
    const layer = sealedCache(opened(await openFileCache(folder, MEGABYTE)), destroyed);
    await layer.set(newPlace(), 'of a tenant', HOUR_MS);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe.skipIf(redisMissing)(`kept answers in Redis${redisMissing ? ` (${redisMissing})` : ''}`, () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await server.stop();
  });

  const openReady = async (onError: (error: unknown) => void = () => {}): Promise<CacheLayer> => {
    const layer = opened(openRedisCache({ url: server.url, onError }));
    await untilReady(layer);
    return layer;
  };
  testCacheLayer(openReady);

  test('are shared by processes, sealed, and leave by themselves', async () => {
    const keysOf = openKeys();
    const [here, there] = [sealedCache(await openReady(), keysOf), sealedCache(await openReady(), keysOf)];
    const place = newPlace();
    await here.set(place, 'patients: 17', HOUR_MS);
    expect(await there.get(place)).toBe('patients: 17');
    const redis = new Redis(server.url);
    const name = `isocenter:cache:default:${place.key}`;
    expect(await redis.get(name)).not.toContain('patients');
    expect(await redis.pttl(name)).toBeGreaterThan(HOUR_MS - 60_000);
    redis.disconnect();
  });

  test('are none while Redis is down, told once, and are there again after it', async () => {
    const told: unknown[] = [];
    const layer = await openReady((error) => told.push(error));
    expect(told).toEqual([]);
    await server.kill();
    const place = newPlace();
    for (let count = 0; count < 10; count += 1) {
      await layer.set(place, 'lost', HOUR_MS);
      expect(await layer.get(place)).toBeUndefined();
    }
    await expect.poll(() => told.length).toBe(1);
    await server.restart();
    await untilReady(layer);
  });
});
