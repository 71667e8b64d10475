import { ZIGZAG } from './inverse-dct.ts';

/** Quantization of luminance, row by row (ITU-T T.81 table K.1). */
export const luminanceTable: readonly number[] = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22,
  37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/** Quantization of chrominance (T.81 table K.2). */
export const chrominanceTable: readonly number[] = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/**
 * A table for a quality from 1 to 100, in zigzag order: 50 is the table as it stands, 100 divides by one, as in the Independent JPEG
 * Group's software.
 */
export function scaledTable(table: readonly number[], quality: number): Uint8Array {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Uint8Array.from({ length: 64 }, (_, k) => {
    const value = Math.round(((table[ZIGZAG[k] ?? 0] ?? 1) * percent) / 100);
    return Math.min(255, Math.max(1, value));
  });
}
