import fc from 'fast-check';
import type { PixelDescription } from '../src/dicom/pixel-description.ts';
import { decodeStoredFrame } from '../src/imaging/decode.ts';
import { encodeFrame, type Loss } from '../src/imaging/encode.ts';
import type { FrameToEncode } from '../src/imaging/frame-to-encode.ts';
import { seededRandom } from '../src/imaging/random.ts';

export type Shape = Pick<
  FrameToEncode,
  'rows' | 'columns' | 'samplesPerPixel' | 'bitsAllocated' | 'bitsStored' | 'pixelRepresentation' | 'photometricInterpretation'
>;

/** Values of a shape: smooth with some noise, or noise alone, or one value. */
export function frameOf(shape: Shape, { seed, roughness }: { seed: number; roughness: number }): FrameToEncode {
  const { rows, columns, samplesPerPixel, bitsStored, bitsAllocated, pixelRepresentation } = shape;
  const range = 2 ** bitsStored;
  const low = pixelRepresentation === 1 ? -range / 2 : 0;
  const random = seededRandom(seed);
  const values = Array.from({ length: rows * columns * samplesPerPixel }, (_, index) => {
    const pixel = Math.floor(index / samplesPerPixel);
    const smooth = (Math.sin((pixel % columns) / 5) + Math.cos(Math.floor(pixel / columns) / 7 + (index % samplesPerPixel))) / 4 + 0.5;
    const share = Math.min(0.999999, Math.max(0, smooth * (1 - roughness) + random() * roughness));
    return low + Math.floor(share * range);
  });
  const Cells = { 8: [Uint8Array, Int8Array], 16: [Uint16Array, Int16Array], 32: [Uint32Array, Int32Array] } as const;
  const width = bitsAllocated <= 8 ? 8 : bitsAllocated === 16 ? 16 : 32;
  return { ...shape, pixels: Cells[width][pixelRepresentation].from(values) };
}

export const descriptionOf = (frame: FrameToEncode, transferSyntaxUid: string, photometricInterpretation: string): PixelDescription => ({
  ...frame,
  highBit: frame.bitsStored - 1,
  planarConfiguration: 0,
  numberOfFrames: 1,
  transferSyntaxUid,
  photometricInterpretation,
});

/** What becomes of a frame that is encoded and decoded again. */
export async function roundTrip(frame: FrameToEncode, syntax: string, loss: Loss = {}) {
  const { bytes, photometricInterpretation } = await encodeFrame(frame, syntax, loss);
  return { bytes, ...(await decodeStoredFrame(descriptionOf(frame, syntax, photometricInterpretation), bytes)) };
}

/** UID of a transfer syntax from its tail. */
export const uid = (tail: string): string => `1.2.840.10008.1.2${tail}`;

const size = fc.record({ rows: fc.integer({ min: 1, max: 70 }), columns: fc.integer({ min: 1, max: 70 }) });

/** How the pixels of a shape are filled. */
export const texture = fc.record({ seed: fc.nat(), roughness: fc.constantFrom(0, 0.1, 0.5, 1) });
/** Gray of any depth and sign. */
export const gray = fc
  .record({ size, bitsStored: fc.integer({ min: 1, max: 16 }), wide: fc.boolean(), pixelRepresentation: fc.constantFrom<0 | 1>(0, 1) })
  .map(({ size: { rows, columns }, bitsStored: bits, wide, pixelRepresentation }): Shape => {
    const bitsStored = Math.max(bits, 1 + pixelRepresentation);
    return {
      rows,
      columns,
      samplesPerPixel: 1,
      bitsAllocated: bitsStored > 8 || wide ? 16 : 8,
      bitsStored,
      pixelRepresentation,
      photometricInterpretation: 'MONOCHROME2',
    };
  });
/** Color of 8, 12 and 16 bits, RGB and YCbCr. */
export const color = fc
  .record({
    size,
    bitsStored: fc.constantFrom(8, 8, 12, 16),
    photometricInterpretation: fc.constantFrom<'RGB' | 'YBR_FULL'>('RGB', 'YBR_FULL'),
  })
  .map(
    ({ size: { rows, columns }, bitsStored, photometricInterpretation }): Shape => ({
      rows,
      columns,
      samplesPerPixel: 3,
      bitsAllocated: bitsStored > 8 ? 16 : 8,
      bitsStored,
      pixelRepresentation: 0,
      photometricInterpretation,
    }),
  );
