import { dot, subtract, type Vector } from './vector.ts';

/** Smallest and largest corner, LPS, mm. */
export type Bounds = { min: Vector; max: Vector };

/**
 * A body given by its signed distance: negative inside, zero on the surface, mm. Ellipsoids give a good estimate near the surface and a
 * lower bound elsewhere, which is all that rasterizing needs; the surface itself is exact.
 */
export type Shape = { bounds: Bounds; distance: (x: number, y: number, z: number) => number };

/** Ribs end this far from the midline in front. */
const OPEN_HALF_WIDTH_MM = 55;

/** Beyond this, an exact distance is of no use. */
const FAR_MM = 15;

export function ellipsoid(center: Vector, radii: Vector): Shape {
  const [cx, cy, cz] = center;
  const [a, b, c] = radii;
  return {
    bounds: { min: subtract(center, radii), max: [cx + a, cy + b, cz + c] },
    distance: (x, y, z) => {
      const u = (x - cx) / a;
      const v = (y - cy) / b;
      const w = (z - cz) / c;
      const k = Math.sqrt(u * u + v * v + w * w);
      const gradient = Math.sqrt((u / a) ** 2 + (v / b) ** 2 + (w / c) ** 2);
      return gradient === 0 ? -Math.min(a, b, c) : (k * (k - 1)) / gradient;
    },
  };
}

export function sphere(center: Vector, radius: number): Shape {
  const [cx, cy, cz] = center;
  const corner: Vector = [radius, radius, radius];
  return {
    bounds: { min: subtract(center, corner), max: [cx + radius, cy + radius, cz + radius] },
    distance: (x, y, z) => Math.sqrt((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2) - radius,
  };
}

/** A tube with round ends whose radius changes evenly from one end to the other. */
export function taperedTube(from: Vector, to: Vector, radii: readonly [number, number]): Shape {
  const axis = subtract(to, from);
  const squared = dot(axis, axis);
  const [r0, r1] = radii;
  const extreme = (pick: typeof Math.min, sign: number): Vector =>
    [0, 1, 2].map((k) => pick((from[k] ?? 0) + sign * r0, (to[k] ?? 0) + sign * r1)) as unknown as Vector;
  return {
    bounds: { min: extreme(Math.min, -1), max: extreme(Math.max, 1) },
    distance: (x, y, z) => {
      const px = x - from[0];
      const py = y - from[1];
      const pz = z - from[2];
      const along = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * axis[0] + py * axis[1] + pz * axis[2]) / squared));
      const dx = px - along * axis[0];
      const dy = py - along * axis[1];
      const dz = pz - along * axis[2];
      return Math.sqrt(dx * dx + dy * dy + dz * dz) - (r0 + along * (r1 - r0));
    },
  };
}

/** An upright elliptic cylinder from z0 to z1. */
export function column(center: readonly [number, number], radii: readonly [number, number], z: readonly [number, number]): Shape {
  const [cx, cy] = center;
  const [a, b] = radii;
  return {
    bounds: { min: [cx - a, cy - b, z[0]], max: [cx + a, cy + b, z[1]] },
    distance: (x, y, zz) => {
      const u = (x - cx) / a;
      const v = (y - cy) / b;
      const k = Math.sqrt(u * u + v * v);
      const gradient = Math.sqrt((u / a) ** 2 + (v / b) ** 2);
      const side = gradient === 0 ? -Math.min(a, b) : (k * (k - 1)) / gradient;
      return Math.max(side, z[0] - zz, zz - z[1]);
    },
  };
}

/**
 * A rib: a band around a cavity, `gap` mm away from it, that descends toward the front (-y) and is open before the sternum.
 * @param half half thickness and half height of the band, mm
 */
export function rib(
  cavity: Shape,
  { z, gap, half, drop }: { z: number; gap: number; half: readonly [number, number]; drop: number },
): Shape {
  const reach = gap + half[0] + 1;
  const { min, max } = cavity.bounds;
  const depth = Math.max(-min[1], max[1]) + reach;
  return {
    bounds: {
      min: [min[0] - reach, min[1] - reach, z - depth * drop - half[1]],
      max: [max[0] + reach, max[1] + reach, z + depth * drop + half[1]],
    },
    distance: (px, py, pz) => {
      const up = (pz - z - py * drop) / half[1];
      const above = (Math.abs(up) - 1) * Math.min(half[0], half[1]);
      if (above > FAR_MM) return above;
      const across = (cavity.distance(px, py, pz) - gap) / half[0];
      const band = (Math.sqrt(across * across + up * up) - 1) * Math.min(half[0], half[1]);
      // The cartilage in front has nearly the density of muscle.
      return py < 0 ? Math.max(band, OPEN_HALF_WIDTH_MM - Math.abs(px)) : band;
    },
  };
}

/** What is inside of the first shape and outside of all others. */
export function difference(shape: Shape, others: readonly Shape[]): Shape {
  return {
    bounds: shape.bounds,
    distance: (x, y, z) => {
      let distance = shape.distance(x, y, z);
      // Far outside is far enough: the others can only move the surface away.
      for (const other of distance > FAR_MM ? [] : others) distance = Math.max(distance, -other.distance(x, y, z));
      return distance;
    },
  };
}

/** What is inside of both. */
export function intersection(a: Shape, b: Shape): Shape {
  const corner = (pick: typeof Math.min, one: Vector, two: Vector): Vector => [
    pick(one[0], two[0]),
    pick(one[1], two[1]),
    pick(one[2], two[2]),
  ];
  return {
    bounds: { min: corner(Math.max, a.bounds.min, b.bounds.min), max: corner(Math.min, a.bounds.max, b.bounds.max) },
    distance: (x, y, z) => Math.max(a.distance(x, y, z), b.distance(x, y, z)),
  };
}

/** Everything on one side of a sagittal plane: `side` 1 for x > at (left), -1 for x < at (right). */
export function halfSpace(at: number, side: 1 | -1): Shape {
  const far = 1e4;
  return {
    bounds: side === 1 ? { min: [at, -far, -far], max: [far, far, far] } : { min: [-far, -far, -far], max: [at, far, far] },
    distance: (x) => side * (at - x),
  };
}
