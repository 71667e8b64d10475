import { ImagingError } from './imaging-error.ts';

/** Codes up to this long are found in one look-up. */
const FAST_BITS = 9;

/** Zero bytes that a reader may take past the end of a scan before the stream counts as truncated: look-ahead never needs more. */
const MAX_FILLER_BYTES = 8;

/** A canonical Huffman table of ITU-T T.81 annex C. */
export type HuffmanTable = {
  /** By the next 9 bits: length << 8 | value, 0 for longer codes. */
  fast: Uint16Array;
  /** By code length: largest code of that length, -1 if none; and what to add to a code to get its index in `values`. */
  maxCode: Int32Array;
  valueOffset: Int32Array;
  values: Uint8Array;
};

/** Reads bits of an entropy-coded segment, most significant first. */
export type BitSource = { bytes: Uint8Array; position: number; buffer: number; count: number; fillers: number };

export function openBits(bytes: Uint8Array, position: number): BitSource {
  return { bytes, position, buffer: 0, count: 0, fillers: 0 };
}

/**
 * Reads the tables of one DHT segment into `tables`, keyed by class << 4 | destination.
 * @throws {ImagingError} if the segment is malformed
 */
export function readHuffmanTables(bytes: Uint8Array, start: number, end: number, tables: Map<number, HuffmanTable>): void {
  let at = start;
  while (at < end) {
    const counts = bytes.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (at + 17 + total > end || total > 256) throw new ImagingError('A JPEG Huffman table is malformed');
    tables.set(bytes[at] ?? 0, huffmanTable(counts, bytes.subarray(at + 17, at + 17 + total)));
    at += 17 + total;
  }
}

/** The next Huffman-coded value. */
export function decodeHuffman(source: BitSource, table: HuffmanTable): number {
  if (source.count < 16) fill(source);
  const entry = table.fast[(source.buffer >>> (source.count - FAST_BITS)) & ((1 << FAST_BITS) - 1)] ?? 0;
  if (entry !== 0) {
    source.count -= entry >> 8;
    return entry & 0xff;
  }
  for (let length = FAST_BITS + 1; length <= 16; length += 1) {
    const code = (source.buffer >>> (source.count - length)) & ((1 << length) - 1);
    if (code > (table.maxCode[length] ?? -1)) continue;
    source.count -= length;
    return table.values[code + (table.valueOffset[length] ?? 0)] ?? 0;
  }
  throw new ImagingError('The JPEG stream holds an undefined code');
}

/** The next `length` bits (0 to 16) as an unsigned number. */
export function readBits(source: BitSource, length: number): number {
  if (length === 0) return 0;
  if (source.count < length) fill(source);
  source.count -= length;
  return (source.buffer >>> source.count) & ((1 << length) - 1);
}

/** The next `length` bits as the signed number of T.81 figure F.12 (EXTEND). */
export function readSigned(source: BitSource, length: number): number {
  const value = readBits(source, length);
  return length > 0 && value < 1 << (length - 1) ? value - (1 << length) + 1 : value;
}

/** Drops the rest of the byte and steps over the restart marker, which must be next. */
export function passRestart(source: BitSource): void {
  // A source reads ahead, but never past a marker.
  const { bytes } = source;
  source.buffer = 0;
  source.count = 0;
  source.fillers = 0;
  while (bytes[source.position] === 0xff && bytes[source.position + 1] === 0xff) source.position += 1;
  const second = bytes[source.position + 1] ?? 0;
  if (bytes[source.position] !== 0xff || second < 0xd0 || second > 0xd7) throw new ImagingError('A JPEG restart marker is missing');
  source.position += 2;
}

function fill(source: BitSource): void {
  const { bytes } = source;
  while (source.count <= 24) {
    let byte = bytes[source.position];
    if (byte === 0xff && bytes[source.position + 1] === 0) {
      source.position += 2;
    } else if (byte === undefined || byte === 0xff) {
      source.fillers += 1;
      if (source.fillers > MAX_FILLER_BYTES) throw new ImagingError('The JPEG stream ends early');
      byte = 0;
    } else {
      source.position += 1;
    }
    source.buffer = (source.buffer << 8) | byte;
    source.count += 8;
  }
}

function huffmanTable(counts: Uint8Array, values: Uint8Array): HuffmanTable {
  const table = { fast: new Uint16Array(1 << FAST_BITS), maxCode: new Int32Array(17).fill(-1), valueOffset: new Int32Array(17), values };
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length += 1) {
    const count = counts[length - 1] ?? 0;
    if (code + count > 1 << length) throw new ImagingError('A JPEG Huffman table is malformed');
    table.valueOffset[length] = index - code;
    if (length <= FAST_BITS) {
      for (let k = 0; k < count; k += 1) {
        const first = (code + k) << (FAST_BITS - length);
        table.fast.fill((length << 8) | (values[index + k] ?? 0), first, first + (1 << (FAST_BITS - length)));
      }
    }
    if (count > 0) table.maxCode[length] = code + count - 1;
    code = (code + count) << 1;
    index += count;
  }
  return table;
}
