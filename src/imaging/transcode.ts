import { DicomError, numberOf, type Part10 } from '../dicom/data-set.ts';
import { pixelFrames } from '../dicom/frames.ts';
import { describePixels, type PixelDescription } from '../dicom/pixel-description.ts';
import { Tag } from '../dicom/tags.ts';
import { ExplicitVrBigEndian, transferSyntaxOf } from '../dicom/uids.ts';
import { encapsulated, offsetTablesOf } from './encapsulate.ts';
import { canEncode, type Loss, losesValues } from './encode.ts';
import { fileAround, halvesSwapped, mapped, type Pieces, pixelElement, wordsFor } from './file-pieces.ts';
import type { EncodedFrame } from './frame-to-encode.ts';
import { ImagingError } from './imaging-error.ts';
import { joinSegments } from './jpeg-segments.ts';
import { liftOverlays } from './lift-overlays.ts';
import { isValidIn, transcodeFrame } from './transcode-frame.ts';
import { describeTranscoded, type LossyResult } from './transcoded-attributes.ts';

/**
 * Where the pixels of an object are read: frames by number from 0, as `pixelFrames` gives them; and, where Pixel Data is native, its
 * whole value in pieces of a multiple of 4 bytes (the last one may be shorter).
 */
export type PixelSource = {
  frameAt(index: number): Promise<Uint8Array> | Uint8Array;
  value?: { length: number; vr: 'OB' | 'OW'; pieces(): Pieces };
};

export type TranscodeOptions = {
  /** Loss to allow where the syntax leaves the choice. */
  loss?: Loss;
  /** SOP Instance UID of the object if its pixels lose something; needed then. */
  derivedUid?: string;
  /** Frames in work at a time; 1 unless told. */
  parallel?: number;
  /** Does the work of `transcodeFrame`, for example in a thread. */
  transcode?: typeof transcodeFrame;
};

/** Whether `transcodeInstance` writes this syntax; a particular object may still not fit into it. */
export function canTranscodeTo(transferSyntaxUid: string): boolean {
  return canEncode(transferSyntaxUid);
}

/**
 * An object in another transfer syntax: its attributes, pixels and file meta, as a whole file of PS3.10.
 *
 * Lossless syntaxes keep every stored value and the object's identity. JPEG baseline and extended, and a loss that is asked for, make a
 * derived object of it, with a UID of its own (PS3.3 C.7.6.1.1.5); so does nothing else. An object without Pixel Data, or with floating
 * point pixels, is written in native syntaxes only.
 *
 * @throws {ImagingError} if its pixels cannot be decoded or do not fit into the syntax
 * @throws {DicomError} if its attributes contradict each other
 */
export async function transcodeInstance(part10: Part10, target: string, options: TranscodeOptions = {}): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of transcodedFile(part10, pixelSourceOf(part10), { target, ...options })) pieces.push(piece);
  return joinSegments(pieces);
}

/** The pixels of an object that is in memory as a whole. */
export function pixelSourceOf(part10: Part10): PixelSource {
  let frames: Uint8Array[] | undefined;
  const frameAt = (index: number): Uint8Array => {
    frames ??= pixelFrames(part10);
    const frame = frames[index];
    if (!frame) throw new DicomError('the object has not so many frames', { tag: Tag.PixelData });
    return frame;
  };
  const { bytes, vr } = part10.dataSet[Tag.PixelData] ?? {};
  return { frameAt, ...(bytes ? { value: { length: bytes.length, vr: vr === 'OW' ? vr : 'OB', pieces: () => [bytes] } } : {}) };
}

/**
 * As `transcodeInstance`, in pieces, so that memory holds a few frames, and the compressed ones where compressed ones are written:
 * offset tables come before them.
 *
 * @param part10 may lack Pixel Data where `pixels` has them
 */
export async function* transcodedFile(
  part10: Part10,
  pixels: PixelSource,
  { target, ...options }: TranscodeOptions & { target: string },
): AsyncGenerator<Uint8Array> {
  if (!canTranscodeTo(target)) throw new ImagingError(`The transfer syntax ${target} is not written here`);
  const [from, to] = [transferSyntaxOf(part10.transferSyntaxUid), transferSyntaxOf(target)];
  const description = from.encapsulated || to.encapsulated ? describePixels(part10) : undefined;
  if (to.encapsulated && (!description || FLOATING_POINT.some((tag) => part10.dataSet[tag])))
    throw new ImagingError('An object without integer pixels is not written in a syntax for compressed ones');
  const object: Transcoding = { part10, pixels, target, options };
  const described = description && { ...object, description };
  yield* described ? (to.encapsulated ? compressed(described) : decompressed(described)) : rewritten(object);
}

type Transcoding = { part10: Part10; pixels: PixelSource; target: string; options: TranscodeOptions };
type Described = Transcoding & { description: PixelDescription };

const FLOATING_POINT = [Tag.FloatPixelData, Tag.DoubleFloatPixelData];

/** From one native syntax to another: the value of Pixel Data stays what it is. */
async function* rewritten({ part10, pixels: { value }, target }: Transcoding): AsyncGenerator<Uint8Array> {
  const { meta, dataSet } = part10;
  const file = { meta, dataSet, transferSyntaxUid: target };
  if (!value) return yield* fileAround(file, []);
  const bits = numberOf(dataSet, Tag.BitsAllocated) ?? 8;
  const vr = bits > 8 ? 'OW' : value.vr;
  const changesOrder = (part10.transferSyntaxUid === ExplicitVrBigEndian) !== (target === ExplicitVrBigEndian);
  const pieces = mapped(value.pieces(), (piece) =>
    wordsFor(target, { piece: changesOrder && bits === 32 ? halvesSwapped(piece) : piece, vr }),
  );
  yield* fileAround(file, pixelElement(target, { vr, length: value.length, pieces }));
}

/** Into a native syntax: frame by frame, each written when it is decoded. Frames of single bits follow each other within bytes. */
async function* decompressed(object: Described): AsyncGenerator<Uint8Array> {
  const { part10, description, target } = object;
  const frames = transcodedFrames(object);
  const { value: first, done } = await frames.next();
  if (done || !first) throw new ImagingError('The object has no frames');
  const { photometricInterpretation } = first;
  const dataSet = describeTranscoded(part10, description, { target, photometricInterpretation });
  const vr = description.bitsAllocated > 8 ? 'OW' : 'OB';
  const { rows, columns, samplesPerPixel, bitsAllocated, numberOfFrames } = description;
  const bits = rows * columns * samplesPerPixel * bitsAllocated;
  const bytes = bits % 8 === 0 ? framesInTurn(first, frames) : bitsInTurn(first, frames, bits);
  const pieces = mapped(bytes, (piece) => wordsFor(target, { piece, vr }));
  const element = pixelElement(target, { vr, length: Math.ceil((bits * numberOfFrames) / 8), pieces });
  yield* fileAround({ meta: part10.meta, dataSet, transferSyntaxUid: target }, element);
}

/** Into a syntax for compressed pixels: one fragment a frame, behind the table that says where each begins. */
async function* compressed(object: Described): AsyncGenerator<Uint8Array> {
  const { part10, description, pixels, target, options } = object;
  const { meta, dataSet } = part10;
  const frames: EncodedFrame[] = [];
  for await (const frame of transcodedFrames(object)) frames.push(frame);
  const [first] = frames;
  if (!first) throw new ImagingError('The object has no frames');

  const isKept = isValidIn(part10.transferSyntaxUid, target) && Object.keys(options.loss ?? {}).length === 0;
  const every = Array.from({ length: description.numberOfFrames }, (_, index) => index);
  const lifted = isKept ? dataSet : await liftOverlays(dataSet, description, () => mapped(every, (index) => pixels.frameAt(index)));
  const { photometricInterpretation } = first;
  const lossy = losesValues(target, options.loss) && !isKept ? { lossy: lossyResult(object, frames) } : {};
  const described = describeTranscoded({ ...part10, dataSet: lifted }, description, { target, photometricInterpretation, ...lossy });
  const { basic, extended } = offsetTablesOf(frames.map(({ bytes }) => bytes.length));
  const tables = extended ? { [Tag.ExtendedOffsetTable]: extended.offsets, [Tag.ExtendedOffsetTableLengths]: extended.lengths } : {};
  const fragments = frames.map(({ bytes }) => ({ length: bytes.length, pieces: [bytes] }));
  const element = pixelElement(target, { vr: 'OB', pieces: encapsulated(basic, fragments) });
  yield* fileAround({ meta, dataSet: { ...described, ...tables }, transferSyntaxUid: target }, element);
}

function lossyResult({ description, options }: Described, frames: readonly EncodedFrame[]): LossyResult {
  if (options.derivedUid === undefined) throw new ImagingError('An object that loses something needs a UID of its own');
  const { rows, columns, samplesPerPixel, bitsAllocated } = description;
  const size = (rows * columns * samplesPerPixel * bitsAllocated * frames.length) / 8;
  return { ratio: size / frames.reduce((sum, { bytes }) => sum + bytes.length, 0), derivedUid: options.derivedUid };
}

/** Frames in order, some of them in work ahead. Whether one failed is asked when its turn comes. */
async function* transcodedFrames({ description, pixels, target, options }: Described): AsyncGenerator<EncodedFrame> {
  const { parallel = 1, loss, transcode = transcodeFrame } = options;
  const begun: Promise<EncodedFrame>[] = [];
  const begin = (index: number): void => {
    const frame = (async () => transcode(description, await pixels.frameAt(index), { target, ...(loss ? { loss } : {}) }))();
    // A later frame may fail before an earlier one is ready, or after the reader went away: both while nobody waits for it.
    frame.catch(() => undefined);
    begun.push(frame);
  };
  let next = 0;
  for (let index = 0; index < description.numberOfFrames; index += 1) {
    for (; next < Math.min(description.numberOfFrames, index + parallel); next += 1) begin(next);
    const frame = await begun.shift();
    if (frame) yield frame;
  }
}

async function* framesInTurn(first: EncodedFrame, others: AsyncIterable<EncodedFrame>): AsyncGenerator<Uint8Array> {
  yield first.bytes;
  for await (const { bytes } of others) yield bytes;
}

/** Frames of a number of bits that is no whole number of bytes, one bit after the other (PS3.5 8.1.1). */
async function* bitsInTurn(first: EncodedFrame, others: AsyncIterable<EncodedFrame>, bits: number): AsyncGenerator<Uint8Array> {
  let pending = 0;
  let count = 0;
  for await (const frame of framesInTurn(first, others)) {
    const whole = new Uint8Array((count + bits) >> 3);
    let to = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      pending |= (((frame[bit >> 3] ?? 0) >> (bit & 7)) & 1) << count;
      count += 1;
      if (count < 8) continue;
      whole[to] = pending;
      to += 1;
      pending = 0;
      count = 0;
    }
    yield whole;
  }
  if (count > 0) yield Uint8Array.of(pending);
}
