import { createHash } from 'node:crypto';
import { ImplicitVrLittleEndian } from '../../dicom/uids.ts';
import { dataSetOffset } from '../dimse/file-head.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { StoredFile } from './open-stored.ts';
import { transcodeStored } from './transcode-stored.ts';
import type { Transcoder } from './transcoder.ts';

/** File meta groups are a few hundred bytes. */
const HEAD_BYTES = 65_536;

/**
 * Whether two stored files are one object: the same data set but another file meta group, as it comes over HTTP and over DIMSE, or the
 * same attributes and pixel values in another transfer syntax. Asked only where a SOP Instance UID comes a second time in other bytes.
 */
export async function isSameObject(
  deps: { blobs: BlobStore; transcoder: Transcoder },
  held: StoredFile,
  arrived: StoredFile,
): Promise<boolean> {
  if (held.number_of_frames !== arrived.number_of_frames || held.rows !== arrived.rows) return false;
  const isAlike = held.transfer_syntax_uid === arrived.transfer_syntax_uid;
  if (isAlike && (await digestOf(dataSetOf(deps.blobs, held))) === (await digestOf(dataSetOf(deps.blobs, arrived)))) return true;
  try {
    return (await digestOf(writtenAnew(deps, held))) === (await digestOf(writtenAnew(deps, arrived)));
  } catch (error) {
    // What cannot be decoded cannot be told to be the same.
    if (error instanceof AppError && (error.kind === 'not-acceptable' || error.kind === 'internal')) return false;
    throw error;
  }
}

/** The bytes of the file behind its file meta. */
async function* dataSetOf(blobs: BlobStore, { blob_key: key }: StoredFile): AsyncGenerator<Uint8Array> {
  let left = dataSetOffset(await blobs.readRange(key, { start: 0, end: HEAD_BYTES - 1 }));
  const { stream } = await blobs.open(key);
  for await (const piece of stream as AsyncIterable<Uint8Array>) {
    if (piece.length > left) yield piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}

/** The object as one writer puts it, uncompressed, without VRs: a file in implicit VR does not tell them. */
async function* writtenAnew(deps: { blobs: BlobStore; transcoder: Transcoder }, file: StoredFile): AsyncGenerator<Uint8Array> {
  const pieces = transcodeStored(deps, file, ImplicitVrLittleEndian);
  // The first piece is file meta.
  await pieces.next();
  yield* pieces;
}

async function digestOf(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
