import { crc32 } from 'node:zlib';

/** One stored entry: its name and its content. */
export type ZipEntry = { name: string; bytes: Uint8Array };

const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_BYTES = 22;
/** 1980-01-01 in the date of MS-DOS, the earliest there is. */
const DOS_DATE = 0x21;

/** Length of an archive of `count` entries whose names and contents all have the same lengths. */
export function zipLength(count: number, nameLength: number, contentLength: number): number {
  return count * (LOCAL_HEADER_BYTES + CENTRAL_HEADER_BYTES + 2 * nameLength + contentLength) + END_BYTES;
}

/** A ZIP archive without compression, as it grows; below 4 GB and 65,536 entries (APPNOTE 4.3.6). The contents may be reused once taken. */
export async function* zipStream(entries: Iterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const central: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const facts = factsOf(bytes);
    const local = Buffer.concat([word32(0x04034b50), word16(20), facts, word16(name.length), word16(0), Buffer.from(name)]);
    // Version made by and needed; then no comment, first disk, no attributes, and where the local header stands.
    const tail = [word16(name.length), word16(0), word16(0), word16(0), word16(0), word32(0), word32(offset), Buffer.from(name)];
    central.push(Buffer.concat([word32(0x02014b50), word16(20), word16(20), facts, ...tail]));
    offset += local.length + bytes.length;
    yield local;
    yield bytes;
  }
  const index = Buffer.concat(central);
  yield index;
  const counts = [word16(0), word16(0), word16(central.length), word16(central.length)];
  yield Buffer.concat([word32(0x06054b50), ...counts, word32(index.length), word32(offset), word16(0)]);
}

/** What both headers of an entry say: no flags, stored, when, checksum, sizes. */
function factsOf(bytes: Uint8Array): Buffer {
  const sizes = [word32(bytes.length), word32(bytes.length)];
  return Buffer.concat([word16(0), word16(0), word16(0), word16(DOS_DATE), word32(crc32(bytes)), ...sizes]);
}

function word16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function word32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
