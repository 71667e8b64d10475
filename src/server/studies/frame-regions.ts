import type { BlobStore, ByteRange } from '../platform/ports.ts';
import type { InstanceRow } from './queries.ts';

const ITEM = 0xfffee000;
const SEQUENCE_END = 0xfffee0dd;
const HEADER_BYTES = 8;
/** More fragments than this are not walked through: the file is read whole instead. */
const MAX_WALKED = 10_000;
/** Files of which the regions are kept in memory. */
const MAX_KEPT = 64;

type RangeReader = Pick<BlobStore, 'readRange'>;
type Encapsulated = Pick<InstanceRow, 'blob_key' | 'blob_size' | 'pixel_offset' | 'number_of_frames'>;

/** Regions by blob, the latest used last. A blob's content never changes. */
const kept = new Map<string, readonly ByteRange[]>();

/**
 * The codestream of one frame of encapsulated Pixel Data (PS3.5 A.4), read without the rest of the file; undefined if nothing says which
 * fragments are the frame's, or the file is not what its row says. Where the frames stand is found once for a file: by the basic offset
 * table, else by the lengths of the fragments.
 *
 * @param number 1 for the first
 * @throws {AppError} `not-found` if the file is gone
 */
export async function readEncapsulatedFrame(blobs: RangeReader, instance: Encapsulated, number: number): Promise<Uint8Array | undefined> {
  const regions = kept.get(instance.blob_key) ?? (await findRegions(blobs, instance));
  if (!regions) return undefined;
  keep(instance.blob_key, regions);
  const region = regions[number - 1];
  return region && joinedFragments(await blobs.readRange(instance.blob_key, region), { skipsTable: instance.number_of_frames === 1 });
}

function keep(key: string, regions: readonly ByteRange[]): void {
  kept.delete(key);
  kept.set(key, regions);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}

/** Where each frame's items stand, from the header of the first on. */
async function findRegions(blobs: RangeReader, instance: Encapsulated): Promise<readonly ByteRange[] | undefined> {
  const { blob_key: key, blob_size: size, pixel_offset: start, number_of_frames: count } = instance;
  if (start === null) return undefined;
  if (count === 1) return [{ start, end: size - 1 }];
  const table = await blobs.readRange(key, { start, end: start + HEADER_BYTES + 4 * count - 1 });
  const header = itemAt(table, 0);
  if (header?.tag !== ITEM) return undefined;
  const first = start + HEADER_BYTES + header.length;
  return (header.length === 4 * count && byTable(table, { first, size, count })) || byLengths(blobs, instance, first);
}

function byTable(table: Uint8Array, { first, size, count }: { first: number; size: number; count: number }): ByteRange[] | undefined {
  if (table.length < HEADER_BYTES + 4 * count) return undefined;
  const view = new DataView(table.buffer, table.byteOffset + HEADER_BYTES, 4 * count);
  const starts = Array.from({ length: count }, (_, index) => first + view.getUint32(4 * index, true));
  const isAscending = starts.every((start, index) => (index === 0 ? start === first : start > (starts[index - 1] ?? 0)) && start < size);
  return isAscending ? starts.map((start, index) => ({ start, end: (starts[index + 1] ?? size) - 1 })) : undefined;
}

/** One fragment a frame, or nothing is known. */
async function byLengths(
  blobs: RangeReader,
  { blob_key: key, blob_size: size, number_of_frames: count }: Encapsulated,
  first: number,
): Promise<ByteRange[] | undefined> {
  if (count > MAX_WALKED) return undefined;
  const regions: ByteRange[] = [];
  for (let at = first; at + HEADER_BYTES <= size; ) {
    const item = itemAt(await blobs.readRange(key, { start: at, end: at + HEADER_BYTES - 1 }), 0);
    if (item?.tag === SEQUENCE_END) return regions.length === count ? regions : undefined;
    if (item?.tag !== ITEM || regions.length === count) return undefined;
    regions.push({ start: at, end: at + HEADER_BYTES + item.length - 1 });
    at += HEADER_BYTES + item.length;
  }
  return undefined;
}

/** The fragments of a region as one; the first item of all is the offset table. */
function joinedFragments(region: Uint8Array, { skipsTable }: { skipsTable: boolean }): Uint8Array | undefined {
  const fragments: Uint8Array[] = [];
  let isTable = skipsTable;
  for (let at = 0; at < region.length; ) {
    const item = itemAt(region, at);
    if (item?.tag === SEQUENCE_END) break;
    const end = at + HEADER_BYTES + (item?.length ?? 0);
    if (item?.tag !== ITEM || end > region.length) return undefined;
    if (!isTable) fragments.push(region.subarray(at + HEADER_BYTES, end));
    isTable = false;
    at = end;
  }
  const [only] = fragments;
  return fragments.length > 1 ? Buffer.concat(fragments) : only;
}

function itemAt(bytes: Uint8Array, at: number): { tag: number; length: number } | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, HEADER_BYTES);
  return { tag: view.getUint16(0, true) * 0x10000 + view.getUint16(2, true), length: view.getUint32(4, true) };
}
