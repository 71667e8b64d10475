import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelInput } from '../src/contract/model-card.ts';
import { decodePicture } from '../src/inference/decode-picture.ts';
import { toTensor } from '../src/inference/preprocess.ts';

// The peer of the inference benchmark: networks run one after the other, with nothing around them: on prepared tensors, or, if there
// is a picture, on tensors made from it anew each time.

export type BareLoop = { networks: { onnxPath: string; input: ModelInput }[]; picture: Uint8Array | null };

// `benchInference` passes exactly this.
const { networks, picture } = workerData as BareLoop;
const loaded = await Promise.all(
  networks.map(async ({ onnxPath, input }) => {
    const session = await InferenceSession.create(onnxPath, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    const values = Float32Array.from({ length: input.width * input.height }, (_, index) => Math.sin(index * 0.37));
    return { session, input, prepared: feedsOf(values, input) };
  }),
);

// A shared counter asks for so many passes over all networks, whichever thread comes first; null asks for the end.
parentPort?.on('message', async (left: Int32Array | null) => {
  if (left === null) {
    for (const { session } of loaded) await session.release();
    parentPort?.close();
    return;
  }
  while (Atomics.sub(left, 0, 1) > 0) await pass();
  parentPort?.postMessage('done');
});

async function pass(): Promise<void> {
  const decoded = picture && (await decodePicture(picture));
  for (const { session, input, prepared } of loaded) await session.run(decoded ? feedsOf(toTensor(decoded.image, input), input) : prepared);
}

function feedsOf(values: Float32Array, { name, width, height }: ModelInput): Record<string, Tensor> {
  return { [name]: new Tensor('float32', values, [1, 1, height, width]) };
}
