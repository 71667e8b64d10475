import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { AppError } from '../platform/errors.ts';
import type { BlobStore, ByteStore } from '../platform/ports.ts';
import { hashed } from './content-writer.ts';

const READ_BYTES = 1_048_576;

/** Content-addressed blobs, kept as they are: the name of each is the SHA-256 of its content. */
export function plainBlobs(bytes: ByteStore): BlobStore {
  return {
    put: (content) => bytes.put(content, { nameOf: (key) => key }),
    read: (key) => readPlain(bytes, key),
    readRange: bytes.readRange,
    open: async (key) => {
      const { stream: source, size } = await bytes.open(key);
      return { stream: streamOf(checkedContent(source, key), source), size };
    },
    has: async (key) => (await bytes.find(key)) !== undefined,
    delete: bytes.delete,
    list: async function* () {
      for await (const { name, modifiedAt } of bytes.list()) yield { key: name, modifiedAt };
    },
    check: bytes.check,
  };
}

/** Whole content with its hash checked. @throws {AppError} `internal` if the bytes are damaged, `not-found` */
export async function readPlain(bytes: ByteStore, key: string): Promise<Uint8Array> {
  const found = await bytes.find(key);
  if (!found) throw new AppError('not-found', `No blob ${key}`);
  const hash = createHash('sha256');
  const content = Buffer.allocUnsafeSlow(found.size);
  // In pieces, so that hashing a large blob does not hold up the process.
  for (let start = 0; start < found.size; start += READ_BYTES) {
    const piece = await bytes.readRange(key, { start, end: start + READ_BYTES - 1 });
    hash.update(piece);
    content.set(piece.subarray(0, found.size - start), start);
  }
  if (hash.digest('hex') !== key) throw damaged(key);
  return content;
}

/** Keeps the last piece back until the hash is known to be right, so that a reader who counts bytes never gets a damaged whole. */
export async function* checkedContent(source: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let last: Uint8Array | undefined;
  for await (const piece of hashed(source, hash)) {
    if (last) yield last;
    last = piece;
  }
  if (hash.digest('hex') !== key) throw damaged(key);
  if (last) yield last;
}

/** A stream of what `content` yields, that closes `source` with itself: a reader who goes away before the first byte would leave it open. */
export function streamOf(content: AsyncIterable<Uint8Array>, source: Readable): Readable {
  const stream = Readable.from(content, { objectMode: false });
  stream.once('close', () => source.destroy());
  return stream;
}

/** The bytes that a store holds are not those that were put. */
export function damaged(key: string): AppError {
  return new AppError('internal', `Blob ${key} is damaged`);
}
