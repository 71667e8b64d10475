import { type DataSet, numberOf } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import type { Samples } from './color.ts';
import { ImagingError } from './imaging-error.ts';
import { type LookupTable, lookUp, readDescriptor, readEntries, readTable } from './lookup-table.ts';

const CHANNELS = [
  {
    descriptor: Tag.RedPaletteColorLookupTableDescriptor,
    data: Tag.RedPaletteColorLookupTableData,
    segmented: Tag.SegmentedRedPaletteColorLookupTableData,
  },
  {
    descriptor: Tag.GreenPaletteColorLookupTableDescriptor,
    data: Tag.GreenPaletteColorLookupTableData,
    segmented: Tag.SegmentedGreenPaletteColorLookupTableData,
  },
  {
    descriptor: Tag.BluePaletteColorLookupTableDescriptor,
    data: Tag.BluePaletteColorLookupTableData,
    segmented: Tag.SegmentedBluePaletteColorLookupTableData,
  },
] as const;

/**
 * Palette indices to 8-bit RGB (PS3.3 C.7.9), plain or segmented tables of 8 or 16 bits.
 * @throws {ImagingError} if a table is missing or malformed
 */
export function applyPalette(indices: Samples, dataSet: DataSet): Uint8Array {
  const isSigned = numberOf(dataSet, Tag.PixelRepresentation) === 1;
  const tables = CHANNELS.map((tags) => readPalette(dataSet, tags, isSigned));
  // Tables declared as 16 bits whose values stay below 256 hold 8-bit values.
  const isWide = tables.some(({ bits, values }) => bits > 8 && values.some((value) => value > 255));
  const shift = isWide ? 8 : 0;

  const output = new Uint8Array(indices.length * 3);
  for (const [channel, table] of tables.entries()) {
    for (let index = 0; index < indices.length; index += 1) output[index * 3 + channel] = lookUp(table, indices[index] ?? 0) >> shift;
  }
  return output;
}

function readPalette(dataSet: DataSet, tags: (typeof CHANNELS)[number], isSigned: boolean): LookupTable {
  if (dataSet[tags.data]) return readTable(dataSet, tags, isSigned);
  if (!dataSet[tags.segmented]) throw new ImagingError('The palette is missing');
  const { entries, first, bits } = readDescriptor(dataSet, tags.descriptor, isSigned);
  const values = expandSegments(readEntries(dataSet, tags.segmented, bits > 8 ? 0 : Number.POSITIVE_INFINITY), entries);
  return { first, values, bits };
}

/** Segmented palette data (C.7.9.2): discrete, linear and indirect segments, never more than `entries` values. */
function expandSegments(data: Uint16Array, entries: number): Uint16Array {
  const output = new Uint16Array(entries);
  const starts: number[] = [];
  let filled = 0;
  let at = 0;

  const runSegment = (from: number): number => {
    const opcode = data[from];
    const length = data[from + 1] ?? 0;
    if (opcode === 0) {
      const values = data.subarray(from + 2, from + 2 + Math.min(length, entries - filled));
      output.set(values, filled);
      filled += values.length;
      return from + 2 + length;
    }
    if (opcode !== 1 || filled === 0) throw new ImagingError('A segmented palette is malformed');
    const y0 = output[filled - 1] ?? 0;
    const y1 = data[from + 2] ?? 0;
    for (let k = 1; k <= length && filled < entries; k += 1, filled += 1) output[filled] = Math.round(y0 + ((y1 - y0) * k) / length);
    return from + 3;
  };

  while (at < data.length && filled < entries) {
    if (data[at] !== 2) {
      starts.push(at);
      at = runSegment(at);
      continue;
    }
    // Indirect: repeats segments from a byte offset, low word first; the offset counts the bytes or words of the table's own width.
    const offset = (data[at + 2] ?? 0) | ((data[at + 3] ?? 0) << 16);
    const first = starts.findIndex((start) => start * 2 === offset || start === offset);
    if (first < 0) throw new ImagingError('A segmented palette is malformed');
    for (const start of starts.slice(first, first + (data[at + 1] ?? 0))) runSegment(start);
    at += 4;
  }
  if (filled < entries) throw new ImagingError('A segmented palette is shorter than its descriptor says');
  return output;
}
