import { describe, expect, it } from 'vitest';
import { levelOfDetail } from './byte-budget.ts';
import type { FrameInfo } from './frame-info.ts';
import { nearestFrame, referenceLine } from './linked-index.ts';
import { coarser, fillSlice, volumeGridOf } from './volume-grid.ts';

function slice(z: number, change: Partial<FrameInfo> = {}): FrameInfo {
  return {
    rows: 4,
    columns: 6,
    spacing: { row: 1, column: 1 },
    spacingAt: 'patient',
    aspect: 1,
    plane: { position: [0, 0, z], rows: [1, 0, 0], columns: [0, 1, 0] },
    patientOrientation: null,
    frameOfReferenceUid: '1.2',
    sliceThicknessMm: 2,
    modality: 'CT',
    photometricInterpretation: 'MONOCHROME2',
    unit: 'HU',
    isLossy: false,
    ...change,
  };
}

describe('the grid of a series', () => {
  const slices = [8, 6, 4, 2, 0].map((z) => slice(z));

  it('puts slices in order along their normal', () => {
    const grid = volumeGridOf(slices);
    expect(grid).toMatchObject({ order: [4, 3, 2, 1, 0], size: [6, 4, 5], spacingMm: [1, 1, 2], origin: [0, 0, 0], normal: [0, 0, 1] });
  });

  it('is none where a volume would lie: gaps, tilt, other sizes, other spaces, too few', () => {
    expect(volumeGridOf([0, 2, 4, 10].map((z) => slice(z)))).toBeUndefined();
    const tilted = [0, 2, 4, 6].map((z) => slice(z, { plane: { position: [0, z / 3, z], rows: [1, 0, 0], columns: [0, 1, 0] } }));
    expect(volumeGridOf(tilted)).toBeUndefined();
    expect(volumeGridOf([...slices.slice(1), slice(8, { rows: 5 })])).toBeUndefined();
    expect(volumeGridOf([...slices.slice(1), slice(8, { frameOfReferenceUid: '9' })])).toBeUndefined();
    expect(volumeGridOf(slices.slice(2))).toBeUndefined();
    expect(volumeGridOf([...slices, undefined])).toBeUndefined();
  });

  it('of less detail keeps its place: voxels are means, whose centers lie between those of the pixels', () => {
    const grid = volumeGridOf(slices);
    if (!grid) throw new Error('no grid');
    const coarse = coarser(grid, { slices: 2, plane: 2 });
    expect(coarse).toMatchObject({ order: [4, 2, 0], size: [3, 2, 3], spacingMm: [2, 2, 4], origin: [0.5, 0.5, 0] });
    const values = new Int16Array(18);
    fillSlice(
      values,
      1,
      Array.from({ length: 24 }, (_, index) => index),
      { width: 6, plane: 2, grid: coarse },
    );
    // Means of 0, 1, 6, 7; of 2, 3, 8, 9 and so on, cut to whole numbers.
    expect([...values.subarray(6, 12)]).toEqual([3, 5, 7, 15, 17, 19]);
  });
});

describe('the level of detail', () => {
  it('is whole where the memory holds it, and else leaves voxels near to cubes', () => {
    const size = [1000, 512, 512] as const;
    expect(levelOfDetail(size, [1, 0.7, 0.7], { bytesPerVoxel: 2, bytes: 1e9 })).toEqual({ slices: 1, plane: 1 });
    const level = levelOfDetail(size, [0.5, 0.7, 0.7], { bytesPerVoxel: 2, bytes: 100e6 });
    const bytes = Math.ceil(1000 / level.slices) * Math.floor(512 / level.plane) ** 2 * 2;
    expect(bytes).toBeLessThanOrEqual(100e6);
    expect(level.slices).toBeGreaterThan(1);
  });
});

describe('stacks in one space', () => {
  it('are scrolled to the nearest place', () => {
    expect(nearestFrame(slice(5.2), [slice(0), slice(3), slice(6), undefined])).toBe(2);
    expect(nearestFrame(slice(5.2), [slice(5, { frameOfReferenceUid: '9' })])).toBeUndefined();
    expect(nearestFrame(slice(5.2, { plane: null }), [slice(5)])).toBeUndefined();
  });

  it('show where another plane cuts through', () => {
    const coronal = slice(0, { plane: { position: [0, 2, -10], rows: [1, 0, 0], columns: [0, 0, 1] }, rows: 20 });
    const line = referenceLine(slice(0), coronal);
    expect(line?.map(([, row]) => row)).toEqual([2.5, 2.5]);
    expect(referenceLine(slice(0), slice(4))).toBeUndefined();
  });
});
