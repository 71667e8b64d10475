import { openSentences, type SentenceModelInfo, type Sentences } from '../../inference/sentence-threads.ts';
import { openThreadPool, type ThreadPool } from '../../inference/thread-pool.ts';
import type { SystemDb } from '../platform/ports.ts';
import { quantized } from './nearest-vectors.ts';
import { lastVector, listVectors, type VectorRow } from './vector-repository.ts';
import type { VectorReply, VectorRequest } from './vector-worker.ts';

/** The sense of publications, by a model that the site brought. */
export type Embeddings = {
  /** @throws {InferenceError} where the model cannot be used */
  info(): Promise<SentenceModelInfo>;
  /** A passage as the corpus keeps it. Waits behind those who search. @throws {InferenceError} */
  embedPassage(text: string, signal?: AbortSignal): Promise<Int8Array>;
  /** Ids of the records closest to a question, the closest first. @throws {InferenceError} */
  nearest(text: string, limit: number): Promise<Nearest>;
  close(): Promise<void>;
};
export type Nearest = { info: SentenceModelInfo; record_count: number; ids: number[] };

/** Vectors that are read from the database at a time. */
const CHUNK = 5_000;
const MAX_WAITING = 256;

type Vectors = ThreadPool<VectorRequest, VectorReply>;

/** Opens the model of a folder; undefined where none is configured. Nothing is loaded before something is asked. */
export function openEmbeddings(folder: string, systemDb: SystemDb): Embeddings | undefined {
  if (folder === '') return undefined;
  const sentences = openSentences(folder);
  const vectors: Vectors = openThreadPool({
    url: new URL(import.meta.url.endsWith('.ts') ? './vector-worker.ts' : './vector-worker.js', import.meta.url),
    workers: 1,
    workerData: null,
    maxWaiting: MAX_WAITING,
  });
  // One at a time: two that search at once do not both read what is new.
  let filling: Promise<unknown> = Promise.resolve();
  const fill = (info: SentenceModelInfo): Promise<void> => {
    const filled = filling.then(() => fillVectors(vectors, systemDb, info));
    filling = filled.catch(() => undefined);
    return filled;
  };
  return {
    info: sentences.info,
    embedPassage: (text, signal) => embedPassage(sentences, text, signal),
    nearest: async (text, limit) => {
      const { info, vector } = await sentences.embed(text, 'query');
      if (vector.every((value) => value === 0)) return { info, record_count: 0, ids: [] };
      await fill(info);
      const { nearest, count } = await vectors.submit({ kind: 'nearest', model: info.digest, query: quantized(vector), limit });
      return { info, record_count: count, ids: nearest.map(({ literature_id }) => literature_id) };
    },
    close: async () => {
      await Promise.all([sentences.close(), vectors.close()]);
    },
  };
}

async function embedPassage(sentences: Sentences, text: string, signal?: AbortSignal): Promise<Int8Array> {
  const { vector } = await sentences.embed(text, 'passage', { priority: 'background', signal });
  return quantized(vector);
}

/** Brings the thread up to what the database holds; one that died begins anew. */
async function fillVectors(vectors: Vectors, systemDb: SystemDb, { digest: model, dimensions }: SentenceModelInfo): Promise<void> {
  const newest = await lastVector(systemDb, model);
  let { last } = await vectors.submit({ kind: 'last', model });
  while (last < newest) {
    const rows = await listVectors(systemDb, model, { after: last, limit: CHUNK });
    if (rows.length === 0) return;
    const packed = packedOf(rows, dimensions);
    const transfer = [packed.vectors.buffer];
    ({ last } = await vectors.submit({ kind: 'add', model, dimensions, rows: packed }, { transfer }));
  }
}

function packedOf(rows: readonly VectorRow[], dimensions: number) {
  const vectors = new Int8Array(rows.length * dimensions);
  for (const [index, { vector }] of rows.entries())
    vectors.set(new Int8Array(vector.buffer, vector.byteOffset, Math.min(vector.byteLength, dimensions)), index * dimensions);
  return { ids: rows.map(({ id }) => id), literatureIds: rows.map(({ literature_id }) => literature_id), vectors };
}
