import { InferenceError } from './errors.ts';
import type { SentenceModelInfo, TextRole } from './sentence-model.ts';
import { openThreadPool, type TaskOptions } from './thread-pool.ts';

export type { SentenceModelInfo, TextRole } from './sentence-model.ts';
export type SentenceWorkerData = { folder: string };
/** `null`: only the model is asked for. */
export type SentenceRequest = { text: string | null; role: TextRole };
export type SentenceReply = { info: SentenceModelInfo; vector: Float32Array | null };

/** A model for the sense of sentences in a thread of its own, which starts with the first text. */
export type Sentences = {
  /** @throws {InferenceError} where the folder holds no usable model */
  info(): Promise<SentenceModelInfo>;
  /** A vector of length 1. @throws {InferenceError} */
  embed(text: string, role: TextRole, options?: TaskOptions): Promise<{ info: SentenceModelInfo; vector: Float32Array }>;
  close(): Promise<void>;
};

const MAX_WAITING = 64;

/** Opens the model of a folder; the folder is first read when something is asked. */
export function openSentences(folder: string): Sentences {
  const threads = openThreadPool<SentenceRequest, SentenceReply>({
    // From the checkout Node runs the .ts file itself; a published package holds .js.
    url: new URL(import.meta.url.endsWith('.ts') ? './sentence-worker.ts' : './sentence-worker.js', import.meta.url),
    workers: 1,
    workerData: { folder } satisfies SentenceWorkerData,
    maxWaiting: MAX_WAITING,
  });
  return {
    info: async () => (await threads.submit({ text: null, role: 'query' })).info,
    embed: async (text, role, options) => {
      const { info, vector } = await threads.submit({ text, role }, options);
      if (!vector) throw new InferenceError('failed', 'the model gave no vector');
      return { info, vector };
    },
    close: threads.close,
  };
}
