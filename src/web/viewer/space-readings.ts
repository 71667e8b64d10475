import { add, cross, dot, length, scale, subtract, type Vector } from '../../imaging/vector.ts';
import { valuesSummary } from './readings.ts';
import type { AnnotationKind, PatientPoint, Reading } from './viewer-surface.ts';

/** A volume as figures are taken from it: modality values between its voxels, their unit in UCUM, and the smallest distance of voxels. */
export type Sampled = { valueAt: (point: Vector) => number | null; unit: string; stepMm: number };

/** Values that a region is read at; a larger one is read in wider steps. */
const MOST_SAMPLES = 250_000;

/** The figures of an annotation from its points in the patient: millimeters, degrees and, of regions and points, values of the volume. */
export function readingsInSpace(kind: AnnotationKind, points: readonly PatientPoint[], volume: Sampled): Reading[] {
  const [a, b, c, d] = points;
  if (!a) return [];
  switch (kind) {
    case 'length':
      return b ? [{ name: 'length', value: length(subtract(b, a)), unit: 'mm' }] : [];
    case 'angle':
      return b && c ? [{ name: 'angle', value: angleBetween(subtract(a, b), subtract(c, b)), unit: 'deg' }] : [];
    case 'cobb': {
      const angle = b && c && d ? angleBetween(subtract(b, a), subtract(d, c)) : undefined;
      return angle === undefined ? [] : [{ name: 'angle', value: Math.min(angle, 180 - angle), unit: 'deg' }];
    }
    case 'probe': {
      const value = volume.valueAt(a);
      return value === null ? [] : [{ name: 'value', value, unit: volume.unit }];
    }
    case 'rectangle':
    case 'ellipse':
      return b && c && d ? regionReadings(kind, axesOf(kind, [a, b, c, d]), volume) : [];
    case 'cardiothoracic':
    case 'arrow':
      return [];
  }
}

/** Center, and from it half of the width and half of the height. */
type Axes = { center: Vector; across: Vector; down: Vector };

/** Corners stand row by row, the ends of an ellipse's axes one after the other. */
function axesOf(kind: 'rectangle' | 'ellipse', [a, b, c, d]: readonly [Vector, Vector, Vector, Vector]): Axes {
  const center = scale(add(add(a, b), add(c, d)), 1 / 4);
  if (kind === 'ellipse') return { center, across: scale(subtract(d, c), 1 / 2), down: scale(subtract(b, a), 1 / 2) };
  return { center, across: scale(subtract(b, a), 1 / 2), down: scale(subtract(c, a), 1 / 2) };
}

function regionReadings(kind: 'rectangle' | 'ellipse', { center, across, down }: Axes, { valueAt, unit, stepMm }: Sampled): Reading[] {
  const share = kind === 'rectangle' ? 4 : Math.PI;
  const area: Reading = { name: 'area', value: share * length(cross(across, down)), unit: 'mm2' };
  const [width, height] = [2 * length(across), 2 * length(down)];
  const step = Math.max(stepMm, Math.sqrt((width * height) / MOST_SAMPLES));
  const [columns, rows] = [Math.max(1, Math.round(width / step)), Math.max(1, Math.round(height / step))];
  const values: number[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [x, y] = [((column + 0.5) / columns) * 2 - 1, ((row + 0.5) / rows) * 2 - 1];
      if (kind === 'ellipse' && x * x + y * y > 1) continue;
      const value = valueAt(add(center, add(scale(across, x), scale(down, y))));
      if (value !== null) values.push(value);
    }
  }
  return [area, ...(valuesSummary(values) ?? []).map(([name, value]): Reading => ({ name, value, unit }))];
}

function angleBetween(a: Vector, b: Vector): number {
  return (Math.atan2(length(cross(a, b)), dot(a, b)) * 180) / Math.PI;
}
