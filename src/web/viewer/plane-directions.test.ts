import { describe, expect, it } from 'vitest';
import { cross, dot, length, subtract, type Vector } from '../../imaging/vector.ts';
import {
  cutOf,
  isStraight,
  PLANE_NAMES,
  type PlaneDirections,
  STRAIGHT,
  screenAxes,
  turnedAbout,
  turnedToHold,
} from './plane-directions.ts';

function expectUpright(directions: PlaneDirections): void {
  const [a, b, c] = PLANE_NAMES.map((name) => directions[name].normal);
  if (!a || !b || !c) throw new Error('three planes');
  for (const [one, other] of [
    [a, b],
    [b, c],
    [a, c],
  ] as const)
    expect(dot(one, other)).toBeCloseTo(0, 10);
  for (const name of PLANE_NAMES) expect(dot(directions[name].normal, directions[name].up)).toBeCloseTo(0, 10);
}

describe('the directions of three planes', () => {
  it("begin as radiology looks: the patient's left is right on the screen, or the viewer stands at it", () => {
    const right = PLANE_NAMES.map((name) => screenAxes(STRAIGHT[name]).right.map((part) => part + 0));
    expect(right).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [1, 0, 0],
    ]);
    expect(isStraight(STRAIGHT)).toBe(true);
  });

  it('stay upright to each other however often they are turned, and the plane that is turned in stays', () => {
    let turned = STRAIGHT;
    for (let step = 0; step < 200; step += 1) turned = turnedAbout(turned, PLANE_NAMES[step % 3] ?? 'axial', 7.3);
    expectUpright(turned);
    expect(isStraight(turned)).toBe(false);
    expect(turnedAbout(STRAIGHT, 'axial', 30).axial).toBe(STRAIGHT.axial);
  });

  it('turn counterclockwise on the screen on which it is done', () => {
    const turned = turnedAbout(STRAIGHT, 'axial', 90);
    // The coronal line ran across; a quarter of a turn later it runs where the sagittal one did.
    expect(Math.abs(dot(cutOf(turned, 'axial', 'coronal'), [0, 1, 0]))).toBeCloseTo(1, 10);
    const { right, down } = screenAxes(STRAIGHT.axial);
    const eighth = turnedAbout(STRAIGHT, 'axial', 45);
    const line = cutOf(eighth, 'axial', 'coronal');
    // Up on the right, down on the left.
    expect(dot(line, right) * dot(line, down)).toBeCloseTo(-0.5, 10);
  });

  it('turn as little as it takes to hold what lies between them', () => {
    const holds = (directions: PlaneDirections, points: readonly Vector[]): boolean =>
      PLANE_NAMES.some((name) =>
        points.every((point) => Math.abs(dot(subtract(point, points[0] as Vector), directions[name].normal)) < 1e-9),
      );
    const line: Vector[] = [
      [0, 0, 0],
      [30, 20, 1],
    ];
    const held = turnedToHold(STRAIGHT, line);
    expect(holds(held, line)).toBe(true);
    expectUpright(held);
    expect(dot(held.axial.normal, STRAIGHT.axial.normal)).toBeGreaterThan(0.999);
    const corner: Vector[] = [
      [0, 0, 0],
      [10, 2, 0],
      [3, 1, 9],
    ];
    const flat = turnedToHold(STRAIGHT, corner);
    expect(holds(flat, corner)).toBe(true);
    expect(length(cross(flat.coronal.up, flat.coronal.normal))).toBeCloseTo(1, 10);
  });

  it('stay where a plane holds it already, and where there is nothing to hold', () => {
    expect(
      turnedToHold(STRAIGHT, [
        [0, 0, 5],
        [3, 9, 5],
      ]),
    ).toBe(STRAIGHT);
    expect(turnedToHold(STRAIGHT, [[1, 2, 3]])).toBe(STRAIGHT);
    expect(turnedToHold(STRAIGHT, [])).toBe(STRAIGHT);
  });
});
