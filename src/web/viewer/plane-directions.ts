import { add, cross, dot, length, normalize, rotate, scale, subtract, type Vector } from '../../imaging/vector.ts';

export type PlaneName = 'axial' | 'coronal' | 'sagittal';
/** `normal` points toward the viewer, `up` to the upper edge of the screen; both of length 1, LPS. */
export type PlaneDirection = { normal: Vector; up: Vector };
export type PlaneDirections = Readonly<Record<PlaneName, PlaneDirection>>;

export const PLANE_NAMES: readonly PlaneName[] = ['axial', 'sagittal', 'coronal'];
/** As radiology looks at a patient: from the feet, from the left, from the front. */
export const STRAIGHT: PlaneDirections = {
  axial: { normal: [0, 0, -1], up: [0, -1, 0] },
  sagittal: { normal: [1, 0, 0], up: [0, 0, 1] },
  coronal: { normal: [0, -1, 0], up: [0, 0, 1] },
};

/** Directions in which the screen's right and lower edge lie in the patient. */
export function screenAxes({ normal, up }: PlaneDirection): { right: Vector; down: Vector } {
  return { right: cross(up, normal), down: scale(up, -1) };
}

/** With the two other planes turned about the normal of one, so that all three stay upright to each other; counterclockwise on its screen. */
export function turnedAbout(directions: PlaneDirections, plane: PlaneName, degrees: number): PlaneDirections {
  const axis = directions[plane].normal;
  const turned = allTurned(directions, axis, (degrees * Math.PI) / 180);
  return { ...turned, [plane]: directions[plane] };
}

/** Along which direction of the patient `other` cuts through `plane`. */
export function cutOf(directions: PlaneDirections, plane: PlaneName, other: PlaneName): Vector {
  return normalize(cross(directions[plane].normal, directions[other].normal));
}

export function isStraight(directions: PlaneDirections): boolean {
  return PLANE_NAMES.every((plane) => dot(directions[plane].normal, STRAIGHT[plane].normal) > 1 - 1e-9);
}

/**
 * Turned as little as it takes for one of the planes to hold all points: the one that is nearest to it. All three turn together. Unchanged if
 * one holds them already, and where the points lie in no plane.
 */
export function turnedToHold(directions: PlaneDirections, points: readonly Vector[]): PlaneDirections {
  const [first] = points;
  if (!first) return directions;
  const edges = points.slice(1).map((point) => subtract(point, first));
  const longest = edges.toSorted((a, b) => length(b) - length(a))[0];
  if (!longest || length(longest) < LEAST_MM) return directions;
  const widest = edges.map((edge) => cross(longest, edge)).toSorted((a, b) => length(b) - length(a))[0];
  const isFlat = widest !== undefined && length(widest) > LEAST_MM * length(longest);
  const wanted = PLANE_NAMES.map((plane) => ({
    plane,
    to: isFlat ? facing(normalize(widest), directions[plane]) : upright(longest, directions[plane]),
  }));
  const [nearest] = wanted.toSorted((a, b) => dot(b.to, directions[b.plane].normal) - dot(a.to, directions[a.plane].normal));
  if (!nearest) return directions;
  const { normal } = directions[nearest.plane];
  const axis = cross(normal, nearest.to);
  const sine = length(axis);
  return sine < LEAST_SINE ? directions : allTurned(directions, normalize(axis), Math.atan2(sine, dot(normal, nearest.to)));
}

/** Shorter than what a screen shows of a patient. */
const LEAST_MM = 0.01;
const LEAST_SINE = 1e-4;

/** The normal, or its opposite, whichever looks to where the plane looks. */
function facing(normal: Vector, { normal: now }: PlaneDirection): Vector {
  return dot(normal, now) < 0 ? scale(normal, -1) : normal;
}

/** The normal of the plane that is nearest to this one, and holds a direction. */
function upright(direction: Vector, { normal }: PlaneDirection): Vector {
  const along = normalize(direction);
  const rest = add(normal, scale(along, -dot(normal, along)));
  return length(rest) < LEAST_SINE ? normal : normalize(rest);
}

function allTurned(directions: PlaneDirections, axis: Vector, angle: number): PlaneDirections {
  const turn = ({ normal, up }: PlaneDirection): PlaneDirection => {
    const turnedNormal = normalize(rotate(normal, axis, angle));
    const turnedUp = rotate(up, axis, angle);
    // Many small turns would let the two lean to each other.
    return { normal: turnedNormal, up: normalize(add(turnedUp, scale(turnedNormal, -dot(turnedUp, turnedNormal)))) };
  };
  return { axial: turn(directions.axial), sagittal: turn(directions.sagittal), coronal: turn(directions.coronal) };
}
