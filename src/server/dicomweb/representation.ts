import { Readable } from 'node:stream';
import { ExplicitVrLittleEndian, transferSyntaxOf } from '../../dicom/uids.ts';
import { canTranscodeTo } from '../../imaging/transcode.ts';
import type { BlobStore } from '../platform/ports.ts';
import { canGiveObject, transcodeStored } from '../transcoding/transcode-stored.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import type { HeldInstance } from './retrieve-repository.ts';

/** Smaller files are read in one go, which is several times faster than piece by piece; the hash is checked either way. */
const MAX_WHOLE_BYTES = 8_388_608;
/** What is written anew from files up to this size is put together, so that its length is known and any range of it can be given. */
const MAX_COLLECTED_BYTES = 33_554_432;

/** How a file is given: as it is stored, or written anew in a transfer syntax. */
export type Representation = { transferSyntaxUid: string; isStored: boolean };

/**
 * How an instance is given to who asks for a transfer syntax; undefined if it cannot be. `*` takes the stored one. Who names none gets
 * explicit VR little endian (PS3.18 8.7.3.5.2), except where that would blow up lossy pixels, or nobody here can decode them. What has no
 * pixels is given in explicit VR little endian instead of a syntax for compressed ones. Nothing is given with loss: the object would
 * need a UID of its own.
 */
export function representationOf(stored: HeldInstance, wanted: string | undefined): Representation | undefined {
  const storedSyntax = stored.transfer_syntax_uid;
  const given = (transferSyntaxUid: string): Representation => ({ transferSyntaxUid, isStored: transferSyntaxUid === storedSyntax });
  if (wanted === '*' || wanted === storedSyntax) return given(storedSyntax);
  if (wanted === undefined) {
    const { encapsulated, lossy } = transferSyntaxOf(storedSyntax);
    return given((encapsulated && lossy) || !canGiveObject(stored, ExplicitVrLittleEndian) ? storedSyntax : ExplicitVrLittleEndian);
  }
  if (canGiveObject(stored, wanted)) return given(wanted);
  return stored.pixel_offset === null && canTranscodeTo(wanted) ? given(ExplicitVrLittleEndian) : undefined;
}

/**
 * The bytes of a file in a representation.
 *
 * @throws {AppError} `not-acceptable` if its pixels turn out not to fit into the syntax
 */
export async function readRepresentation(
  deps: { blobs: BlobStore; transcoder: Transcoder },
  instance: HeldInstance,
  { transferSyntaxUid, isStored }: Representation,
): Promise<Uint8Array | Readable> {
  const { blobs } = deps;
  if (isStored) return instance.blob_size <= MAX_WHOLE_BYTES ? blobs.read(instance.blob_key) : (await blobs.open(instance.blob_key)).stream;
  const pieces = transcodeStored(deps, instance, transferSyntaxUid);
  if (instance.blob_size <= MAX_COLLECTED_BYTES) return collected(pieces);
  // Before the head of the answer goes out, so that what cannot be written is still told.
  const first = await pieces.next();
  return Readable.from(continued(first.done ? [] : [first.value], pieces));
}

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const whole: Uint8Array[] = [];
  for await (const piece of pieces) whole.push(piece);
  return Buffer.concat(whole);
}

async function* continued(first: readonly Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* first;
  yield* rest;
}
