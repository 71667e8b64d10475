/** A data set on its way in, between the socket and who reads it. */
export type DataStream = {
  /** Read at most once. Fails if the association ends before the data set does. */
  content: AsyncIterable<Uint8Array>;
  push(bytes: Uint8Array): void;
  end(): void;
  fail(error: Error): void;
  /** From now on bytes are dropped: the reader has gone. */
  discard(): void;
  /** Bytes that wait for the reader; a small piece counts 256. */
  waiting(): number;
};

/** What a piece counts at least: a peer that sends single bytes must not make a long queue of them. */
const LEAST_WEIGHT = 256;

type Waiter = { resolve: (result: IteratorResult<Uint8Array>) => void; reject: (error: Error) => void };

/**
 * Queue of bytes with one reader. `onTaken` is told after each piece that the reader took, so that a full queue can be filled again; the
 * queue itself never refuses.
 */
export function openDataStream(onTaken: () => void): DataStream {
  const pieces: Uint8Array[] = [];
  let waiting = 0;
  let ended = false;
  let discarding = false;
  let failure: Error | undefined;
  let waiter: Waiter | undefined;

  const next = (): Promise<IteratorResult<Uint8Array>> => {
    const piece = pieces.shift();
    if (piece) {
      waiting -= Math.max(piece.length, LEAST_WEIGHT);
      onTaken();
      return Promise.resolve({ done: false, value: piece });
    }
    if (failure) return Promise.reject(failure);
    if (ended || discarding) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      waiter = { resolve, reject };
    });
  };
  const settle = (act: (waiter: Waiter) => void): void => {
    const present = waiter;
    waiter = undefined;
    if (present) act(present);
  };

  return {
    content: { [Symbol.asyncIterator]: () => ({ next }) },
    push(bytes) {
      if (discarding || bytes.length === 0) return;
      if (waiter) return settle(({ resolve }) => resolve({ done: false, value: bytes }));
      pieces.push(bytes);
      waiting += Math.max(bytes.length, LEAST_WEIGHT);
    },
    end() {
      ended = true;
      settle(({ resolve }) => resolve({ done: true, value: undefined }));
    },
    fail(error) {
      if (ended) return;
      failure = error;
      settle(({ reject }) => reject(error));
    },
    discard() {
      discarding = true;
      pieces.length = 0;
      waiting = 0;
      onTaken();
    },
    waiting: () => waiting,
  };
}

/** Everything of a stream in one piece; undefined if it is longer than `maxBytes`. */
export async function gather(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size <= maxBytes) pieces.push(piece);
  }
  return size <= maxBytes ? Buffer.concat(pieces) : undefined;
}
