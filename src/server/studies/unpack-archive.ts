import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { AppError } from '../platform/errors.ts';

/** Limits against archives that are larger inside than any study: entries, growth of one entry. */
const MAX_ENTRIES = 100_000;
const MAX_RATIO = 1000;
/** Below this size a high ratio is normal (black frames) and harmless. */
const RATIO_FREE_BYTES = 67_108_864;

/** One file of an archive; `content` throws `AppError` `invalid-archive` if the entry must not be opened or is damaged. */
export type UnpackedFile = { name: string; content: AsyncIterable<Uint8Array> };
export type UnpackOptions = { tempDir: string; maxBytes: number };

/**
 * Spools a ZIP archive to a temporary file (its index stands at the end) and gives out its files one by one. Names are labels only:
 * nothing is ever written under them, and those that climb out of the archive are refused.
 *
 * @throws {AppError} `invalid-archive` if the archive itself cannot be read, from the entry on where it breaks
 */
export async function* unpackArchive(
  content: AsyncIterable<Uint8Array>,
  { tempDir, maxBytes }: UnpackOptions,
): AsyncGenerator<UnpackedFile> {
  await mkdir(tempDir, { recursive: true });
  const path = join(tempDir, `archive-${randomUUID()}.zip`);
  try {
    await pipeline(Readable.from(content), createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    const zip = await openZip(path);
    try {
      if (zip.entryCount > MAX_ENTRIES) throw new AppError('invalid-archive', `The archive has more than ${MAX_ENTRIES} entries`);
      yield* filesOf(zip, maxBytes);
    } finally {
      zip.close();
    }
  } finally {
    await rm(path, { force: true });
  }
}

async function* filesOf(zip: ZipFile, maxBytes: number): AsyncGenerator<UnpackedFile> {
  let unpacked = 0;
  const entries = zip.eachEntry()[Symbol.asyncIterator]();
  for (;;) {
    const next = await entries.next().catch((error: unknown) => Promise.reject(asArchiveError(error)));
    if (next.done) return;
    const entry: Entry = next.value;
    const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
    if (name.endsWith('/')) continue;
    unpacked += entry.uncompressedSize;
    const problem = problemOf(entry, name) ?? (unpacked > maxBytes ? 'The archive unpacks to more than an upload may have' : undefined);
    yield { name, content: problem ? refused(problem) : openEntry(zip, entry) };
  }
}

async function* openEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  try {
    yield* await zip.openReadStreamPromise(entry);
  } catch (error) {
    throw asArchiveError(error);
  }
}

// biome-ignore lint/correctness/useYield: a stream that fails when it is read, like that of a damaged entry
async function* refused(problem: string): AsyncGenerator<Uint8Array> {
  throw new AppError('invalid-archive', problem);
}

function problemOf(entry: Entry, name: string): string | undefined {
  if (yauzl.validateFileName(name) !== null) return 'The name of the entry points out of the archive';
  if (entry.isEncrypted()) return 'The entry is encrypted';
  const isBomb = entry.uncompressedSize > RATIO_FREE_BYTES && entry.uncompressedSize > MAX_RATIO * entry.compressedSize;
  return isBomb ? `The entry grows more than ${MAX_RATIO} times` : undefined;
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await yauzl.openPromise(path, { lazyEntries: true, decodeStrings: false });
  } catch (error) {
    throw asArchiveError(error);
  }
}

/** A failure of the file system stays what it is; anything else says that the archive is bad. */
function asArchiveError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const ofSystem = 'syscall' in error;
  return ofSystem ? error : new AppError('invalid-archive', 'The archive is damaged or not a ZIP archive', { cause: error });
}
