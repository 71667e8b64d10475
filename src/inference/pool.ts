import type { GrayImage } from '../imaging/gray-image.ts';
import { InferenceError } from './errors.ts';
import type { ModelPackage } from './model-package.ts';
import type { Evaluator, Picture } from './pipeline.ts';
import type { Classification, RawOutputs } from './postprocess.ts';
import { movable } from './task-protocol.ts';
import { openThreadPool, type PoolCounts, type Priority, type TaskOptions } from './thread-pool.ts';
import type { ModelRequest, ModelResponse, ModelResponses, WorkerModels } from './worker-requests.ts';

/** Enough for a burst of uploads; at 20 ms a picture on two threads it is worked off in under three seconds. */
const MAX_WAITING = 256;

export type ModelPoolOptions = {
  packages: ModelPackage[];
  /** Threads that run models. */
  workers: number;
  /** Threads that one run may use, 1 unless told: several runs at a time use the CPUs better than one on several threads. */
  threadsPerWorker?: number;
  /** Tasks that may wait; one more is refused as busy. */
  maxWaiting?: number;
};

export type RunOptions = { priority?: Priority | undefined; signal?: AbortSignal | undefined };

/** Models in threads of their own. Arrays given to `run`, `classify` and `evaluate({ image })` move there: they are empty here afterwards. */
export type ModelPool = Evaluator & {
  packages: readonly ModelPackage[];
  /** The bare network. @param dims `[n, 1, height, width]` @throws {InferenceError} */
  run(modelId: string, tensor: Float32Array, dims: readonly number[], options?: RunOptions): Promise<RawOutputs>;
  /** One model on one picture, without acceptance and gate. @throws {InferenceError} */
  classify(modelId: string, image: GrayImage, options?: RunOptions): Promise<Classification>;
  counts(): PoolCounts;
  /** Takes nothing more, finishes everything that was accepted, then stops the threads. Leaving the process during a run aborts it. */
  close(): Promise<void>;
};

/** Opens the threads lazily: an idle server holds no network in memory. */
export async function openModelPool(options: ModelPoolOptions): Promise<ModelPool> {
  const { packages, workers, threadsPerWorker = 1, maxWaiting = MAX_WAITING } = options;
  const models = packages.map(({ card, digest, onnxPath }) => ({ card, digest, onnxPath }));
  const threads = openThreadPool<ModelRequest, ModelResponse>({
    // From the checkout Node runs the .ts file itself; a published package holds .js.
    url: new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url),
    workers,
    workerData: { models, threads: threadsPerWorker } satisfies WorkerModels,
    maxWaiting,
  });
  const ask = async <K extends keyof ModelResponses>(
    request: ModelRequest & { kind: K },
    task: TaskOptions,
  ): Promise<ModelResponses[K]> => {
    if (!models.some(({ card }) => card.id === request.modelId))
      throw new InferenceError('unknown-model', `No model '${request.modelId}' is loaded`);
    // The thread answers a request with the response of its kind.
    return (await threads.submit(request, task)) as ModelResponses[K];
  };
  return {
    packages,
    run: async (modelId, values, dims, task = {}) => {
      checkLength(
        values,
        dims.reduce((product, dim) => product * dim, 1),
      );
      const tensor = movable(values);
      return ask({ kind: 'run', modelId, tensor, dims }, { ...task, transfer: [tensor.buffer] });
    },
    classify: async (modelId, image, task = {}) => {
      const moved = moveImage(image);
      return ask({ kind: 'classify', modelId, image: moved }, { ...task, transfer: [moved.pixels.buffer] });
    },
    evaluate: async (modelId, picture, { priority, signal, ...acquisition }) => {
      const { moved, transfer } = movePicture(picture);
      return ask({ kind: 'evaluate', modelId, picture: moved, acquisition }, { priority, signal, transfer });
    },
    counts: threads.counts,
    close: threads.close,
  };
}

function moveImage({ width, height, pixels }: GrayImage) {
  checkLength(pixels, width * height);
  return { width, height, pixels: movable(pixels) };
}

function checkLength(values: Float32Array, expected: number): void {
  if (values.length === expected && expected > 0) return;
  const hint = values.length === 0 ? '; were they moved to a model already?' : '';
  throw new InferenceError('failed', `${values.length} values where the size asks for ${expected}${hint}`);
}

/** File bytes are copied first: they are small, and the caller still has to hash or store them. */
function movePicture(picture: Picture): { moved: Picture; transfer: ArrayBuffer[] } {
  if ('bytes' in picture) {
    const bytes = new Uint8Array(picture.bytes);
    return { moved: { bytes }, transfer: [bytes.buffer] };
  }
  const image = moveImage(picture.image);
  return { moved: { image }, transfer: [image.pixels.buffer] };
}
