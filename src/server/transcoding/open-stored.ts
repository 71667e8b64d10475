import { promisify } from 'node:util';
import { constants, inflateRaw as inflateRawCallback } from 'node:zlib';
import { DicomError, type Part10 } from '../../dicom/data-set.ts';
import { parsePart10, readHeader } from '../../dicom/parse.ts';
import { describePixels } from '../../dicom/pixel-description.ts';
import { DeflatedExplicitVrLittleEndian, ExplicitVrBigEndian } from '../../dicom/uids.ts';
import { type PixelSource, pixelSourceOf } from '../../imaging/transcode.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';
import { inflateRaw } from '../studies/read-arrival.ts';
import { readFrameBytes } from '../studies/read-frame.ts';

/** Smaller files are read in one go, and their hash is checked. */
const MAX_WHOLE_BYTES = 8_388_608;
/** Bytes of native pixels that are read at a time: whole 32-bit words. */
const PIECE_BYTES = 1_048_576;
/** Most bytes that a deflated data set may grow to. */
const MAX_INFLATED_BYTES = 536_870_912;

export type StoredFile = Pick<
  InstanceRow,
  'sop_instance_uid' | 'blob_key' | 'blob_size' | 'pixel_offset' | 'pixel_length' | 'number_of_frames' | 'rows' | 'transfer_syntax_uid'
>;

/**
 * A stored object, to be written anew: its attributes, and its pixels as they are needed. Memory does not grow with the pixels of a large
 * file, unless it is deflated, big endian, or does not say where its frames stand.
 *
 * @throws {AppError} `not-found`, `internal` if the file is damaged
 */
export async function openStored(blobs: BlobStore, instance: StoredFile): Promise<{ part10: Part10; pixels: PixelSource }> {
  try {
    return (await openLarge(blobs, instance)) ?? (await openWhole(blobs, instance));
  } catch (error) {
    if (error instanceof DicomError) throw new AppError('internal', 'The stored file cannot be read', { cause: error });
    throw error;
  }
}

async function openWhole(blobs: BlobStore, instance: StoredFile): Promise<{ part10: Part10; pixels: PixelSource }> {
  const bytes = await blobs.read(instance.blob_key);
  const part10 =
    instance.transfer_syntax_uid === DeflatedExplicitVrLittleEndian ? await parseDeflated(bytes) : parsePart10(bytes, { inflateRaw });
  return { part10, pixels: pixelSourceOf(part10) };
}

/** Inflates in another thread, and parses then. */
async function parseDeflated(bytes: Uint8Array): Promise<Part10> {
  let body: Uint8Array | undefined;
  // The parser alone knows where the data set begins: it is asked twice.
  readHeader(bytes, {
    complete: true,
    inflateRaw: (deflated) => {
      body = deflated;
      return new Uint8Array(0);
    },
  });
  const inflated = body && (await inflateAside(body, { maxOutputLength: MAX_INFLATED_BYTES, finishFlush: constants.Z_SYNC_FLUSH }));
  return parsePart10(bytes, { inflateRaw: () => inflated ?? new Uint8Array(0) });
}

const inflateAside = promisify(inflateRawCallback);

async function openLarge(blobs: BlobStore, instance: StoredFile): Promise<{ part10: Part10; pixels: PixelSource } | undefined> {
  const { blob_key: key, blob_size: size, pixel_offset: offset, pixel_length: length, transfer_syntax_uid: syntax } = instance;
  const isPlain = syntax !== DeflatedExplicitVrLittleEndian && syntax !== ExplicitVrBigEndian;
  if (size <= MAX_WHOLE_BYTES || !isPlain || offset === null || instance.rows === null) return undefined;
  // What stands behind the pixels would be lost.
  if (length === null ? !(await endsWithPixels(blobs, instance)) : offset + length !== size) return undefined;
  const head = await blobs.readRange(key, { start: 0, end: offset - 1 });
  const header = readHeader(head, { complete: true, inflateRaw });
  if (header.kind !== 'header' || header.pixelData?.offset !== offset) return undefined;
  const { part10, pixelData } = header;
  const description = describePixels(part10);
  if (!description || pixelData.vr === 'OF' || pixelData.vr === 'OD') return undefined;
  // Whether frames can be read alone is known when the first one has been.
  if (!(await readFrameBytes(blobs, instance, { description, number: 1 }))) return undefined;

  const frameAt = async (index: number): Promise<Uint8Array> => {
    const frame = await readFrameBytes(blobs, instance, { description, number: index + 1 });
    if (!frame) throw new AppError('internal', 'The stored file cannot be read');
    return frame;
  };
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    for (let start = offset; start < size; start += PIECE_BYTES)
      yield await blobs.readRange(key, { start, end: Math.min(size, start + PIECE_BYTES) - 1 });
  };
  return { part10, pixels: { frameAt, ...(length === null ? {} : { value: { length, vr: pixelData.vr, pieces } }) } };
}

/** Whether the file ends with the delimiter of encapsulated Pixel Data (PS3.5 A.4). */
async function endsWithPixels(blobs: BlobStore, { blob_key: key, blob_size: size }: StoredFile): Promise<boolean> {
  const end = await blobs.readRange(key, { start: size - SEQUENCE_DELIMITER.length, end: size - 1 });
  return SEQUENCE_DELIMITER.every((byte, index) => end[index] === byte);
}

const SEQUENCE_DELIMITER = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
