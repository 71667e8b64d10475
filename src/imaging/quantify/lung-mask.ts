import type { Volume } from '../volume.ts';
import { traceAirway } from './airway.ts';
import { closeMask, fillHoles } from './closing.ts';
import { type Components, fillComponents, labelComponents, type Size, statsOf } from './components.ts';

/** Codes of the segmentation, one byte a voxel. */
export const LungCode = { other: 0, air: 1, airway: 2, left: 3, right: 4 } as const;

/** Axial orientation: whether the slice index grows toward the head, and the column index toward the patient's left. */
export type Orientation = { headIsLast: boolean; leftIsLast: boolean };

export type LungMask = {
  /** [depth, height, width], codes of `LungCode`; vessels and nodules within the lungs belong to them. */
  state: Uint8Array;
  hasAirway: boolean;
  /** Whether a lung reaches the first or the last slice with more than a tip. */
  isTruncated: boolean;
};

/** Halfway between inflated lung (about -860 HU) and soft tissue (about 40 HU): where a voxel is half one, half the other. */
const AIR_LIMIT_HU = -410;
/** A lung, or both where they touch, is at least this large; gas in the bowel or the sinuses is less, or emptier than any lung. */
const MIN_LUNG_ML = 150;
const MIN_TOTAL_ML = 400;
const EMPTY_AIR_HU = -975;
/** A region that reaches this far to both sides of the midline is both lungs. */
const BOTH_SIDES_MM = 35;
/** Vessels and nodules up to twice this thick are closed over. */
const CLOSING_RADIUS_MM = 8;
/** Larger nodules are holes in a slice, up to the 30 mm at which nodules end; larger holes are the dome of the diaphragm. */
const MAX_HOLE_MM2 = 800;
/** A lung's section in an outermost slice that is larger than this is cut off. */
const TRUNCATED_MM2 = 400;

/** Segments the lungs of an axial CT, or says why it cannot. */
export function segmentLungs(volume: Volume, orientation: Orientation): LungMask | { notEvaluable: string } {
  const { values, size, spacingMm } = volume;
  const [, , width] = size;
  const voxelMl = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;
  const state = new Uint8Array(values.length);
  for (let index = 0; index < values.length; index += 1) if ((values[index] ?? 0) < AIR_LIMIT_HU) state[index] = LungCode.air;
  removeOutside(state, size);

  const middleX = middleOf(volume);
  const depth = size[0];
  const fromHead = Array.from({ length: depth }, (_, index) => (orientation.headIsLast ? depth - 1 - index : index));
  const hasAirway = traceAirway({ state, size, spacingMm, codes: LungCode, fromHead, middleX });

  const components = labelComponents(state, size, LungCode.air);
  const means = meanHuOf(components, volume);
  const stats = statsOf(components, size);
  const isLung = (label: number): boolean => (stats[label]?.voxels ?? 0) * voxelMl >= MIN_LUNG_ML && (means[label] ?? -1000) > EMPTY_AIR_HU;
  const lungs = stats.flatMap((stat, label) => (isLung(label) ? [{ ...stat, label }] : []));
  const totalMl = lungs.reduce((sum, { voxels }) => sum + voxels * voxelMl, 0);
  if (totalMl < MIN_TOTAL_ML) return { notEvaluable: 'No lungs in the field of view' };

  const leftCode = (isLast: boolean): number => (isLast === orientation.leftIsLast ? LungCode.left : LungCode.right);
  fillComponents(state, width, components, { isWanted: (label) => !isLung(label), value: LungCode.other });
  for (const { label, voxels, min, max, sumX } of lungs) {
    const isBoth = (middleX - min[2]) * spacingMm[2] > BOTH_SIDES_MM && (max[2] - middleX) * spacingMm[2] > BOTH_SIDES_MM;
    const value = leftCode(sumX / voxels > middleX);
    fillComponents(state, width, components, { isWanted: (candidate) => candidate === label, value });
    if (isBoth)
      splitSides(state, size, { code: value, middleX, reach: BOTH_SIDES_MM / spacingMm[2], codes: [leftCode(false), leftCode(true)] });
  }
  for (const code of [LungCode.left, LungCode.right]) closeLung(state, size, { code, spacingMm });
  return { state, hasAirway, isTruncated: isTruncated(state, size, spacingMm[1] * spacingMm[2]) };
}

/** Air that touches the sides of the volume is outside of the body. */
function removeOutside(state: Uint8Array, size: Size): void {
  const components = labelComponents(state, size, LungCode.air);
  const stats = statsOf(components, size);
  const isWanted = (label: number): boolean => {
    const stat = stats[label];
    return !!stat && (stat.min[1] === 0 || stat.min[2] === 0 || stat.max[1] === size[1] - 1 || stat.max[2] === size[2] - 1);
  };
  fillComponents(state, size[2], components, { isWanted, value: LungCode.other });
}

/** Column of the middle of the body: the centroid of soft tissue, in a sample of the voxels. */
function middleOf({ values, size }: Volume): number {
  const [depth, height, width] = size;
  const weight = new Float64Array(width);
  for (let z = 0; z < depth; z += 4) {
    for (let y = 0; y < height; y += 2) {
      const row = (z * height + y) * width;
      for (let x = 0; x < width; x += 1) {
        const hu = values[row + x] ?? 0;
        if (hu > -150 && hu < 200) weight[x] = (weight[x] ?? 0) + 1;
      }
    }
  }
  const total = weight.reduce((sum, count) => sum + count, 0);
  return weight.reduce((sum, count, x) => sum + count * x, 0) / Math.max(1, total);
}

function meanHuOf(components: Components, { values, size }: Volume): Float64Array {
  const sums = new Float64Array(components.count);
  const counts = new Float64Array(components.count);
  for (let run = 0; run < components.runs; run += 1) {
    const label = components.label[run] ?? 0;
    const start = (components.row[run] ?? 0) * size[2];
    for (let x = components.from[run] ?? 0; x <= (components.to[run] ?? 0); x += 1) {
      sums[label] = (sums[label] ?? 0) + (values[start + x] ?? 0);
      counts[label] = (counts[label] ?? 0) + 1;
    }
  }
  return sums.map((sum, label) => sum / Math.max(1, counts[label] ?? 0));
}

type Split = { code: number; middleX: number; reach: number; codes: [first: number, last: number] };

/** Where both lungs are one region, cuts each slice at the column near the midline that holds least of it: the junction lines. */
function splitSides(state: Uint8Array, [depth, height, width]: Size, { code, middleX, reach, codes }: Split): void {
  const from = Math.max(0, Math.floor(middleX - reach));
  const to = Math.min(width - 1, Math.ceil(middleX + reach));
  for (let z = 0; z < depth; z += 1) {
    const counts = new Float64Array(width);
    for (let y = 0; y < height; y += 1) {
      const row = (z * height + y) * width;
      for (let x = from; x <= to; x += 1) if (state[row + x] === code) counts[x] = (counts[x] ?? 0) + 1;
    }
    let cut = Math.round(middleX);
    for (let x = from; x <= to; x += 1) {
      const isBetter = (counts[x] ?? 0) < (counts[cut] ?? 0);
      const isNearer = (counts[x] ?? 0) === (counts[cut] ?? 0) && Math.abs(x - middleX) < Math.abs(cut - middleX);
      if (isBetter || isNearer) cut = x;
    }
    for (let y = 0; y < height; y += 1) {
      const row = (z * height + y) * width;
      for (let x = 0; x < width; x += 1) if (state[row + x] === code) state[row + x] = x <= cut ? codes[0] : codes[1];
    }
  }
}

/** Takes vessels, small airways and nodules into a lung, slice by slice; never what belongs to the other lung. */
function closeLung(
  state: Uint8Array,
  [depth, height, width]: Size,
  { code, spacingMm }: { code: number; spacingMm: Volume['spacingMm'] },
): void {
  const marginX = Math.ceil(CLOSING_RADIUS_MM / spacingMm[2]) + 2;
  const marginY = Math.ceil(CLOSING_RADIUS_MM / spacingMm[1]) + 2;
  for (let z = 0; z < depth; z += 1) {
    const slice = state.subarray(z * height * width, (z + 1) * height * width);
    const box = boxOf(slice, width, code);
    if (!box) continue;
    const plane = {
      width: box.x1 - box.x0 + 1 + 2 * marginX,
      height: box.y1 - box.y0 + 1 + 2 * marginY,
      spacingX: spacingMm[2],
      spacingY: spacingMm[1],
    };
    const left = box.x0 - marginX;
    const top = box.y0 - marginY;
    const mask = new Uint8Array(plane.width * plane.height);
    for (let y = box.y0; y <= box.y1; y += 1) {
      for (let x = box.x0; x <= box.x1; x += 1) if (slice[y * width + x] === code) mask[(y - top) * plane.width + x - left] = 1;
    }
    closeMask(mask, plane, CLOSING_RADIUS_MM);
    fillHoles(mask, plane, MAX_HOLE_MM2);
    for (let y = box.y0; y <= box.y1; y += 1) {
      for (let x = box.x0; x <= box.x1; x += 1) {
        const at = y * width + x;
        const isFree = slice[at] === LungCode.other || slice[at] === LungCode.airway;
        if (isFree && mask[(y - top) * plane.width + x - left] === 1) slice[at] = code;
      }
    }
  }
}

function boxOf(slice: Uint8Array, width: number, code: number): { x0: number; y0: number; x1: number; y1: number } | undefined {
  const box = { x0: width, y0: -1, x1: -1, y1: -1 };
  for (let start = 0; start < slice.length; start += width) {
    const row = slice.subarray(start, start + width);
    const first = row.indexOf(code);
    if (first < 0) continue;
    if (box.y0 < 0) box.y0 = start / width;
    box.y1 = start / width;
    box.x0 = Math.min(box.x0, first);
    box.x1 = Math.max(box.x1, row.lastIndexOf(code));
  }
  return box.y0 < 0 ? undefined : box;
}

function isTruncated(state: Uint8Array, [depth, height, width]: Size, pixelMm2: number): boolean {
  const areaOf = (z: number): number => {
    const slice = state.subarray(z * height * width, (z + 1) * height * width);
    return slice.reduce((sum, code) => sum + (code === LungCode.left || code === LungCode.right ? pixelMm2 : 0), 0);
  };
  return areaOf(0) > TRUNCATED_MM2 || areaOf(depth - 1) > TRUNCATED_MM2;
}
