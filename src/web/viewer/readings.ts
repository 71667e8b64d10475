import type { FrameInfo } from './frame-info.ts';
import type { AnnotationKind, PixelPoint, Reading } from './viewer-surface.ts';

/** Values of a frame, [row, column] or RGB, of which no figures are made. */
export type FrameValues = { values: ArrayLike<number>; isColor: boolean };

/** Units of modality values as DICOM names them (PS3.3 C.11.1.1.2, C.8.9.1.1.3), in UCUM. */
const UCUM: Readonly<Record<string, string>> = { HU: "[hnsf'U]", BQML: 'Bq/mL', GML: 'g/mL', CNTS: '{counts}', PCT: '%' };

/** The UCUM code of a unit as a data set names it. */
export function ucumOf(unit: string): string {
  return UCUM[unit] ?? unit;
}

/**
 * The figures of an annotation. Lengths and areas are in millimeters where the frame has a spacing, else in pixels; angles and ratios
 * take the shape of the pixels into account. A pixel belongs to a region if its center lies inside.
 *
 * @param values null where the pixels are not there: figures of them are left out
 */
export function readingsOf(kind: AnnotationKind, points: readonly PixelPoint[], info: FrameInfo, values: FrameValues | null): Reading[] {
  const [a, b, c, d] = points;
  if (!a) return [];
  const unit = info.spacing ? 'mm' : '{pixels}';
  const distance = (from: PixelPoint, to: PixelPoint): number => Math.hypot(...vectorOf(info, from, to));
  switch (kind) {
    case 'length':
      return b ? [{ name: 'length', value: distance(a, b), unit }] : [];
    case 'angle':
      return b && c ? [{ name: 'angle', value: angleBetween(vectorOf(info, b, a), vectorOf(info, b, c)), unit: 'deg' }] : [];
    case 'cobb':
      return b && c && d ? [{ name: 'angle', value: acute(angleBetween(vectorOf(info, a, b), vectorOf(info, c, d))), unit: 'deg' }] : [];
    case 'cardiothoracic': {
      const chest = c && d ? distance(c, d) : 0;
      return b && chest > 0 ? [{ name: 'ratio', value: distance(a, b) / chest, unit: '1' }] : [];
    }
    case 'probe':
      return probeReading(a, info, values);
    case 'rectangle':
    case 'ellipse':
      return regionReadings(kind, points, info, values);
    case 'arrow':
      return [];
  }
}

/** Millimeters, or pixels of which the sides are in the right proportion. */
function vectorOf({ spacing, aspect }: FrameInfo, [fromColumn, fromRow]: PixelPoint, [toColumn, toRow]: PixelPoint): [number, number] {
  const { row, column } = spacing ?? { row: aspect, column: 1 };
  return [(toColumn - fromColumn) * column, (toRow - fromRow) * row];
}

function angleBetween([ax, ay]: [number, number], [bx, by]: [number, number]): number {
  return (Math.atan2(Math.abs(ax * by - ay * bx), ax * bx + ay * by) * 180) / Math.PI;
}

function acute(degrees: number): number {
  return degrees > 90 ? 180 - degrees : degrees;
}

function probeReading([column, row]: PixelPoint, info: FrameInfo, pixels: FrameValues | null): Reading[] {
  const [x, y] = [Math.floor(column), Math.floor(row)];
  const isInside = x >= 0 && y >= 0 && x < info.columns && y < info.rows;
  if (!pixels || pixels.isColor || !isInside) return [];
  return [{ name: 'value', value: pixels.values[y * info.columns + x] ?? 0, unit: ucumOf(info.unit) }];
}

function regionReadings(
  kind: 'rectangle' | 'ellipse',
  points: readonly PixelPoint[],
  info: FrameInfo,
  pixels: FrameValues | null,
): Reading[] {
  const [left, right] = [Math.min(...points.map(([x]) => x)), Math.max(...points.map(([x]) => x))];
  const [top, bottom] = [Math.min(...points.map(([, y]) => y)), Math.max(...points.map(([, y]) => y))];
  const [width, height] = vectorOf(info, [left, top], [right, bottom]);
  const area = kind === 'rectangle' ? width * height : (Math.PI / 4) * width * height;
  const readings: Reading[] = [{ name: 'area', value: area, unit: info.spacing ? 'mm2' : '{pixels}2' }];
  if (!pixels || pixels.isColor) return readings;
  const unit = ucumOf(info.unit);
  const inside = kind === 'rectangle' ? () => true : inEllipse({ left, right, top, bottom });
  const statistics = statisticsOf(pixels.values, info, { left, right, top, bottom }, inside);
  if (!statistics) return readings;
  return [...readings, ...statistics.map(([name, value]): Reading => ({ name, value, unit }))];
}

type Region = { left: number; right: number; top: number; bottom: number };

function inEllipse({ left, right, top, bottom }: Region): (column: number, row: number) => boolean {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const [radiusX, radiusY] = [(right - left) / 2 || 1, (bottom - top) / 2 || 1];
  return (column, row) => ((column - x) / radiusX) ** 2 + ((row - y) / radiusY) ** 2 <= 1;
}

function statisticsOf(
  values: ArrayLike<number>,
  { rows, columns }: FrameInfo,
  { left, right, top, bottom }: Region,
  isInside: (column: number, row: number) => boolean,
): [Reading['name'], number][] | undefined {
  const inside: number[] = [];
  for (let y = Math.max(0, Math.ceil(top - 0.5)); y < Math.min(rows, bottom - 0.5 + 1e-9); y += 1) {
    for (let x = Math.max(0, Math.ceil(left - 0.5)); x < Math.min(columns, right - 0.5 + 1e-9); x += 1)
      if (isInside(x + 0.5, y + 0.5)) inside.push(values[y * columns + x] ?? 0);
  }
  return valuesSummary(inside);
}

/** Mean, standard deviation of a sample, and both ends; undefined of nothing. */
export function valuesSummary(values: readonly number[]): [Reading['name'], number][] | undefined {
  let [count, mean, squares, low, high] = [0, 0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    // In one pass without loss of digits (Welford 1962).
    count += 1;
    const before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (count === 0) return undefined;
  return [
    ['mean', mean],
    ['standard_deviation', count > 1 ? Math.sqrt(squares / (count - 1)) : 0],
    ['minimum', low],
    ['maximum', high],
  ];
}
