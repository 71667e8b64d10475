import { add, cross, dot, scale, subtract, type Vector } from '../../imaging/vector.ts';
import type { FrameInfo } from './frame-info.ts';
import type { PixelPoint } from './viewer-surface.ts';

/** How a frame lies in its cell. `zoom` 1 fits it; `panX`, `panY` move it, CSS pixels; `rotation` clockwise, degrees, before the flip. */
export type View = { zoom: number; panX: number; panY: number; rotation: number; isFlipped: boolean };
export const FITTED: View = { zoom: 1, panX: 0, panY: 0, rotation: 0, isFlipped: false };

export type CellSize = { width: number; height: number };
/** Frame pixels (column, row; the corner of the first is 0, 0) to CSS pixels of the cell: x = a column + c row + e, y = b column + d row + f. */
export type Placement = { a: number; b: number; c: number; d: number; e: number; f: number };
/** A plane in space; frames without a place in the patient lie at the origin, a pixel a unit wide. */
export type Plane = { position: Vector; rows: Vector; columns: Vector; spacing: { row: number; column: number } };
export type Camera = { focalPoint: Vector; viewUp: Vector; viewPlaneNormal: Vector; parallelScale: number };

export function planeOf({ plane, spacing, aspect }: FrameInfo): Plane {
  return {
    position: plane?.position ?? [0, 0, 0],
    rows: plane?.rows ?? [1, 0, 0],
    columns: plane?.columns ?? [0, 1, 0],
    spacing: spacing ?? { row: aspect, column: 1 },
  };
}

/** World coordinates of a point of the frame. */
export function worldOf({ position, rows, columns, spacing }: Plane, [column, row]: PixelPoint): Vector {
  const across = scale(rows, (column - 0.5) * spacing.column);
  return add(position, add(across, scale(columns, (row - 0.5) * spacing.row)));
}

/** The point of the frame that lies below a point of the world, along its normal. */
export function pixelOf({ position, rows, columns, spacing }: Plane, point: Vector): PixelPoint {
  const offset = subtract(point, position);
  return [dot(offset, rows) / spacing.column + 0.5, dot(offset, columns) / spacing.row + 0.5];
}

/** CSS pixels of a millimeter (or unit) of the plane. */
function pixelsPerUnit(info: FrameInfo, size: CellSize, { zoom, rotation }: View): number {
  const { spacing } = planeOf(info);
  const [width, height] = [info.columns * spacing.column, info.rows * spacing.row];
  const isLying = Math.abs(Math.round(rotation / 90)) % 2 === 1;
  return Math.min(size.width / (isLying ? height : width), size.height / (isLying ? width : height)) * zoom;
}

export function placementOf(info: FrameInfo, size: CellSize, view: View): Placement {
  const { spacing } = planeOf(info);
  const perUnit = pixelsPerUnit(info, size, view);
  const angle = (view.rotation * Math.PI) / 180;
  const mirror = view.isFlipped ? -1 : 1;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const a = mirror * cos * perUnit * spacing.column;
  const b = sin * perUnit * spacing.column;
  const c = mirror * -sin * perUnit * spacing.row;
  const d = cos * perUnit * spacing.row;
  const e = size.width / 2 + view.panX - (a * info.columns + c * info.rows) / 2;
  const f = size.height / 2 + view.panY - (b * info.columns + d * info.rows) / 2;
  return { a, b, c, d, e, f };
}

/** The camera that shows a frame as `placementOf` says; half of the cell's height is `parallelScale` units. */
export function cameraOf(info: FrameInfo, size: CellSize, view: View): Camera {
  const plane = planeOf(info);
  const perUnit = pixelsPerUnit(info, size, view);
  const angle = (view.rotation * Math.PI) / 180;
  const up = add(scale(plane.columns, -Math.cos(angle)), scale(plane.rows, -Math.sin(angle)));
  const normal = scale(cross(plane.rows, plane.columns), view.isFlipped ? 1 : -1);
  const right = cross(up, normal);
  const center = worldOf(plane, [info.columns / 2, info.rows / 2]);
  const moved = add(scale(right, -view.panX / perUnit), scale(up, view.panY / perUnit));
  return { focalPoint: add(center, moved), viewUp: up, viewPlaneNormal: normal, parallelScale: size.height / 2 / perUnit };
}

export function toCell({ a, b, c, d, e, f }: Placement, [column, row]: PixelPoint): { x: number; y: number } {
  return { x: a * column + c * row + e, y: b * column + d * row + f };
}

export function toPixel({ a, b, c, d, e, f }: Placement, { x, y }: { x: number; y: number }): PixelPoint {
  const determinant = a * d - b * c || 1;
  return [(d * (x - e) - c * (y - f)) / determinant, (a * (y - f) - b * (x - e)) / determinant];
}

/** Zoomed by a factor so that what lies under a point of the cell stays there. */
export function zoomedAt(view: View, factor: number, at: { x: number; y: number }, size: CellSize): View {
  const zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, view.zoom * factor));
  const ratio = zoom / view.zoom;
  const [x, y] = [at.x - size.width / 2, at.y - size.height / 2];
  return { ...view, zoom, panX: x + (view.panX - x) * ratio, panY: y + (view.panY - y) * ratio };
}

const MIN_ZOOM = 0.2;
const MAX_ZOOM = 40;

/** Letters for the edges of the cell: where left, right, top and bottom lie in the patient; empty where nobody knows. */
export function edgeLetters(info: FrameInfo, placement: Placement): { left: string; right: string; top: string; bottom: string } {
  const { a, b, c, d } = placement;
  // Directions of the screen in columns and rows; only their signs and proportions matter.
  const toRight: PixelPoint = [d, -b];
  const toBottom: PixelPoint = [-c, a];
  const sign = Math.sign(a * d - b * c) || 1;
  const letterOf = ([column, row]: PixelPoint, factor: number): string => {
    const { plane, patientOrientation } = info;
    if (plane) {
      const { spacing } = planeOf(info);
      return lettersOf(add(scale(plane.rows, factor * column * spacing.column), scale(plane.columns, factor * row * spacing.row)));
    }
    if (!patientOrientation) return '';
    const isAcross = Math.abs(column) >= Math.abs(row);
    const letters = patientOrientation[isAcross ? 0 : 1];
    return factor * (isAcross ? column : row) > 0 ? letters : opposite(letters);
  };
  return {
    right: letterOf(toRight, sign),
    left: letterOf(toRight, -sign),
    bottom: letterOf(toBottom, sign),
    top: letterOf(toBottom, -sign),
  };
}

/** Of an oblique direction the letters of its larger parts, the largest first (PS3.3 C.7.6.1.1.1). */
export function lettersOf(direction: Vector): string {
  const names = ['LR', 'PA', 'HF'] as const;
  const length = Math.hypot(...direction) || 1;
  return names
    .map((pair, axis) => ({
      letter: (direction[axis] ?? 0) > 0 ? pair.charAt(0) : pair.charAt(1),
      share: Math.abs(direction[axis] ?? 0) / length,
    }))
    .filter(({ share }) => share > OBLIQUE_SHARE)
    .sort((x, y) => y.share - x.share)
    .map(({ letter }) => letter)
    .join('');
}

/** Cosine of 75 degrees: what is turned less than 15 degrees from an axis is called by that axis alone. */
const OBLIQUE_SHARE = 0.26;

function opposite(letters: string): string {
  const pairs: Readonly<Record<string, string>> = { L: 'R', R: 'L', A: 'P', P: 'A', H: 'F', F: 'H' };
  return [...letters].map((letter) => pairs[letter] ?? letter).join('');
}
