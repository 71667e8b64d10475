import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { DicomError, type Part10, type PixelDataLocation } from '../../dicom/data-set.ts';
import { checkPixelDataLength, readHeader } from '../../dicom/parse.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore, Scan } from '../platform/ports.ts';
import { followFragments } from './follow-fragments.ts';

/** What is kept of an arriving file for parsing; most headers fit. */
const HEAD_BYTES = 65_536;
/** A header larger than this (attributes before Pixel Data, or a whole object without pixels) is refused. */
const MAX_HEADER_BYTES = 134_217_728;
/** Most bytes that a deflated data set may grow to. */
const MAX_INFLATED_BYTES = 536_870_912;

/** What stands before the pixels of a file. */
export type Header = { part10: Part10; pixelData: PixelDataLocation | null };
export type Arrival<T> = {
  /** What `describe` made of the header. */
  described: T;
  blobKey: string;
  blobSize: number;
  /** Takes the bytes out again, unless they were held before or handed in anew since. */
  takeBack(): Promise<void>;
};

export type ArrivalDeps = { blobs: BlobStore; scan?: Scan | undefined };

/** Inflates a deflated data set (transfer syntax 1.2.840.10008.1.2.1.99). @throws {RangeError} if it grows past `maxLength` */
export function inflateRaw(bytes: Uint8Array, maxLength: number): Uint8Array {
  return inflateRawSync(bytes, { maxOutputLength: Math.min(maxLength, MAX_INFLATED_BYTES), finishFlush: constants.Z_SYNC_FLUSH });
}

export function deflateRaw(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(bytes);
}

/**
 * Streams one file into the blob store and parses its header on the way: what is no DICOM is refused before anything is written, and
 * what turns out bad later is taken out again. Memory is bounded by the header, not by the file.
 *
 * @param describe is given the header while the rest still arrives and is written; what it throws refuses the file
 * @throws {AppError} `invalid-dicom`, `too-large`, `storage-full`, `infected`
 */
export async function readArrival<T>(
  deps: ArrivalDeps,
  content: AsyncIterable<Uint8Array>,
  describe: (header: Header) => T,
): Promise<Arrival<T>> {
  if (!deps.scan) return await readSource(deps.blobs, content[Symbol.asyncIterator](), describe);
  const scanned = deps.scan(content)[Symbol.asyncIterator]();
  // Ends the scan of what was refused before its end.
  return await readSource(deps.blobs, scanned, describe).finally(() => scanned.return?.());
}

async function readSource<T>(blobs: BlobStore, source: AsyncIterator<Uint8Array>, describe: (header: Header) => T): Promise<Arrival<T>> {
  const { head, ended } = await readHead(source);
  const early = parseHead(head, ended);
  const follower = early.kind === 'header' && early.pixelData?.length === null ? followFragments(early.pixelData.offset) : undefined;
  const known = early.kind === 'header' ? { described: describe(early) } : undefined;

  const blob = await blobs.put(replay(head, source, follower));
  const takeBack = async (): Promise<void> => {
    if (!blob.existed) await blobs.delete(blob.key, { unmodifiedSince: blob.modifiedAt });
  };
  try {
    const header = early.kind === 'header' ? early : await growHeader(blobs, blob, early.atLeast);
    checkPixelData(header.pixelData, blob.size, follower?.problem());
    return { described: known ? known.described : describe(header), blobKey: blob.key, blobSize: blob.size, takeBack };
  } catch (error) {
    await takeBack();
    throw asRefusal(error);
  }
}

async function readHead(source: AsyncIterator<Uint8Array>): Promise<{ head: Uint8Array; ended: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const next = await source.next();
    if (next.done) return { head: Buffer.concat(chunks), ended: true };
    chunks.push(next.value);
    size += next.value.byteLength;
  }
  const [only] = chunks;
  return { head: chunks.length === 1 && only ? only : Buffer.concat(chunks), ended: false };
}

function parseHead(head: Uint8Array, complete: boolean): ReturnType<typeof readHeader> {
  if (head.byteLength === 0) throw new AppError('invalid-dicom', 'The file is empty');
  try {
    return readHeader(head, { complete, inflateRaw });
  } catch (error) {
    throw asRefusal(error);
  }
}

async function* replay(
  head: Uint8Array,
  source: AsyncIterator<Uint8Array>,
  follower: ReturnType<typeof followFragments> | undefined,
): AsyncGenerator<Uint8Array> {
  follower?.feed(head);
  yield head;
  for (let next = await source.next(); !next.done; next = await source.next()) {
    follower?.feed(next.value);
    yield next.value;
  }
}

/** The header of a file that is stored. @throws {AppError} `not-found`, `too-large`, `invalid-dicom` */
export async function readStoredHeader(blobs: BlobStore, blob: { key: string; size: number }): Promise<Header> {
  try {
    return await growHeader(blobs, blob, 0);
  } catch (error) {
    throw asRefusal(error);
  }
}

async function growHeader(blobs: BlobStore, { key, size }: { key: string; size: number }, atLeast: number): Promise<Header> {
  for (let wanted = Math.max(atLeast, HEAD_BYTES * 4); ; ) {
    const length = Math.min(size, wanted);
    if (length > MAX_HEADER_BYTES)
      throw new AppError('too-large', `The attributes before Pixel Data take more than ${MAX_HEADER_BYTES} bytes`);
    const bytes = await blobs.readRange(key, { start: 0, end: length - 1 });
    const parsed = readHeader(bytes, { complete: length === size, inflateRaw });
    if (parsed.kind === 'header') return parsed;
    if (length === size) throw new DicomError('The file ends inside an attribute');
    wanted = Math.max(parsed.atLeast, length * 2);
  }
}

function checkPixelData(pixelData: PixelDataLocation | null, fileSize: number, fragmentProblem: string | undefined): void {
  if (!pixelData) return;
  if (pixelData.length !== null) checkPixelDataLength(pixelData, fileSize);
  else if (fragmentProblem !== undefined) throw new DicomError(fragmentProblem, { tag: '7FE00010' });
}

function asRefusal(error: unknown): unknown {
  if (!(error instanceof DicomError)) return error;
  const where = [error.tag && `at attribute ${error.tag}`, error.offset !== undefined && `byte ${error.offset}`].filter(Boolean).join(', ');
  return new AppError('invalid-dicom', where ? `${error.message} (${where})` : error.message, { cause: error });
}
