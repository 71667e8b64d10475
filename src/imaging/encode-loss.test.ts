import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { descriptionOf, frameOf, gray, roundTrip, type Shape, texture, uid } from '../../test/imaging-frames.ts';
import { decodeFrame } from './decode.ts';
import { encodeFrame, losesValues } from './encode.ts';
import { cellBytes, type FrameToEncode } from './frame-to-encode.ts';

describe('what is encoded with loss', () => {
  const phantomSlice = (): FrameToEncode => {
    const shape: Shape = {
      rows: 256,
      columns: 256,
      samplesPerPixel: 1,
      bitsAllocated: 16,
      bitsStored: 12,
      pixelRepresentation: 0,
      photometricInterpretation: 'MONOCHROME2',
    };
    return frameOf(shape, { seed: 9, roughness: 0.02 });
  };

  it('as near-lossless JPEG-LS differs by no more than it may, also next to the ends of a signed range', async () => {
    await fc.assert(
      fc.asyncProperty(gray, texture, fc.integer({ min: 1, max: 5 }), async (shape, kind, near) => {
        fc.pre(shape.bitsStored > 4);
        const frame = frameOf(shape, kind);
        const { pixels } = await roundTrip(frame, uid('.4.81'), { near });
        const apart = Array.from(frame.pixels, (value, index) => Math.abs(value - (pixels[index] ?? 0)));
        expect(Math.max(...apart)).toBeLessThanOrEqual(near);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['JPEG baseline', '.4.50', {}, 45],
    ['JPEG extended', '.4.51', {}, 65],
    ['JPEG 2000', '.4.91', { ratio: 4 }, 57],
    ['HTJ2K', '.4.203', { step: 1 / 2048 }, 74],
    ['near-lossless JPEG-LS', '.4.81', { near: 2 }, 68],
  ] as const)('as %s is smaller than without loss and has the signal-to-noise ratio that is stated', async (_, tail, loss, decibels) => {
    const slice = phantomSlice();
    const frame =
      tail === '.4.50'
        ? { ...slice, bitsAllocated: 8, bitsStored: 8, pixels: Uint8Array.from(slice.pixels, (value) => value >> 4) }
        : slice;
    const { bytes, pixels } = await roundTrip(frame, uid(tail), loss);
    expect(signalToNoise(frame, pixels)).toBeGreaterThan(decibels);
    expect(bytes.length).toBeLessThan((await encodeFrame(frame, uid('.4.80'))).bytes.length);
    expect(losesValues(uid(tail), loss)).toBe(true);
  });

  it.each([
    ['.4.50', {}, 'YBR_FULL_422', 37],
    ['.4.91', { ratio: 4 }, 'YBR_ICT', 43],
    ['.4.203', { step: 1 / 256 }, 'YBR_ICT', 49],
  ] as const)(
    'in color by 1.2.840.10008.1.2%s is told as what it became, from RGB and from YCbCr',
    async (tail, loss, becomes, decibels) => {
      for (const stored of ['RGB', 'YBR_FULL'] as const) {
        const shape = { rows: 65, columns: 101, samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8, pixelRepresentation: 0 } as const;
        const frame = frameOf({ ...shape, photometricInterpretation: stored }, { seed: 4, roughness: 0.03 });
        const { bytes, photometricInterpretation } = await encodeFrame(frame, uid(tail), loss);
        expect(photometricInterpretation).toBe(becomes);
        const { pixels } = await decodeFrame(descriptionOf(frame, uid(tail), becomes), bytes);
        const original = await decodeFrame(descriptionOf(frame, uid('.1'), stored), cellBytes(frame));
        expect(signalToNoise({ ...frame, ...original } as FrameToEncode, pixels)).toBeGreaterThan(decibels);
      }
    },
  );

  it('is not what a syntax that leaves the choice becomes unasked', () => {
    for (const tail of ['.4.81', '.4.91', '.4.203']) expect(losesValues(uid(tail))).toBe(false);
    for (const tail of ['.4.50', '.4.51']) expect(losesValues(uid(tail))).toBe(true);
  });
});

/** Peak signal to noise in decibels, over the range of stored values. */
function signalToNoise({ pixels, bitsStored }: FrameToEncode, decoded: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < pixels.length; index += 1) sum += ((pixels[index] ?? 0) - (decoded[index] ?? 0)) ** 2;
  return 20 * Math.log10((2 ** bitsStored - 1) / Math.sqrt(sum / pixels.length));
}
