import { workerData } from 'node:worker_threads';
import type { ModelCard } from '../contract/model-card.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import { decodePicture } from './decode-picture.ts';
import { InferenceError } from './errors.ts';
import { decide, type Picture } from './pipeline.ts';
import { type Classification, interpret } from './postprocess.ts';
import { toTensor } from './preprocess.ts';
import { serveTasks } from './serve-tasks.ts';
import { openSession, type Session } from './session.ts';
import type { ModelRequest, ModelResponse, WorkerModels } from './worker-requests.ts';
import { yieldToOthers } from './yield-to-others.ts';

// A model thread: decodes, prepares, runs and interprets, so that the server's own thread never waits for pixels or networks.

// `openModelPool` passes exactly this.
const { models, threads } = workerData as WorkerModels;
/** Opened when first needed, then kept: loading takes longer than many runs. */
const sessions = new Map<string, Session>();

yieldToOthers();
serveTasks<ModelRequest, ModelResponse>({ handle, close });

async function handle(request: ModelRequest): Promise<ModelResponse> {
  const { card } = findModel(request.modelId);
  if (request.kind === 'run') return (await sessionOf(card)).run(request.tensor, request.dims);
  if (request.kind === 'classify') return classify(card, request.image);
  const { image, width, height } = await decode(request.picture);
  const gate = models.find((model) => model.card.id === card.accepts.gate?.model);
  const evaluation = await decide({ card, gate }, request.acquisition, (which) => classify(which, image));
  return { ...evaluation, width, height };
}

async function close(): Promise<void> {
  for (const session of sessions.values()) await session.close();
  sessions.clear();
}

async function classify(card: ModelCard, image: GrayImage): Promise<Classification> {
  const session = await sessionOf(card);
  const { width, height } = card.input;
  return interpret(card, await session.run(toTensor(image, card.input), [1, 1, height, width]));
}

async function decode(picture: Picture): Promise<{ image: GrayImage; width: number; height: number }> {
  if ('bytes' in picture) return decodePicture(picture.bytes);
  return { image: picture.image, width: picture.image.width, height: picture.image.height };
}

async function sessionOf(card: ModelCard): Promise<Session> {
  const session = sessions.get(card.id) ?? (await openSession(card, findModel(card.id).onnxPath, threads));
  sessions.set(card.id, session);
  return session;
}

function findModel(id: string): WorkerModels['models'][number] {
  const model = models.find(({ card }) => card.id === id);
  if (!model) throw new InferenceError('unknown-model', `No model '${id}' is loaded`);
  return model;
}
