import { cellBytes, type FrameToEncode, packBits } from './frame-to-encode.ts';
import { ImagingError } from './imaging-error.ts';

const HEADER_BYTES = 64;
const MAX_SEGMENTS = 15;
/** Longest run and longest stretch of literal bytes that one control byte counts. */
const MAX_LENGTH = 128;

/**
 * Encodes a frame as RLE Lossless (PS3.5 annex G): PackBits segments, one for each byte of each sample, most significant first; no run
 * crosses the end of a row. Pixels of one bit are packed into bytes first.
 *
 * @throws {ImagingError} if a pixel has more bytes than the header has room for
 */
export function encodeRle(frame: FrameToEncode): Uint8Array {
  const isPacked = frame.bitsAllocated === 1;
  const cells = isPacked ? packBits(frame.pixels) : cellBytes(frame);
  const bytesPerComponent = Math.ceil(frame.bitsAllocated / 8);
  const segments = frame.samplesPerPixel * bytesPerComponent;
  if (segments > MAX_SEGMENTS) throw new ImagingError('RLE has no room for so many bytes a pixel');
  const rowLength = isPacked ? cells.length : frame.columns;

  const size = cells.length / segments;
  const plane = new Uint8Array(size);
  const packed = Array.from({ length: segments }, (_, index) => {
    const component = Math.floor(index / bytesPerComponent);
    const byte = bytesPerComponent - 1 - (index % bytesPerComponent);
    for (let at = component * bytesPerComponent + byte, to = 0; to < size; at += segments, to += 1) plane[to] = cells[at] ?? 0;
    return packPlane(plane, rowLength);
  });
  return joined(packed);
}

/** Header and segments, each of an even length. */
function joined(segments: readonly Uint8Array[]): Uint8Array {
  const length = segments.reduce((sum, segment) => sum + segment.length, HEADER_BYTES);
  const output = new Uint8Array(length);
  const header = new DataView(output.buffer);
  header.setUint32(0, segments.length, true);
  let offset = HEADER_BYTES;
  for (const [index, segment] of segments.entries()) {
    header.setUint32(4 + 4 * index, offset, true);
    output.set(segment, offset);
    offset += segment.length;
  }
  return output;
}

/** PackBits of each row in turn; an odd length is filled up with zero (PS3.5 G.2). */
function packPlane(plane: Uint8Array, rowLength: number): Uint8Array {
  const rows = Math.ceil(plane.length / rowLength);
  // At worst one control byte for each stretch of literals.
  const output = new Uint8Array(plane.length + rows * Math.ceil(rowLength / MAX_LENGTH) + 1);
  let to = 0;
  for (let row = 0; row < rows; row += 1) to = packRow(plane, { start: row * rowLength, end: (row + 1) * rowLength }, output, to);
  return output.subarray(0, to + (to % 2));
}

function packRow(bytes: Uint8Array, { start, end }: { start: number; end: number }, output: Uint8Array, at: number): number {
  let to = at;
  let from = start;
  while (from < end) {
    const run = runLength(bytes, from, end);
    if (run >= 2) {
      output[to] = 257 - run;
      output[to + 1] = bytes[from] ?? 0;
      to += 2;
      from += run;
      continue;
    }
    const literals = literalLength(bytes, from, end);
    output[to] = literals - 1;
    output.set(bytes.subarray(from, from + literals), to + 1);
    to += literals + 1;
    from += literals;
  }
  return to;
}

function runLength(bytes: Uint8Array, from: number, end: number): number {
  const limit = Math.min(end, from + MAX_LENGTH);
  let at = from + 1;
  while (at < limit && bytes[at] === bytes[from]) at += 1;
  return at - from;
}

/** Bytes up to a run of three, which alone is worth a new control byte. */
function literalLength(bytes: Uint8Array, from: number, end: number): number {
  const limit = Math.min(end, from + MAX_LENGTH);
  let at = from + 1;
  while (at < limit && !(bytes[at] === bytes[at + 1] && bytes[at] === bytes[at + 2] && at + 2 < end)) at += 1;
  return at - from;
}
