import type { Attribute } from '../dicom/data-set.ts';

const ITEM = [0xfe, 0xff, 0x00, 0xe0];
/** What ends encapsulated Pixel Data. */
const DELIMITER: readonly number[] = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];
const ITEM_HEADER_BYTES = 8;
const LARGEST_OFFSET = 0xffff_ffff;

/** Where the frames of one fragment each begin: a basic offset table, or attributes of the extended one (PS3.3 C.7.6.3.1.8). */
export type OffsetTables = { basic: Uint8Array; extended?: { offsets: Attribute; lengths: Attribute } };

/**
 * Offset tables of frames of these lengths, before they are made even. The basic table holds 32 bits; where that is not enough it is
 * empty, and the extended one takes its place (PS3.5 A.4).
 */
export function offsetTablesOf(lengths: readonly number[]): OffsetTables {
  const offsets: number[] = [];
  let offset = 0;
  for (const length of lengths) {
    offsets.push(offset);
    offset += ITEM_HEADER_BYTES + length + (length % 2);
  }
  if ((offsets.at(-1) ?? 0) <= LARGEST_OFFSET) {
    const basic = new DataView(new ArrayBuffer(4 * offsets.length));
    for (const [index, value] of offsets.entries()) basic.setUint32(4 * index, value, true);
    return { basic: new Uint8Array(basic.buffer) };
  }
  return { basic: new Uint8Array(0), extended: { offsets: wideTable(offsets), lengths: wideTable(lengths) } };
}

/** A fragment whose bytes come when they are asked for. */
export type Fragment = { length: number; pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array> };

/** The items of encapsulated Pixel Data with their delimiter, in pieces: the offset table, then one fragment a frame, of even length. */
export async function* encapsulated(basicTable: Uint8Array, frames: Iterable<Fragment>): AsyncGenerator<Uint8Array> {
  yield* itemOf({ length: basicTable.length, pieces: basicTable.length > 0 ? [basicTable] : [] });
  for (const frame of frames) yield* itemOf(frame);
  yield Uint8Array.from(DELIMITER);
}

async function* itemOf({ length, pieces }: Fragment): AsyncGenerator<Uint8Array> {
  const even = length + (length % 2);
  yield Uint8Array.from([...ITEM, even & 255, (even >>> 8) & 255, (even >>> 16) & 255, even >>> 24]);
  yield* pieces;
  if (length % 2 === 1) yield Uint8Array.of(0);
}

function wideTable(values: readonly number[]): Attribute {
  const table = new DataView(new ArrayBuffer(8 * values.length));
  for (const [index, value] of values.entries()) table.setBigUint64(8 * index, BigInt(value), true);
  return { vr: 'OV', bytes: new Uint8Array(table.buffer) };
}
