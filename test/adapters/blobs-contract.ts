import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { plainBlobs } from '../../src/server/infra/blobs-plain.ts';
import { type FolderOptions, openFolderBytes } from '../../src/server/infra/bytes-folder.ts';
import type { BlobStore } from '../../src/server/platform/ports.ts';

export type BlobsUnderTest = {
  blobs: BlobStore;
  /** Changes what the store holds under a key, behind its back. */
  damage(key: string, change: (content: Buffer) => Buffer): Promise<void>;
};

/** What every implementation of `BlobStore` must do. `setUp` gives an empty store to each test. */
export function testBlobs(setUp: () => Promise<BlobsUnderTest>): void {
  test('content comes back as it was, under its SHA-256', async () => {
    const { blobs } = await setUp();
    for (const size of [0, 1, 1_000, 65_535, 65_536, 65_537, 3_000_000]) {
      const content = randomBytes(size);
      const stored = await blobs.put(inPieces(content, 10_000));
      expect(stored).toMatchObject({ key: sha256(content), size, existed: false });
      expect(Buffer.compare(await blobs.read(stored.key), content)).toBe(0);
    }
  });

  test('how content is cut into pieces does not matter', async () => {
    const { blobs } = await setUp();
    const content = randomBytes(400_000);
    for (const pieceSize of [400_000, 65_536, 65_537, 70_000, 999]) {
      const { key } = await blobs.put(inPieces(content, pieceSize));
      expect(key).toBe(sha256(content));
    }
    expect(Buffer.compare(await blobs.read(sha256(content)), content)).toBe(0);
  });

  test('pieces are read only as they are taken: the source may use its buffer again', async () => {
    const { blobs } = await setUp();
    const buffer = Buffer.alloc(100);
    const source = async function* () {
      for (let value = 0; value < 5_000; value++) yield buffer.fill(value % 256);
    };
    const { key, size } = await blobs.put(source());
    const content = await blobs.read(key);
    expect(size).toBe(500_000);
    expect([content[0], content[150], content[499_999]]).toEqual([0, 1, 4_999 % 256]);
  });

  test('the same content twice is held once, and the second put says so', async () => {
    const { blobs } = await setUp();
    const content = randomBytes(50_000);
    expect((await blobs.put(inPieces(content))).existed).toBe(false);
    expect((await blobs.put(inPieces(content))).existed).toBe(true);
    expect(await keysOf(blobs)).toEqual([sha256(content)]);
  });

  test('the same content many times at once is held once, and one put alone made it', async () => {
    const { blobs } = await setUp();
    const content = randomBytes(200_000);
    const stored = await Promise.all(Array.from({ length: 16 }, () => blobs.put(inPieces(content, 30_000))));
    expect(stored.filter(({ existed }) => !existed)).toHaveLength(1);
    expect(Buffer.compare(await blobs.read(sha256(content)), content)).toBe(0);
  });

  test('many contents at once are all held', async () => {
    const { blobs } = await setUp();
    const contents = Array.from({ length: 100 }, () => randomBytes(20_000));
    const stored = await Promise.all(contents.map((content) => blobs.put(inPieces(content))));
    expect((await keysOf(blobs)).sort()).toEqual(contents.map(sha256).sort());
    for (const { key } of stored) await blobs.read(key);
  });

  test('a source that fails leaves nothing and its error comes out', async () => {
    const { blobs } = await setUp();
    const source = async function* () {
      yield randomBytes(100_000);
      throw new Error('the connection broke');
    };
    await expect(blobs.put(source())).rejects.toThrow('the connection broke');
    expect(await keysOf(blobs)).toEqual([]);
  });

  test('memory does not grow with the content', async () => {
    const { blobs } = await setUp();
    const piece = randomBytes(100_000);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const source = async function* () {
      for (let count = 0; count < 2_000; count++) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        yield Buffer.from(piece);
      }
    };
    expect((await blobs.put(source())).size).toBe(200_000_000);
    // Pieces that are done with count until they are collected.
    expect(most).toBeLessThan(100_000_000);
  });

  test('ranges are inclusive and end where the content ends', async () => {
    const { blobs } = await setUp();
    const content = randomBytes(100_000);
    const { key } = await blobs.put(inPieces(content));
    const range = async (start: number, end: number) => Buffer.from(await blobs.readRange(key, { start, end }));
    expect(await range(0, 0)).toEqual(content.subarray(0, 1));
    expect(await range(500, 90_000)).toEqual(content.subarray(500, 90_001));
    expect(await range(99_999, 10 ** 12)).toEqual(content.subarray(99_999));
    expect(await range(100_000, 100_001)).toEqual(Buffer.alloc(0));
    for (const [start, end] of [
      [5, 4],
      [-1, 4],
      [0.5, 4],
      [0, Number.NaN],
    ] as const) {
      await expect(range(start, end)).rejects.toMatchObject({ kind: 'invalid-request' });
    }
  });

  test('an open blob streams its content', async () => {
    const { blobs } = await setUp();
    for (const size of [0, 10, 500_000]) {
      const content = randomBytes(size);
      const { key } = await blobs.put(inPieces(content));
      const open = await blobs.open(key);
      expect(open.size).toBe(size);
      expect(Buffer.compare(Buffer.concat(await open.stream.toArray()), content)).toBe(0);
    }
  });

  test('a stream that nobody reads can be closed', async () => {
    const { blobs } = await setUp();
    const { key } = await blobs.put(inPieces(randomBytes(500_000)));
    for (let count = 0; count < 3; count++) {
      const { stream } = await blobs.open(key);
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.destroy();
      await closed;
    }
    await blobs.read(key);
  });

  test('damaged bytes are never given out', async () => {
    const { blobs, damage } = await setUp();
    const changes: ((content: Buffer) => Buffer)[] = [
      (content) => content.subarray(0, 150_000),
      (content) => Buffer.concat([content, Buffer.from('x')]),
      (content) => Buffer.from(content).fill(7, 199_999),
      (content) => Buffer.from(content).fill(7, 0, 9),
      () => Buffer.alloc(0),
    ];
    for (const change of changes) {
      const content = randomBytes(200_000);
      const { key } = await blobs.put(inPieces(content));
      await damage(key, change);
      await expect(blobs.read(key)).rejects.toMatchObject({ kind: 'internal', message: `Blob ${key} is damaged` });
      const { stream } = await blobs.open(key);
      let got = 0;
      const reading = async () => {
        for await (const piece of stream) got += piece.length;
      };
      await expect(reading()).rejects.toThrow(`Blob ${key} is damaged`);
      // Whoever counts bytes does not take a damaged blob for a whole one.
      expect(got).not.toBe(content.length);
    }
  });

  test('content that was cut short is whole again after it is put again', async () => {
    const { blobs, damage } = await setUp();
    const content = randomBytes(100_000);
    const { key } = await blobs.put(inPieces(content));
    await damage(key, (bytes) => bytes.subarray(0, 10));
    expect((await blobs.put(inPieces(content))).existed).toBe(false);
    expect(Buffer.compare(await blobs.read(key), content)).toBe(0);
  });

  test('what is not held is told as not-found', async () => {
    const { blobs } = await setUp();
    const key = sha256(Buffer.from('nothing'));
    await expect(blobs.read(key)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(blobs.readRange(key, { start: 0, end: 1 })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(blobs.open(key)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await blobs.has(key)).toBe(false);
    await blobs.delete(key);
  });

  test('what is no key leads nowhere', async () => {
    const { blobs } = await setUp();
    const { key } = await blobs.put(inPieces(randomBytes(10)));
    for (const bad of ['', '..', '../../../etc/passwd', `../${key}`, key.toUpperCase(), `${key}\n`, key.slice(1), `${key}0`, 'tmp']) {
      for (const use of [blobs.read, blobs.open, blobs.has, blobs.delete])
        await expect(use(bad)).rejects.toMatchObject({ kind: 'not-found' });
    }
    expect(await keysOf(blobs)).toEqual([key]);
  });

  test('what is deleted is gone', async () => {
    const { blobs } = await setUp();
    const { key } = await blobs.put(inPieces(randomBytes(10)));
    expect(await blobs.has(key)).toBe(true);
    await blobs.delete(key);
    expect(await blobs.has(key)).toBe(false);
    expect(await keysOf(blobs)).toEqual([]);
  });

  test('neither a sweep nor whoever takes content back can delete what someone else has put since', async () => {
    const { blobs } = await setUp();
    const content = randomBytes(10);
    const first = await blobs.put(inPieces(content));
    const second = await blobs.put(inPieces(content));
    expect(second).toMatchObject({ key: first.key, existed: true });
    expect(second.modifiedAt.getTime()).toBeGreaterThan(first.modifiedAt.getTime());
    await blobs.delete(first.key, { unmodifiedSince: first.modifiedAt });
    expect(await blobs.has(first.key)).toBe(true);
    await blobs.delete(first.key, { unmodifiedSince: second.modifiedAt });
    expect(await blobs.has(first.key)).toBe(false);
  });

  test('the list names every blob with its age', async () => {
    const { blobs } = await setUp();
    const before = Date.now() - 2_000;
    const keys = new Set<string>();
    for (let count = 0; count < 20; count++) keys.add((await blobs.put(inPieces(randomBytes(100)))).key);
    for await (const { key, modifiedAt } of blobs.list()) {
      expect(keys.delete(key)).toBe(true);
      expect(modifiedAt.getTime()).toBeGreaterThan(before);
    }
    expect(keys.size).toBe(0);
  });

  test('the check writes and leaves nothing', async () => {
    const { blobs } = await setUp();
    await blobs.check();
    expect(await keysOf(blobs)).toEqual([]);
  });
}

/** Blobs as files in the clear. */
export async function openFolderBlobs(dir: string, options: FolderOptions = {}): Promise<BlobStore> {
  return plainBlobs(await openFolderBytes(dir, options));
}

export async function* inPieces(content: Uint8Array, pieceSize = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += pieceSize) yield content.subarray(start, start + pieceSize);
}

export async function keysOf(blobs: BlobStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of blobs.list()) keys.push(key);
  return keys;
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
