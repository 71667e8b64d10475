import type { Samples } from './color.ts';

/**
 * One frame as numbers. `pixels` is [row, column, sample], the stored values before any rescale; color is RGB, whatever it was stored as;
 * `PALETTE COLOR` pixels are indices.
 */
export type DecodedFrame = {
  rows: number;
  columns: number;
  samplesPerPixel: 1 | 3;
  pixels: Samples;
  photometricInterpretation: 'MONOCHROME1' | 'MONOCHROME2' | 'PALETTE COLOR' | 'RGB';
};
