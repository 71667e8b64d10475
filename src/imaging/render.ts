import { type DataSet, numberOf, numbersOf, textOf } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import type { DecodedFrame } from './decoded-frame.ts';
import { macroOf } from './functional-groups.ts';
import { toModalityValues } from './modality-lut.ts';
import { applyPalette } from './palette.ts';
import { resampleGray } from './resample.ts';
import { applyWindow, rangeWindow, statedWindow, type Window } from './window.ts';

/** A picture to be looked at: 8 bits, [row, column, channel], gray or RGB, 0 black. */
export type RenderedFrame = { width: number; height: number; channels: 1 | 3; pixels: Uint8Array };

export type RenderOptions = {
  /** Instead of the window that the data set asks for; modality units. Color ignores it. */
  window?: Window;
  /** Index from 0 of the frame within its object, for per-frame windows and rescale. */
  frame?: number;
  /** Resamples pixels that are not square to the spacing of the finer axis. */
  square?: boolean;
};

/** Pixel sides that differ by less than this are taken as square. */
const SQUARE_TOLERANCE = 0.001;

/** No axis grows by more than this: a spacing of 0.001 to 1 is a typing error. */
const MAX_STRETCH = 8;

/**
 * The grayscale pipeline of PS3.4 N.2 (modality, VOI, presentation) or the color that the frame holds. Orientation is untouched.
 * @throws {ImagingError} if a look-up table that the pixels need is malformed
 */
export function renderFrame(decoded: DecodedFrame, dataSet: DataSet, options: RenderOptions = {}): RenderedFrame {
  const rendered = renderPixels(decoded, dataSet, options);
  return options.square ? squarePixels(rendered, dataSet, options.frame ?? 0) : rendered;
}

function renderPixels(decoded: DecodedFrame, dataSet: DataSet, { window, frame = 0 }: RenderOptions): RenderedFrame {
  const { rows: height, columns: width, photometricInterpretation } = decoded;
  if (photometricInterpretation === 'RGB') return { width, height, channels: 3, pixels: toBytes(decoded, dataSet) };
  if (photometricInterpretation === 'PALETTE COLOR') return { width, height, channels: 3, pixels: applyPalette(decoded.pixels, dataSet) };

  const values = toModalityValues(decoded, dataSet, frame);
  const pixels = applyWindow(values, window ?? statedWindow(dataSet, frame) ?? rangeWindow(values, decoded, dataSet));
  if (isInverted(decoded, dataSet)) for (let index = 0; index < pixels.length; index += 1) pixels[index] = 255 - (pixels[index] ?? 0);
  return { width, height, channels: 1, pixels };
}

/** MONOCHROME1 says it all; Presentation LUT Shape only repeats it (C.8.11.3), except where it alone says INVERSE. */
function isInverted({ photometricInterpretation }: DecodedFrame, dataSet: DataSet): boolean {
  return photometricInterpretation === 'MONOCHROME1' || textOf(dataSet, Tag.PresentationLUTShape) === 'INVERSE';
}

function toBytes({ pixels }: DecodedFrame, dataSet: DataSet): Uint8Array {
  if (pixels instanceof Uint8Array) return pixels;
  const bits = numberOf(dataSet, Tag.BitsStored) ?? pixels.BYTES_PER_ELEMENT * 8;
  const divisor = 2 ** Math.max(0, bits - 8);
  return Uint8Array.from(pixels, (value) => Math.min(255, Math.max(0, value / divisor)));
}

function squarePixels(rendered: RenderedFrame, dataSet: DataSet, frame: number): RenderedFrame {
  const ratio = Math.min(MAX_STRETCH, Math.max(1 / MAX_STRETCH, verticalToHorizontal(dataSet, frame)));
  if (Math.abs(ratio - 1) < SQUARE_TOLERANCE) return rendered;
  const width = ratio < 1 ? Math.round(rendered.width / ratio) : rendered.width;
  const height = ratio > 1 ? Math.round(rendered.height * ratio) : rendered.height;

  const pixels = new Uint8Array(width * height * rendered.channels);
  for (let channel = 0; channel < rendered.channels; channel += 1) {
    const plane = Float32Array.from(
      { length: rendered.width * rendered.height },
      (_, index) => rendered.pixels[index * rendered.channels + channel] ?? 0,
    );
    const resampled = resampleGray({ width: rendered.width, height: rendered.height, pixels: plane }, width, height);
    for (let index = 0; index < width * height; index += 1)
      pixels[index * rendered.channels + channel] = (resampled.pixels[index] ?? 0) + 0.5;
  }
  return { width, height, channels: rendered.channels, pixels };
}

/** Height of a pixel over its width, from its spacing or Pixel Aspect Ratio; 1 if neither is there. */
function verticalToHorizontal(dataSet: DataSet, frame: number): number {
  const spacing = numbersOf(macroOf(dataSet, Tag.PixelMeasuresSequence, frame), Tag.PixelSpacing);
  const candidates = [spacing, numbersOf(dataSet, Tag.ImagerPixelSpacing), numbersOf(dataSet, Tag.PixelAspectRatio)];
  for (const [vertical, horizontal] of candidates) {
    if (vertical !== undefined && horizontal !== undefined && vertical > 0 && horizontal > 0) return vertical / horizontal;
  }
  return 1;
}
