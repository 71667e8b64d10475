import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unpackArchive } from '../studies/unpack-archive.ts';
import { type ZipFile, zipStream } from './zip-stream.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isocenter-zip-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const pythonMissing = spawnSync('python3', ['--version']).status === 0 ? undefined : 'needs python3';

async function archiveOf(files: ZipFile[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of zipStream(Readable.from(files))) parts.push(part);
  return Buffer.concat(parts);
}
async function unpacked(archive: Uint8Array): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for await (const { name, content } of unpackArchive(Readable.from([archive]), { tempDir: folder, maxBytes: 1e9 })) {
    const parts: Uint8Array[] = [];
    for await (const part of content) parts.push(part);
    found.set(name, Buffer.concat(parts));
  }
  return found;
}
const pieces = (bytes: Uint8Array, size = 10_000) =>
  Readable.from(Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size)));

describe('a ZIP archive that is written as it is sent', () => {
  it('gives every file back as it was, whole or in pieces, in both forms', async () => {
    const [large, small] = [randomBytes(3_000_000), Buffer.from('Zebrafinch '.repeat(10_000))];
    const archive = await archiveOf([
      { name: 'empty', content: new Uint8Array() },
      { name: 'empty stream', content: Readable.from([]) },
      { name: 'dicom/1.2.3/ü.dcm', content: pieces(large), size: large.length },
      { name: 'whole', content: small },
      { name: 'of unknown size', content: pieces(small, 999) },
      { name: 'wide', content: pieces(large, 100_000), size: 0xffff_ffff },
    ]);
    const found = await unpacked(archive);
    const expected = {
      empty: Buffer.alloc(0),
      'empty stream': Buffer.alloc(0),
      'dicom/1.2.3/ü.dcm': large,
      whole: small,
      'of unknown size': small,
      wide: large,
    };
    expect([...found.keys()]).toEqual(Object.keys(expected));
    for (const [name, content] of Object.entries(expected)) expect(found.get(name)?.equals(content), name).toBe(true);
    expect(archive.length).toBeLessThan(2 * large.length + small.length);
  });

  it('is the same for the same files', async () => {
    const files = (): ZipFile[] => [{ name: 'a', content: Buffer.from('a') }];
    expect(await archiveOf(files())).toEqual(await archiveOf(files()));
  });

  it('holds more files than the first form of the format can count', async () => {
    const archive = await archiveOf(
      Array.from({ length: 65_600 }, (_, index) => ({ name: String(index), content: Buffer.from([index % 256]) })),
    );
    const names: string[] = [];
    for await (const { name } of unpackArchive(Readable.from([archive]), { tempDir: folder, maxBytes: 1e9 })) names.push(name);
    expect(names).toHaveLength(65_600);
    expect(names.at(-1)).toBe('65599');
  });

  it('breaks off with the error of a file that cannot be read', async () => {
    const broken = async function* () {
      yield randomBytes(100_000);
      throw new Error('the disk is gone');
    };
    await expect(archiveOf([{ name: 'a', content: broken() }])).rejects.toThrow('the disk is gone');
  });

  it('lets go of its file when nobody reads on', async () => {
    let closed = false;
    const endless = async function* () {
      try {
        for (;;) yield randomBytes(100_000);
      } finally {
        closed = true;
      }
    };
    let read = 0;
    for await (const part of zipStream(Readable.from([{ name: 'a', content: endless() }]))) {
      read += part.length;
      if (read > 1_000_000) break;
    }
    while (!closed) await new Promise((resolve) => setImmediate(resolve));
  });

  it.skipIf(pythonMissing)(`is in order for another reader${pythonMissing ? ` (${pythonMissing})` : ''}`, async () => {
    const path = join(folder, 'a.zip');
    const content = randomBytes(200_000);
    await writeFile(
      path,
      await archiveOf([
        { name: 'ü', content: pieces(content) },
        { name: 'narrow', content: pieces(content), size: 200_000 },
      ]),
    );
    const script =
      'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), [(i.filename, i.file_size) for i in z.infolist()])';
    const { stdout, stderr } = spawnSync('python3', ['-c', script, path], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe("None [('ü', 200000), ('narrow', 200000)]");
  });
});
