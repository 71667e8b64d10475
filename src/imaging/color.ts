import { ImagingError } from './imaging-error.ts';

/** Samples of a decoded frame before their color space is settled. */
export type Samples = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

/** [component, row, column] to [row, column, component]. */
export function interleave<T extends Samples>(planes: T, components: number): T {
  // slice() keeps the element type, which `new` on a union cannot.
  const output = planes.slice() as T;
  const size = Math.floor(planes.length / components);
  for (let component = 0; component < components; component += 1) {
    for (let index = 0; index < size; index += 1) output[index * components + component] = planes[component * size + index] ?? 0;
  }
  return output;
}

/**
 * YBR_FULL to RGB in place, interleaved unsigned samples (PS3.3 C.7.6.3.1.2: full-range ITU-R BT.601).
 * @param bits stored bits of a sample; the chrominance is centered at half of the range
 */
export function ybrToRgb(samples: Samples, bits: number): void {
  const center = 2 ** (bits - 1);
  const limit = 2 ** bits - 1;
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const y = samples[at] ?? 0;
    const cb = (samples[at + 1] ?? 0) - center;
    const cr = (samples[at + 2] ?? 0) - center;
    samples[at] = clamp(y + 1.402 * cr, limit);
    samples[at + 1] = clamp(y - 0.344136286 * cb - 0.714136286 * cr, limit);
    samples[at + 2] = clamp(y + 1.772 * cb, limit);
  }
}

/** As `ybrToRgb`, in a copy. */
export function rgbOfYbr<T extends Samples>(samples: T, bits: number): T {
  // slice() keeps the element type, which `new` on a union cannot.
  const output = samples.slice() as T;
  ybrToRgb(output, bits);
  return output;
}

/** RGB to YBR_FULL, interleaved unsigned samples: the reverse of `ybrToRgb`, each value rounded. */
export function ybrOfRgb(samples: Samples, bits: number): Uint8Array | Uint16Array {
  const output = bits > 8 ? new Uint16Array(samples.length) : new Uint8Array(samples.length);
  const center = 2 ** (bits - 1);
  const limit = 2 ** bits - 1;
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const [red, green, blue] = [samples[at] ?? 0, samples[at + 1] ?? 0, samples[at + 2] ?? 0];
    output[at] = clamp(0.299 * red + 0.587 * green + 0.114 * blue, limit);
    output[at + 1] = clamp(-0.168735892 * red - 0.331264108 * green + 0.5 * blue + center, limit);
    output[at + 2] = clamp(0.5 * red - 0.418687589 * green - 0.081312411 * blue + center, limit);
  }
  return output;
}

/**
 * Uncompressed YBR_FULL_422 (8 bits; Y1 Y2 Cb Cr for each pair of columns, PS3.3 C.7.6.3.1.2) to interleaved YBR_FULL.
 * @throws {ImagingError} if the frame is too short or the number of columns is odd
 */
export function expandYbr422(frame: Uint8Array, rows: number, columns: number): Uint8Array {
  if (columns % 2 !== 0) throw new ImagingError('YBR_FULL_422 needs an even number of columns');
  if (frame.length < rows * columns * 2) throw new ImagingError('The frame is shorter than its description says');
  const output = new Uint8Array(rows * columns * 3);
  for (let pair = 0; pair < (rows * columns) / 2; pair += 1) {
    const cb = frame[pair * 4 + 2] ?? 0;
    const cr = frame[pair * 4 + 3] ?? 0;
    output[pair * 6] = frame[pair * 4] ?? 0;
    output[pair * 6 + 1] = cb;
    output[pair * 6 + 2] = cr;
    output[pair * 6 + 3] = frame[pair * 4 + 1] ?? 0;
    output[pair * 6 + 4] = cb;
    output[pair * 6 + 5] = cr;
  }
  return output;
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(0, Math.round(value)));
}
