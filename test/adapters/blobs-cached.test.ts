import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { cachedBlobs } from '../../src/server/infra/blobs-cached.ts';
import { openEncryptedBlobs, sealedName } from '../../src/server/infra/blobs-encrypted.ts';
import { openFolderBytes } from '../../src/server/infra/bytes-folder.ts';
import { openContentCache } from '../../src/server/infra/content-cache.ts';
import { inPieces, testBlobs } from './blobs-contract.ts';
import { newTenantKeys } from './tenant-keys.ts';

const MB = 1_048_576;
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function setUp({ maxBytes = 64 * MB }: { maxBytes?: number } = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'isocenter-cached-'));
  folders.push(dir);
  const keys = newTenantKeys();
  const bytes = await openFolderBytes(dir);
  const cache = openContentCache(maxBytes);
  const open = (owner: string) => cachedBlobs(openEncryptedBlobs(bytes, keys), cache, owner);
  const fileOf = (key: string) => join(dir, sealedName(keys, key).slice(0, 2), sealedName(keys, key));
  const damage = async (key: string, change: (content: Buffer) => Buffer) => {
    await writeFile(fileOf(key), change(await readFile(fileOf(key))));
  };
  const removeFiles = async () => {
    for (const folder of await readdir(dir)) for (const name of await readdir(join(dir, folder))) await rm(join(dir, folder, name));
  };
  return { blobs: open('a'), other: open('b'), cache, damage, removeFiles };
}

describe('blobs behind a cache', () => {
  testBlobs(() => setUp());

  test('what was read is given again without its file, whole, in ranges and as a stream', async () => {
    const { blobs, removeFiles } = await setUp();
    const content = randomBytes(300_000);
    const { key } = await blobs.put(inPieces(content));
    await blobs.read(key);
    await removeFiles();
    expect(Buffer.compare(await blobs.read(key), content)).toBe(0);
    expect(Buffer.compare(await blobs.readRange(key, { start: 5, end: 299_000 }), content.subarray(5, 299_001))).toBe(0);
    expect(Buffer.compare(await blobs.readRange(key, { start: 299_990, end: 900_000 }), content.subarray(299_990))).toBe(0);
    const { stream, size } = await blobs.open(key);
    expect(size).toBe(content.length);
    expect(Buffer.compare(await buffer(stream), content)).toBe(0);
  });

  test('a range of most of the content keeps all of it, a small one nothing', async () => {
    const { blobs, removeFiles } = await setUp();
    const [large, small] = [await blobs.put(inPieces(randomBytes(200_000))), await blobs.put(inPieces(randomBytes(200_000)))];
    await blobs.readRange(large.key, { start: 1_000, end: 199_999 });
    await blobs.readRange(small.key, { start: 0, end: 9_999 });
    await removeFiles();
    expect(await blobs.readRange(large.key, { start: 0, end: 999 })).toHaveLength(1_000);
    await expect(blobs.readRange(small.key, { start: 0, end: 9_999 })).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('what is deleted is gone from memory, too', async () => {
    const { blobs } = await setUp();
    const { key } = await blobs.put(inPieces(randomBytes(1_000)));
    await blobs.read(key);
    await blobs.delete(key);
    await expect(blobs.read(key)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(blobs.readRange(key, { start: 0, end: 9 })).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('what was being read while it was deleted is not kept', async () => {
    const { blobs, cache } = await setUp();
    const { key } = await blobs.put(inPieces(randomBytes(3 * MB)));
    await Promise.allSettled([blobs.read(key), blobs.delete(key)]);
    expect(cache.find(`a ${key}`)).toBeUndefined();
  });

  test('a tenant is never given what another one has read', async () => {
    const { blobs, other, removeFiles } = await setUp();
    const { key } = await blobs.put(inPieces(randomBytes(1_000)));
    await blobs.read(key);
    await removeFiles();
    await expect(other.read(key)).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('memory stays within its limit: what was used longest ago gives way, and large content is not kept', async () => {
    const { blobs, removeFiles } = await setUp({ maxBytes: 8 * MB });
    const contents = await Promise.all(Array.from({ length: 12 }, async () => (await blobs.put(inPieces(randomBytes(MB)))).key));
    const large = await blobs.put(inPieces(randomBytes(2 * MB)));
    for (const key of [...contents.slice(0, 8), contents[0] ?? '', ...contents.slice(8, 11), large.key]) await blobs.read(key);
    await removeFiles();
    const held = await Promise.all(contents.map(async (key) => (await blobs.read(key).catch(() => undefined)) !== undefined));
    expect(held).toEqual([true, false, false, false, true, true, true, true, true, true, true, false]);
    await expect(blobs.read(large.key)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

test('content that nobody used for ten minutes is let go', () => {
  let now = 0;
  const cache = openContentCache(MB, () => now);
  cache.keep('a', new Uint8Array(10));
  now = 599_999;
  expect(cache.find('a')).toBeDefined();
  now += 600_000;
  expect(cache.find('a')).toBeUndefined();
});
