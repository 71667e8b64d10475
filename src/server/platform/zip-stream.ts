import { crc32, createDeflateRaw, type DeflateRaw, deflateRawSync } from 'node:zlib';

/** A file of an archive. `size` is the most that it can have, as far as it is known: it decides the form of its header. */
export type ZipFile = { name: string; content: AsyncIterable<Uint8Array> | Uint8Array; size?: number };

/** Sizes and positions from here on need the 64-bit forms (APPNOTE 4.4.1.4); below it, deflating cannot carry a file over the limit. */
const NEEDS_64 = 0xf000_0000;
const MAX_32 = 0xffff_ffff;
const MAX_16 = 0xffff;
/** Names in UTF-8; sizes and checksum come after the content (APPNOTE 4.4.4). */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** 1 January 1980, the first day that the format knows: an archive of the same content is the same. */
const DOS_DATE = 0x21;

type Entry = { name: Buffer; crc: number; packed: number; size: number; offset: number; wide: boolean };

/** Writes a ZIP archive (PKWARE APPNOTE 6.3) as its files come, with bounded memory; beyond 4 GiB or 65,535 files in the 64-bit form. */
export async function* zipStream(files: AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array> {
  const entries: Entry[] = [];
  let at = 0;
  for await (const { name, content, size = content instanceof Uint8Array ? content.byteLength : NEEDS_64 } of files) {
    const entry: Entry = { name: Buffer.from(name), crc: 0, packed: 0, size: 0, offset: at, wide: size >= NEEDS_64 };
    const header = localHeader(entry);
    yield header;
    at += header.length;
    for await (const piece of packed(content, entry)) {
      yield piece;
      at += piece.length;
    }
    const descriptor = dataDescriptor(entry);
    yield descriptor;
    at += descriptor.length;
    entries.push(entry);
  }
  const directory = entries.map(centralHeader);
  yield* directory;
  yield endOf(entries.length, { offset: at, size: directory.reduce((sum, { length }) => sum + length, 0) });
}

/** Deflates quickly: medical images gain little by more. Counts while it does. */
async function* packed(content: ZipFile['content'], entry: Entry): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) {
    const whole = deflateRawSync(content, { level: 1 });
    Object.assign(entry, { crc: crc32(content), size: content.length, packed: whole.length });
    yield whole;
    return;
  }
  const deflate = createDeflateRaw({ level: 1 });
  let failure: { error: unknown } | undefined;
  const feed = async (): Promise<void> => {
    for await (const piece of content) {
      entry.crc = crc32(piece, entry.crc);
      entry.size += piece.length;
      if (!deflate.write(piece)) await room(deflate);
      // Nobody reads the archive any more.
      if (deflate.destroyed) return;
    }
    deflate.end();
  };
  const feeding = feed().catch((error: unknown) => {
    failure = { error };
    deflate.destroy();
  });
  try {
    for await (const piece of deflate as AsyncIterable<Uint8Array>) {
      entry.packed += piece.length;
      yield piece;
    }
  } catch (error) {
    throw failure ? failure.error : error;
  }
  await feeding;
  if (failure) throw failure.error;
}

function room(deflate: DeflateRaw): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      deflate.off('drain', done).off('close', done);
      resolve();
    };
    deflate.on('drain', done).on('close', done);
  });
}

function localHeader({ name, wide }: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(wide ? 45 : 20, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(DEFLATE, 8);
  header.writeUInt16LE(DOS_DATE, 12);
  const extra = wide ? extra64([0, 0]) : Buffer.alloc(0);
  if (wide) header.fill(0xff, 18, 26);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, name, extra]);
}

function dataDescriptor({ crc, packed, size, wide }: Entry): Buffer {
  const descriptor = Buffer.alloc(wide ? 24 : 16);
  descriptor.write('PK\x07\x08', 'latin1');
  descriptor.writeUInt32LE(crc, 4);
  if (wide) {
    descriptor.writeBigUInt64LE(BigInt(packed), 8);
    descriptor.writeBigUInt64LE(BigInt(size), 16);
  } else {
    descriptor.writeUInt32LE(packed, 8);
    descriptor.writeUInt32LE(size, 12);
  }
  return descriptor;
}

function centralHeader({ name, crc, packed, size, offset, wide }: Entry): Buffer {
  const far = offset >= MAX_32;
  const extra = wide || far ? extra64([...(wide ? [size, packed] : []), ...(far ? [offset] : [])]) : Buffer.alloc(0);
  const header = Buffer.alloc(46);
  header.write('PK\x01\x02', 'latin1');
  header.writeUInt16LE(45, 4);
  header.writeUInt16LE(wide || far ? 45 : 20, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(DEFLATE, 10);
  header.writeUInt16LE(DOS_DATE, 14);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(wide ? MAX_32 : packed, 20);
  header.writeUInt32LE(wide ? MAX_32 : size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(far ? MAX_32 : offset, 42);
  return Buffer.concat([header, name, extra]);
}

/** Zip64 extended information (APPNOTE 4.5.3). */
function extra64(values: number[]): Buffer {
  const extra = Buffer.alloc(4 + 8 * values.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return extra;
}

function endOf(count: number, { offset, size }: { offset: number; size: number }): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Math.min(count, MAX_16), 8);
  end.writeUInt16LE(Math.min(count, MAX_16), 10);
  end.writeUInt32LE(Math.min(size, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  if (count < MAX_16 && offset + size < MAX_32) return end;
  const end64 = Buffer.alloc(56);
  end64.write('PK\x06\x06', 'latin1');
  end64.writeBigUInt64LE(44n, 4);
  end64.writeUInt16LE(45, 12);
  end64.writeUInt16LE(45, 14);
  for (const [position, value] of [
    [24, count],
    [32, count],
    [40, size],
    [48, offset],
  ] as const)
    end64.writeBigUInt64LE(BigInt(value), position);
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07', 'latin1');
  locator.writeBigUInt64LE(BigInt(offset + size), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([end64, locator, end]);
}
