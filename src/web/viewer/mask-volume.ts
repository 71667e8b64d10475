import { cross, dot, length, scale, subtract, type Vector } from '../../imaging/vector.ts';
import type { FrameInfo } from './frame-info.ts';
import { planeOf } from './view-geometry.ts';

/** A slice of a segment: the rectangle of its frame that holds anything, and the values in it, 0 to 255. */
type MaskSlice = { left: number; top: number; width: number; height: number; values: Uint8Array };
/**
 * A segment in space. Slices stand by their number along the normal; what has none is empty. Sizes in mm, origin the center of the first pixel
 * of slice 0, LPS.
 */
export type MaskVolume = {
  origin: Vector;
  rows: Vector;
  columns: Vector;
  normal: Vector;
  spacing: { row: number; column: number };
  sliceMm: number;
  slices: ReadonlyMap<number, MaskSlice>;
};
export type MaskFrame = { info: FrameInfo; values: ArrayLike<number> };

const PARALLEL = 0.999;
const SAME_MM = 1e-3;

/**
 * The frames of one segment as a volume; undefined if they have no place in the patient. Frames that lie otherwise than the first are left out.
 *
 * @param largest the stored value that means "wholly inside"
 */
export function maskVolumeOf(
  frames: readonly MaskFrame[],
  { largest, sliceMm }: { largest: number; sliceMm: number },
): MaskVolume | undefined {
  const [first] = frames;
  if (!first?.info.plane) return undefined;
  const { position: origin, rows, columns, spacing } = planeOf(first.info);
  const normal = cross(rows, columns);
  const slices = new Map<number, MaskSlice>();
  for (const { info, values } of frames) {
    const own = planeOf(info);
    if (!info.plane || dot(own.rows, rows) < PARALLEL || dot(own.columns, columns) < PARALLEL) continue;
    const away = subtract(own.position, origin);
    const slice = cropped(values, info, largest);
    if (!slice) continue;
    slices.set(Math.round(dot(away, normal) / sliceMm), {
      ...slice,
      left: slice.left + Math.round(dot(away, rows) / spacing.column),
      top: slice.top + Math.round(dot(away, columns) / spacing.row),
    });
  }
  return { origin, rows, columns, normal, spacing, sliceMm, slices };
}

/** The distance of slices: the smallest between frames of a segmentation, which may leave out empty ones. */
export function sliceDistance(infos: readonly FrameInfo[]): number {
  const [first] = infos;
  if (!first?.plane) return 1;
  const normal = cross(first.plane.rows, first.plane.columns);
  const along = infos.flatMap(({ plane }) => (plane ? [dot(plane.position, normal)] : [])).sort((a, b) => a - b);
  const distances = along.slice(1).map((at, index) => at - (along[index] ?? at));
  const smallest = Math.min(...distances.filter((distance) => distance > SAME_MM));
  return Number.isFinite(smallest) ? smallest : (first.sliceThicknessMm ?? 1);
}

function cropped(values: ArrayLike<number>, { rows, columns }: FrameInfo, largest: number): MaskSlice | undefined {
  let [left, right, top, bottom] = [columns, -1, rows, -1];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (!values[row * columns + column]) continue;
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = row;
    }
  }
  if (right < 0) return undefined;
  const [width, height] = [right - left + 1, bottom - top + 1];
  const kept = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1)
      kept[row * width + column] = Math.min(255, ((values[(top + row) * columns + left + column] ?? 0) / largest) * 255);
  return { left, top, width, height, values: kept };
}

/** Where the pixels of a picture lie: the center of the first, and the steps to the next one right and below, LPS mm. */
export type Raster = { width: number; height: number; first: Vector; right: Vector; down: Vector };

/**
 * Paints a segment where a picture's pixels lie in it, the nearest value each; over another segment the stronger stays.
 *
 * @param into RGBA [row, column, 4] of the raster
 */
export function paintMask(
  into: Uint8ClampedArray,
  { width, height, first, right, down }: Raster,
  mask: MaskVolume,
  color: readonly [number, number, number],
): void {
  const steps = {
    column: scale(mask.rows, 1 / mask.spacing.column),
    row: scale(mask.columns, 1 / mask.spacing.row),
    slice: scale(mask.normal, 1 / mask.sliceMm),
  };
  const start = subtract(first, mask.origin);
  const of = (vector: Vector) => [dot(vector, steps.column), dot(vector, steps.row), dot(vector, steps.slice)] as const;
  const [origin, across, along] = [of(start), of(right), of(down)];
  let [held, slice] = [Number.NaN, undefined as MaskSlice | undefined];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const number = Math.round(origin[2] + x * across[2] + y * along[2]);
      if (number !== held) [held, slice] = [number, mask.slices.get(number)];
      if (!slice) continue;
      const column = Math.round(origin[0] + x * across[0] + y * along[0]) - slice.left;
      const row = Math.round(origin[1] + x * across[1] + y * along[1]) - slice.top;
      if (column < 0 || row < 0 || column >= slice.width || row >= slice.height) continue;
      const value = slice.values[row * slice.width + column] ?? 0;
      const at = (y * width + x) * 4;
      if (value <= (into[at + 3] ?? 0)) continue;
      into.set(color, at);
      into[at + 3] = value;
    }
  }
}

/** Whether a mask and a volume lie in one space, so that the one can be shown on the other. */
export function isInSpaceOf(info: FrameInfo, frameOfReferenceUid: string | null): boolean {
  return info.plane !== null && info.frameOfReferenceUid === frameOfReferenceUid && length(info.plane.rows) > 0.5;
}
