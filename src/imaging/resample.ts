import type { GrayImage } from './gray-image.ts';
import { ImagingError } from './imaging-error.ts';

/** For each output position of one axis: first input position, number of inputs, and their weights at `taps * position`. */
type Kernel = { first: Int32Array; count: Int32Array; weights: Float32Array; taps: number };

/**
 * Resamples to `width` x `height`, each axis by itself, in floating point. This is the contract of every model's input:
 * - shrinking (s = in / out >= 1): output i is the mean of the input over [i s, (i + 1) s), partly covered samples weighted by the overlap;
 * - enlarging: linear interpolation at (i + 0.5) s - 0.5, clamped to the border.
 * @throws {ImagingError} if a size is not a positive integer
 */
export function resampleGray(image: GrayImage, width: number, height: number): GrayImage {
  for (const size of [width, height, image.width, image.height]) {
    if (!Number.isInteger(size) || size < 1) throw new ImagingError('An image needs at least one row and one column');
  }
  const across = kernelOf(image.width, width);
  const down = kernelOf(image.height, height);

  const narrow = new Float32Array(width * image.height);
  for (let row = 0; row < image.height; row += 1) {
    const source = image.pixels.subarray(row * image.width, (row + 1) * image.width);
    resampleRow(source, narrow.subarray(row * width, (row + 1) * width), across);
  }

  const pixels = new Float32Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const target = pixels.subarray(row * width, (row + 1) * width);
    for (let k = 0; k < (down.count[row] ?? 0); k += 1) {
      const from = ((down.first[row] ?? 0) + k) * width;
      const weight = down.weights[row * down.taps + k] ?? 0;
      for (let column = 0; column < width; column += 1) target[column] = (target[column] ?? 0) + weight * (narrow[from + column] ?? 0);
    }
  }
  return { width, height, pixels };
}

/** The largest centered square; an odd remainder goes to the right and the bottom. */
export function centerCropSquare({ width, height, pixels }: GrayImage): GrayImage {
  const size = Math.min(width, height);
  const left = Math.floor((width - size) / 2);
  const top = Math.floor((height - size) / 2);
  const square = new Float32Array(size * size);
  for (let row = 0; row < size; row += 1) {
    const from = (top + row) * width + left;
    square.set(pixels.subarray(from, from + size), row * size);
  }
  return { width: size, height: size, pixels: square };
}

/** Scales to fit into `width` x `height` with the aspect ratio kept, centered on zeros; an odd remainder goes to the right and the bottom. */
export function letterbox(image: GrayImage, width: number, height: number): GrayImage {
  const scale = Math.min(width / image.width, height / image.height);
  const innerWidth = Math.min(width, Math.max(1, Math.round(image.width * scale)));
  const innerHeight = Math.min(height, Math.max(1, Math.round(image.height * scale)));
  const inner = resampleGray(image, innerWidth, innerHeight);

  const left = Math.floor((width - innerWidth) / 2);
  const top = Math.floor((height - innerHeight) / 2);
  const pixels = new Float32Array(width * height);
  for (let row = 0; row < innerHeight; row += 1) {
    pixels.set(inner.pixels.subarray(row * innerWidth, (row + 1) * innerWidth), (top + row) * width + left);
  }
  return { width, height, pixels };
}

function resampleRow(source: Float32Array, target: Float32Array, { first, count, weights, taps }: Kernel): void {
  for (let column = 0; column < target.length; column += 1) {
    const from = first[column] ?? 0;
    const length = count[column] ?? 0;
    const at = column * taps;
    let sum = 0;
    for (let k = 0; k < length; k += 1) sum += (weights[at + k] ?? 0) * (source[from + k] ?? 0);
    target[column] = sum;
  }
}

function kernelOf(input: number, output: number): Kernel {
  const scale = input / output;
  const taps = scale >= 1 ? Math.ceil(scale) + 1 : 2;
  const kernel = { first: new Int32Array(output), count: new Int32Array(output), weights: new Float32Array(output * taps), taps };
  for (let index = 0; index < output; index += 1) {
    if (scale >= 1) addArea(kernel, index, { from: index * scale, to: Math.min(input, (index + 1) * scale) });
    else addLinear(kernel, index, { at: Math.min(input - 1, Math.max(0, (index + 0.5) * scale - 0.5)), last: input - 1 });
  }
  return kernel;
}

function addArea(kernel: Kernel, index: number, { from, to }: { from: number; to: number }): void {
  const first = Math.floor(from);
  const last = Math.ceil(to) - 1;
  kernel.first[index] = first;
  kernel.count[index] = Math.min(kernel.taps, last - first + 1);
  for (let k = first; k <= last; k += 1) {
    kernel.weights[index * kernel.taps + k - first] = (Math.min(to, k + 1) - Math.max(from, k)) / (to - from);
  }
}

function addLinear(kernel: Kernel, index: number, { at, last }: { at: number; last: number }): void {
  const first = Math.min(Math.floor(at), Math.max(0, last - 1));
  const fraction = at - first;
  kernel.first[index] = first;
  kernel.count[index] = last === 0 ? 1 : 2;
  kernel.weights[index * 2] = 1 - fraction;
  kernel.weights[index * 2 + 1] = fraction;
}
