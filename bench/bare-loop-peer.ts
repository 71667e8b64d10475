import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ModelPackage } from '../src/inference/model-package.ts';
import type { BareLoop } from './bare-loop.ts';

/** Threads that do nothing but run networks. */
export type Peer = {
  /** Every network once for each of `count` pictures, whichever thread is free. */
  run(count: number): Promise<void>;
  close(): Promise<void>;
};

/** @param options with `picture`, each pass decodes and prepares it; without, the networks run on prepared tensors */
export function openBareLoop(
  packages: ModelPackage[],
  { threads, picture = null }: { threads: number; picture?: Uint8Array | null },
): Peer {
  const networks = packages.map(({ onnxPath, card }) => ({ onnxPath, input: card.input }));
  const loop = { networks, picture } satisfies BareLoop;
  const workers = Array.from({ length: threads }, () => new Worker(new URL('./bare-loop.ts', import.meta.url), { workerData: loop }));
  const tell = async (message: Int32Array | null, event: 'message' | 'exit'): Promise<void> => {
    await Promise.all(
      workers.map((worker) => {
        const answered = once(worker, event);
        worker.postMessage(message);
        return answered;
      }),
    );
  };
  return {
    run: (count) => tell(new Int32Array(new SharedArrayBuffer(4)).fill(count), 'message'),
    close: () => tell(null, 'exit'),
  };
}
