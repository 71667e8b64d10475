import { type DataSet, itemsOf, numberOf } from '../../dicom/data-set.ts';
import { describePixels, type PixelDescription } from '../../dicom/pixel-description.ts';
import { Tag } from '../../dicom/tags.ts';
import { transferSyntaxOf } from '../../dicom/uids.ts';
import { expandYbr422, interleave, type Samples, ybrToRgb } from '../../imaging/color.ts';
import type { DecodedFrame } from '../../imaging/decoded-frame.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { rescaleOf, toModalityValues } from '../../imaging/modality-lut.ts';
import { readNativeCells, samplesOfCells } from '../../imaging/native.ts';
import { applyPalette } from '../../imaging/palette.ts';
import { rangeWindow, statedWindow, type Window } from '../../imaging/window.ts';

export type GrayValues = Uint8Array | Uint16Array | Int16Array | Float32Array;
/**
 * One frame as it is shown: modality values [row, column] (Hounsfield units for CT) with the window that the object asks for, or 8-bit
 * RGB [row, column, 3]. `isInverted`: low values are white (MONOCHROME1).
 */
export type FramePixels = { kind: 'gray'; values: GrayValues; window: Window; isInverted: boolean } | { kind: 'color'; values: Uint8Array };

/** Where color is stored as YCbCr, the server keeps it so in these, as they are lossless; of the others it gives RGB. */
const KEEPS_COLOR = /^1\.2\.840\.10008\.1\.2(\.1(\.9[89])?|\.2|\.5|\.8\.1|\.4\.(57|70|80|81))?$/;

/**
 * Reads a frame out of the bytes that the server gives for it in explicit VR little endian.
 *
 * @param dataSet of the instance, with its palettes and look-up tables
 * @param storedSyntax in which the server keeps it: encapsulated frames come with their values in the low bits, interleaved
 * @param frame from 0
 * @throws {ImagingError | DicomError} if the bytes are not the frame that the data set describes
 */
export function readFramePixels(
  bytes: Uint8Array,
  dataSet: DataSet,
  { storedSyntax, frame }: { storedSyntax: string; frame: number },
): FramePixels {
  const floats = floatsOf(bytes, dataSet);
  if (floats) return grayOf(floats, dataSet, frame);
  const stored = describePixels({ meta: {}, dataSet, transferSyntaxUid: storedSyntax });
  if (!stored) throw new ImagingError('The object has no pixels');
  const isEncapsulated = transferSyntaxOf(storedSyntax).encapsulated;
  const description: PixelDescription = isEncapsulated ? { ...stored, planarConfiguration: 0, highBit: stored.bitsStored - 1 } : stored;
  const decoded = decodeNative(bytes, description);
  if (decoded.photometricInterpretation === 'PALETTE COLOR') return { kind: 'color', values: applyPalette(decoded.pixels, dataSet) };
  if (decoded.photometricInterpretation === 'RGB') return { kind: 'color', values: bytesOf(decoded.pixels, stored.bitsStored) };
  return grayOf(decoded, dataSet, frame);
}

function decodeNative(bytes: Uint8Array, description: PixelDescription): DecodedFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation, transferSyntaxUid } = description;
  const count = rows * columns * samplesPerPixel;
  if (samplesPerPixel === 1) {
    const pixels = samplesOfCells(readNativeCells(bytes, bitsAllocated, count), description);
    const isKnown = photometricInterpretation === 'MONOCHROME1' || photometricInterpretation === 'PALETTE COLOR';
    return { rows, columns, samplesPerPixel: 1, pixels, photometricInterpretation: isKnown ? photometricInterpretation : 'MONOCHROME2' };
  }
  if (samplesPerPixel !== 3) throw new ImagingError(`${samplesPerPixel} samples per pixel are not supported`);
  const isSubsampled = photometricInterpretation === 'YBR_FULL_422' && bitsAllocated === 8 && bytes.length < count;
  const samples = isSubsampled
    ? expandYbr422(bytes, rows, columns)
    : samplesOfCells(readNativeCells(bytes, bitsAllocated, count), description);
  const pixels = !isSubsampled && description.planarConfiguration === 1 ? interleave(samples, 3) : samples;
  if (photometricInterpretation.startsWith('YBR_FULL') && KEEPS_COLOR.test(transferSyntaxUid)) ybrToRgb(pixels, description.bitsStored);
  return { rows, columns, samplesPerPixel: 3, pixels, photometricInterpretation: 'RGB' };
}

function grayOf(decoded: DecodedFrame, dataSet: DataSet, frame: number): FramePixels {
  const values = modalityValues(decoded, dataSet, frame);
  const window = statedWindow(dataSet, frame) ?? rangeWindow(Float32Array.from(values), decoded, dataSet);
  return { kind: 'gray', values, window, isInverted: decoded.photometricInterpretation === 'MONOCHROME1' };
}

/** As whole numbers of 8 or 16 bits where all that the frame can hold fits, so that frames of a series are of one type. */
function modalityValues(decoded: DecodedFrame, dataSet: DataSet, frame: number): GrayValues {
  const { pixels } = decoded;
  const { slope, intercept } = rescaleOf(dataSet, frame);
  const isWhole = Number.isInteger(slope) && Number.isInteger(intercept) && itemsOf(dataSet, Tag.ModalityLUTSequence).length === 0;
  const isFloat = pixels.BYTES_PER_ELEMENT === 4;
  if (!isWhole || isFloat) return toModalityValues(decoded, dataSet, frame);
  const bits = numberOf(dataSet, Tag.BitsStored) ?? pixels.BYTES_PER_ELEMENT * 8;
  const isSigned = numberOf(dataSet, Tag.PixelRepresentation) === 1;
  const range = isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  const ends = range.map((value) => value * slope + intercept);
  const Type = typeFor(Math.min(...ends), Math.max(...ends));
  const values = new Type(pixels.length);
  for (let index = 0; index < pixels.length; index += 1) values[index] = (pixels[index] ?? 0) * slope + intercept;
  return values;
}

function typeFor(low: number, high: number): new (length: number) => GrayValues {
  if (low >= 0 && high <= 255) return Uint8Array;
  if (low >= 0 && high <= 65_535) return Uint16Array;
  return low >= -32_768 && high <= 32_767 ? Int16Array : Float32Array;
}

function bytesOf(pixels: Samples, bitsStored: number): Uint8Array {
  if (pixels instanceof Uint8Array) return pixels;
  const divisor = 2 ** Math.max(0, bitsStored - 8);
  return Uint8Array.from(pixels, (value) => Math.min(255, Math.max(0, value / divisor)));
}

/** Floating point pixels (PS3.3 C.7.6.24); undefined if the data set has others. */
function floatsOf(bytes: Uint8Array, dataSet: DataSet): DecodedFrame | undefined {
  const isDouble = dataSet[Tag.DoubleFloatPixelData] !== undefined;
  if (!isDouble && dataSet[Tag.FloatPixelData] === undefined) return undefined;
  const buffer = bytes.slice().buffer;
  const floats = isDouble ? Float32Array.from(new Float64Array(buffer)) : new Float32Array(buffer);
  const [rows, columns] = [numberOf(dataSet, Tag.Rows) ?? 0, numberOf(dataSet, Tag.Columns) ?? 0];
  if (floats.length < rows * columns) throw new ImagingError('The frame is shorter than its description says');
  // The pipeline after this takes any numbers; its type names the integers that all other objects have.
  const pixels = floats.subarray(0, rows * columns) as unknown as Samples;
  return { rows, columns, samplesPerPixel: 1, pixels, photometricInterpretation: 'MONOCHROME2' };
}
