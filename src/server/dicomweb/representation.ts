import type { Readable } from 'node:stream';
import { DeflatedExplicitVrLittleEndian, ExplicitVrLittleEndian, ImplicitVrLittleEndian, transferSyntaxOf } from '../../dicom/uids.ts';
import { canDecode } from '../../imaging/decode.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { HeldInstance } from './retrieve-repository.ts';
import type { Transcoder } from './transcoder.ts';

/** Larger files are given as they are stored: a transcoder holds them in memory. */
const MAX_TRANSCODED_BYTES = 536_870_912;
/** Smaller files are read in one go, which is several times faster than piece by piece; the hash is checked either way. */
const MAX_WHOLE_BYTES = 8_388_608;
const WRITTEN: ReadonlySet<string> = new Set([ExplicitVrLittleEndian, ImplicitVrLittleEndian, DeflatedExplicitVrLittleEndian]);

/** How a file is given: as it is stored, or written anew in a transfer syntax. */
export type Representation = { transferSyntaxUid: string; isStored: boolean };

/**
 * How an instance is given to who asks for a transfer syntax; undefined if it cannot be. `*` takes the stored one. Who names none gets
 * explicit VR little endian (PS3.18 8.7.3.5.2), except where that would blow up lossy pixels, or nobody here can decode them.
 */
export function representationOf(
  stored: { transfer_syntax_uid: string; blob_size: number },
  wanted: string | undefined,
): Representation | undefined {
  const asStored = { transferSyntaxUid: stored.transfer_syntax_uid, isStored: true };
  if (wanted === '*' || wanted === stored.transfer_syntax_uid) return asStored;
  const { encapsulated, lossy } = transferSyntaxOf(stored.transfer_syntax_uid);
  const canWrite = stored.blob_size <= MAX_TRANSCODED_BYTES && (!encapsulated || canDecode(stored.transfer_syntax_uid));
  if (wanted === undefined)
    return canWrite && !(encapsulated && lossy) && stored.transfer_syntax_uid !== ExplicitVrLittleEndian
      ? { transferSyntaxUid: ExplicitVrLittleEndian, isStored: false }
      : asStored;
  return canWrite && WRITTEN.has(wanted) ? { transferSyntaxUid: wanted, isStored: false } : undefined;
}

/**
 * The bytes of a file in a representation.
 *
 * @throws {AppError} `not-acceptable` if its pixels turn out not to be decodable
 */
export async function readRepresentation(
  { blobs, transcoder }: { blobs: BlobStore; transcoder: Transcoder },
  instance: HeldInstance,
  { transferSyntaxUid, isStored }: Representation,
): Promise<Uint8Array | Readable> {
  if (isStored) return instance.blob_size <= MAX_WHOLE_BYTES ? blobs.read(instance.blob_key) : (await blobs.open(instance.blob_key)).stream;
  const answer = await transcoder.run({ as: 'part10', part10: await blobs.read(instance.blob_key), transferSyntaxUid });
  if ('bytes' in answer) return answer.bytes;
  throw new AppError(
    'not-acceptable',
    `Instance ${instance.sop_instance_uid} cannot be written in that transfer syntax: ${answer.problem}`,
  );
}
