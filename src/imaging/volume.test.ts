import { describe, expect, it } from 'vitest';
import type { DataSet } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import { buildVolume, type Slice, toLps } from './volume.ts';

type Options = { position: number[]; orientation?: number[]; rows?: number; fill?: number };

function slice({ position, orientation = [1, 0, 0, 0, 1, 0], rows = 2, fill = 0 }: Options): Slice {
  const dataSet: DataSet = {
    [Tag.ImagePositionPatient]: { vr: 'DS', Value: position },
    [Tag.ImageOrientationPatient]: { vr: 'DS', Value: orientation },
    [Tag.PixelSpacing]: { vr: 'DS', Value: [0.5, 0.75] },
    [Tag.Rows]: { vr: 'US', Value: [rows] },
    [Tag.Columns]: { vr: 'US', Value: [3] },
  };
  return { dataSet, values: new Float32Array(rows * 3).fill(fill) };
}
const stack = (...z: number[]): Slice[] => z.map((value, index) => slice({ position: [0, 0, value], fill: index }));
const refusal = (slices: Slice[]): string => {
  const built = buildVolume(slices);
  return 'refused' in built ? built.refused : '';
};

describe('buildVolume', () => {
  it('sorts slices along the normal and places every voxel in the patient', () => {
    const built = buildVolume([
      slice({ position: [10, 20, 4], fill: 2 }),
      slice({ position: [10, 20, 0], fill: 0 }),
      slice({ position: [10, 20, 2], fill: 1 }),
    ]);
    if ('refused' in built) throw new Error(built.refused);
    const { volume } = built;
    expect(volume.size).toEqual([3, 2, 3]);
    expect(volume.spacingMm).toEqual([2, 0.5, 0.75]);
    expect([0, 6, 12].map((at) => volume.values[at])).toEqual([0, 1, 2]);
    expect(volume.values).toBeInstanceOf(Int16Array);
    expect(toLps(volume, [2, 1, 2])).toEqual([11.5, 20.5, 4]);
  });

  it('keeps fractions where there are any', () => {
    const [first, second] = stack(0, 1);
    first?.values.fill(0.5);
    const built = buildVolume([first, second].filter((value) => value !== undefined));
    expect('volume' in built && built.volume.values).toBeInstanceOf(Float32Array);
  });

  it('refuses irregular distances and says how far they are', () => {
    expect(refusal(stack(0, 2.5, 5, 8.5, 13.5))).toMatch(/irregular: from 2\.50 to 5\.00 mm/);
  });

  it('refuses missing slices and counts them', () => {
    expect(refusal(stack(0, 1, 2, 5, 6))).toMatch(/^2 slices are missing/);
  });

  it('refuses slices that stand twice at one place', () => {
    expect(refusal(stack(0, 1, 1, 2))).toMatch(/^1 of 4 slices/);
  });

  it('refuses a gantry tilt and tells its angle', () => {
    const tilted = [0, 1, 2].map((k) => slice({ position: [0, k * Math.tan((20 * Math.PI) / 180), k] }));
    expect(refusal(tilted)).toMatch(/gantry tilt of 20\.0 degrees/);
  });

  it('refuses mixed orientations and mixed sizes, and what is no stack', () => {
    expect(refusal([slice({ position: [0, 0, 0] }), slice({ position: [0, 0, 1], orientation: [0, 1, 0, 0, 0, -1] })])).toMatch(
      /orientations/,
    );
    expect(refusal([slice({ position: [0, 0, 0] }), slice({ position: [0, 0, 1], rows: 4 })])).toMatch(/sizes/);
    expect(refusal(stack(0))).toMatch(/two slices/);
    expect(refusal([slice({ position: [] }), slice({ position: [] })])).toMatch(/no position/);
  });
});
