import { DicomError } from '../../dicom/data-set.ts';
import { pixelFrames } from '../../dicom/frames.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { describePixels } from '../../dicom/pixel-description.ts';
import { Tag } from '../../dicom/tags.ts';
import { DeflatedExplicitVrLittleEndian, ExplicitVrBigEndian, ExplicitVrLittleEndian, transferSyntaxOf } from '../../dicom/uids.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';
import { inflateRaw } from '../studies/read-arrival.ts';
import { readFrame, type StoredFrame } from '../studies/read-frame.ts';
import { canGiveFrames } from '../transcoding/transcode-stored.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { type MediaRange, partType, takes } from './accept.ts';
import { hasFrames } from './retrieve-repository.ts';

const OCTETS = 'application/octet-stream';
const BASE = '1.2.840.10008.1.2';
/** Media types of compressed frames with their transfer syntaxes (PS3.18 table 8.7.3-5), the default of each first. */
const MEDIA: Readonly<Record<string, readonly string[]>> = {
  'image/jpeg': [`${BASE}.4.70`, `${BASE}.4.57`, `${BASE}.4.50`, `${BASE}.4.51`],
  'image/jls': [`${BASE}.4.80`, `${BASE}.4.81`],
  'image/jp2': [`${BASE}.4.90`, `${BASE}.4.91`],
  'image/jphc': [`${BASE}.4.201`, `${BASE}.4.202`, `${BASE}.4.203`],
  'image/dicom-rle': [`${BASE}.5`],
  'image/jpx': [`${BASE}.4.92`, `${BASE}.4.93`],
  'image/jxl': [`${BASE}.4.110`, `${BASE}.4.111`, `${BASE}.4.112`],
};

/** Media types of compressed frames. */
export const FRAME_TYPES: readonly string[] = Object.keys(MEDIA);

/** The transfer syntax that a media type means without a word on it; undefined if it is none of compressed pixels. */
export function defaultSyntaxOf(mediaType: string): string | undefined {
  return Object.hasOwn(MEDIA, mediaType) ? MEDIA[mediaType]?.[0] : undefined;
}

/** How frames are given. `isTranscoded`: otherwise than they are stored. */
export type FrameFormat = { isMultipart: boolean; type: string; transferSyntaxUid: string; isTranscoded: boolean };
type Held = Pick<InstanceRow, 'transfer_syntax_uid' | 'bits_allocated' | 'pixel_offset' | 'rows'>;

/**
 * How frames of an instance are given for a range of the Accept header; undefined if they cannot be. Octets are uncompressed unless a
 * transfer syntax is named; a media type without one means its default, or what is stored where that fits.
 */
export function frameFormatOf(range: MediaRange, held: Held, count: number): FrameFormat | undefined {
  const parts = partType(range);
  const isMultipart = parts !== undefined || range.type === '*/*';
  if (!isMultipart && count > 1) return undefined;
  const wanted = range.parameters['transfer-syntax'];
  for (const { type, syntaxes } of offersOf(parts ?? range.type, held, wanted)) {
    const transferSyntaxUid = syntaxes.find((syntax) => syntax === givenAs(held) || canGiveFrames(held, syntax));
    if (transferSyntaxUid === undefined) continue;
    return { isMultipart, type, transferSyntaxUid, isTranscoded: transferSyntaxUid !== givenAs(held) || isShuffled(held) };
  }
  return undefined;
}

/** Native frames are given as little endian samples, whatever the rest of the file is written in. */
function givenAs({ transfer_syntax_uid }: Held): string {
  return transferSyntaxOf(transfer_syntax_uid).encapsulated ? transfer_syntax_uid : ExplicitVrLittleEndian;
}

/** The parser puts the words of big endian files right, but not their order within a wider cell. */
function isShuffled({ transfer_syntax_uid, bits_allocated }: Held): boolean {
  return transfer_syntax_uid === ExplicitVrBigEndian && bits_allocated === 32;
}

type Offer = { type: string; syntaxes: readonly string[] };

function offersOf(type: string, held: Held, wanted: string | undefined): Offer[] {
  const stored = givenAs(held);
  const octets = wanted === '*' || wanted === held.transfer_syntax_uid ? stored : (wanted ?? ExplicitVrLittleEndian);
  const compressed = Object.entries(MEDIA).flatMap(([media, [standard = '', ...others]]): Offer[] => {
    if (!takes(type, media)) return [];
    if (wanted !== undefined && wanted !== '*') return [standard, ...others].includes(wanted) ? [{ type: media, syntaxes: [wanted] }] : [];
    return [{ type: media, syntaxes: isKept(stored, [standard, ...others], wanted) ? [stored] : [standard] }];
  });
  // What is stored goes before what would have to be made.
  compressed.sort((a, b) => Number(b.syntaxes[0] === stored) - Number(a.syntaxes[0] === stored));
  return takes(type, OCTETS) ? [{ type: OCTETS, syntaxes: [octets] }, ...compressed] : compressed;
}

/** Lossy frames, and those of which the client takes any, are given as they are. */
function isKept(stored: string, syntaxes: readonly string[], wanted: string | undefined): boolean {
  return syntaxes.includes(stored) && (wanted === '*' || transferSyntaxOf(stored).lossy);
}

/**
 * Frames as they are stored, by their place among `numbers`: by a ranged read each when they are asked for where the file says where
 * they stand, else out of the file, which is read once.
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
  if (transfer_syntax_uid === ExplicitVrBigEndian || transfer_syntax_uid === DeflatedExplicitVrLittleEndian) return false;
  return pixel_length === null || pixel_length >= number_of_frames * (rows ?? 0) * (columns ?? 0);
}

/** A frame in another transfer syntax. @throws {AppError} `not-acceptable` if it cannot be decoded, or does not fit */
export async function frameIn(
  transcoder: Transcoder,
  { description, frame, dataSet }: StoredFrame,
  { target, number }: { target: string; number: number },
): Promise<Uint8Array> {
  // Floating point values have one form only, whose order the parser knows.
  if (dataSet[Tag.FloatPixelData]) return frame;
  try {
    return (await transcoder.transcodeFrame(description, frame, { target })).bytes;
  } catch (error) {
    if (!(error instanceof ImagingError)) throw error;
    throw new AppError('not-acceptable', `Frame ${number} cannot be given in that way: ${error.message}`, { cause: error });
  }
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
