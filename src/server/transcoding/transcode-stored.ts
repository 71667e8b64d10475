import { DicomError } from '../../dicom/data-set.ts';
import { transferSyntaxOf } from '../../dicom/uids.ts';
import { canDecode } from '../../imaging/decode.ts';
import { losesValues } from '../../imaging/encode.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { canTranscodeTo, transcodedFile } from '../../imaging/transcode.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';
import { openStored, type StoredFile } from './open-stored.ts';
import type { Transcoder } from './transcoder.ts';

type TranscodeDeps = { blobs: BlobStore; transcoder: Transcoder };
type Held = Pick<InstanceRow, 'transfer_syntax_uid' | 'bits_allocated' | 'pixel_offset' | 'rows'>;

/**
 * Whether a stored object can be given in a transfer syntax, as far as its row tells. Its identity stays, so syntaxes that always lose
 * something are none (PS3.3 C.7.6.1.1.5).
 */
export function canGiveObject(held: Held, target: string): boolean {
  return !losesValues(target) && canGiveFrames(held, target);
}

/** Whether frames of a stored object can be given in a transfer syntax, also with loss. */
export function canGiveFrames(held: Held, target: string): boolean {
  const stored = transferSyntaxOf(held.transfer_syntax_uid);
  if (!canTranscodeTo(target) || (stored.encapsulated && !canDecode(held.transfer_syntax_uid))) return false;
  if (!transferSyntaxOf(target).encapsulated) return true;
  // Pixels that are not described are floating point of 64 bits.
  return held.pixel_offset !== null && held.rows !== null && holdsBits(target, held.bits_allocated ?? 8);
}

/** What encoders take (PS3.5 8.2); single bits and 32-bit values are none of JPEG's. */
function holdsBits(target: string, bits: number): boolean {
  if (ANY_BITS.has(target)) return true;
  return bits === 8 || bits === 16 || (bits === 1 && /^1\.2\.840\.10008\.1\.2\.4\.(90|91|201|202|203)$/.test(target));
}

/** RLE, and what is only wrapped or deflated. */
const ANY_BITS: ReadonlySet<string> = new Set(['1.2.840.10008.1.2.5', '1.2.840.10008.1.2.1.98', '1.2.840.10008.1.2.8.1']);

/**
 * A stored object in another transfer syntax, as a file of PS3.10 in pieces; the first one ends where the data set begins. Frames are
 * decoded and encoded in threads, several at a time. Where frames are compressed, the first piece comes when all of them are.
 *
 * @throws {AppError} from the iteration: `not-acceptable` if its pixels turn out not to fit, `not-found`, `internal`
 */
export async function* transcodeStored(
  { blobs, transcoder }: TranscodeDeps,
  instance: StoredFile,
  target: string,
): AsyncGenerator<Uint8Array> {
  const { part10, pixels } = await openStored(blobs, instance);
  const { transcodeFrame: transcode, parallel } = transcoder;
  try {
    yield* transcodedFile(part10, pixels, { target, transcode, parallel });
  } catch (error) {
    if (!(error instanceof ImagingError || error instanceof DicomError)) throw error;
    const detail = `Instance ${instance.sop_instance_uid} cannot be written in the transfer syntax ${target}: ${error.message}`;
    throw new AppError('not-acceptable', detail, { cause: error });
  }
}
