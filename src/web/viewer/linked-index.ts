import { cross, dot, length, scale, subtract, type Vector } from '../../imaging/vector.ts';
import type { FrameInfo } from './frame-info.ts';
import { pixelOf, planeOf, worldOf } from './view-geometry.ts';
import type { PixelPoint } from './viewer-surface.ts';

/** Stacks whose normals differ by less (cosine of 10 degrees) show the same place. */
const PARALLEL = 0.985;

/**
 * The frame of another stack that lies nearest to a frame; undefined where the two have no common space, or are not parallel.
 * @param others what is known of the other stack's frames, by index
 */
export function nearestFrame(frame: FrameInfo, others: readonly (FrameInfo | undefined)[]): number | undefined {
  const normal = normalOf(frame);
  if (!normal || !frame.plane) return undefined;
  let [best, distance] = [-1, Number.POSITIVE_INFINITY];
  for (const [index, other] of others.entries()) {
    const otherNormal = other && normalOf(other);
    if (!other?.plane || !otherNormal || other.frameOfReferenceUid !== frame.frameOfReferenceUid) continue;
    if (Math.abs(dot(normal, otherNormal)) < PARALLEL) continue;
    const away = Math.abs(dot(normal, subtract(other.plane.position, frame.plane.position)));
    if (away < distance) [best, distance] = [index, away];
  }
  return best < 0 ? undefined : best;
}

/** Where the plane of `other` cuts through `frame`, as two points of `frame`; undefined where it does not, or both lie in parallel. */
export function referenceLine(frame: FrameInfo, other: FrameInfo): [PixelPoint, PixelPoint] | undefined {
  const [normal, otherNormal] = [normalOf(frame), normalOf(other)];
  if (!normal || !otherNormal || !frame.frameOfReferenceUid || frame.frameOfReferenceUid !== other.frameOfReferenceUid) return undefined;
  if (Math.abs(dot(normal, otherNormal)) > PARALLEL) return undefined;
  const plane = planeOf(frame);
  const otherPlane = planeOf(other);
  const corners = [
    [0, 0],
    [other.columns, 0],
    [other.columns, other.rows],
    [0, other.rows],
  ].map(([column = 0, row = 0]) => worldOf(otherPlane, [column, row]));
  const crossings = corners.flatMap((corner, index) => {
    const next = corners[(index + 1) % corners.length] ?? corner;
    const [from, to] = [dot(subtract(corner, plane.position), normal), dot(subtract(next, plane.position), normal)];
    if (from > 0 === to > 0) return [];
    const step = scale(subtract(next, corner), from / (from - to));
    return [pixelOf(plane, [corner[0] + step[0], corner[1] + step[1], corner[2] + step[2]])];
  });
  const [first, second] = crossings;
  return first && second ? [first, second] : undefined;
}

function normalOf({ plane }: FrameInfo): Vector | undefined {
  if (!plane) return undefined;
  const normal = cross(plane.rows, plane.columns);
  return length(normal) > 0.5 ? normal : undefined;
}
