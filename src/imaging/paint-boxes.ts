import { type DataSet, DicomError, type Part10 } from '../dicom/data-set.ts';
import { describePixels, frameBits, type PixelDescription } from '../dicom/pixel-description.ts';
import { Tag } from '../dicom/tags.ts';
import { transferSyntaxOf } from '../dicom/uids.ts';
import { ImagingError } from './imaging-error.ts';

/** A rectangle of pixels; `x1` and `y1` are the first column and row outside of it. */
export type PixelBox = { x0: number; y0: number; x1: number; y1: number };

/** How far around a box the background is looked at, in pixels. */
const RING = 3;

/** Places of a frame's samples in its bytes. */
type Layout = {
  /** Where the samples of a pixel stand, in cells; the last two of a 4:2:2 pixel are shared with its neighbor. */
  placesOf(x: number, y: number): readonly number[];
  /** Boxes grow to whole multiples of this many columns. */
  step: number;
};

/**
 * Paints rectangles over with the color around them, in the stored values: for each sample the middle one (of palette places, the most
 * frequent one) of the pixels in a narrow ring around the box. Everything else keeps its value, to the bit.
 *
 * @param part10 with native Pixel Data (not encapsulated); its bytes are not changed, the answer has its own
 * @param boxes of each frame, in frame order
 * @throws {ImagingError} if the Pixel Data are compressed, of floating point, or of a cell size that is not painted
 */
export function paintBoxes(part10: Part10, boxes: readonly (readonly PixelBox[])[]): DataSet {
  const { dataSet, transferSyntaxUid } = part10;
  const pixels = dataSet[Tag.PixelData];
  const description = describePixels(part10);
  if (pixels?.bytes === undefined || description === undefined || transferSyntaxOf(transferSyntaxUid).encapsulated) {
    throw new ImagingError('Only native pixels of integers are painted');
  }
  const bits = frameBits(description);
  if (pixels.bytes.length * 8 < bits * description.numberOfFrames) {
    throw new DicomError('Pixel Data are shorter than the frames that they should hold', { tag: Tag.PixelData });
  }
  const bytes = new Uint8Array(pixels.bytes);
  const layout = layoutOf(description);
  const isPalette = description.photometricInterpretation === 'PALETTE COLOR';
  for (const [frame, rectangles] of boxes.entries()) {
    const cells = cellsOf(bytes, (frame * bits) / description.bitsAllocated, description.bitsAllocated);
    for (const box of rectangles) paint(cells, clip(box, description, layout.step), { description, layout, isPalette });
  }
  return { ...dataSet, [Tag.PixelData]: { ...pixels, bytes } };
}

/** Reads and writes stored cells, counted from the start of a frame. */
type Cells = { get(index: number): number; set(index: number, value: number): void };

function cellsOf(bytes: Uint8Array, first: number, bitsAllocated: number): Cells {
  const view = new DataView(bytes.buffer);
  switch (bitsAllocated) {
    case 1:
      return {
        get: (index) => ((bytes[(first + index) >> 3] ?? 0) >> ((first + index) & 7)) & 1,
        set: (index, value) => {
          const at = (first + index) >> 3;
          const mask = 1 << ((first + index) & 7);
          bytes[at] = value === 0 ? (bytes[at] ?? 0) & ~mask : (bytes[at] ?? 0) | mask;
        },
      };
    case 8:
      return {
        get: (index) => bytes[first + index] ?? 0,
        set: (index, value) => {
          bytes[first + index] = value;
        },
      };
    case 16:
      return {
        get: (index) => view.getUint16(2 * (first + index), true),
        set: (index, value) => view.setUint16(2 * (first + index), value, true),
      };
    case 32:
      return {
        get: (index) => view.getUint32(4 * (first + index), true),
        set: (index, value) => view.setUint32(4 * (first + index), value, true),
      };
    default:
      throw new ImagingError(`${bitsAllocated} bits allocated are not painted`);
  }
}

function layoutOf(description: PixelDescription): Layout {
  const { columns, rows, samplesPerPixel, planarConfiguration, photometricInterpretation } = description;
  if (photometricInterpretation === 'YBR_FULL_422') {
    // Two lumas, then the chromas that both pixels share (PS3.3 C.7.6.3.1.2).
    return {
      step: 2,
      placesOf: (x, y) => {
        const pair = (y * columns + x - (x & 1)) * 2;
        return [pair + (x & 1), pair + 2, pair + 3];
      },
    };
  }
  const samples = Array.from({ length: samplesPerPixel }, (_, sample) => sample);
  const isPlanar = planarConfiguration === 1 && samplesPerPixel > 1;
  return {
    step: 1,
    placesOf: (x, y) => {
      const pixel = y * columns + x;
      return samples.map((sample) => (isPlanar ? sample * rows * columns + pixel : pixel * samplesPerPixel + sample));
    },
  };
}

function clip({ x0, y0, x1, y1 }: PixelBox, { rows, columns }: PixelDescription, step: number): PixelBox {
  const left = Math.max(0, Math.floor(x0));
  const right = Math.min(columns, Math.ceil(x1));
  return {
    x0: left - (left % step),
    x1: Math.min(columns, right + ((step - (right % step)) % step)),
    y0: Math.max(0, Math.floor(y0)),
    y1: Math.min(rows, Math.ceil(y1)),
  };
}

type Painting = { description: PixelDescription; layout: Layout; isPalette: boolean };

function paint(cells: Cells, box: PixelBox, { description, layout, isPalette }: Painting): void {
  const around = ringOf(box, description).map(([x, y]) => layout.placesOf(x, y).map((place) => cells.get(place)));
  const count = layout.placesOf(0, 0).length;
  const isSigned = description.pixelRepresentation === 1;
  const color = Array.from({ length: count }, (_, sample) => {
    const values = around.map((pixel) => pixel[sample] ?? 0);
    return isPalette ? mostFrequent(values) : middle(values, isSigned ? 2 ** (description.bitsAllocated - 1) : 0);
  });
  for (let y = box.y0; y < box.y1; y += 1) {
    for (let x = box.x0; x < box.x1; x += 1) {
      for (const [sample, place] of layout.placesOf(x, y).entries()) cells.set(place, color[sample] ?? 0);
    }
  }
}

/** Pixels close around the box; where it fills the picture, none. */
function ringOf(box: PixelBox, { rows, columns }: PixelDescription): [number, number][] {
  const ring: [number, number][] = [];
  for (let y = Math.max(0, box.y0 - RING); y < Math.min(rows, box.y1 + RING); y += 1) {
    const isInside = y >= box.y0 && y < box.y1;
    for (let x = Math.max(0, box.x0 - RING); x < Math.min(columns, box.x1 + RING); x += 1) {
      if (isInside && x >= box.x0 && x < box.x1) x = box.x1 - 1;
      else ring.push([x, y]);
    }
  }
  return ring;
}

/** @param sign bit that says minus in signed cells; flipping it sorts them as numbers */
function middle(values: number[], sign: number): number {
  const sorted = values.map((value) => (value ^ sign) >>> 0).sort((a, b) => a - b);
  return ((sorted[sorted.length >> 1] ?? 0) ^ sign) >>> 0;
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [best, most] = [0, 0];
  for (const [value, count] of counts) if (count > most) [best, most] = [value, count];
  return best;
}
