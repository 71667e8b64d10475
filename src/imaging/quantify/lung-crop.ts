import type { Volume } from '../volume.ts';
import type { Size } from './components.ts';
import { LungCode } from './lung-mask.ts';

/** The box around both lungs, copied out of a volume: everything that nodules need, in much less memory. */
export type LungCrop = {
  size: Size;
  spacingMm: Volume['spacingMm'];
  /** First voxel [z, y, x] of the box within the volume. */
  offset: [number, number, number];
  hu: Float32Array | Int16Array;
  /** Codes of `LungCode`. */
  state: Uint8Array;
  /** Median density of the lungs. */
  medianHu: number;
};

/** Empty border around the lungs, so that neighbors of lung voxels are always there. */
const MARGIN = 1;

const HISTOGRAM = { from: -1100, to: 300 } as const;

/** Cuts the lungs out; undefined if the mask is empty. */
export function cropLungs({ values, size, spacingMm }: Volume, state: Uint8Array): LungCrop | undefined {
  const bounds = boundsOf(state, size);
  if (!bounds) return undefined;
  const from = bounds.min.map((value) => Math.max(0, value - MARGIN)) as [number, number, number];
  const to = bounds.max.map((value, axis) => Math.min((size[axis] ?? 1) - 1, value + MARGIN)) as [number, number, number];
  const [depth, height, width] = [to[0] - from[0] + 1, to[1] - from[1] + 1, to[2] - from[2] + 1];

  const hu = values instanceof Int16Array ? new Int16Array(depth * height * width) : new Float32Array(depth * height * width);
  const cropped = new Uint8Array(hu.length);
  const histogram = new Float64Array(HISTOGRAM.to - HISTOGRAM.from);
  let total = 0;
  for (let z = 0; z < depth; z += 1) {
    for (let y = 0; y < height; y += 1) {
      const source = ((z + from[0]) * size[1] + y + from[1]) * size[2] + from[2];
      const target = (z * height + y) * width;
      hu.set(values.subarray(source, source + width), target);
      for (let x = 0; x < width; x += 1) {
        const code = state[source + x];
        if (code !== LungCode.left && code !== LungCode.right) continue;
        cropped[target + x] = code;
        const bin = Math.min(histogram.length - 1, Math.max(0, Math.round(values[source + x] ?? 0) - HISTOGRAM.from));
        histogram[bin] = (histogram[bin] ?? 0) + 1;
        total += 1;
      }
    }
  }
  let below = 0;
  const median = histogram.findIndex((count) => {
    below += count;
    return below >= total / 2;
  });
  return { size: [depth, height, width], spacingMm, offset: from, hu, state: cropped, medianHu: median + HISTOGRAM.from };
}

function boundsOf(state: Uint8Array, [depth, height, width]: Size): { min: number[]; max: number[] } | undefined {
  const min = [depth, height, width];
  const max = [-1, -1, -1];
  for (let row = 0; row < depth * height; row += 1) {
    const start = row * width;
    let first = 0;
    while (first < width && (state[start + first] ?? 0) < LungCode.left) first += 1;
    if (first === width) continue;
    let last = width - 1;
    while ((state[start + last] ?? 0) < LungCode.left) last -= 1;
    const corner = [Math.floor(row / height), row % height];
    for (const axis of [0, 1]) {
      min[axis] = Math.min(min[axis] ?? 0, corner[axis] ?? 0);
      max[axis] = Math.max(max[axis] ?? 0, corner[axis] ?? 0);
    }
    min[2] = Math.min(min[2] ?? 0, first);
    max[2] = Math.max(max[2] ?? 0, last);
  }
  return (max[0] ?? -1) < 0 ? undefined : { min, max };
}
