import { describe, expect, it } from 'vitest';
import { cross, dot, scale, subtract, type Vector } from '../../imaging/vector.ts';
import type { FrameInfo } from './frame-info.ts';
import {
  cameraOf,
  edgeLetters,
  FITTED,
  pixelOf,
  placementOf,
  planeOf,
  toCell,
  toPixel,
  type View,
  worldOf,
  zoomedAt,
} from './view-geometry.ts';

const SIZE = { width: 800, height: 600 };
const AXIAL: FrameInfo = {
  rows: 400,
  columns: 512,
  spacing: { row: 0.8, column: 0.7 },
  spacingAt: 'patient',
  aspect: 0.8 / 0.7,
  plane: { position: [-180, -140, 55], rows: [1, 0, 0], columns: [0, 1, 0] },
  patientOrientation: null,
  frameOfReferenceUid: '1.2',
  sliceThicknessMm: 1,
  modality: 'CT',
  photometricInterpretation: 'MONOCHROME2',
  unit: 'HU',
  isLossy: false,
};
const VIEWS: View[] = [
  FITTED,
  { zoom: 2.5, panX: 40, panY: -25, rotation: 0, isFlipped: false },
  { zoom: 1.3, panX: 7, panY: 11, rotation: 90, isFlipped: false },
  { zoom: 0.8, panX: -30, panY: 4, rotation: 180, isFlipped: true },
  { zoom: 1, panX: 0, panY: 0, rotation: 270, isFlipped: true },
];

describe('the place of a frame in its cell', () => {
  it('fits it whole and in the middle, and one zoomed frame overhangs', () => {
    const placement = placementOf(AXIAL, SIZE, FITTED);
    const [topLeft, bottomRight] = [toCell(placement, [0, 0]), toCell(placement, [512, 400])];
    expect([topLeft.x + bottomRight.x, topLeft.y + bottomRight.y]).toEqual([800, 600]);
    expect(topLeft.y).toBeCloseTo(0, 9);
    expect(topLeft.x).toBeGreaterThan(0);
    expect(toCell(placementOf(AXIAL, SIZE, { ...FITTED, zoom: 3 }), [0, 0]).x).toBeLessThan(0);
  });

  it.each(VIEWS)('leads from pixels to the cell and back: %o', (view) => {
    const placement = placementOf(AXIAL, SIZE, view);
    const { x, y } = toCell(placement, [100.5, 37.25]);
    const [column, row] = toPixel(placement, { x, y });
    expect([column, row].map((value) => Number(value.toFixed(6)))).toEqual([100.5, 37.25]);
  });

  it.each(VIEWS)('is what the camera of the engine shows: %o', (view) => {
    const { focalPoint, viewUp, viewPlaneNormal, parallelScale } = cameraOf(AXIAL, SIZE, view);
    const right = cross(viewUp, viewPlaneNormal);
    const perUnit = SIZE.height / 2 / parallelScale;
    const world = worldOf(planeOf(AXIAL), [33, 250]);
    const away = subtract(world, focalPoint);
    const drawn = { x: SIZE.width / 2 + dot(away, right) * perUnit, y: SIZE.height / 2 - dot(away, viewUp) * perUnit };
    const placed = toCell(placementOf(AXIAL, SIZE, view), [33, 250]);
    expect(drawn.x).toBeCloseTo(placed.x, 6);
    expect(drawn.y).toBeCloseTo(placed.y, 6);
  });

  it('keeps what lies under the pointer there when it is zoomed', () => {
    const before = VIEWS[1] ?? FITTED;
    const at = { x: 123, y: 456 };
    const under = toPixel(placementOf(AXIAL, SIZE, before), at);
    const after = toCell(placementOf(AXIAL, SIZE, zoomedAt(before, 1.7, at, SIZE)), under);
    expect(after.x).toBeCloseTo(at.x, 6);
    expect(after.y).toBeCloseTo(at.y, 6);
  });

  it('in the patient begins at the center of the first pixel', () => {
    expect(worldOf(planeOf(AXIAL), [0.5, 0.5])).toEqual([-180, -140, 55]);
    expect(pixelOf(planeOf(AXIAL), [-180 + 0.7 * 10, -140 + 0.8 * 20, 55]).map((value) => Number(value.toFixed(6)))).toEqual([10.5, 20.5]);
  });
});

describe('the letters at the edges', () => {
  const lettersOf = (info: FrameInfo, view: View) => edgeLetters(info, placementOf(info, SIZE, view));

  it('say where the patient is, turned and mirrored as well', () => {
    expect(lettersOf(AXIAL, FITTED)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
    expect(lettersOf(AXIAL, { ...FITTED, isFlipped: true })).toEqual({ left: 'L', right: 'R', top: 'A', bottom: 'P' });
    expect(lettersOf(AXIAL, { ...FITTED, rotation: 90 })).toEqual({ left: 'P', right: 'A', top: 'R', bottom: 'L' });
  });

  it('of a radiograph are its own, and of a picture without any there are none', () => {
    const radiograph: FrameInfo = { ...AXIAL, plane: null, patientOrientation: ['L', 'F'] };
    expect(lettersOf(radiograph, FITTED)).toEqual({ left: 'R', right: 'L', top: 'H', bottom: 'F' });
    expect(lettersOf({ ...radiograph, patientOrientation: null }, FITTED)).toEqual({ left: '', right: '', top: '', bottom: '' });
  });

  it('of an oblique plane name the larger direction first', () => {
    const half = Math.SQRT1_2;
    const rows = scale([half, 0.3, -half], 1 / Math.hypot(half, 0.3, half)) as Vector;
    const oblique: FrameInfo = { ...AXIAL, plane: { position: [0, 0, 0], rows, columns: [0, 1, 0] } };
    expect(lettersOf(oblique, FITTED).right).toMatch(/^(LF|FL)P$/);
  });
});
