import { type DataSet, numberOf, numbersOf, textOf } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import { macroOf } from './functional-groups.ts';
import { add, cross, dot, length, scale, subtract, type Vector } from './vector.ts';

/**
 * Evenly spaced slices in space. `values` is [depth, height, width], Hounsfield units for CT; depth follows the normal.
 * Voxel (z, y, x) has its center at originLps + x spacing.x rows + y spacing.y columns + z spacing.z normal, mm.
 */
export type Volume = {
  values: Float32Array | Int16Array;
  size: [depth: number, height: number, width: number];
  spacingMm: [z: number, y: number, x: number];
  originLps: Vector;
  /** Directions in which the column index, the row index and the slice index grow. */
  directionLps: { rows: Vector; columns: Vector; normal: Vector };
};

/** One slice: its data set, its modality values [row, column], and which frame of the object it is (from 0). */
export type Slice = { dataSet: DataSet; values: Float32Array | Int16Array; frame?: number };

export type BuiltVolume = { volume: Volume } | { refused: string };

type Plane = {
  slice: Slice;
  rows: number;
  columns: number;
  position: Vector;
  orientation: number[];
  spacing: number[];
  frameOfReference: string;
};
type PlacedPlane = Plane & { distance: number };

/** Direction cosines and spacings are written with few digits. */
const DIRECTION_TOLERANCE = 1e-3;
const SPACING_TOLERANCE_MM = 1e-3;
/** Slices closer than this stand at the same place. */
const DUPLICATE_MM = 0.01;
/** Distances between slices may differ from the median by rounding: the larger of both. */
const IRREGULAR_MM = 0.1;
const IRREGULAR_SHARE = 0.05;
/** A shift in the plane from slice to slice that is more than rounding. */
const MAX_TILT_DEGREES = 0.5;

/**
 * Puts slices of one series in order along their normal. What would make measurements wrong is refused with its figures: other
 * orientation, size or spacing, gantry tilt, slices twice or missing, irregular distances (PS3.3 C.7.6.2).
 */
export function buildVolume(slices: Slice[]): BuiltVolume {
  const planes: Plane[] = [];
  for (const slice of slices) {
    const plane = planeOf(slice);
    if (typeof plane === 'string') return { refused: plane };
    planes.push(plane);
  }
  const [first] = planes;
  if (!first || planes.length < 2) return { refused: 'A volume needs at least two slices' };
  const mixed = mixedReason(planes, first);
  if (mixed) return { refused: mixed };

  const [rx, ry, rz, cx, cy, cz] = first.orientation as [number, number, number, number, number, number];
  const rows: Vector = [rx, ry, rz];
  const columns: Vector = [cx, cy, cz];
  const normal = cross(rows, columns);
  if (Math.abs(length(normal) - 1) > 0.01) return { refused: 'The image orientation is not a pair of perpendicular directions' };

  const placed = planes.map((plane) => ({ ...plane, distance: dot(plane.position, normal) })).sort((a, b) => a.distance - b.distance);
  const spacing = sliceSpacing(placed, normal);
  if (typeof spacing === 'string') return { refused: spacing };
  return { volume: assemble(placed, spacing, { rows, columns, normal }) };
}

/** Patient coordinates (LPS, mm) of a voxel, whose indices may be fractions. */
export function toLps(volume: Pick<Volume, 'spacingMm' | 'originLps' | 'directionLps'>, [z, y, x]: [number, number, number]): Vector {
  const { spacingMm, originLps, directionLps } = volume;
  const inPlane = add(scale(directionLps.rows, x * spacingMm[2]), scale(directionLps.columns, y * spacingMm[1]));
  return add(originLps, add(inPlane, scale(directionLps.normal, z * spacingMm[0])));
}

function planeOf(slice: Slice): Plane | string {
  const { dataSet, frame = 0 } = slice;
  const position = numbersOf(macroOf(dataSet, Tag.PlanePositionSequence, frame), Tag.ImagePositionPatient);
  const orientation = numbersOf(macroOf(dataSet, Tag.PlaneOrientationSequence, frame), Tag.ImageOrientationPatient);
  const spacing = numbersOf(macroOf(dataSet, Tag.PixelMeasuresSequence, frame), Tag.PixelSpacing);
  const rows = numberOf(dataSet, Tag.Rows) ?? 0;
  const columns = numberOf(dataSet, Tag.Columns) ?? 0;
  const [x, y, z] = position;
  if (x === undefined || y === undefined || z === undefined || orientation.length !== 6) return 'A slice has no position in the patient';
  if (spacing.length !== 2 || spacing.some((mm) => mm <= 0)) return 'A slice has no pixel spacing';
  if (slice.values.length !== rows * columns) return 'A slice has not as many values as rows times columns';
  return {
    slice,
    rows,
    columns,
    position: [x, y, z],
    orientation,
    spacing,
    frameOfReference: textOf(dataSet, Tag.FrameOfReferenceUID) ?? '',
  };
}

function mixedReason(planes: Plane[], first: Plane): string | undefined {
  const isFar = (a: number[], b: number[], tolerance: number): boolean => a.some((value, k) => Math.abs(value - (b[k] ?? 0)) > tolerance);
  if (planes.some(({ orientation }) => isFar(orientation, first.orientation, DIRECTION_TOLERANCE))) {
    return 'The slices have different orientations';
  }
  if (planes.some(({ rows, columns }) => rows !== first.rows || columns !== first.columns)) return 'The slices have different sizes';
  if (planes.some(({ spacing }) => isFar(spacing, first.spacing, SPACING_TOLERANCE_MM))) return 'The slices have different pixel spacings';
  if (planes.some(({ frameOfReference }) => frameOfReference !== first.frameOfReference))
    return 'The slices have different frames of reference';
  return undefined;
}

/** Distance between neighboring slices, mm, or why there is no single one. */
function sliceSpacing(placed: PlacedPlane[], normal: Vector): number | string {
  const steps = placed.slice(1).map((plane, index) => ({ ...stepBetween(placed[index] ?? plane, plane, normal) }));
  const distances = steps.map(({ along }) => along);
  const duplicates = distances.filter((mm) => mm < DUPLICATE_MM).length;
  if (duplicates > 0) return `${duplicates} of ${placed.length} slices stand where another one stands`;

  const median = medianOf(distances);
  const tilt = Math.max(...steps.map(({ along, across }) => (Math.atan2(across, along) * 180) / Math.PI));
  if (tilt > MAX_TILT_DEGREES) return `The slices are shifted against each other: gantry tilt of ${tilt.toFixed(1)} degrees`;

  const tolerance = Math.max(IRREGULAR_MM, IRREGULAR_SHARE * median);
  const irregular = distances.filter((mm) => Math.abs(mm - median) > tolerance);
  if (irregular.length === 0) return distances.reduce((sum, mm) => sum + mm, 0) / distances.length;

  const isGap = (mm: number): boolean => mm > 1.5 * median && Math.abs(mm / median - Math.round(mm / median)) * median <= tolerance;
  if (irregular.every(isGap)) {
    const missing = irregular.reduce((sum, mm) => sum + Math.round(mm / median) - 1, 0);
    return `${missing} slices are missing: the distance is ${median.toFixed(2)} mm, but ${Math.max(...irregular).toFixed(2)} mm at the largest gap`;
  }
  const [low, high] = [Math.min(...distances), Math.max(...distances)];
  return `The distance between slices is irregular: from ${low.toFixed(2)} to ${high.toFixed(2)} mm (median ${median.toFixed(2)} mm), ${irregular.length} of ${distances.length} deviate`;
}

function stepBetween(from: Plane, to: Plane, normal: Vector): { along: number; across: number } {
  const step = subtract(to.position, from.position);
  const along = dot(step, normal);
  return { along, across: length(subtract(step, scale(normal, along))) };
}

function assemble(placed: PlacedPlane[], spacingZ: number, directionLps: Volume['directionLps']): Volume {
  const [first] = placed as [PlacedPlane, ...PlacedPlane[]];
  const size = first.rows * first.columns;
  // Hounsfield units are whole numbers on most scanners: half the memory.
  const isShort = placed.every(({ slice }) => slice.values instanceof Int16Array || slice.values.every(isInt16));
  const values = isShort ? new Int16Array(size * placed.length) : new Float32Array(size * placed.length);
  for (const [index, { slice }] of placed.entries()) values.set(slice.values, index * size);
  return {
    values,
    size: [placed.length, first.rows, first.columns],
    spacingMm: [spacingZ, first.spacing[0] ?? 1, first.spacing[1] ?? 1],
    originLps: first.position,
    directionLps,
  };
}

function isInt16(value: number): boolean {
  return Number.isInteger(value) && value >= -32_768 && value <= 32_767;
}

function medianOf(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
