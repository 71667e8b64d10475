import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { type FileHandle, open, readdir, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../platform/errors.ts';
import type { ByteRange, ByteStore, Sealing, StoredBlob } from '../platform/ports.ts';
import type { ContentThreads } from './content-threads.ts';
import { type ContentWriter, O_DIRECT, openWriterInPlace, type WrittenFile } from './content-writer.ts';
import { type DirectorySync, openDirectorySync } from './directory-sync.ts';
import { createQueue, type Queue } from './queue.ts';

/** Longest wait for another `put` or `delete` of the same name to finish. */
const SAME_NAME_WAIT_MS = 60_000;

/** A SHA-256, or what stands for one. */
const NAME = /^[0-9a-f]{64}([0-9a-f]{16})?$/;
const PAIR = /^[0-9a-f]{2}$/;

export type FolderOptions = {
  /**
   * Temporary files last written this long before the process started are removed at open, in milliseconds. 0 suits a folder that only
   * this process uses; where several processes share it, longer than the longest pause within an upload.
   */
  tempGraceMs?: number;
  /** Write what is long; without them, this thread does. */
  threads?: ContentThreads;
};

/** `isDirect`: its files are written past the page cache. */
type Folder = {
  dir: string;
  temp: string;
  isDirect: boolean;
  writer: ContentWriter;
  directories: DirectorySync;
  turns: Map<string, { queue: Queue; users: number }>;
};

/**
 * Bytes as files, `ab/<name>` under `dir`: 256 folders, all made at open, because a new folder would cost a put two more syncs. What
 * is put is written to `dir/tmp`, synced, renamed, and its folder synced: a power cut at any point leaves the whole content or none.
 * Processes may share the folder.
 */
export async function openFolderBytes(dir: string, { tempGraceMs = 0, threads }: FolderOptions = {}): Promise<ByteStore> {
  const pairs = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));
  const directories = await openDirectorySync(dir, ['tmp', ...pairs]);
  const temp = join(dir, 'tmp');
  await removeLeftovers(temp, performance.timeOrigin - tempGraceMs);
  const inPlace = openWriterInPlace((changed) => directories.sync(changed));
  const isDirect = await takesDirectWrites(inPlace, temp);
  const folder: Folder = { dir, temp, isDirect, writer: threads?.over(inPlace) ?? inPlace, directories, turns: new Map() };

  return {
    put: (content, options) => putBytes(folder, content, options),
    readRange: (name, range) => readBytesRange(dir, name, range),
    open: async (name) => {
      const file = await openFile(dir, name);
      const { size } = await file.stat();
      return { stream: file.createReadStream(), size };
    },
    find: async (name) => find(pathOf(dir, name)),
    delete: async (name, { unmodifiedSince } = {}) => {
      const path = pathOf(dir, name);
      await inTurn(folder, name, async () => {
        if (unmodifiedSince !== undefined && (find(path)?.modifiedAt.getTime() ?? 0) > unmodifiedSince.getTime()) return;
        await rm(path, { force: true });
      });
    },
    list: () => listNames(dir),
    check: () =>
      probe(inPlace, { path: join(temp, randomUUID()), isDirect }).catch((error: unknown) => {
        throw translated(error);
      }),
  };
}

type PutOptions = { nameOf: (key: string) => string; sealing?: Sealing; replace?: boolean };

async function putBytes(
  folder: Folder,
  content: AsyncIterable<Uint8Array>,
  { nameOf, sealing, replace = false }: PutOptions,
): Promise<StoredBlob> {
  try {
    const written = await folder.writer.write({ path: join(folder.temp, randomUUID()), isDirect: folder.isDirect, sealing }, content);
    return await keep(folder, written, { nameOf, replace });
  } catch (error) {
    throw translated(error);
  }
}

async function keep(
  folder: Folder,
  written: WrittenFile,
  { nameOf, replace }: { nameOf: (key: string) => string; replace: boolean },
): Promise<StoredBlob> {
  const { key, size } = written;
  let isSettled = false;
  try {
    const name = nameOf(key);
    const target = pathOf(folder.dir, name);
    return await inTurn(folder, name, async () => {
      // Replacing what has gone in the meantime would bring back what someone deleted.
      if (replace && !find(target)) return { key, size, existed: false, modifiedAt: new Date() };
      const adoptedAt = replace ? undefined : await adopt(folder, name, size);
      if (adoptedAt) return { key, size, existed: true, modifiedAt: adoptedAt };
      await folder.directories.make(dirname(target));
      const modifiedAt = await written.settle(target);
      isSettled = true;
      return { key, size, existed: replace, modifiedAt };
    });
  } finally {
    if (!isSettled) await written.drop().catch(() => {});
  }
}

/**
 * If the content is held: makes sure that its name is durable, and marks it as in use from now, so that a sweep leaves it. A file of
 * another size is damaged and does not count.
 */
async function adopt({ dir, directories }: Folder, name: string, size: number): Promise<Date | undefined> {
  const path = pathOf(dir, name);
  const found = find(path);
  if (found?.size !== size) return undefined;
  // Later than before even within one millisecond, so that no earlier `modifiedAt` allows to delete it.
  const modifiedAt = new Date(Math.max(Date.now(), found.modifiedAt.getTime() + 1));
  try {
    await utimes(path, modifiedAt, modifiedAt);
  } catch (error) {
    ignoreMissing(error);
    return undefined;
  }
  await directories.make(dirname(path));
  await directories.sync(dirname(path));
  return modifiedAt;
}

/** Puts and deletes of one name come one after the other. */
async function inTurn<T>(folder: Folder, name: string, work: () => Promise<T>): Promise<T> {
  const turn = folder.turns.get(name) ?? { queue: createQueue(SAME_NAME_WAIT_MS, 'Another put of the same content hangs'), users: 0 };
  folder.turns.set(name, turn);
  turn.users++;
  try {
    const leave = await turn.queue.enter();
    return await work().finally(leave);
  } finally {
    turn.users--;
    if (turn.users === 0) folder.turns.delete(name);
  }
}

/**
 * Whether the file system takes what is written past the page cache. An object is written once and read later, if ever: the pages that it
 * would fill cost more CPU time than all else of a write (of 526 kB 2.2 ms against 1.0, Linux 6.18, ext4), and push out what is being read.
 */
async function takesDirectWrites(writer: ContentWriter, temp: string): Promise<boolean> {
  if (O_DIRECT === 0) return false;
  try {
    await probe(writer, { path: join(temp, randomUUID()), isDirect: true });
    return true;
  } catch (error) {
    // tmpfs and some network and overlay file systems refuse it at the opening or at the first write.
    if (['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(error) ?? '')) return false;
    throw translated(error);
  }
}

async function probe(writer: ContentWriter, file: { path: string; isDirect: boolean }): Promise<void> {
  const content = async function* () {
    yield Buffer.from('probe');
  };
  const written = await writer.write({ ...file, sealing: undefined }, content());
  await written.drop();
}

/** The part of the range that exists; empty if it begins past the end. */
async function readBytesRange(dir: string, name: string, { start, end }: ByteRange): Promise<Uint8Array> {
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start)) {
    throw new AppError('invalid-request', `Not a byte range: ${start}-${end}`);
  }
  await using file = await openFile(dir, name);
  const { size } = await file.stat();
  return await readInto(file, Buffer.alloc(Math.max(0, Math.min(end, size - 1) - start + 1)), start);
}

/** Fills `bytes` from `position` on, as far as the file goes. */
async function readInto(file: FileHandle, bytes: Buffer, position: number): Promise<Buffer> {
  let read = 0;
  while (read < bytes.length) {
    const { bytesRead } = await file.read(bytes, read, bytes.length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

async function openFile(dir: string, name: string): Promise<FileHandle> {
  return await open(pathOf(dir, name), 'r').catch((error: unknown) => {
    throw missing(error, name);
  });
}

async function* listNames(dir: string): AsyncGenerator<{ name: string; size: number; modifiedAt: Date }> {
  for (const first of await readdir(dir)) {
    if (!PAIR.test(first)) continue;
    for (const name of await readdir(join(dir, first))) {
      const found = NAME.test(name) ? find(join(dir, first, name)) : undefined;
      if (found) yield { name, ...found };
    }
  }
}

async function removeLeftovers(temp: string, before: number): Promise<void> {
  for (const name of await readdir(temp)) {
    const path = join(temp, name);
    const found = find(path);
    if (found && found.modifiedAt.getTime() < before) await rm(path, { force: true });
  }
}

/** Refuses everything that is not a name, so that no path leads out of the folder. */
function pathOf(dir: string, name: string): string {
  if (!NAME.test(name)) throw new AppError('not-found', 'No such blob: not a SHA-256 in lower-case hex digits');
  return join(dir, name.slice(0, 2), name);
}

/**
 * At once: the file system answers this from memory, faster than a thread could be asked. Times are cut to milliseconds, never rounded up:
 * a later put must show a later one.
 */
function find(path: string): { size: number; modifiedAt: Date } | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && { size: found.size, modifiedAt: new Date(Math.floor(found.mtimeMs)) };
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function missing(error: unknown, name: string): unknown {
  return codeOf(error) === 'ENOENT' ? new AppError('not-found', `No blob ${name}`) : error;
}

function translated(error: unknown): unknown {
  const full = ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
  return full ? new AppError('storage-full', 'No space left for blobs', { cause: error }) : error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
