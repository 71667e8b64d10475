import { type Shape, taperedTube } from './phantom-shapes.ts';
import type { Random } from './random.ts';
import { add, cross, dot, normalize, scale, type Vector } from './vector.ts';

/** What vessels keep clear of: a point and a radius, mm. */
export type Obstacle = { center: Vector; radius: number };

type Branch = { from: Vector; direction: Vector; radius: number };

const TRUNK_RADIUS_MM = 4.2;
const SMALLEST_RADIUS_MM = 0.6;
/** A branching pair conserves about the cube of the radius (Murray's law). */
const CHILD_RADII = [0.86, 0.71] as const;
const CLEARANCE_MM = 4;
const MAX_SEGMENTS = 4000;

/** Vessels thin out toward the wall: the largest radius at it, and how fast it may grow with the distance. */
const RADIUS_AT_WALL_MM = 0.45;
const RADIUS_PER_MM = 0.055;
const MAX_DETOURS = 4;

export type VesselSurroundings = { lung: Shape; wall: Shape; random: Random; obstacles: readonly Obstacle[] };

/**
 * A tree of vessels that grows from a hilum into a lung until its branches are too thin or leave the lung; thinner branches are shorter.
 * @param trunks directions of the first branches
 */
export function vesselTree(hilum: Vector, trunks: readonly Vector[], { lung, wall, random, obstacles }: VesselSurroundings): Shape[] {
  const segments: Shape[] = [];
  const queue: Branch[] = trunks.map((direction) => ({ from: hilum, direction: normalize(direction), radius: TRUNK_RADIUS_MM }));

  for (let branch = queue.shift(); branch && segments.length < MAX_SEGMENTS; branch = queue.shift()) {
    const { from, radius } = branch;
    const reach = 9 + 3.6 * radius + 5 * random();
    const turn = random() * 2 * Math.PI;
    const spread = 0.35 + 0.25 * random();
    for (let detour = 0; detour < MAX_DETOURS; detour += 1) {
      const direction = detour === 0 ? branch.direction : bend(branch.direction, turn + detour * 1.7, 0.45 * detour);
      const to = add(from, scale(direction, reach));
      const tip = Math.min(radius * 0.93, RADIUS_AT_WALL_MM - RADIUS_PER_MM * wall.distance(...to));
      const isTrunk = radius === TRUNK_RADIUS_MM;
      const isOut = tip < SMALLEST_RADIUS_MM || (!isTrunk && lung.distance(...to) > -(tip + 1.5));
      if (isOut || obstacles.some((obstacle) => isNear(from, to, obstacle, radius))) continue;
      segments.push(taperedTube(from, to, [radius, tip]));
      for (const [index, share] of CHILD_RADII.entries()) {
        const angle = index === 0 ? -spread * 0.6 : spread * 1.3;
        if (tip * share >= SMALLEST_RADIUS_MM) queue.push({ from: to, direction: bend(direction, turn, angle), radius: tip * share });
      }
      break;
    }
  }
  return segments;
}

function isNear(from: Vector, to: Vector, { center, radius }: Obstacle, vesselRadius: number): boolean {
  return taperedTube(from, to, [vesselRadius, vesselRadius]).distance(...center) < radius + CLEARANCE_MM;
}

/** Turns a direction by `angle` in the plane that stands at `turn` around it. */
function bend(direction: Vector, turn: number, angle: number): Vector {
  const helper: Vector = Math.abs(direction[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const u = normalize(cross(direction, helper));
  const v = cross(direction, u);
  const sideways = add(scale(u, Math.cos(turn)), scale(v, Math.sin(turn)));
  const bent = add(scale(direction, Math.cos(angle)), scale(sideways, Math.sin(angle)));
  return scale(bent, 1 / Math.sqrt(dot(bent, bent)));
}
