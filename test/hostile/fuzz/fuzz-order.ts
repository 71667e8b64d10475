import type { Target } from './corpus.ts';

/** What the thread is told; `shared` holds a count, a length, and the input that is being tried, so that who watches can keep it. */
export type FuzzOrder = { target: Target; seed: number; count: number; folder: string | undefined; shared: SharedArrayBuffer };
export type FuzzReport =
  | { kind: 'progress'; done: number; corpus: number; blocks: number; slowestMs: number }
  | { kind: 'crash'; input: string; message: string };

/** Places in the shared memory, in 32-bit words and bytes. */
export const SHARED = { count: 0, length: 1, headBytes: 8, inputBytes: 16_384 };
