import { type DataSet, DicomError, numberOf, type Part10, textOf } from './data-set.ts';
import { Tag } from './tags.ts';

/** What the Image Pixel module says (PS3.3 C.7.6.3); enough to take frames apart and decode them. */
export type PixelDescription = {
  rows: number;
  columns: number;
  samplesPerPixel: number;
  bitsAllocated: number;
  bitsStored: number;
  highBit: number;
  pixelRepresentation: 0 | 1;
  photometricInterpretation: string;
  planarConfiguration: 0 | 1;
  numberOfFrames: number;
  transferSyntaxUid: string;
};

/** All frames of one instance, uncompressed: more does not fit into a decoder's memory. */
const MAX_PIXEL_BYTES = 1024 ** 3;
const MAX_SIDE = 65_535;

/**
 * Describes the pixels of an image; undefined if the object has none (a report, a plan). Works on a header without Pixel Data.
 * @throws {DicomError} if an attribute is missing, contradicts another, or asks for more than we decode
 */
export function describePixels({ dataSet, transferSyntaxUid }: Part10): PixelDescription | undefined {
  const hasPixels = [Tag.PixelData, Tag.FloatPixelData, Tag.DoubleFloatPixelData].some((tag) => dataSet[tag] !== undefined);
  if (!hasPixels && dataSet[Tag.Rows]?.Value === undefined) return undefined;
  const samplesPerPixel = integer(dataSet, Tag.SamplesPerPixel, { allowed: [1, 3, 4], fallback: 1 });
  const bitsAllocated = integer(dataSet, Tag.BitsAllocated, { allowed: [1, 8, 16, 32] });
  const bitsStored = integer(dataSet, Tag.BitsStored, { min: 1, max: bitsAllocated, fallback: bitsAllocated });
  const description: PixelDescription = {
    rows: integer(dataSet, Tag.Rows, { min: 1, max: MAX_SIDE }),
    columns: integer(dataSet, Tag.Columns, { min: 1, max: MAX_SIDE }),
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    highBit: integer(dataSet, Tag.HighBit, { min: bitsStored - 1, max: bitsAllocated - 1, fallback: bitsStored - 1 }),
    pixelRepresentation: bit(dataSet, Tag.PixelRepresentation),
    photometricInterpretation: textOf(dataSet, Tag.PhotometricInterpretation) ?? (samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB'),
    planarConfiguration: samplesPerPixel === 1 ? 0 : bit(dataSet, Tag.PlanarConfiguration),
    numberOfFrames: integer(dataSet, Tag.NumberOfFrames, { min: 1, max: 2 ** 31 - 1, fallback: 1 }),
    transferSyntaxUid,
  };
  if (Math.ceil(frameBits(description) / 8) * description.numberOfFrames > MAX_PIXEL_BYTES) {
    throw new DicomError('the pixels of the object take more than 1 GiB', { tag: Tag.NumberOfFrames });
  }
  return description;
}

/**
 * Bits of one uncompressed frame. Frames of one bit a pixel follow each other without padding, so a frame may begin inside of a byte
 * (PS3.5 8.1.1). YBR_FULL_422 holds two samples a pixel where three are declared (PS3.3 C.7.6.3.1.2).
 */
export function frameBits(description: PixelDescription): number {
  const { rows, columns, bitsAllocated, photometricInterpretation } = description;
  const samples = photometricInterpretation === 'YBR_FULL_422' ? 2 : description.samplesPerPixel;
  return rows * columns * samples * bitsAllocated;
}

type Limits = { allowed?: readonly number[]; min?: number; max?: number; fallback?: number };

function integer(dataSet: DataSet, tag: string, { allowed, min = 0, max = Number.MAX_SAFE_INTEGER, fallback }: Limits): number {
  const value = numberOf(dataSet, tag) ?? fallback;
  if (value === undefined) throw new DicomError('an image without this attribute', { tag });
  const isAllowed = allowed === undefined ? value >= min && value <= max : allowed.includes(value);
  if (!Number.isInteger(value) || !isAllowed) throw new DicomError('an image with a value here that cannot be', { tag });
  return value;
}

function bit(dataSet: DataSet, tag: string): 0 | 1 {
  return integer(dataSet, tag, { allowed: [0, 1], fallback: 0 }) === 1 ? 1 : 0;
}
