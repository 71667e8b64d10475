import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CacheLayer, CachePlace } from '../../src/server/platform/ports.ts';

const HOUR_MS = 3_600_000;

/** A place that nobody had before. */
export function newPlace(tenantId = 'default'): CachePlace {
  return { tenantId, key: randomBytes(32).toString('hex') };
}

/** A layer over the network is connected when it answers with what it was given. */
export async function untilReady(layer: CacheLayer): Promise<void> {
  const place = newPlace();
  const ask = async (): Promise<string | undefined> => {
    await layer.set(place, 'there', HOUR_MS);
    return layer.get(place);
  };
  await expect.poll(ask, { timeout: 10_000 }).toBe('there');
}

/** Every layer of the cache passes these. */
export function testCacheLayer(open: () => Promise<CacheLayer>): void {
  test('gives back what was set last, and nothing where nothing was set', async () => {
    const layer = await open();
    const place = newPlace();
    expect(await layer.get(place)).toBeUndefined();
    await layer.set(place, 'first', HOUR_MS);
    await layer.set(place, 'Zweiter ▲ 第二', HOUR_MS);
    expect(await layer.get(place)).toBe('Zweiter ▲ 第二');
    expect(await layer.get(newPlace())).toBeUndefined();
  });

  test('gives nothing of one tenant to another under the same key', async () => {
    const layer = await open();
    const place = newPlace('north');
    await layer.set(place, 'of the north', HOUR_MS);
    expect(await layer.get({ ...place, tenantId: 'south' })).toBeUndefined();
    // One id begins with the other.
    expect(await layer.get({ ...place, tenantId: 'north-east' })).toBeUndefined();
  });

  test('forgets one tenant and no other', async () => {
    const layer = await open();
    const [north, east] = [newPlace('north'), newPlace('north-east')];
    await layer.set(north, 'of the north', HOUR_MS);
    await layer.set(east, 'of the east', HOUR_MS);
    await layer.forget('north');
    expect(await layer.get(north)).toBeUndefined();
    expect(await layer.get(east)).toBe('of the east');
  });

  test('keeps nothing whose time is over', async () => {
    const layer = await open();
    const place = newPlace();
    await layer.set(place, 'too late', 0);
    expect(await layer.get(place)).toBeUndefined();
  });
}
