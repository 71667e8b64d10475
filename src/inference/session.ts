import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelCard } from '../contract/model-card.ts';
import { InferenceError } from './errors.ts';
import type { RawOutputs, RawTensor } from './postprocess.ts';

/** A loaded network. `run` and `openSession` block the thread that calls them: only worker threads do. */
export type Session = {
  /** @param tensor values in row-major order of `dims`, `[n, 1, height, width]` */
  run(tensor: Float32Array, dims: readonly number[]): Promise<RawOutputs>;
  close(): Promise<void>;
};

/** A network without a model card: one input, one output, both float32. */
export type Network = {
  /** @param values in row-major order of `dims` */
  run(values: Float32Array, dims: readonly number[]): Promise<RawTensor>;
  close(): Promise<void>;
};

/** A network that reads tokens of a text. */
export type TokenNetwork = {
  /** @param ids of one text; nothing is padded, so that every token counts */
  run(ids: readonly number[]): Promise<RawTensor>;
  close(): Promise<void>;
};

/** How every network runs: on the CPU, in the thread that asks. */
const sessionOptions = (threads: number): InferenceSession.SessionOptions => ({
  executionProviders: ['cpu'],
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  // Threads that spin while they wait take the CPU from the server's own thread.
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  logSeverityLevel: 3,
});

/**
 * Loads the weights that the card names; other bytes under the same path are refused, so that a recorded digest stays true.
 *
 * @param threads how many threads one run may use
 * @throws {InferenceError} `failed`
 */
export async function openSession(card: ModelCard, onnxPath: string, threads: number): Promise<Session> {
  const onnx = await readFile(onnxPath);
  if (createHash('sha256').update(onnx).digest('hex') !== card.provenance.onnx_sha256)
    throw new InferenceError('failed', `${card.id}: model.onnx has changed since it was checked`);
  const session = await InferenceSession.create(onnx, sessionOptions(threads));
  const names = Object.values(card.outputs).filter((name) => name !== null);
  for (const name of [card.input.name, ...names])
    if (![...session.inputNames, ...session.outputNames].includes(name))
      throw new InferenceError('failed', `${card.id}: model.onnx has no input or output '${name}'`);
  return {
    run: (tensor, dims) => run(session, card, new Tensor('float32', tensor, dims)),
    close: () => session.release(),
  };
}

/** Loads a network that comes with the product or its packages. Blocks the thread that calls it, as `run` does: only worker threads do. */
export async function openNetwork(onnxPath: string, threads: number): Promise<Network> {
  const session = await InferenceSession.create(onnxPath, sessionOptions(threads));
  const [input, output] = [session.inputNames[0], session.outputNames[0]];
  if (input === undefined || output === undefined) throw new InferenceError('failed', 'a network without input or output');
  return {
    run: async (values, dims) => {
      const tensor = (await session.run({ [input]: new Tensor('float32', values, dims) }, [output]))[output];
      if (!(tensor?.data instanceof Float32Array)) throw new InferenceError('failed', 'the output of a network is not float32');
      return { data: tensor.data.slice(), dims: tensor.dims };
    },
    close: () => session.release(),
  };
}

/** Outputs of sentence models, the best first: some pool by themselves. */
const SENTENCE_OUTPUTS = ['sentence_embedding', 'last_hidden_state', 'token_embeddings'];

/**
 * Loads a network that takes `input_ids` (and `attention_mask`, `token_type_ids` where it has them) as int64, `[1, tokens]`. Blocks the
 * thread that calls it, as `run` does: only worker threads do.
 *
 * @throws {InferenceError} `failed` for one that takes something else
 */
export async function openTokenNetwork(onnx: Uint8Array, threads: number): Promise<TokenNetwork> {
  const session = await InferenceSession.create(onnx, sessionOptions(threads));
  const { inputNames, outputNames } = session;
  const output = SENTENCE_OUTPUTS.find((name) => outputNames.includes(name)) ?? outputNames[0];
  const unknown = inputNames.find((name) => !['input_ids', 'attention_mask', 'token_type_ids'].includes(name));
  if (output === undefined || unknown !== undefined || !inputNames.includes('input_ids'))
    throw new InferenceError('failed', `the network is none for sentences: it takes ${inputNames.join(', ')}`);
  return {
    run: async (ids) => {
      const dims = [1, ids.length];
      const values = { input_ids: ids, attention_mask: ids.map(() => 1), token_type_ids: ids.map(() => 0) };
      const feeds = Object.fromEntries(
        Object.entries(values)
          .filter(([name]) => inputNames.includes(name))
          .map(([name, numbers]) => [name, new Tensor('int64', BigInt64Array.from(numbers, BigInt), dims)]),
      );
      const tensor = (await session.run(feeds, [output]))[output];
      if (!(tensor?.data instanceof Float32Array)) throw new InferenceError('failed', 'the output of a network is not float32');
      return { data: tensor.data.slice(), dims: tensor.dims };
    },
    close: () => session.release(),
  };
}

async function run(session: InferenceSession, card: ModelCard, input: Tensor): Promise<RawOutputs> {
  const { logits, cam, ood } = card.outputs;
  const names = [logits, cam, ood].filter((name) => name !== null);
  const outputs = await session.run({ [card.input.name]: input }, names);
  return {
    logits: rawTensor(card, outputs[logits]),
    cam: cam === null ? null : rawTensor(card, outputs[cam]),
    ood: ood === null ? null : rawTensor(card, outputs[ood]),
  };
}

/** A copy in memory of its own: the runtime's memory cannot move to another thread. */
function rawTensor(card: ModelCard, tensor: Tensor | undefined): RawTensor {
  if (!(tensor?.data instanceof Float32Array)) throw new InferenceError('failed', `${card.id}: an output is not float32`);
  return { data: tensor.data.slice(), dims: tensor.dims };
}
