import { describe, expect, it } from 'vitest';
import { normalize, type Vector } from '../../imaging/vector.ts';
import type { FrameInfo } from './frame-info.ts';
import { type MaskFrame, maskVolumeOf, paintMask, sliceDistance } from './mask-volume.ts';

const SIZE = 8;

/** A frame at a height, of which the columns from 2 to 5 and the rows from 3 to 4 belong to the segment. */
function frameAt(z: number, change: Partial<FrameInfo> = {}): MaskFrame {
  const info: FrameInfo = {
    rows: SIZE,
    columns: SIZE,
    spacing: { row: 1, column: 1 },
    spacingAt: 'patient',
    aspect: 1,
    plane: { position: [0, 0, z], rows: [1, 0, 0], columns: [0, 1, 0] },
    patientOrientation: null,
    frameOfReferenceUid: '1',
    sliceThicknessMm: 2,
    modality: 'SEG',
    photometricInterpretation: 'MONOCHROME2',
    unit: '',
    isLossy: false,
    ...change,
  };
  const values = Array.from({ length: SIZE * SIZE }, (_, at) => {
    const [column, row] = [at % SIZE, Math.floor(at / SIZE)];
    return column >= 2 && column <= 5 && row >= 3 && row <= 4 ? 1 : 0;
  });
  return { info, values };
}

const FRAMES = [4, 8, 6].map((z) => frameAt(z));

function painted(raster: { first: Vector; right: Vector; down: Vector }, frames = FRAMES, largest = 1): string[] {
  const mask = maskVolumeOf(frames, { largest, sliceMm: sliceDistance(frames.map(({ info }) => info)) });
  if (!mask) throw new Error('no volume');
  const picture = new Uint8ClampedArray(10 * 10 * 4);
  paintMask(picture, { width: 10, height: 10, ...raster }, mask, [1, 2, 3]);
  const rows = Array.from({ length: 10 }, (_, y) =>
    Array.from({ length: 10 }, (_, x) => ((picture[(y * 10 + x) * 4 + 3] ?? 0) > 0 ? '#' : '.')).join(''),
  );
  return rows.filter((row) => row.includes('#'));
}

describe('a segment on a plane through a volume', () => {
  it('is painted where the plane of its slices holds it', () => {
    expect(painted({ first: [0, 0, 6], right: [1, 0, 0], down: [0, 1, 0] })).toEqual(['..####....', '..####....']);
    expect(painted({ first: [0, 0, 2.9], right: [1, 0, 0], down: [0, 1, 0] })).toEqual([]);
  });

  it('is painted across its slices as thick as they are', () => {
    // From above: three slices of two millimeters, from 3 to 9.
    expect(painted({ first: [0, 3.4, 9.5], right: [1, 0, 0], down: [0, 0, -1] })).toEqual(Array.from({ length: 6 }, () => '..####....'));
  });

  it('is painted on an oblique plane where that cuts through it', () => {
    const diagonal = normalize([1, 1, 0]);
    const [row, ...others] = painted({ first: [0, 0, 9.5], right: diagonal, down: [0, 0, -1] });
    // The diagonal enters at row 2.5 and leaves at row 4.5: columns 2.5 to 4.5, 2.8 mm along it.
    expect(row).toMatch(/^\.{4}#{3}\.+$/);
    expect(others).toHaveLength(5);
  });

  it('leaves out frames that lie otherwise, and slices that are empty', () => {
    const turned = frameAt(6, { plane: { position: [0, 0, 6], rows: [0, 1, 0], columns: [1, 0, 0] } });
    const empty = { ...frameAt(8), values: new Uint8Array(SIZE * SIZE) };
    const mask = maskVolumeOf([frameAt(4), turned, empty], { largest: 1, sliceMm: 2 });
    expect([...(mask?.slices.keys() ?? [])]).toEqual([0]);
    expect(maskVolumeOf([frameAt(4, { plane: null })], { largest: 1, sliceMm: 2 })).toBeUndefined();
  });

  it('is the weaker the smaller the fraction, and lets a stronger one stay', () => {
    const strong = maskVolumeOf(FRAMES, { largest: 1, sliceMm: 2 });
    const weak = maskVolumeOf(FRAMES, { largest: 4, sliceMm: 2 });
    if (!strong || !weak) throw new Error('no volume');
    const picture = new Uint8ClampedArray(4);
    const raster = { width: 1, height: 1, first: [3, 3, 6], right: [1, 0, 0], down: [0, 1, 0] } as const;
    paintMask(picture, raster, weak, [9, 9, 9]);
    expect([...picture]).toEqual([9, 9, 9, 63]);
    paintMask(picture, raster, strong, [1, 2, 3]);
    paintMask(picture, raster, weak, [9, 9, 9]);
    expect([...picture]).toEqual([1, 2, 3, 255]);
  });
});
