import type { Unit } from '../../contract/measurements.ts';
import { decimal, unitText } from '../format.ts';
import { measurementWords as text } from '../strings/measurements/words.ts';

/** Digits after the decimal sign: as fine as the measuring is, not as the arithmetic. */
const DIGITS: Readonly<Partial<Record<Unit, number>>> = { mm: 1, mm2: 0, deg: 1, "[hnsf'U]": 0, '{pixels}': 1, '{square_pixels}': 0 };

/** `12.3 mm`: a number with its unit, as it is read out. Kept left to right by whoever shows it. */
export function figure(value: number, unit: string): string {
  const digits = DIGITS[unit as Unit] ?? 2;
  return [decimal(value, digits), unitWord(unit)].filter(Boolean).join(unit === 'deg' ? '' : ' ');
}

/** The same with a plus sign where it is more. */
export function signedFigure(value: number, unit: string): string {
  return `${value > 0 ? '+' : ''}${figure(value, unit)}`;
}

function unitWord(unit: string): string {
  if (unit === 'deg') return '°';
  if (unit === '{square_pixels}') return `${text.pixels}²`;
  return unit === '{pixels}' ? text.pixels : unitText(unit);
}
