import { add, cross, dot, length, scale, subtract, type Vector } from '../../imaging/vector.ts';
import type { FrameInfo } from './frame-info.ts';

/**
 * Where the voxels of a series lie: `order` are the frames along the normal; sizes and spacings are [column, row, slice], mm; the origin
 * is the center of the first voxel, LPS.
 */
export type VolumeGrid = {
  order: number[];
  size: [number, number, number];
  spacingMm: [number, number, number];
  origin: Vector;
  rows: Vector;
  columns: Vector;
  normal: Vector;
};

const DIRECTION_TOLERANCE = 1e-3;
const SPACING_TOLERANCE_MM = 1e-3;
const DUPLICATE_MM = 0.01;
/** Slices may be shifted against each other in their plane by this share of their distance: beyond it the gantry is tilted. */
const TILT_SHARE = 0.02;
/** Of the mean distance; more is a gap, over which a volume would be stretched. */
const IRREGULAR_SHARE = 0.2;
const LEAST_SLICES = 4;

/** The grid of a series; undefined if its frames are none: too few, in several directions, of several sizes, or unevenly spaced. */
export function volumeGridOf(infos: readonly (FrameInfo | undefined)[]): VolumeGrid | undefined {
  const [first] = infos;
  if (!first?.plane || !first.spacing || infos.length < LEAST_SLICES) return undefined;
  const { plane, spacing } = first;
  const normal = cross(plane.rows, plane.columns);
  if (Math.abs(length(normal) - 1) > 0.01 || infos.some((info) => !info || !isLike(info, first))) return undefined;
  const placed = infos
    .map((info, index) => ({ index, position: info?.plane?.position ?? plane.position }))
    .map((item) => ({ ...item, distance: dot(item.position, normal) }))
    .sort((a, b) => a.distance - b.distance);
  const [lowest, highest] = [placed[0], placed.at(-1)];
  if (!lowest || !highest) return undefined;
  const mean = (highest.distance - lowest.distance) / (placed.length - 1);
  const isEven = placed.slice(1).every((item, at) => {
    const before = placed[at] ?? item;
    const along = item.distance - before.distance;
    const across = length(subtract(subtract(item.position, before.position), scale(normal, along)));
    return along > DUPLICATE_MM && Math.abs(along - mean) <= IRREGULAR_SHARE * mean && across <= TILT_SHARE * along + SPACING_TOLERANCE_MM;
  });
  if (!isEven) return undefined;
  return {
    order: placed.map(({ index }) => index),
    size: [first.columns, first.rows, placed.length],
    spacingMm: [spacing.column, spacing.row, mean],
    origin: lowest.position,
    rows: plane.rows,
    columns: plane.columns,
    normal,
  };
}

function isLike({ plane, spacing, rows, columns, frameOfReferenceUid }: FrameInfo, first: FrameInfo): boolean {
  if (!plane || !spacing || !first.plane || !first.spacing) return false;
  const isNear = (a: Vector, b: Vector): boolean => length(subtract(a, b)) <= DIRECTION_TOLERANCE;
  return (
    rows === first.rows &&
    columns === first.columns &&
    frameOfReferenceUid === first.frameOfReferenceUid &&
    isNear(plane.rows, first.plane.rows) &&
    isNear(plane.columns, first.plane.columns) &&
    Math.abs(spacing.row - first.spacing.row) <= SPACING_TOLERANCE_MM &&
    Math.abs(spacing.column - first.spacing.column) <= SPACING_TOLERANCE_MM
  );
}

/** The grid of every n-th slice, of which `plane` by `plane` pixels are one; `order` names the slices that are left. */
export function coarser(grid: VolumeGrid, level: { slices: number; plane: number }): VolumeGrid {
  const { slices, plane } = level;
  const order = grid.order.filter((_, at) => at % slices === 0);
  const [column, row, slice] = grid.spacingMm;
  const shift = (plane - 1) / 2;
  const moved = (axis: 0 | 1 | 2): number => grid.origin[axis] + grid.rows[axis] * column * shift + grid.columns[axis] * row * shift;
  return {
    ...grid,
    order,
    size: [Math.floor(grid.size[0] / plane), Math.floor(grid.size[1] / plane), order.length],
    spacingMm: [column * plane, row * plane, slice * slices],
    origin: [moved(0), moved(1), moved(2)],
  };
}

/** Puts a slice into its place in the volume, the mean of `plane` by `plane` pixels in a voxel. */
export function fillSlice(
  into: { [index: number]: number },
  at: number,
  from: ArrayLike<number>,
  { width, plane, grid }: { width: number; plane: number; grid: VolumeGrid },
): void {
  const [columns, rows] = grid.size;
  const start = at * columns * rows;
  for (let y = 0; y < rows; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      let sum = 0;
      for (let dy = 0; dy < plane; dy += 1)
        for (let dx = 0; dx < plane; dx += 1) sum += from[(y * plane + dy) * width + x * plane + dx] ?? 0;
      into[start + y * columns + x] = sum / (plane * plane);
    }
  }
}

/** A point in the volume, LPS mm. */
export type Crosshair = Vector;

export function centerOf({ origin, rows, columns, normal, size, spacingMm }: VolumeGrid): Crosshair {
  const half = (axis: 0 | 1 | 2): number => ((size[axis] - 1) / 2) * spacingMm[axis];
  return add(origin, add(scale(rows, half(0)), add(scale(columns, half(1)), scale(normal, half(2)))));
}

/** A point moved along a direction, and kept inside of the volume. */
export function moved(
  point: Crosshair,
  direction: Vector,
  byMm: number,
  { origin, rows, columns, normal, size, spacingMm }: VolumeGrid,
): Crosshair {
  const away = subtract(add(point, scale(direction, byMm)), origin);
  const kept = ([axis, along]: readonly [0 | 1 | 2, Vector]): Vector =>
    scale(along, Math.min((size[axis] - 1) * spacingMm[axis], Math.max(0, dot(away, along))));
  return add(origin, add(kept([0, rows]), add(kept([1, columns]), kept([2, normal]))));
}

/** The value at a point of the patient, between the eight voxels around it; null outside of the volume. */
export function sampledAt({ grid, valueAt }: { grid: VolumeGrid; valueAt: VoxelReader }, point: Vector): number | null {
  const away = subtract(point, grid.origin);
  const at = [grid.rows, grid.columns, grid.normal].map((along, axis) => dot(away, along) / (grid.spacingMm[axis] ?? 1));
  const [x = 0, y = 0, z = 0] = at;
  if (at.some((place, axis) => place < -0.5 || place > (grid.size[axis] ?? 0) - 0.5)) return null;
  let sum = 0;
  for (let corner = 0; corner < 8; corner += 1) {
    const [dx, dy, dz] = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const weight = share(x, dx) * share(y, dy) * share(z, dz);
    if (weight > 0) sum += weight * valueAt(kept(x, dx, grid.size[0]), kept(y, dy, grid.size[1]), kept(z, dz, grid.size[2]));
  }
  return sum;
}

type VoxelReader = (column: number, row: number, slice: number) => number;

function share(place: number, side: number): number {
  const rest = place - Math.floor(place);
  return side === 1 ? rest : 1 - rest;
}

function kept(place: number, side: number, size: number): number {
  return Math.min(size - 1, Math.max(0, Math.floor(place) + side));
}
