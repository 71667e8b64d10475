import { describe, expect, it } from 'vitest';
import { pointsOf, withPoint } from './annotation-geometry.ts';
import type { FrameInfo } from './frame-info.ts';
import { readingsOf } from './readings.ts';
import type { AnnotationKind, PixelPoint } from './viewer-surface.ts';

const INFO: FrameInfo = {
  rows: 10,
  columns: 10,
  spacing: { row: 2, column: 0.5 },
  spacingAt: 'patient',
  aspect: 4,
  plane: null,
  patientOrientation: null,
  frameOfReferenceUid: null,
  sliceThicknessMm: null,
  modality: 'CT',
  photometricInterpretation: 'MONOCHROME2',
  unit: 'HU',
  isLossy: false,
};
/** Each value is its index. */
const VALUES = { values: Int16Array.from({ length: 100 }, (_, index) => index), isColor: false };
const figures = (kind: AnnotationKind, points: PixelPoint[], info = INFO) =>
  Object.fromEntries(readingsOf(kind, points, info, VALUES).map(({ name, value, unit }) => [name, [Number(value.toFixed(4)), unit]]));

describe('figures of a measurement', () => {
  it('are in millimeters by the spacing of each axis', () => {
    expect(
      figures('length', [
        [1, 1],
        [7, 3],
      ]),
    ).toEqual({ length: [5, 'mm'] });
  });

  it('are in pixels where the frame has no spacing', () => {
    const bare = { ...INFO, spacing: null, spacingAt: null, aspect: 1 };
    expect(
      figures(
        'length',
        [
          [0, 0],
          [3, 4],
        ],
        bare,
      ),
    ).toEqual({ length: [5, '{pixels}'] });
    expect(
      figures(
        'rectangle',
        pointsOf('rectangle', [
          [
            [0, 0],
            [2, 3],
          ],
        ]),
        bare,
      )['area'],
    ).toEqual([6, '{pixels}2']);
  });

  it('of angles take the shape of the pixels into account', () => {
    // 4 columns of 0.5 mm across, 1 row of 2 mm down: 45 degrees.
    expect(
      figures('angle', [
        [4, 0],
        [0, 0],
        [4, 1],
      ]),
    ).toEqual({ angle: [45, 'deg'] });
    expect(
      figures('cobb', [
        [0, 0],
        [4, 0],
        [4, 1],
        [0, 0],
      ]),
    ).toEqual({ angle: [45, 'deg'] });
  });

  it('of a ratio have no unit', () => {
    expect(
      figures('cardiothoracic', [
        [0, 0],
        [4, 0],
        [0, 5],
        [8, 5],
      ]),
    ).toEqual({ ratio: [0.5, '1'] });
  });

  it('of a region are those of the pixels whose centers lie inside', () => {
    const rectangle = figures(
      'rectangle',
      pointsOf('rectangle', [
        [
          [1, 1],
          [3, 3],
        ],
      ]),
    );
    // Pixels 11, 12, 21, 22.
    expect(rectangle).toEqual({
      area: [4, 'mm2'],
      mean: [16.5, "[hnsf'U]"],
      standard_deviation: [5.8023, "[hnsf'U]"],
      minimum: [11, "[hnsf'U]"],
      maximum: [22, "[hnsf'U]"],
    });
    const ellipse = figures(
      'ellipse',
      pointsOf('ellipse', [
        [
          [0, 0],
          [5, 5],
        ],
      ]),
    );
    expect(ellipse['area']).toEqual([19.635, 'mm2']);
    // The corners are outside.
    expect([ellipse['mean'], ellipse['minimum'], ellipse['maximum']].map((figure) => figure?.[0])).toEqual([22, 1, 43]);
  });

  it('at a point are the value of its pixel, and nothing outside of the frame or of color', () => {
    expect(figures('probe', [[3.9, 2.1]])).toEqual({ value: [23, "[hnsf'U]"] });
    expect(readingsOf('probe', [[-1, 2]], INFO, VALUES)).toEqual([]);
    expect(readingsOf('probe', [[1, 2]], INFO, { ...VALUES, isColor: true })).toEqual([]);
  });
});

describe('points of a region', () => {
  it('keep it a rectangle when a corner is dragged, even across the other', () => {
    const points = pointsOf('rectangle', [
      [
        [1, 1],
        [3, 3],
      ],
    ]);
    expect(withPoint('rectangle', points, 3, [0, 5])).toEqual([
      [0, 1],
      [1, 1],
      [0, 5],
      [1, 5],
    ]);
  });

  it('keep it an ellipse when an end of an axis is dragged', () => {
    const points = pointsOf('ellipse', [
      [
        [0, 0],
        [4, 2],
      ],
    ]);
    expect(withPoint('ellipse', points, 3, [8, 9])).toEqual([
      [4, 2],
      [4, 0],
      [0, 1],
      [8, 1],
    ]);
  });
});
