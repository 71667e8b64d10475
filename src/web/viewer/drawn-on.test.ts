import { describe, expect, it } from 'vitest';
import { normalize, type Vector } from '../../imaging/vector.ts';
import { type DrawnOn, drawnAnew, movedTo, placedOn, type Space } from './drawn-on.ts';
import type { FrameInfo } from './frame-info.ts';
import type { Annotation, FrameReference, PixelPoint } from './viewer-surface.ts';
import { sampledAt, type VolumeGrid } from './volume-grid.ts';

const picture = (number: number): FrameReference => ({
  study_instance_uid: '1',
  series_instance_uid: '1.1',
  sop_instance_uid: `1.1.${number}`,
  frame: 1,
});
/** Values that grow by 1 in a millimeter along x and by 10 along z. */
const grid: VolumeGrid = {
  order: [0, 1, 2, 3],
  size: [20, 20, 20],
  spacingMm: [1, 1, 1],
  origin: [0, 0, 0],
  rows: [1, 0, 0],
  columns: [0, 1, 0],
  normal: [0, 0, 1],
};
const space: Space = {
  frameOfReferenceUid: '1.9',
  nearest: ([, , z]) => picture(Math.round(z)),
  valueAt: (point) => sampledAt({ grid, valueAt: (column, _, slice) => column + 10 * slice }, point),
  unit: "[hnsf'U]",
  stepMm: 1,
};

function planeAt(position: Vector, [rows, columns]: readonly [Vector, Vector]): DrawnOn {
  const info: FrameInfo = {
    rows: 20,
    columns: 20,
    spacing: { row: 1, column: 1 },
    spacingAt: 'patient',
    aspect: 1,
    plane: { position, rows, columns },
    patientOrientation: null,
    frameOfReferenceUid: '1.9',
    sliceThicknessMm: 1,
    modality: 'CT',
    photometricInterpretation: 'MONOCHROME2',
    unit: 'HU',
    isLossy: false,
  };
  return { on: picture(0), info, placement: { a: 1, b: 0, c: 0, d: 1, e: 0, f: 0 }, values: () => null, space };
}
const AXIAL = [
  [1, 0, 0],
  [0, 1, 0],
] as const;
const CORONAL = [
  [1, 0, 0],
  [0, 0, -1],
] as const;
const OBLIQUE = [normalize([1, 1, 0]), [0, 0, -1]] as const;

const read = ({ readings }: Annotation) => Object.fromEntries(readings.map(({ name, value }) => [name, value]));

describe('what is drawn on a plane through a volume', () => {
  const LINE: PixelPoint[] = [
    [1.5, 0.5],
    [5.5, 3.5],
  ];

  it('lies in the patient, names the picture that is nearest, and is measured in millimeters', () => {
    const drawn = drawnAnew('length', LINE, planeAt([0, 4, 9], CORONAL));
    expect(drawn).toMatchObject({ isInSpace: true, frameOfReferenceUid: '1.9', pixelPoints: [], on: picture(8) });
    expect(drawn.patientPoints).toEqual([
      [1, 4, 9],
      [5, 4, 6],
    ]);
    expect(drawn.readings).toEqual([{ name: 'length', value: 5, unit: 'mm' }]);
  });

  it('is seen on each plane that holds it, and on no other', () => {
    const drawn = drawnAnew('length', LINE, planeAt([0, 4, 9], CORONAL));
    expect(placedOn(drawn, planeAt([3, 4.3, 2], CORONAL))?.canMove).toBe(true);
    expect(placedOn(drawn, planeAt([3, 4.6, 2], CORONAL))).toBeUndefined();
    expect(placedOn(drawn, planeAt([0, 0, 9], AXIAL))).toBeUndefined();
    const elsewhere = { ...drawn, frameOfReferenceUid: '1.8' };
    expect(placedOn(elsewhere, planeAt([0, 4, 9], CORONAL))).toBeUndefined();
  });

  it('is seen on a picture that holds it, where it cannot be moved', () => {
    const drawn = drawnAnew('length', LINE, planeAt([0, 0, 9], AXIAL));
    const { space: _, ...onPicture } = planeAt([0, 0, 9], AXIAL);
    expect(placedOn(drawn, onPicture)).toMatchObject({ points: LINE, canMove: false });
  });

  it('takes its values from between the voxels, on oblique planes too', () => {
    const point = drawnAnew('probe', [[0.5, 0.5]], planeAt([2.5, 3, 4.25], OBLIQUE));
    expect(point.readings).toEqual([{ name: 'value', value: 45, unit: "[hnsf'U]" }]);
    const corners: PixelPoint[] = [
      [2.5, 2.5],
      [8.5, 2.5],
      [2.5, 6.5],
      [8.5, 6.5],
    ];
    const region = read(drawnAnew('rectangle', corners, planeAt([0, 0, 12], OBLIQUE)));
    expect(region['area']).toBeCloseTo(24, 10);
    // Five millimeters along the diagonal and four below: x is 3.54, z is 8.
    expect(region['mean']).toBeCloseTo(5 / Math.SQRT2 + 80, 6);
  });

  it('is moved within its plane, which it does not leave', () => {
    const drawn = drawnAnew(
      'ellipse',
      [
        [5, 8],
        [5, 2],
        [3, 5],
        [7, 5],
      ],
      planeAt([0, 4, 9], CORONAL),
    );
    const frame = planeAt([0, 4.25, 9], CORONAL);
    const placed = placedOn(drawn, frame);
    if (!placed) throw new Error('not there');
    const moved = movedTo(
      placed,
      placed.points.map(([x, y]): PixelPoint => [x + 2, y]),
      frame,
    );
    expect(moved.patientPoints?.map(([x, y, z]) => [x, y, z].map((value) => Number(value.toFixed(9))))).toEqual([
      [6.5, 4, 1.5],
      [6.5, 4, 7.5],
      [4.5, 4, 4.5],
      [8.5, 4, 4.5],
    ]);
    expect(read(moved)['area']).toBeCloseTo(Math.PI * 3 * 2, 10);
    expect(moved.id).toBe(drawn.id);
  });

  it('cannot be moved where its sides lean on the plane', () => {
    const corners: PixelPoint[] = [
      [2, 2],
      [8, 2],
      [2, 6],
      [8, 6],
    ];
    const drawn = drawnAnew('rectangle', corners, planeAt([0, 0, 9], AXIAL));
    const turned = planeAt([0, 0, 9], [normalize([1, 1, 0]), normalize([-1, 1, 0])]);
    expect(placedOn(drawn, turned)?.canMove).toBe(false);
    const quarter = planeAt(
      [0, 0, 9],
      [
        [0, 1, 0],
        [-1, 0, 0],
      ],
    );
    expect(placedOn(drawn, quarter)?.canMove).toBe(true);
  });
});

describe('what is drawn on a picture', () => {
  it('is seen on a plane that holds it, and is moved on its picture alone', () => {
    const { space: _, ...frame } = planeAt([0, 0, 7], AXIAL);
    const drawn = drawnAnew(
      'length',
      [
        [1, 1],
        [4, 5],
      ],
      frame,
    );
    expect(drawn).toMatchObject({
      pixelPoints: [
        [1, 1],
        [4, 5],
      ],
      patientPoints: [
        [0.5, 0.5, 7],
        [3.5, 4.5, 7],
      ],
    });
    expect(placedOn(drawn, planeAt([9, 9, 7.4], AXIAL))?.canMove).toBe(false);
    expect(placedOn(drawn, { ...frame, on: picture(3) })).toBeUndefined();
  });
});
