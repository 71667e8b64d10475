import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GrayImage } from './gray-image.ts';
import { ImagingError } from './imaging-error.ts';
import { centerCropSquare, letterbox, resampleGray } from './resample.ts';

const image = (width: number, height: number, valueAt: (x: number, y: number) => number): GrayImage => ({
  width,
  height,
  pixels: Float32Array.from({ length: width * height }, (_, index) => valueAt(index % width, Math.floor(index / width))),
});
const meanOf = ({ pixels }: GrayImage): number => pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
const size = fc.integer({ min: 1, max: 40 });

describe('resampleGray', () => {
  it('keeps the mean when it shrinks, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.tuple(size, size, size, size), fc.integer(), ([a, b, c, d], seed) => {
        const [width, outWidth] = [Math.max(a, b), Math.min(a, b)];
        const [height, outHeight] = [Math.max(c, d), Math.min(c, d)];
        const source = image(width, height, (x, y) => Math.abs(Math.sin(x * 12.9898 + y * 78.233 + seed)));
        expect(meanOf(resampleGray(source, outWidth, outHeight))).toBeCloseTo(meanOf(source), 5);
      }),
    );
  });

  it('leaves a constant constant, larger or smaller', () => {
    fc.assert(
      fc.property(size, size, size, size, (width, height, outWidth, outHeight) => {
        const result = resampleGray(
          image(width, height, () => 0.37),
          outWidth,
          outHeight,
        );
        for (const value of result.pixels) expect(value).toBeCloseTo(0.37, 5);
      }),
    );
  });

  it('is the identity at the same size', () => {
    const source = image(7, 5, (x, y) => x * 0.1 + y * 0.01);
    expect(resampleGray(source, 7, 5).pixels).toEqual(source.pixels);
  });

  it('weights partly covered samples by their overlap when it shrinks 3 to 2', () => {
    const { pixels } = resampleGray(
      image(3, 1, (x) => [0, 1, 0.5][x] ?? 0),
      2,
      1,
    );
    expect(pixels[0]).toBeCloseTo((0 * 1 + 1 * 0.5) / 1.5, 6);
    expect(pixels[1]).toBeCloseTo((1 * 0.5 + 0.5 * 1) / 1.5, 6);
  });

  it('interpolates between pixel centers and clamps at the border when it enlarges 2 to 4', () => {
    const { pixels } = resampleGray(
      image(2, 1, (x) => x),
      4,
      1,
    );
    for (const [index, value] of [0, 0.25, 0.75, 1].entries()) expect(pixels[index]).toBeCloseTo(value, 6);
  });

  it('shrinks one axis while it enlarges the other', () => {
    const { width, height, pixels } = resampleGray(
      image(4, 2, (x) => x),
      2,
      3,
    );
    expect([width, height]).toEqual([2, 3]);
    expect(Array.from(pixels)).toEqual([0.5, 2.5, 0.5, 2.5, 0.5, 2.5]);
  });

  it('refuses a size of zero', () => {
    expect(() =>
      resampleGray(
        image(2, 2, () => 0),
        0,
        4,
      ),
    ).toThrow(ImagingError);
  });
});

describe('centerCropSquare and letterbox', () => {
  it('crops the middle of the longer side', () => {
    const square = centerCropSquare(image(5, 3, (x, y) => y * 5 + x));
    expect(square).toEqual({ width: 3, height: 3, pixels: Float32Array.from([1, 2, 3, 6, 7, 8, 11, 12, 13]) });
  });

  it('puts a wide image between two bands of zeros', () => {
    const boxed = letterbox(
      image(4, 2, () => 1),
      4,
      4,
    );
    expect(Array.from(boxed.pixels)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  });
});
