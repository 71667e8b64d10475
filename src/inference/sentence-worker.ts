import { workerData } from 'node:worker_threads';
import { openSentenceModel, type SentenceModel } from './sentence-model.ts';
import type { SentenceReply, SentenceRequest, SentenceWorkerData } from './sentence-threads.ts';
import { serveTasks } from './serve-tasks.ts';
import { yieldToOthers } from './yield-to-others.ts';

// `openSentences` passes exactly this.
const { folder } = workerData as SentenceWorkerData;
let opened: Promise<SentenceModel> | undefined;

yieldToOthers();
serveTasks<SentenceRequest, SentenceReply>({
  handle: async ({ text, role }) => {
    const model = await open();
    return { info: model.info, vector: text === null ? null : await model.embed(text, role) };
  },
  close: async () => {
    await (await opened)?.close();
  },
});

/** Loaded when first needed; a folder that could not be used is looked at again with the next text. */
function open(): Promise<SentenceModel> {
  opened ??= openSentenceModel(folder, 1).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}
