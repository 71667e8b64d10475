import { ftruncate, write } from 'node:fs';
import { promisify } from 'node:util';
import { ALIGNED_BYTES, ALIGNMENT, giveAlignedBuffer, takeAlignedBuffer } from './aligned-buffers.ts';

// The plain calls: a FileHandle costs more than a small write.
const writeAsync = promisify(write);
const truncateAsync = promisify(ftruncate);

export type GatheredWrite = {
  /** The descriptor, which need not be there before there is something to write. */
  opened: () => Promise<number>;
  /** It was opened for direct writes: what is written is whole blocks, and what fills up the last one is cut off again. */
  isDirect: boolean;
};

/**
 * Writes everything to a file: while one buffer goes to it, the next is filled. Keeps no piece. Returns the number of bytes.
 */
export async function writeGathered({ opened, isDirect }: GatheredWrite, content: AsyncIterable<Uint8Array>): Promise<number> {
  let writing: Promise<void> = Promise.resolve();
  let size = 0;
  let buffer = takeAlignedBuffer();
  let held = 0;
  const flush = async (): Promise<void> => {
    const [full, count] = [buffer, isDirect ? wholeBlocks(held) : held];
    full.fill(0, held, count);
    await writing;
    buffer = takeAlignedBuffer();
    held = 0;
    writing = opened()
      .then((fd) => writeFully(fd, full.subarray(0, count)))
      .finally(() => giveAlignedBuffer(full));
    // Awaited before the next write, and at the end.
    writing.catch(() => {});
  };
  try {
    for await (const piece of content) {
      size += piece.length;
      for (let from = 0; from < piece.length; ) {
        const part = piece.subarray(from, from + ALIGNED_BYTES - held);
        buffer.set(part, held);
        held += part.length;
        from += part.length;
        if (held === ALIGNED_BYTES) await flush();
      }
    }
    if (held > 0) await flush();
    await writing;
    if (isDirect && size !== wholeBlocks(size)) await truncateAsync(await opened(), size);
  } finally {
    // What is being written must not be closed.
    await writing.catch(() => {});
    giveAlignedBuffer(buffer);
  }
  return size;
}

function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

async function writeFully(fd: number, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) written += (await writeAsync(fd, bytes, written)).bytesWritten;
}
