import { beforeAll, describe, expect, it } from 'vitest';
import { buildPhantom, type Phantom } from '../phantom.ts';
import type { Volume } from '../volume.ts';
import { analyzeCtLung, type CtLungResult } from './ct-lung.ts';

const reasonOf = (result: CtLungResult | { notEvaluable: string }): string => ('notEvaluable' in result ? result.notEvaluable : '');
const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((value, axis) => value - (b[axis] ?? 0)));

/** Slices from `from` to before `to` of a volume. */
function cut(volume: Volume, from: number, to: number): Volume {
  const slice = volume.size[1] * volume.size[2];
  const [x, y, z] = volume.originLps;
  return {
    ...volume,
    values: volume.values.slice(from * slice, to * slice),
    size: [to - from, volume.size[1], volume.size[2]],
    originLps: [x, y, z + from * volume.spacingMm[0]],
  };
}

describe('analyzeCtLung on a phantom of known truth', () => {
  let phantom: Phantom;
  let result: CtLungResult;
  const progress: number[] = [];
  beforeAll(() => {
    phantom = buildPhantom({ seed: 21, spacingMm: [2, 1.4, 1.4], emphysemaFraction: 0.08 });
    const answer = analyzeCtLung(phantom.volume, (done) => progress.push(done));
    if ('notEvaluable' in answer) throw new Error(answer.notEvaluable);
    result = answer;
  });

  it('measures each lung within 2 % of its true volume', () => {
    for (const side of ['total', 'left', 'right'] as const) {
      expect(Math.abs(result.volumeMl[side] / phantom.truth.lungVolumeMl[side] - 1)).toBeLessThan(0.02);
    }
  });

  it('measures the low-attenuation area within 1.5 percentage points', () => {
    expect(phantom.truth.laa950Percent).toBeGreaterThan(7);
    expect(Math.abs(result.laa950Percent - phantom.truth.laa950Percent)).toBeLessThan(1.5);
  });

  it('finds every nodule of 5 mm and more, on its side, of its kind, within 0.5 mm of its diameter and 1 mm of its place', () => {
    for (const truth of phantom.truth.nodules.filter(({ diameterMm }) => diameterMm >= 5)) {
      const found = result.nodules.find(({ centerLps }) => distance(centerLps, truth.centerLps) < 1);
      expect(found, `nodule of ${truth.diameterMm} mm`).toBeDefined();
      expect(Math.abs((found?.diameterMm ?? 0) - truth.diameterMm)).toBeLessThan(0.5);
      expect(Math.abs((found?.equivalentDiameterMm ?? 0) - truth.diameterMm)).toBeLessThan(0.5);
      expect(found?.kind).toBe(truth.kind);
      expect(found?.side).toBe(truth.centerLps[0] > 0 ? 'left' : 'right');
    }
  });

  it('takes at most two vessels for nodules', () => {
    const others = result.nodules.filter(({ centerLps }) =>
      phantom.truth.nodules.every((truth) => distance(centerLps, truth.centerLps) > 4),
    );
    expect(others.length).toBeLessThanOrEqual(2);
  });

  it('boxes a nodule in voxels that hold its center', () => {
    for (const { boundingBoxVoxel, centerVoxel } of result.nodules) {
      for (const axis of [0, 1, 2] as const) {
        expect(centerVoxel[axis]).toBeGreaterThanOrEqual(boundingBoxVoxel.min[axis] - 0.5);
        expect(centerVoxel[axis]).toBeLessThanOrEqual(boundingBoxVoxel.max[axis] + 0.5);
      }
    }
  });

  it('is whole, and tells its progress up to the end', () => {
    expect(result.truncated).toBe(false);
    expect(progress.at(-1)).toBe(1);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  it('gives the same answer when asked again', () => {
    expect(analyzeCtLung(phantom.volume)).toEqual(result);
  });

  it('says that lungs cut off at an end are truncated, and still measures them', () => {
    const part = analyzeCtLung(cut(phantom.volume, 60, phantom.volume.size[0]));
    if ('notEvaluable' in part) throw new Error(part.notEvaluable);
    expect(part.truncated).toBe(true);
    expect(part.volumeMl.total).toBeLessThan(result.volumeMl.total);
    expect(part.notes.join(' ')).toContain('cut off');
  });

  it('finds the same volumes when the slices run from head to feet', () => {
    const { volume } = phantom;
    const slice = volume.size[1] * volume.size[2];
    const values = new Int16Array(volume.values.length);
    for (let z = 0; z < volume.size[0]; z += 1) {
      values.set(volume.values.subarray(z * slice, (z + 1) * slice), (volume.size[0] - 1 - z) * slice);
    }
    const [x, y, z] = volume.originLps;
    const flipped = analyzeCtLung({
      ...volume,
      values,
      originLps: [x, y, z + (volume.size[0] - 1) * volume.spacingMm[0]],
      directionLps: { ...volume.directionLps, normal: [0, 0, -1] },
    });
    if ('notEvaluable' in flipped) throw new Error(flipped.notEvaluable);
    expect(flipped.volumeMl.left).toBeCloseTo(result.volumeMl.left, 6);
    expect(flipped.nodules.map(({ diameterMm }) => diameterMm.toFixed(1))).toEqual(
      result.nodules.map(({ diameterMm }) => diameterMm.toFixed(1)),
    );
  });

  it('does not evaluate the abdomen below, whose gas is no lung', () => {
    expect(reasonOf(analyzeCtLung(cut(phantom.volume, 0, 26)))).toMatch(/No lungs|too little air/);
  });
});

describe('analyzeCtLung, what it refuses', () => {
  const empty = (change: Partial<Volume> = {}, hu = 40): Volume => ({
    values: new Int16Array(30 * 16 * 16).fill(hu),
    size: [30, 16, 16],
    spacingMm: [2, 1, 1],
    originLps: [0, 0, 0],
    directionLps: { rows: [1, 0, 0], columns: [0, 1, 0], normal: [0, 0, 1] },
    ...change,
  });

  it('refuses few slices, thick slices and slices that are not axial', () => {
    expect(reasonOf(analyzeCtLung(empty({ size: [12, 16, 16] })))).toContain('20 slices');
    expect(reasonOf(analyzeCtLung(empty({ spacingMm: [7, 1, 1] })))).toContain('7.0 mm');
    expect(reasonOf(analyzeCtLung(empty({ directionLps: { rows: [1, 0, 0], columns: [0, 0, -1], normal: [0, 1, 0] } })))).toContain(
      'axial',
    );
  });

  it('refuses values that cannot be Hounsfield units of a chest', () => {
    expect(reasonOf(analyzeCtLung(empty()))).toContain('Hounsfield');
    expect(reasonOf(analyzeCtLung(empty({}, -1000)))).toContain('Hounsfield');
  });
});
