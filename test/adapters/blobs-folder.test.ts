import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { inPieces, keysOf, openFolderBlobs, testBlobs } from './blobs-contract.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-blobs-'));
  folders.push(folder);
  return join(folder, 'deep', 'blobs');
}

const fileOf = (dir: string, key: string) => join(dir, key.slice(0, 2), key);

describe('blobs in a folder', () => {
  testBlobs(async () => {
    const dir = await newFolder();
    const blobs = await openFolderBlobs(dir);
    const damage = async (key: string, change: (content: Buffer) => Buffer) => {
      await writeFile(fileOf(dir, key), change(await readFile(fileOf(dir, key))));
    };
    return { blobs, damage };
  });

  test('a blob is one file, named by its hash; nothing temporary stays', async () => {
    const dir = await newFolder();
    const blobs = await openFolderBlobs(dir);
    const content = randomBytes(1_000);
    const { key } = await blobs.put(inPieces(content));
    await blobs.put(inPieces(content));
    await blobs.check();
    await expect(blobs.put(failing())).rejects.toThrow();
    expect(await readFile(fileOf(dir, key))).toEqual(content);
    expect(await readdir(join(dir, 'tmp'))).toEqual([]);
  });

  test('temporary files of an earlier process are removed at open; those of this one and, if asked, recent ones are not', async () => {
    const dir = await newFolder();
    await openFolderBlobs(dir);
    const temp = (name: string) => join(dir, 'tmp', name);
    const minutesBeforeStart = (minutes: number) => new Date(performance.timeOrigin - minutes * 60_000);
    for (const name of ['old', 'older', 'own']) await writeFile(temp(name), 'x');
    await utimes(temp('old'), minutesBeforeStart(1), minutesBeforeStart(1));
    await utimes(temp('older'), minutesBeforeStart(120), minutesBeforeStart(120));
    await openFolderBlobs(dir, { tempGraceMs: 3_600_000 });
    expect((await readdir(join(dir, 'tmp'))).sort()).toEqual(['old', 'own']);
    await openFolderBlobs(dir);
    expect(await readdir(join(dir, 'tmp'))).toEqual(['own']);
  });

  test('two stores on one folder, as in two processes, see each other and hold equal content once', async () => {
    const dir = await newFolder();
    const stores = await Promise.all([openFolderBlobs(dir), openFolderBlobs(dir)]);
    const contents = Array.from({ length: 20 }, () => randomBytes(5_000));
    const stored = await Promise.all(contents.flatMap((content) => stores.map((store) => store.put(inPieces(content)))));
    for (const { key } of stored) for (const store of stores) await store.read(key);
    expect(await keysOf(stores[0])).toHaveLength(20);
    expect(await readdir(join(dir, 'tmp'))).toEqual([]);
  });

  test('other files in the folder are not blobs', async () => {
    const dir = await newFolder();
    const blobs = await openFolderBlobs(dir);
    const { key } = await blobs.put(inPieces(randomBytes(10)));
    await writeFile(join(dir, 'README'), 'x');
    await writeFile(join(dir, key.slice(0, 2), 'note'), 'x');
    expect(await keysOf(blobs)).toEqual([key]);
  });

  test('whatever was acknowledged before a SIGKILL is there and intact: 20 rounds', async () => {
    const dir = await newFolder();
    const acknowledged = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const before = acknowledged.size;
      // Killed after another number of blobs each time, always in the middle of eight puts.
      for (const key of await putUntilKilled(dir, 1 + ((round * 7) % 23))) acknowledged.add(key);
      expect(acknowledged.size).toBeGreaterThan(before);
    }
    const blobs = await openFolderBlobs(dir, { tempGraceMs: -1e12 });
    for (const key of acknowledged) await blobs.read(key);
    // Nor is anything half-written there under a name of its own.
    for await (const { key } of blobs.list()) await blobs.read(key);
    expect(await readdir(join(dir, 'tmp'))).toEqual([]);
  });
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield randomBytes(10);
  throw new Error('the connection broke');
}

/** The keys that a writing process had said when it was gone. */
async function putUntilKilled(dir: string, blobs: number): Promise<string[]> {
  const writer = fileURLToPath(new URL('blob-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [writer, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    said += text;
    if (said.split('\n').length > blobs) child.kill('SIGKILL');
  });
  const [code, signal] = await once(child, 'close');
  expect([code, signal]).toEqual([null, 'SIGKILL']);
  // The last line may be cut off.
  return said.split('\n').slice(0, -1);
}
