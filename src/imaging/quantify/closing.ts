import { fillComponents, labelComponents, type Size, statsOf } from './components.ts';

/** A rectangle of a slice: width and height in pixels, and the size of a pixel, mm. */
export type Plane = { width: number; height: number; spacingX: number; spacingY: number };

const FAR = 1e12;

/**
 * Morphological closing by a disc of `radiusMm`, in place, with exact Euclidean distances: gaps and holes narrower than the disc are
 * filled. The mask (1 inside, [row, column]) must keep that much empty margin on all sides, or it is cut off there.
 */
export function closeMask(mask: Uint8Array, plane: Plane, radiusMm: number): void {
  const limit = radiusMm * radiusMm;
  const distance = squaredDistance(mask, plane, 1);
  for (let index = 0; index < mask.length; index += 1) mask[index] = (distance[index] ?? FAR) <= limit ? 1 : 0;
  const toOutside = squaredDistance(mask, plane, 0);
  for (let index = 0; index < mask.length; index += 1) mask[index] = (toOutside[index] ?? 0) > limit ? 1 : 0;
}

/** Fills holes (regions outside of the mask that do not reach the rectangle's border) of at most `maxMm2`, in place. */
export function fillHoles(mask: Uint8Array, { width, height, spacingX, spacingY }: Plane, maxMm2: number): void {
  const size: Size = [1, height, width];
  const holes = labelComponents(mask, size, 0);
  const stats = statsOf(holes, size);
  const isWanted = (label: number): boolean => {
    const stat = stats[label];
    if (!stat || stat.voxels * spacingX * spacingY > maxMm2) return false;
    return stat.min[1] > 0 && stat.min[2] > 0 && stat.max[1] < height - 1 && stat.max[2] < width - 1;
  };
  fillComponents(mask, width, holes, { isWanted, value: 1 });
}

/** Squared distance of each pixel's center to the nearest pixel with `value`, mm². */
function squaredDistance(mask: Uint8Array, { width, height, spacingX, spacingY }: Plane, value: number): Float64Array {
  const distance = Float64Array.from(mask, (pixel) => (pixel === value ? 0 : FAR));
  const longest = Math.max(width, height);
  const scratch = { line: new Float64Array(longest), vertex: new Int32Array(longest), border: new Float64Array(longest + 1) };
  for (let x = 0; x < width; x += 1) transformLine(distance, { start: x, step: width, length: height, spacing: spacingY }, scratch);
  for (let y = 0; y < height; y += 1) transformLine(distance, { start: y * width, step: 1, length: width, spacing: spacingX }, scratch);
  return distance;
}

type Line = { start: number; step: number; length: number; spacing: number };
type Scratch = { line: Float64Array; vertex: Int32Array; border: Float64Array };

/** Lower envelope of parabolas (Felzenszwalb and Huttenlocher 2012, "Distance Transforms of Sampled Functions") along one line. */
function transformLine(values: Float64Array, { start, step, length, spacing }: Line, { line, vertex, border }: Scratch): void {
  for (let k = 0; k < length; k += 1) line[k] = values[start + k * step] ?? 0;
  let last = -1;
  for (let k = 0; k < length; k += 1) {
    const height = line[k] ?? 0;
    if (height >= FAR) continue;
    const at = k * spacing;
    let crossing = Number.NEGATIVE_INFINITY;
    while (last >= 0) {
      const other = vertex[last] ?? 0;
      const place = other * spacing;
      crossing = (height + at * at - ((line[other] ?? 0) + place * place)) / (2 * (at - place));
      if (crossing > (border[last] ?? 0)) break;
      last -= 1;
    }
    last += 1;
    vertex[last] = k;
    border[last] = last === 0 ? Number.NEGATIVE_INFINITY : crossing;
  }
  if (last < 0) return;

  let current = 0;
  for (let k = 0; k < length; k += 1) {
    const at = k * spacing;
    while (current < last && (border[current + 1] ?? 0) < at) current += 1;
    const away = at - (vertex[current] ?? 0) * spacing;
    values[start + k * step] = away * away + (line[vertex[current] ?? 0] ?? 0);
  }
}
