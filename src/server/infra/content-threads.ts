import { availableParallelism } from 'node:os';
import { type ContentThread, openContentThread } from './content-thread.ts';
import type { ContentWriter, NewFile, WrittenFile } from './content-writer.ts';
import { createSlabs, SLAB_BYTES, type Slabs } from './slabs.ts';

/** Two hash and seal what several networks bring. */
const MAX_THREADS = 2;
/** What is no longer is written in place: a thread would gain nothing. */
const IN_PLACE_BYTES = 65_536;

/** Opens a writer that writes what is long in threads and what is short with the writer that it is given. */
export type ContentThreads = {
  over(inPlace: ContentWriter): ContentWriter;
  /** Waits for what is being written. */
  close(): Promise<void>;
};

/**
 * Threads that hash, seal and write: of a CT slice that takes longer than all else that the server's thread does for it. Memory does not
 * grow with the content.
 */
export function openContentThreads(): ContentThreads {
  const slabs = createSlabs();
  const threads: ContentThread[] = [];
  const next = (): ContentThread => {
    const least = threads.toSorted((a, b) => a.busy() - b.busy())[0];
    if (least && (least.busy() === 0 || threads.length >= Math.min(MAX_THREADS, availableParallelism()))) return least;
    const opened = openContentThread(slabs, () => {
      const place = threads.indexOf(opened);
      if (place >= 0) threads.splice(place, 1);
    });
    threads.push(opened);
    return opened;
  };
  return {
    over: (inPlace) => ({
      write: async (file, content) => {
        const source = content[Symbol.asyncIterator]();
        const first = await fill(slabs, source, undefined);
        if (!first.isLast || first.length > IN_PLACE_BYTES) return await handOver({ slabs, source, first }, file, next());
        try {
          return await inPlace.write(file, oneOf(first.slab.subarray(0, first.length)));
        } finally {
          slabs.give(first.slab);
        }
      },
    }),
    close: async () => {
      await Promise.all([...threads].map((thread) => thread.close()));
    },
  };
}

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** `rest`: what of the last piece did not fit. */
type Filled = { slab: Uint8Array; length: number; isLast: boolean; rest: Uint8Array | undefined };

/** Copies what comes into a slab until that is full and there is more: so the last slab is known to be the last. */
async function fill(slabs: Slabs, source: AsyncIterator<Uint8Array>, before: Uint8Array | undefined): Promise<Filled> {
  const slab = slabs.take();
  let length = 0;
  try {
    for (let piece = before; ; piece = undefined) {
      if (!piece) {
        const next = await source.next();
        if (next.done) return { slab, length, isLast: true, rest: undefined };
        piece = next.value;
      }
      const fitting = piece.subarray(0, SLAB_BYTES - length);
      slab.set(fitting, length);
      length += fitting.length;
      if (fitting.length < piece.length) return { slab, length, isLast: false, rest: piece.subarray(fitting.length) };
    }
  } catch (error) {
    slabs.give(slab);
    throw error;
  }
}

type Content = { slabs: Slabs; source: AsyncIterator<Uint8Array>; first: Filled };

async function handOver({ slabs, source, first }: Content, file: NewFile, thread: ContentThread): Promise<WrittenFile> {
  const write = thread.begin(file);
  try {
    write.send(first.slab, first);
    for (let filled = first; !filled.isLast && (await write.room()); ) {
      filled = await fill(slabs, source, filled.rest);
      write.send(filled.slab, filled);
    }
    return await write.written;
  } catch (error) {
    write.abort();
    await source.return?.();
    await write.written.catch(() => {});
    throw error;
  }
}
