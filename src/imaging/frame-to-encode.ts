import type { StoredFrameSamples } from './decode.ts';

/**
 * One frame as an encoder takes it: its stored values and how they are described. Bits Stored is what the values fit into; they stand in
 * the low bits, whatever High Bit was.
 */
export type FrameToEncode = StoredFrameSamples & { bitsAllocated: number; bitsStored: number; pixelRepresentation: 0 | 1 };

/** A compressed frame, and the Photometric Interpretation that it has in the data set from now on (PS3.5 8.2). */
export type EncodedFrame = { bytes: Uint8Array; photometricInterpretation: string };

/**
 * The values as unsigned numbers of Bits Stored bits, two's complement where they are signed: what codecs hold that know no sign
 * (PS3.5 8.2.1, 8.2.3). Bytes up to 8 bits, else words.
 */
export function unsignedSamples({ pixels, bitsStored }: FrameToEncode): Uint8Array | Uint16Array {
  const mask = 2 ** bitsStored - 1;
  const output = bitsStored > 8 ? new Uint16Array(pixels.length) : new Uint8Array(pixels.length);
  for (let index = 0; index < pixels.length; index += 1) output[index] = (pixels[index] ?? 0) & mask;
  return output;
}

/** Values in cells of Bits Allocated, little endian: two's complement extended to the whole cell. */
export function cellBytes({ pixels }: Pick<FrameToEncode, 'pixels'>): Uint8Array {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}

/** One bit a pixel, the first in the lowest bit (PS3.5 8.1.1). */
export function packBits(samples: ArrayLike<number>): Uint8Array {
  const bits = new Uint8Array(Math.ceil(samples.length / 8));
  for (let index = 0; index < samples.length; index += 1)
    if (samples[index] !== 0) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  return bits;
}
