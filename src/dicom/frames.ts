import { type Attribute, type DataSet, DicomError, type Part10 } from './data-set.ts';
import { describePixels, frameBits, type PixelDescription } from './pixel-description.ts';
import { Tag } from './tags.ts';
import { RleLossless } from './uids.ts';

const ITEM_HEADER_LENGTH = 8;
const LARGEST_OFFSET = 0xffffffff;
/** Codestreams begin with these: JPEG and JPEG-LS (SOI and the next marker), JPEG 2000 (SOC, SIZ). */
const FRAME_STARTS: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff],
  [0xff, 0x4f, 0xff, 0x51],
];

/**
 * The frames of Pixel Data, in order: native ones as little endian samples, encapsulated ones as one codestream each. Native frames
 * are views, joined or bit-shifted ones copies; of one bit a pixel, each frame begins at bit 0 of its first byte (PS3.5 8.1.1).
 * Empty if the object has no pixels.
 * @throws {DicomError} if the bytes are not those of the frames described
 */
export function pixelFrames(part10: Part10): Uint8Array[] {
  const description = describePixels(part10);
  if (description === undefined) return [];
  const { dataSet } = part10;
  const pixelData = dataSet[Tag.PixelData] ?? dataSet[Tag.FloatPixelData] ?? dataSet[Tag.DoubleFloatPixelData];
  if (pixelData?.fragments !== undefined) return encapsulatedFrames(dataSet, pixelData.fragments, description);
  if (pixelData?.bytes === undefined) throw new DicomError('an image without Pixel Data', { tag: Tag.PixelData });
  return nativeFrames(pixelData.bytes, description);
}

/** Number of frames that the object declares; 0 if it has no pixels. @throws {DicomError} as `describePixels` */
export function frameCount(part10: Part10): number {
  return describePixels(part10)?.numberOfFrames ?? 0;
}

/** Pixel Data of one fragment a frame with a basic offset table (an empty one where offsets pass 32 bits). */
export function encapsulateFrames(frames: readonly Uint8Array[]): Attribute {
  const offsets = new DataView(new ArrayBuffer(frames.length * 4));
  let offset = 0;
  for (const [index, frame] of frames.entries()) {
    if (offset > LARGEST_OFFSET) return { vr: 'OB', fragments: [...frames] };
    offsets.setUint32(index * 4, offset, true);
    offset += ITEM_HEADER_LENGTH + frame.length + (frame.length % 2);
  }
  return { vr: 'OB', fragments: [...frames], offsetTable: new Uint8Array(offsets.buffer) };
}

function nativeFrames(bytes: Uint8Array, description: PixelDescription): Uint8Array[] {
  const { numberOfFrames } = description;
  const bits = frameBits(description);
  if (bytes.length * 8 < bits * numberOfFrames) {
    throw new DicomError('Pixel Data are shorter than the frames that they should hold', { tag: Tag.PixelData });
  }
  const length = Math.ceil(bits / 8);
  return Array.from({ length: numberOfFrames }, (_, index) => {
    const start = index * bits;
    return start % 8 === 0 ? bytes.subarray(start / 8, start / 8 + length) : shifted(bytes, start, length);
  });
}

/** `length` bytes from a bit position on that is inside of a byte; bit 0 of a byte is its first pixel. */
function shifted(bytes: Uint8Array, startBit: number, length: number): Uint8Array {
  const first = Math.floor(startBit / 8);
  const shift = startBit % 8;
  return Uint8Array.from(
    { length },
    (_, index) => ((bytes[first + index] ?? 0) >> shift) | ((bytes[first + index + 1] ?? 0) << (8 - shift)),
  );
}

function encapsulatedFrames(dataSet: DataSet, fragments: readonly Uint8Array[], description: PixelDescription): Uint8Array[] {
  const { numberOfFrames } = description;
  if (fragments.length < numberOfFrames) throw new DicomError('fewer fragments than frames', { tag: Tag.PixelData });
  if (fragments.length === numberOfFrames) return trimmed(dataSet, fragments);
  if (description.transferSyntaxUid === RleLossless) throw new DicomError('RLE has one fragment a frame', { tag: Tag.PixelData });
  if (numberOfFrames === 1) return [joined(fragments)];
  const table = dataSet[Tag.PixelData]?.offsetTable;
  const starts = startsByTable(table, fragments, numberOfFrames) ?? startsByMarker(fragments);
  if (starts.length !== numberOfFrames || starts[0] !== 0) {
    throw new DicomError('nothing says which fragments make up which frame', { tag: Tag.PixelData });
  }
  return starts.map((start, index) => joined(fragments.slice(start, starts[index + 1])));
}

/** One fragment a frame; the extended offset table, if there is one, knows their lengths without padding (PS3.3 C.7.6.3.1.8). */
function trimmed(dataSet: DataSet, fragments: readonly Uint8Array[]): Uint8Array[] {
  const lengths = dataSet[Tag.ExtendedOffsetTableLengths]?.bytes;
  if (lengths === undefined || lengths.length !== fragments.length * 8) return [...fragments];
  const view = new DataView(lengths.buffer, lengths.byteOffset, lengths.byteLength);
  return fragments.map((fragment, index) => {
    const length = view.getBigUint64(index * 8, true);
    return length < BigInt(fragment.length) ? fragment.subarray(0, Number(length)) : fragment;
  });
}

/** First fragment of each frame by the basic offset table; undefined if the table is empty or does not fit the fragments. */
function startsByTable(table: Uint8Array | undefined, fragments: readonly Uint8Array[], numberOfFrames: number): number[] | undefined {
  if (table === undefined || table.length !== numberOfFrames * 4) return undefined;
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const starts: number[] = [];
  let offset = 0;
  for (const [index, fragment] of fragments.entries()) {
    if (starts.length < numberOfFrames && view.getUint32(starts.length * 4, true) === offset) starts.push(index);
    offset += ITEM_HEADER_LENGTH + fragment.length;
  }
  return starts.length === numberOfFrames ? starts : undefined;
}

function startsByMarker(fragments: readonly Uint8Array[]): number[] {
  return fragments.flatMap((fragment, index) =>
    FRAME_STARTS.some((marker) => marker.every((byte, at) => fragment[at] === byte)) ? [index] : [],
  );
}

function joined(fragments: readonly Uint8Array[]): Uint8Array {
  const [only] = fragments;
  if (fragments.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(fragments.reduce((sum, fragment) => sum + fragment.length, 0));
  let position = 0;
  for (const fragment of fragments) {
    whole.set(fragment, position);
    position += fragment.length;
  }
  return whole;
}
