import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openEncryptedBlobs, sealedName } from '../../src/server/infra/blobs-encrypted.ts';
import { openFolderBytes } from '../../src/server/infra/bytes-folder.ts';
import { openContentThreads } from '../../src/server/infra/content-threads.ts';
import { inPieces, keysOf, openFolderBlobs, testBlobs } from './blobs-contract.ts';
import { newTenantKeys } from './tenant-keys.ts';

// Long content goes through threads here, and is written in place in the suite of folders.
const threads = openContentThreads();
afterAll(() => threads.close());

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function setUp() {
  const dir = await mkdtemp(join(tmpdir(), 'isocenter-sealed-'));
  folders.push(dir);
  const keys = newTenantKeys();
  const bytes = await openFolderBytes(dir, { threads });
  const blobs = openEncryptedBlobs(bytes, keys);
  const fileOf = (key: string) => join(dir, sealedName(keys, key).slice(0, 2), sealedName(keys, key));
  const damage = async (key: string, change: (content: Buffer) => Buffer) => {
    await writeFile(fileOf(key), change(await readFile(fileOf(key))));
  };
  return { dir, keys, bytes, blobs, fileOf, damage };
}

describe('sealed blobs', () => {
  testBlobs(setUp);

  test('of long content whose source fails, or that is sent twice, nothing temporary stays', async () => {
    const { dir, blobs } = await setUp();
    const content = randomBytes(3_000_000);
    const failing = async function* (after: number) {
      yield* inPieces(content.subarray(0, after));
      throw new Error('the connection broke');
    };
    for (const after of [0, 1_000, 262_144, 262_145, 2_900_000])
      await expect(blobs.put(failing(after))).rejects.toThrow('the connection broke');
    expect(await keysOf(blobs)).toEqual([]);
    expect((await blobs.put(inPieces(content))).existed).toBe(false);
    expect((await blobs.put(inPieces(content))).existed).toBe(true);
    expect(await readdir(join(dir, 'tmp'))).toEqual([]);
    expect(Buffer.compare(await blobs.read(sha256(content)), content)).toBe(0);
  });

  test('a slow source holds up no other', async () => {
    const { blobs } = await setUp();
    const { promise, resolve } = Promise.withResolvers<void>();
    const content = randomBytes(600_000);
    const waiting = async function* () {
      yield* inPieces(content.subarray(0, 500_000));
      await promise;
      yield* inPieces(content.subarray(500_000));
    };
    const slow = Array.from({ length: 20 }, () => blobs.put(waiting()));
    await blobs.put(inPieces(randomBytes(2_000_000)));
    resolve();
    for (const stored of await Promise.all(slow)) expect(stored.key).toBe(sha256(content));
  });

  test('neither the files nor their names hold the content or its digest', async () => {
    const { dir, blobs } = await setUp();
    const content = Buffer.from('Zebrafinch^Quirinus '.repeat(20_000));
    const { key } = await blobs.put(inPieces(content));
    for (const { name, bytes } of await everyFile(dir)) {
      expect(name).not.toContain(key.slice(0, 8));
      expect(bytes.includes('Zebrafinch')).toBe(false);
      expect(bytes.includes(Buffer.from(key, 'hex'))).toBe(false);
    }
  });

  test('another tenant with the same content has other names and other bytes, and can read neither', async () => {
    const [a, b] = [await setUp(), await setUp()];
    const content = randomBytes(100_000);
    const { key } = await a.blobs.put(inPieces(content));
    await b.blobs.put(inPieces(content));
    expect(sealedName(a.keys, key)).not.toBe(sealedName(b.keys, key));
    const other = openEncryptedBlobs(a.bytes, b.keys);
    await expect(other.read(key)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await keysOf(other)).toEqual([]);
  });

  test('a byte changed anywhere is found by the range that holds it and by a whole read', async () => {
    const { blobs, fileOf, bytes, keys } = await setUp();
    const content = randomBytes(200_000);
    const { key } = await blobs.put(inPieces(content));
    const file = await readFile(fileOf(key));
    for (let at = 0; at < file.length; at += 997) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(fileOf(key), changed);
      const fresh = openEncryptedBlobs(bytes, keys);
      // The version and reserved bytes of the header lead to another file key; every other byte is part of a tag's message.
      await expect(fresh.read(key), `byte ${at}`).rejects.toMatchObject({ kind: 'internal' });
    }
    await writeFile(fileOf(key), file);
    expect(Buffer.compare(await blobs.read(key), content)).toBe(0);
  });

  test('chunks that are swapped, repeated or left out are found, also by range reads', async () => {
    const { blobs, bytes, keys, fileOf } = await setUp();
    const { key } = await blobs.put(inPieces(randomBytes(65_536 * 4)));
    const file = await readFile(fileOf(key));
    const chunk = (index: number) => file.subarray(56 + index * 65_552, 56 + (index + 1) * 65_552);
    const [head, tail] = [file.subarray(0, 56), file.subarray(-48)];
    const orders = [
      [1, 0, 2, 3],
      [0, 0, 2, 3],
      [0, 1, 3, 2],
      [0, 1, 3],
    ];
    for (const order of orders) {
      await writeFile(fileOf(key), Buffer.concat([head, ...order.map(chunk), tail]));
      const fresh = openEncryptedBlobs(bytes, keys);
      await expect(fresh.read(key), order.join()).rejects.toMatchObject({ message: `Blob ${key} is damaged` });
      await expect(fresh.readRange(key, { start: 0, end: 262_143 })).rejects.toMatchObject({ message: `Blob ${key} is damaged` });
    }
  });

  test('a sealed file in the place of another is not taken for it', async () => {
    const { blobs, fileOf } = await setUp();
    const one = await blobs.put(inPieces(randomBytes(1_000)));
    const two = await blobs.put(inPieces(randomBytes(1_000)));
    await rename(fileOf(one.key), fileOf(two.key));
    await expect(blobs.readRange(two.key, { start: 0, end: 10 })).rejects.toMatchObject({ message: `Blob ${two.key} is damaged` });
    await expect(blobs.read(two.key)).rejects.toMatchObject({ message: `Blob ${two.key} is damaged` });
  });

  test('a range is right wherever it begins and ends', async () => {
    const { blobs } = await setUp();
    for (const size of [0, 1, 65_535, 65_536, 65_537, 131_072, 300_001]) {
      const content = randomBytes(size);
      const { key } = await blobs.put(inPieces(content, 50_001));
      for (const start of [0, 1, 65_535, 65_536, 65_537, 131_071, 131_072, 250_000]) {
        for (const length of [1, 2, 65_536, 65_537, 200_000]) {
          const range = await blobs.readRange(key, { start, end: start + length - 1 });
          expect(Buffer.compare(range, content.subarray(start, start + length)), `${size}: ${start} + ${length}`).toBe(0);
        }
      }
    }
  });

  test('what was put in the clear stays readable; reseal seals it and leaves nothing in the clear', async () => {
    const { dir, bytes, blobs } = await setUp();
    const plain = await openFolderBlobs(dir);
    const contents = [randomBytes(10), randomBytes(200_000), Buffer.alloc(0)];
    for (const content of contents) await plain.put(inPieces(content));
    const [first] = contents;
    expect((await blobs.put(inPieces(first ?? Buffer.alloc(0)))).existed).toBe(true);
    for (const content of contents) expect(Buffer.compare(await blobs.read(sha256(content)), content)).toBe(0);

    expect(await blobs.reseal()).toEqual({ resealed: 3, damaged: 0 });
    expect((await keysOf(blobs)).sort()).toEqual(contents.map(sha256).sort());
    for await (const { name } of bytes.list()) expect(name).toHaveLength(80);
    for (const content of contents) expect(Buffer.compare(await blobs.read(sha256(content)), content)).toBe(0);
    expect(await blobs.reseal()).toEqual({ resealed: 0, damaged: 0 });
  });

  test('after a rotation new content has the new key, old content is readable, and reseal lets the old key go', async () => {
    const { keys, blobs, damage } = await setUp();
    const contents = [randomBytes(10), randomBytes(300_000)];
    for (const content of contents) await blobs.put(inPieces(content));
    const old = keys.current();
    // The keys of both files are remembered when the reseal changes them.
    for (const content of contents) await blobs.readRange(sha256(content), { start: 0, end: 5 });
    keys.rotate();
    const bad = await blobs.put(inPieces(randomBytes(50)));
    await damage(bad.key, (content) => content.subarray(0, 60));

    expect(await blobs.reseal()).toEqual({ resealed: 2, damaged: 1 });
    keys.destroy(old.id);
    for (const content of contents) {
      expect(Buffer.compare(await blobs.readRange(sha256(content), { start: 2, end: 5 }), content.subarray(2, 6))).toBe(0);
      expect(Buffer.compare(await blobs.read(sha256(content)), content)).toBe(0);
    }
  });

  test('a reseal that is broken off goes on where it was', async () => {
    const { keys, blobs, bytes } = await setUp();
    for (let count = 0; count < 10; count++) await blobs.put(inPieces(randomBytes(100)));
    keys.rotate();
    const stop = new AbortController();
    const stopping = openEncryptedBlobs(
      {
        ...bytes,
        put: async (content, options) => {
          if ((await done()) === 4) stop.abort();
          return bytes.put(content, options);
        },
      },
      keys,
    );
    const done = async () => {
      let count = 0;
      for await (const { name } of bytes.list()) {
        const header = await bytes.readRange(name, { start: 8, end: 23 });
        if (Buffer.from(header).toString('hex') === keys.current().id.replaceAll('-', '')) count += 1;
      }
      return count;
    };
    await expect(stopping.reseal(stop.signal)).rejects.toThrow();
    expect(await done()).toBe(5);
    expect(await blobs.reseal()).toEqual({ resealed: 5, damaged: 0 });
  });

  test('what is deleted while it is resealed does not come back', async () => {
    const { dir, bytes, blobs, keys } = await setUp();
    const plain = await openFolderBlobs(dir);
    const inClear = await plain.put(inPieces(randomBytes(100)));
    const sealed = await blobs.put(inPieces(randomBytes(100)));
    keys.rotate();
    const slow = openEncryptedBlobs(
      {
        ...bytes,
        put: async (content, options) => {
          for (const { key } of [inClear, sealed]) await blobs.delete(key);
          return bytes.put(content, options);
        },
      },
      keys,
    );
    await slow.reseal();
    expect(await keysOf(blobs)).toEqual([]);
  });

  test('without sealing new content stays in the clear, and reseal opens what is sealed', async () => {
    const { bytes, keys, blobs } = await setUp();
    const content = randomBytes(200_000);
    const { key } = await blobs.put(inPieces(content));
    const clear = openEncryptedBlobs(bytes, keys, { sealing: false });
    expect(Buffer.compare(await clear.read(key), content)).toBe(0);
    expect(await clear.put(inPieces(content))).toMatchObject({ key, existed: true });
    expect(await clear.reseal()).toEqual({ resealed: 1, damaged: 0 });
    for await (const { name } of bytes.list()) expect(name).toBe(key);
    expect(Buffer.compare(await clear.read(key), content)).toBe(0);
  });

  test('once its key is destroyed, content cannot be read by anybody', async () => {
    const { keys, blobs } = await setUp();
    const { key } = await blobs.put(inPieces(randomBytes(100)));
    keys.destroy(keys.current().id);
    await expect(blobs.read(key)).rejects.toMatchObject({ kind: 'internal', message: `The key of blob ${key} no longer exists` });
  });
});

async function everyFile(dir: string): Promise<{ name: string; bytes: Buffer }[]> {
  const found: { name: string; bytes: Buffer }[] = [];
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) found.push({ name: entry.name, bytes: await readFile(join(entry.parentPath, entry.name)) });
  }
  expect(found.length).toBeGreaterThan(0);
  return found;
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
