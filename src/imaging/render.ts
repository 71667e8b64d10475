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

  const gray = (some: DecodedFrame): Uint8Array => {
    const values = toModalityValues(some, dataSet, frame);
    const shades = applyWindow(values, window ?? statedWindow(dataSet, frame) ?? rangeWindow(values, some, dataSet));
    if (isInverted(some, dataSet)) for (let index = 0; index < shades.length; index += 1) shades[index] = 255 - (shades[index] ?? 0);
    return shades;
  };
  return { width, height, channels: 1, pixels: shadesOf(decoded, gray) };
}

/** Stored values that fit a table; larger ones are rare, and looked at one by one. */
const TABLE_SIZE = 65_536;

/** The shade of each pixel: of values that occur many times it is asked for once. */
function shadesOf(decoded: DecodedFrame, gray: (decoded: DecodedFrame) => Uint8Array): Uint8Array {
  const { pixels } = decoded;
  if (pixels.BYTES_PER_ELEMENT > 2 || pixels.length < TABLE_SIZE) return gray(decoded);
  const table = new Uint8Array(TABLE_SIZE);
  for (let index = 0; index < pixels.length; index += 1) table[(pixels[index] ?? 0) & 0xffff] = 1;
  const occurring = new Int32Array(TABLE_SIZE);
  let count = 0;
  for (let cell = 0; cell < TABLE_SIZE; cell += 1) if (table[cell] === 1) occurring[count++] = cell;
  // The same kind of cells turns them back into the values that they are, negative ones too; slice() keeps it, which `new` on a union cannot.
  const values = pixels.slice(0, count);
  values.set(occurring.subarray(0, count));
  const shades = gray({ ...decoded, rows: 1, columns: count, pixels: values });
  for (let index = 0; index < count; index += 1) table[occurring[index] ?? 0] = shades[index] ?? 0;
  const output = new Uint8Array(pixels.length);
  for (let index = 0; index < pixels.length; index += 1) output[index] = table[(pixels[index] ?? 0) & 0xffff] ?? 0;
  return output;
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
