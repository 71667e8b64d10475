import { describe, expect, it } from 'vitest';
import { boxFromCam, camToHeatmap } from './heatmap.ts';

const lightness = (r: number, g: number, b: number): number => 0.2126 * r ** 2.2 + 0.7152 * g ** 2.2 + 0.0722 * b ** 2.2;

describe('camToHeatmap', () => {
  it('gets lighter and more opaque as evidence rises, and is clear where there is none', () => {
    const cam = Float32Array.from({ length: 11 }, (_, index) => index - 1);
    const { rgba } = camToHeatmap(cam, [1, 11], 11, 1);
    const pixel = (index: number): number[] => Array.from(rgba.subarray(index * 4, index * 4 + 4));
    expect(pixel(0)[3]).toBe(0);
    expect(pixel(1)[3]).toBe(0);
    for (let index = 2; index < 11; index += 1) {
      const [r = 0, g = 0, b = 0, alpha = 0] = pixel(index);
      const [pr = 0, pg = 0, pb = 0, before = 0] = pixel(index - 1);
      expect(lightness(r, g, b)).toBeGreaterThan(lightness(pr, pg, pb));
      expect(alpha).toBeGreaterThan(before);
    }
  });

  it('is wholly clear where no value is positive', () => {
    expect(
      camToHeatmap(Float32Array.of(-1, -2, 0, -3), [2, 2], 4, 4)
        .rgba.filter((_, index) => index % 4 === 3)
        .every((a) => a === 0),
    ).toBe(true);
  });
});

describe('boxFromCam', () => {
  const cam = new Float32Array(64);
  cam[2 * 8 + 5] = 4;
  cam[6 * 8 + 1] = 1;

  it('encloses the region around the maximum in pixels of the picture', () => {
    const box = boxFromCam(cam, [8, 8], { width: 800, height: 400 });
    expect(box).toBeDefined();
    const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
    expect(x).toBeGreaterThan(430);
    expect(x + width).toBeLessThan(670);
    expect(y).toBeGreaterThan(70);
    expect(y + height).toBeLessThan(180);
    expect(x < 550 && x + width > 550 && y < 125 && y + height > 125).toBe(true);
  });

  it('gives no box for a diffuse map or one without evidence', () => {
    expect(boxFromCam(new Float32Array(64).fill(1), [8, 8], { width: 80, height: 80 })).toBeUndefined();
    expect(boxFromCam(new Float32Array(64).fill(-1), [8, 8], { width: 80, height: 80 })).toBeUndefined();
  });
});
