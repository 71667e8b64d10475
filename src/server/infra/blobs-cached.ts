import { Readable } from 'node:stream';
import type { ByteRange, SealedBlobStore } from '../platform/ports.ts';
import type { ContentCache } from './content-cache.ts';

/** A range of at least this share of the content is worth the reading of all of it: the rest is asked for next. */
const MOST_OF_IT = 0.5;

/**
 * A blob store that keeps what was read lately in memory: a series that is scrolled through, shown again or sent to a viewer is read and
 * opened once. What is given out must not be written to.
 *
 * @param owner tells the content of one tenant from that of another in the cache that they share
 */
export function cachedBlobs(blobs: SealedBlobStore, cache: ContentCache, owner: string): SealedBlobStore {
  if (cache.largest === 0) return blobs;
  let deletions = 0;
  const nameOf = (key: string): string => `${owner} ${key}`;

  const readWhole = async (key: string): Promise<Uint8Array> => {
    const before = deletions;
    const content = await blobs.read(key);
    // What was deleted meanwhile may have been this.
    if (deletions === before) cache.keep(nameOf(key), content);
    return content;
  };
  const sizeOf = async (key: string): Promise<number> => {
    const { stream, size } = await blobs.open(key);
    stream.destroy();
    return size;
  };

  return {
    ...blobs,
    read: async (key) => cache.find(nameOf(key)) ?? (await readWhole(key)),
    readRange: async (key, range) => {
      if (!isRange(range)) return await blobs.readRange(key, range);
      const held = cache.find(nameOf(key));
      if (held) return partOf(held, range);
      const length = range.end - range.start + 1;
      // Small ranges of large objects, as of a header or of one frame of many, are read by themselves.
      if (length > cache.largest) return await blobs.readRange(key, range);
      const size = await sizeOf(key);
      if (size > cache.largest || length < size * MOST_OF_IT) return await blobs.readRange(key, range);
      return partOf(await readWhole(key), range);
    },
    open: async (key) => {
      const held = cache.find(nameOf(key));
      return held ? { stream: Readable.from([held], { objectMode: false }), size: held.byteLength } : await blobs.open(key);
    },
    delete: async (key, options) => {
      deletions += 1;
      cache.forget(nameOf(key));
      await blobs.delete(key, options);
      // Read again while it was being deleted.
      cache.forget(nameOf(key));
      deletions += 1;
    },
  };
}

/** A view of most of the content, else a copy: a view that is handed to a thread takes the whole with it. */
function partOf(content: Uint8Array, { start, end }: ByteRange): Uint8Array {
  const part = content.subarray(start, end + 1);
  return part.byteLength < content.byteLength * MOST_OF_IT ? Buffer.from(part) : part;
}

function isRange({ start, end }: ByteRange): boolean {
  return Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && end >= start;
}
