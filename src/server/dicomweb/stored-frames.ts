import { DicomError } from '../../dicom/data-set.ts';
import { pixelFrames } from '../../dicom/frames.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { describePixels } from '../../dicom/pixel-description.ts';
import { ExplicitVrBigEndian, ExplicitVrLittleEndian, transferSyntaxOf } from '../../dicom/uids.ts';
import { canDecode } from '../../imaging/decode.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';
import { inflateRaw } from '../studies/read-arrival.ts';
import { readFrame, type StoredFrame } from '../studies/read-frame.ts';
import { type MediaRange, partType, takes } from './accept.ts';
import { hasFrames } from './retrieve-repository.ts';
import type { Transcoder } from './transcoder.ts';

const OCTETS = 'application/octet-stream';
/** Media types of compressed frames (PS3.18 table 8.7.3-5). */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.4.50': 'image/jpeg',
  '1.2.840.10008.1.2.4.51': 'image/jpeg',
  '1.2.840.10008.1.2.4.57': 'image/jpeg',
  '1.2.840.10008.1.2.4.70': 'image/jpeg',
  '1.2.840.10008.1.2.4.80': 'image/jls',
  '1.2.840.10008.1.2.4.81': 'image/jls',
  '1.2.840.10008.1.2.4.90': 'image/jp2',
  '1.2.840.10008.1.2.4.91': 'image/jp2',
  '1.2.840.10008.1.2.4.92': 'image/jpx',
  '1.2.840.10008.1.2.4.93': 'image/jpx',
  '1.2.840.10008.1.2.4.201': 'image/jphc',
  '1.2.840.10008.1.2.4.202': 'image/jphc',
  '1.2.840.10008.1.2.4.203': 'image/jphc',
  '1.2.840.10008.1.2.5': 'image/dicom-rle',
};

/** How frames are given. `decoded`: uncompressed although they are stored compressed. */
export type FrameFormat = { isMultipart: boolean; type: string; transferSyntaxUid: string; decoded: boolean };

/** How frames of an instance are given for a range of the Accept header; undefined if they cannot be. */
export function frameFormatOf(range: MediaRange, storedSyntax: string, count: number): FrameFormat | undefined {
  const parts = partType(range);
  const isMultipart = parts !== undefined || range.type === '*/*';
  const type = parts ?? range.type;
  const wanted = range.parameters['transfer-syntax'];
  if (!isMultipart && count > 1) return undefined;
  const { encapsulated } = transferSyntaxOf(storedSyntax);
  // Native frames are given as little endian samples, whatever the rest of the file is written in.
  const given = encapsulated ? storedSyntax : ExplicitVrLittleEndian;
  const isAsStored = wanted === '*' || wanted === storedSyntax || wanted === given;
  if (takes(type, OCTETS)) {
    const format = { isMultipart, type: OCTETS };
    if (isAsStored || (!encapsulated && wanted === undefined)) return { ...format, transferSyntaxUid: given, decoded: false };
    const canBeNative = (wanted === undefined || wanted === ExplicitVrLittleEndian) && canDecode(storedSyntax);
    return canBeNative ? { ...format, transferSyntaxUid: ExplicitVrLittleEndian, decoded: true } : undefined;
  }
  const media = encapsulated ? MEDIA_TYPES[storedSyntax] : undefined;
  const fits = media !== undefined && takes(type, media) && (wanted === undefined || isAsStored);
  return fits ? { isMultipart, type: media, transferSyntaxUid: given, decoded: false } : undefined;
}

/**
 * Frames as they are stored, by their place among `numbers`: native ones by a ranged read each when they are asked for, others out of
 * the file, which is read once.
 *
 * @param numbers 1 for the first
 * @throws {AppError} `not-found` if there is no such frame, `no-pixels` if the file does not hold it
 */
export async function openFrames(
  blobs: BlobStore,
  instance: InstanceRow,
  numbers: readonly number[],
): Promise<(index: number) => Promise<StoredFrame>> {
  const last = hasFrames(instance) ? instance.number_of_frames : 0;
  if (numbers.some((number) => number < 1 || number > last))
    throw new AppError('not-found', `Instance ${instance.sop_instance_uid} has ${last} frames`);
  const numberAt = (index: number): number => numbers[index] ?? last;
  if (numbers.length === 1 || hasRanges(instance)) return (index) => readFrame(blobs, instance, numberAt(index));
  const frameOf = framesOfFile(await blobs.read(instance.blob_key));
  return async (index) => frameOf(numberAt(index));
}

/** Whether frames stand in the file as they are given. Single bits may begin inside of a byte, and big endian is swapped by the parser. */
function hasRanges({ transfer_syntax_uid, pixel_length, number_of_frames, rows, columns }: InstanceRow): boolean {
  const pixels = number_of_frames * (rows ?? 0) * (columns ?? 0);
  return pixel_length !== null && pixel_length >= pixels && transfer_syntax_uid !== ExplicitVrBigEndian;
}

/** @throws {AppError} `not-acceptable` if the frame cannot be decoded */
export async function toNativeBytes(transcoder: Transcoder, { description, frame }: StoredFrame, number: number): Promise<Uint8Array> {
  const answer = await transcoder.run({ as: 'native-frame', encoded: { description, frame, number } });
  if ('bytes' in answer) return answer.bytes;
  throw new AppError('not-acceptable', `Frame ${number} cannot be decoded: ${answer.problem}`);
}

function framesOfFile(bytes: Uint8Array): (number: number) => StoredFrame {
  try {
    const part10 = parsePart10(bytes, { inflateRaw });
    const [description, frames] = [describePixels(part10), pixelFrames(part10)];
    return (number) => {
      const frame = frames[number - 1];
      if (!description || !frame) throw new AppError('no-pixels', `Frame ${number} cannot be found in its file`);
      return { description, frame, dataSet: part10.dataSet };
    };
  } catch (error) {
    throw error instanceof DicomError ? new AppError('no-pixels', error.message, { cause: error }) : error;
  }
}
