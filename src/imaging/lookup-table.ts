import { type DataSet, numbersOf } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import { ImagingError } from './imaging-error.ts';

/** A look-up table: `values[i]` stands for input `first + i`; inputs outside take the nearest end (PS3.3 C.11.1.1). */
export type LookupTable = { first: number; values: Uint16Array; bits: number };

/**
 * Reads LUT Descriptor and LUT Data of a Modality or VOI LUT item.
 * @param isSigned whether the input is signed, which the descriptor's VR does not tell reliably
 * @throws {ImagingError} if the table is shorter than its descriptor says
 */
export function readLookupTable(item: DataSet, isSigned: boolean): LookupTable {
  return readTable(item, { descriptor: Tag.LUTDescriptor, data: Tag.LUTData }, isSigned);
}

/** Reads a table whose descriptor and data stand under the tags given, as Palette Color tables do. */
export function readTable(dataSet: DataSet, tags: { descriptor: string; data: string }, isSigned: boolean): LookupTable {
  const { entries, first, bits } = readDescriptor(dataSet, tags.descriptor, isSigned);
  const values = readEntries(dataSet, tags.data, entries);
  if (values.length < entries) throw new ImagingError('A look-up table is shorter than its descriptor says');
  return { first, values: values.subarray(0, entries), bits };
}

/** Number of entries (0 stands for 65536), first input mapped and bits of an entry. */
export function readDescriptor(dataSet: DataSet, tag: string, isSigned: boolean): { entries: number; first: number; bits: number } {
  const [entries, first, bits] = numbersOf(dataSet, tag);
  if (entries === undefined || first === undefined || bits === undefined) throw new ImagingError('A look-up table has no descriptor');
  const unsignedFirst = first & 0xffff;
  return {
    entries: (entries & 0xffff) === 0 ? 65_536 : entries & 0xffff,
    first: isSigned && unsignedFirst > 32_767 ? unsignedFirst - 65_536 : unsignedFirst,
    bits,
  };
}

/** The output for one input. */
export function lookUp({ first, values }: LookupTable, input: number): number {
  return values[Math.min(values.length - 1, Math.max(0, Math.round(input) - first))] ?? 0;
}

/** Words of the data, whatever its VR; bytes where just as many bytes as entries are there (C.7.9.2 allows both). */
export function readEntries(dataSet: DataSet, tag: string, entries: number): Uint16Array {
  const attribute = dataSet[tag];
  const { bytes } = attribute ?? {};
  if (!bytes) return Uint16Array.from(numbersOf(dataSet, tag));
  if (bytes.length < entries * 2) return Uint16Array.from(bytes);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, index) => (bytes[2 * index] ?? 0) | ((bytes[2 * index + 1] ?? 0) << 8));
}
