import type { BlobStore } from '../platform/ports.ts';

/** Bytes of known size of which any range can be read; both ends belong to it. `held`: all of them, where they are in memory. */
export type ByteSource = {
  size: number;
  held?: Uint8Array;
  read(start: number, end: number): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

/** Bytes of a stored file that are read at a time. */
const CHUNK_BYTES = 1_048_576;

export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.byteLength, held: bytes, read: (start, end) => [bytes.subarray(start, end + 1)] };
}

/** A part of a stored file; each piece is read when the one before has gone out. */
export function rangeSource(blobs: BlobStore, key: string, { start: offset, size }: { start: number; size: number }): ByteSource {
  return {
    size,
    read: async function* (start, end) {
      for (let position = start; position <= end; position += CHUNK_BYTES)
        yield await blobs.readRange(key, { start: offset + position, end: offset + Math.min(end, position + CHUNK_BYTES - 1) });
    },
  };
}
