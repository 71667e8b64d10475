import type { PixelDescription } from '../dicom/pixel-description.ts';
import type { Samples } from './color.ts';
import { ImagingError } from './imaging-error.ts';

/**
 * Native pixel cells as unsigned numbers: 1-bit cells (least significant bit first, PS3.5 8.1.1), bytes, or little-endian words.
 * @param count how many cells the frame must have
 * @throws {ImagingError} if the frame is shorter than that, or the cell size is none of 1, 8, 16, 32
 */
export function readNativeCells(frame: Uint8Array, bitsAllocated: number, count: number): Uint8Array | Uint16Array | Uint32Array {
  if (frame.length < Math.ceil((count * bitsAllocated) / 8)) throw new ImagingError('The frame is shorter than its description says');
  switch (bitsAllocated) {
    case 1:
      return Uint8Array.from({ length: count }, (_, index) => ((frame[index >> 3] ?? 0) >> (index & 7)) & 1);
    case 8:
      return new Uint8Array(copyOf(frame, count));
    case 16:
      return new Uint16Array(copyOf(frame, count * 2));
    case 32:
      return new Uint32Array(copyOf(frame, count * 4));
    default:
      throw new ImagingError(`${bitsAllocated} bits allocated are not supported`);
  }
}

/**
 * Exchanges the halves of 32-bit cells: big-endian ones arrive as OW, whose 16-bit words the parser has put right, but not their order
 * within a cell.
 */
export function swapHalves(cells: Uint32Array): void {
  for (let index = 0; index < cells.length; index += 1) cells[index] = ((cells[index] ?? 0) << 16) | ((cells[index] ?? 0) >>> 16);
}

/**
 * What a cell holds of the sample: bits above High Bit and below the stored ones (overlays of old) are taken away, and two's complement
 * is extended (PS3.5 8.1.1).
 */
export function samplesOfCells(cells: Uint8Array | Uint16Array | Uint32Array, description: PixelDescription): Samples {
  const { bitsStored, highBit, pixelRepresentation } = description;
  const width = cells.BYTES_PER_ELEMENT * 8;
  const isSigned = pixelRepresentation === 1;
  const output = isSigned ? signedView(cells) : cells;
  if (bitsStored >= width) return output;

  const up = 31 - highBit;
  const down = 32 - bitsStored;
  for (let index = 0; index < cells.length; index += 1) {
    const top = (cells[index] ?? 0) << up;
    output[index] = isSigned ? top >> down : top >>> down;
  }
  return output;
}

function signedView(cells: Uint8Array | Uint16Array | Uint32Array): Int8Array | Int16Array | Int32Array {
  const buffer = cells.buffer as ArrayBuffer;
  if (cells instanceof Uint8Array) return new Int8Array(buffer, cells.byteOffset, cells.length);
  if (cells instanceof Uint16Array) return new Int16Array(buffer, cells.byteOffset, cells.length);
  return new Int32Array(buffer, cells.byteOffset, cells.length);
}

/**
 * The first bytes in a buffer of their own, so that words are aligned; typed arrays are little endian on every machine that runs
 * JavaScript today. (`slice` would not do: on Node's Buffer it copies nothing.)
 */
function copyOf(frame: Uint8Array, length: number): ArrayBuffer {
  const copy = new Uint8Array(length);
  copy.set(frame.subarray(0, length));
  return copy.buffer;
}
