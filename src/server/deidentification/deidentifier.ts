import { availableParallelism } from 'node:os';
import { openThreadPool, type TaskOptions } from '../../inference/thread-pool.ts';
import type { FileOutcome, FileRequest } from './deidentify-file.ts';
import type { FileTask } from './deidentify-worker.ts';

/** Each thread holds a whole object and the text networks, about 200 MB: more threads would crowd out everything else. */
const MAX_THREADS = 2;
/** Callers send a study's files one by one; what waits here is the work of few studies. */
const MAX_WAITING = 1000;

/** De-identifies files in threads of their own, which start with the first file. */
export type Deidentifier = {
  /** @throws {InferenceError} `busy`, `closed`, `crashed` */
  run(bytes: Uint8Array, request: FileRequest, options?: Pick<TaskOptions, 'signal'>): Promise<FileOutcome>;
  /** How many files it works on at a time. */
  threads: number;
  /** Finishes what was taken, then ends the threads. */
  close(): Promise<void>;
};

export function openDeidentifier(): Deidentifier {
  const threads = Math.min(MAX_THREADS, availableParallelism());
  const pool = openThreadPool<FileTask, FileOutcome>({
    // From the checkout Node runs the .ts file itself; a published package holds .js.
    url: new URL(import.meta.url.endsWith('.ts') ? './deidentify-worker.ts' : './deidentify-worker.js', import.meta.url),
    workers: threads,
    workerData: {},
    maxWaiting: MAX_WAITING,
  });
  return {
    run: (bytes, request, { signal } = {}) => pool.submit({ bytes, request }, { priority: 'background', signal }),
    threads,
    close: pool.close,
  };
}
