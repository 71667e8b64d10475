import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fdatasync, open as openFile, statSync, write as writeFile } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { AppError } from '../platform/errors.ts';
import type { BlobStore, ByteRange, StoredBlob } from '../platform/ports.ts';
import { type DirectorySync, openDirectorySync } from './directory-sync.ts';
import { createQueue, type Queue } from './queue.ts';

/** Small pieces are gathered to this many bytes before they are written; it is also all that one `put` keeps in memory. */
const WRITE_BYTES = 65_536;
const READ_BYTES = 1_048_576;
/** Longest wait for another `put` or `delete` of the same content to finish. */
const SAME_KEY_WAIT_MS = 60_000;

// The plain calls: a FileHandle costs each put a fifth of its time, and closing what is synced does not wait for the disk.
const openAsync = promisify(openFile);
const writeAsync = promisify(writeFile);
const fdatasyncAsync = promisify(fdatasync);

const KEY = /^[0-9a-f]{64}$/;
const PAIR = /^[0-9a-f]{2}$/;

export type FolderBlobsOptions = {
  /**
   * Temporary files last written this long before the process started are removed at open, in milliseconds. 0 suits a folder that only
   * this process uses; where several processes share it, longer than the longest pause within an upload.
   */
  tempGraceMs?: number;
};

type Folder = { dir: string; temp: string; directories: DirectorySync; turns: Map<string, { queue: Queue; users: number }> };

/**
 * Blobs as files, `ab/<sha256>` under `dir`: 256 folders, all made at open, because a new folder would cost a put two more syncs. What
 * is put is written to `dir/tmp` while it is hashed, synced, renamed, and its folder synced: a power cut at any point leaves the whole
 * blob or none. Processes may share the folder.
 */
export async function openFolderBlobs(dir: string, { tempGraceMs = 0 }: FolderBlobsOptions = {}): Promise<BlobStore> {
  const pairs = Array.from({ length: 256 }, (_, index) => index.toString(16).padStart(2, '0'));
  const directories = await openDirectorySync(dir, ['tmp', ...pairs]);
  const folder: Folder = { dir, temp: join(dir, 'tmp'), directories, turns: new Map() };
  await removeLeftovers(folder.temp, performance.timeOrigin - tempGraceMs);

  return {
    put: (content) => putBlob(folder, content),
    read: (key) => readBlob(dir, key),
    readRange: (key, range) => readBlobRange(dir, key, range),
    open: async (key) => {
      const file = await openBlob(dir, key);
      const { size } = await file.stat();
      const source = file.createReadStream();
      const stream = Readable.from(checkedContent(source, key), { objectMode: false });
      // A reader who goes away before the first byte would leave the file open.
      stream.once('close', () => source.destroy());
      return { stream, size };
    },
    has: async (key) => find(pathOf(dir, key)) !== undefined,
    delete: async (key, { unmodifiedSince } = {}) => {
      const path = pathOf(dir, key);
      await inTurn(folder, key, async () => {
        if (unmodifiedSince !== undefined && (find(path)?.modifiedAt.getTime() ?? 0) > unmodifiedSince.getTime()) return;
        await rm(path, { force: true });
      });
    },
    list: () => listBlobs(dir),
    check: async () => {
      await withTemp(folder.temp, async (temp) => {
        await writeFully(temp.fd, Buffer.from('probe'));
        await fdatasyncAsync(temp.fd);
      });
    },
  };
}

async function putBlob(folder: Folder, content: AsyncIterable<Uint8Array>): Promise<StoredBlob> {
  return await withTemp(folder.temp, async (temp) => {
    const { key, size } = await writeContent(temp.fd, content);
    return await inTurn(folder, key, async () => {
      const adoptedAt = await adopt(folder, key, size);
      const modifiedAt = adoptedAt ?? (await settle(folder, temp, key));
      return { key, size, existed: adoptedAt !== undefined, modifiedAt };
    });
  });
}

/** Writes everything to `fd`, never holding more than one piece of the content and `WRITE_BYTES`. */
async function writeContent(fd: number, content: AsyncIterable<Uint8Array>): Promise<{ key: string; size: number }> {
  const hash = createHash('sha256');
  const gathered = Buffer.allocUnsafeSlow(WRITE_BYTES);
  let held = 0;
  let size = 0;
  for await (const piece of content) {
    hash.update(piece);
    size += piece.length;
    if (held + piece.length > WRITE_BYTES) {
      await writeFully(fd, gathered.subarray(0, held));
      held = 0;
    }
    if (piece.length >= WRITE_BYTES) {
      await writeFully(fd, piece);
    } else {
      gathered.set(piece, held);
      held += piece.length;
    }
  }
  await writeFully(fd, gathered.subarray(0, held));
  return { key: hash.digest('hex'), size };
}

async function writeFully(fd: number, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) written += (await writeAsync(fd, bytes, written)).bytesWritten;
}

/**
 * If the content is held: makes sure that its name is durable, and marks it as in use from now, so that a sweep leaves it. A file of
 * another size is damaged and does not count.
 */
async function adopt({ dir, directories }: Folder, key: string, size: number): Promise<Date | undefined> {
  const path = pathOf(dir, key);
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

/** Moves new content to its place, over a damaged file if one stands there. */
async function settle({ dir, directories }: Folder, temp: Temp, key: string): Promise<Date> {
  const target = pathOf(dir, key);
  const made = directories.make(dirname(target));
  // Awaited below: the file must not be closed under a sync that still runs.
  made.catch(() => {});
  await fdatasyncAsync(temp.fd);
  await made;
  temp.close();
  await rename(temp.path, target);
  temp.moved = true;
  const modifiedAt = find(target)?.modifiedAt ?? new Date();
  await directories.sync(dirname(target));
  return modifiedAt;
}

/** Puts and deletes of one key come one after the other. */
async function inTurn<T>(folder: Folder, key: string, work: () => Promise<T>): Promise<T> {
  const turn = folder.turns.get(key) ?? { queue: createQueue(SAME_KEY_WAIT_MS, 'Another put of the same content hangs'), users: 0 };
  folder.turns.set(key, turn);
  turn.users++;
  try {
    const leave = await turn.queue.enter();
    return await work().finally(leave);
  } finally {
    turn.users--;
    if (turn.users === 0) folder.turns.delete(key);
  }
}

type Temp = { path: string; fd: number; moved: boolean; close(): void };

/** A new temporary file for the length of `work`; removed at the end unless it was moved. @throws {AppError} `storage-full` */
async function withTemp<T>(folder: string, work: (temp: Temp) => Promise<T>): Promise<T> {
  const path = join(folder, randomUUID());
  let fd: number | undefined;
  const close = () => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  const temp: Temp = { path, fd: -1, moved: false, close };
  try {
    fd = await openAsync(path, 'wx');
    temp.fd = fd;
    return await work(temp);
  } catch (error) {
    throw translated(error);
  } finally {
    close();
    if (!temp.moved) await rm(path, { force: true }).catch(() => {});
  }
}

async function readBlob(dir: string, key: string): Promise<Uint8Array> {
  await using file = await openBlob(dir, key);
  const { size } = await file.stat();
  const hash = createHash('sha256');
  const bytes = Buffer.allocUnsafeSlow(size);
  // In pieces, so that hashing a large blob does not hold up the process.
  for (let start = 0; start < size; start += READ_BYTES) {
    hash.update(await readInto(file, bytes.subarray(start, start + READ_BYTES), start));
  }
  if (hash.digest('hex') !== key) throw damaged(key);
  return bytes;
}

/** The part of the range that exists; empty if it begins past the end. */
async function readBlobRange(dir: string, key: string, { start, end }: ByteRange): Promise<Uint8Array> {
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start)) {
    throw new AppError('invalid-request', `Not a byte range: ${start}-${end}`);
  }
  await using file = await openBlob(dir, key);
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

async function openBlob(dir: string, key: string): Promise<FileHandle> {
  return await open(pathOf(dir, key), 'r').catch((error: unknown) => {
    throw missing(error, key);
  });
}

/** Keeps the last piece back until the hash is known to be right, so that a reader who counts bytes never gets a damaged whole. */
async function* checkedContent(source: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let last: Uint8Array | undefined;
  for await (const piece of source) {
    hash.update(piece);
    if (last) yield last;
    last = piece;
  }
  if (hash.digest('hex') !== key) throw damaged(key);
  if (last) yield last;
}

async function* listBlobs(dir: string): AsyncGenerator<{ key: string; modifiedAt: Date }> {
  for (const first of await readdir(dir)) {
    if (!PAIR.test(first)) continue;
    for (const key of await readdir(join(dir, first))) {
      const found = KEY.test(key) ? find(join(dir, first, key)) : undefined;
      if (found) yield { key, modifiedAt: found.modifiedAt };
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

/** Refuses everything that is not a key, so that no path leads out of the folder. */
function pathOf(dir: string, key: string): string {
  if (!KEY.test(key)) throw new AppError('not-found', 'No such blob: not a SHA-256 in lower-case hex digits');
  return join(dir, key.slice(0, 2), key);
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

function missing(error: unknown, key: string): unknown {
  return codeOf(error) === 'ENOENT' ? new AppError('not-found', `No blob ${key}`) : error;
}

function damaged(key: string): AppError {
  return new AppError('internal', `Blob ${key} is damaged`);
}

function translated(error: unknown): unknown {
  const full = ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
  return full ? new AppError('storage-full', 'No space left for blobs', { cause: error }) : error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
