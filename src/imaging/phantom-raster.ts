import type { Shape } from './phantom-shapes.ts';
import type { Vector } from './vector.ts';

/** An upright grid: voxel (z, y, x) has its center at `origin` + index times spacing; sizes and spacings are [x, y, z]. */
export type Grid = { origin: Vector; spacing: Vector; size: readonly [number, number, number] };

/** A shape and what fills it: Hounsfield units, the same everywhere or by place; `subsamples` where its edge must be finer than usual. */
export type Solid = { shape: Shape; hu: number | ((x: number, y: number, z: number) => number); subsamples?: number };

/** Points along each axis where a voxel that a surface cuts is sampled, unless told otherwise. */
const SUBSAMPLES = 3;

/** Distances to ellipsoids are estimates: a surface may be this many times nearer than they say. */
const MARGIN = 1.6;

/** Paints solids in order into `values` ([depth, height, width]); where a surface cuts a voxel, both sides share it by volume. */
export function paint(values: Float32Array, grid: Grid, solids: readonly Solid[], subsamples = SUBSAMPLES): void {
  for (const solid of solids) paintOne(values, grid, solid, solid.subsamples ?? subsamples);
}

/** Volume of a shape by point sampling on a lattice of `step` mm, ml. */
export function sampledVolumeMl({ bounds, distance }: Shape, step: number): number {
  let count = 0;
  for (let z = bounds.min[2] + step / 2; z < bounds.max[2]; z += step) {
    for (let y = bounds.min[1] + step / 2; y < bounds.max[1]; y += step) {
      for (let x = bounds.min[0] + step / 2; x < bounds.max[0]; x += step) if (distance(x, y, z) < 0) count += 1;
    }
  }
  return (count * step ** 3) / 1000;
}

function paintOne(values: Float32Array, grid: Grid, { shape, hu }: Solid, subsamples: number): void {
  const { origin, spacing, size } = grid;
  const [x0, x1] = indexRange(grid, shape, 0);
  const [y0, y1] = indexRange(grid, shape, 1);
  const [z0, z1] = indexRange(grid, shape, 2);
  const reach = (MARGIN * Math.hypot(...spacing)) / 2;
  for (let k = z0; k <= z1; k += 1) {
    const z = origin[2] + k * spacing[2];
    for (let j = y0; j <= y1; j += 1) {
      const y = origin[1] + j * spacing[1];
      const row = (k * size[1] + j) * size[0];
      for (let i = x0; i <= x1; ) {
        const x = origin[0] + i * spacing[0];
        const distance = shape.distance(x, y, z);
        // As far as the surface surely is, every voxel of the row is like this one.
        const run = Math.max(1, Math.ceil((Math.abs(distance) / MARGIN - reach) / spacing[0]));
        const end = Math.min(x1 + 1, i + run);
        if (distance < reach) {
          const share = distance <= -reach ? 1 : insideShare(shape, [x, y, z], spacing, subsamples);
          for (let at = i; share > 0 && at < end; at += 1) {
            const value = typeof hu === 'number' ? hu : hu(origin[0] + at * spacing[0], y, z);
            values[row + at] = share === 1 ? value : (values[row + at] ?? 0) * (1 - share) + value * share;
          }
        }
        i = end;
      }
    }
  }
}

/** Share of the voxel around `center` that lies inside. */
function insideShare({ distance }: Shape, center: Vector, spacing: Vector, subsamples: number): number {
  let inside = 0;
  for (let a = 0; a < subsamples; a += 1) {
    const z = center[2] + ((a + 0.5) / subsamples - 0.5) * spacing[2];
    for (let b = 0; b < subsamples; b += 1) {
      const y = center[1] + ((b + 0.5) / subsamples - 0.5) * spacing[1];
      for (let c = 0; c < subsamples; c += 1) {
        if (distance(center[0] + ((c + 0.5) / subsamples - 0.5) * spacing[0], y, z) < 0) inside += 1;
      }
    }
  }
  return inside / subsamples ** 3;
}

function indexRange({ origin, spacing, size }: Grid, { bounds }: Shape, axis: 0 | 1 | 2): [number, number] {
  const first = Math.floor((bounds.min[axis] - origin[axis]) / spacing[axis] - 0.5);
  const last = Math.ceil((bounds.max[axis] - origin[axis]) / spacing[axis] + 0.5);
  return [Math.max(0, first), Math.min(size[axis] - 1, last)];
}
