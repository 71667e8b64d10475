import { describe, expect, test } from 'vitest';
import type { ModelInput } from '../contract/model-card.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { toTensor } from './preprocess.ts';

const UNCHANGED = { kind: 'scale', mean: 0, std: 1 } as const;

function input(width: number, height: number, rest: Pick<ModelInput, 'resize' | 'normalize'>): ModelInput {
  return { name: 'image', width, height, ...rest };
}

function picture(width: number, ...pixels: number[]): GrayImage {
  return { width, height: pixels.length / width, pixels: Float32Array.from(pixels) };
}

/** Equal up to the precision of float32. */
function expectValues(tensor: Float32Array, expected: number[]): void {
  expect(tensor.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) expect(tensor[index]).toBeCloseTo(value, 5);
}

describe('from a picture to a tensor', () => {
  test('stretch shrinks each axis by area and ignores the aspect ratio', () => {
    const image = picture(4, 0, 0.2, 0.4, 0.6, 0.2, 0.4, 0.6, 0.8);
    expectValues(toTensor(image, input(2, 2, { resize: 'stretch', normalize: UNCHANGED })), [0.1, 0.5, 0.3, 0.7]);
    expectValues(toTensor(image, input(2, 1, { resize: 'stretch', normalize: UNCHANGED })), [0.2, 0.6]);
  });

  test('center-crop takes the middle square of the shorter side, then resamples', () => {
    const image = picture(4, 9, 0.2, 0.4, 9, 9, 0.6, 0.8, 9);
    expectValues(toTensor(image, input(2, 2, { resize: 'center-crop', normalize: UNCHANGED })), [0.2, 0.4, 0.6, 0.8]);
    expectValues(toTensor(image, input(1, 1, { resize: 'center-crop', normalize: UNCHANGED })), [0.5]);
  });

  test('letterbox keeps the aspect ratio on black', () => {
    const image = picture(4, 0.2, 0.2, 0.6, 0.6, 0.4, 0.4, 0.8, 0.8);
    const expected = [0, 0, 0, 0, 0.2, 0.2, 0.6, 0.6, 0.4, 0.4, 0.8, 0.8, 0, 0, 0, 0];
    expectValues(toTensor(image, input(4, 4, { resize: 'letterbox', normalize: UNCHANGED })), expected);
  });

  test('standardize subtracts the mean and divides by the population deviation plus 1e-6', () => {
    // Mean 0.5, deviations -0.5 -0.5 0.5 0.5: population deviation 0.5 (the sample deviation would be 0.577).
    const image = picture(2, 0, 0, 1, 1);
    const scaled = 0.5 / (0.5 + 1e-6);
    const tensor = toTensor(image, input(2, 2, { resize: 'stretch', normalize: { kind: 'standardize' } }));
    expectValues(tensor, [-scaled, -scaled, scaled, scaled]);
  });

  test('standardize measures after resampling, and a picture of one gray becomes zeros', () => {
    const fine = picture(4, 0, 1, 1, 1, 1, 0, 1, 1);
    // Blocks of 2 by 2: 0.5 and 1; mean 0.75, deviation 0.25.
    expectValues(toTensor(fine, input(2, 1, { resize: 'stretch', normalize: { kind: 'standardize' } })), [-0.999996, 0.999996]);
    const flat = picture(2, 0.5, 0.5, 0.5, 0.5);
    expectValues(toTensor(flat, input(2, 2, { resize: 'stretch', normalize: { kind: 'standardize' } })), [0, 0, 0, 0]);
  });

  test("scale uses the card's mean and deviation", () => {
    const normalize = { kind: 'scale', mean: 0.25, std: 0.5 } as const;
    expectValues(toTensor(picture(2, 0, 0.25, 0.5, 1), input(2, 2, { resize: 'stretch', normalize })), [-0.5, 0, 0.5, 1.5]);
  });

  test('the picture itself stays as it is', () => {
    const image = picture(2, 0, 0.25, 0.5, 1);
    toTensor(image, input(2, 2, { resize: 'stretch', normalize: { kind: 'standardize' } }));
    expectValues(image.pixels, [0, 0.25, 0.5, 1]);
  });
});
