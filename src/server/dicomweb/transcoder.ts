import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { TranscodeAnswer, TranscodeTask } from './transcode-worker.ts';

/** Codecs and picture encoders would hold up the event loop. */
const MAX_THREADS = 4;
/** A thread that had nothing to do for this long ends, so that an idle server is small. */
const IDLE_MS = 30_000;

export type Transcoder = { run(task: TranscodeTask): Promise<TranscodeAnswer>; close(): Promise<void> };

export function openTranscoder(): Transcoder {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const pool = new Piscina<TranscodeTask, TranscodeAnswer>({
    filename: new URL(`./transcode-worker.${extension}`, import.meta.url).href,
    minThreads: 0,
    maxThreads: Math.min(MAX_THREADS, availableParallelism()),
    idleTimeout: IDLE_MS,
  });
  return { run: (task) => pool.run(task), close: () => pool.close() };
}
