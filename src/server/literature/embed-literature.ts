import type { EmbeddingState } from '../../contract/literature.ts';
import { InferenceError } from '../../inference/errors.ts';
import { AppError } from '../platform/errors.ts';
import type { Jobs, SystemDb } from '../platform/ports.ts';
import type { Embeddings } from './embeddings.ts';
import { countEmbedded, deleteAllVectors, listUnread, putVectors } from './vector-repository.ts';

export type EmbedDeps = { systemDb: SystemDb; embeddings?: Embeddings | undefined };

/** Records of one transaction. */
const BATCH = 64;

/**
 * Lets the model read every record that it has not read, and keeps what it says. Goes on where it was stopped; nothing happens without a
 * model. Returns how many records it read.
 *
 * @throws {InferenceError} where the model cannot be used
 */
export async function embedLiterature({ systemDb, embeddings }: EmbedDeps, signal?: AbortSignal): Promise<number> {
  if (!embeddings) return 0;
  const { digest: model } = await embeddings.info();
  let read = 0;
  for (let after = 0; ; ) {
    signal?.throwIfAborted();
    const records = await listUnread(systemDb, model, { after, limit: BATCH });
    const last = records.at(-1);
    if (!last) return read;
    after = last.id;
    const rows: { literature_id: number; model: string; vector: Uint8Array }[] = [];
    for (const { id, title, abstract } of records) {
      const vector = await embeddings.embedPassage(`${title}. ${abstract}`, signal);
      rows.push({ literature_id: id, model, vector: new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength) });
    }
    read += await systemDb.transaction().execute((tx) => putVectors(tx, rows));
  }
}

/** Asks for `embedLiterature` in the background; nothing happens without a model. */
export async function requestEmbedding({ systemDb, jobs, embeddings }: EmbedDeps & { jobs: Jobs }, { anew = false } = {}): Promise<void> {
  if (!embeddings) return;
  await systemDb.transaction().execute(async (tx) => {
    if (anew) await deleteAllVectors(tx);
    await jobs.enqueue(tx, 'embed-literature', {}, { key: 'embed-literature' });
  });
}

/** Lets go of what was read, so that everything is read anew. */
export async function forgetEmbeddings({ systemDb }: EmbedDeps): Promise<void> {
  await systemDb.transaction().execute(deleteAllVectors);
}

/** How far the corpus has been read. */
export async function embeddingState({ systemDb, embeddings }: EmbedDeps): Promise<EmbeddingState> {
  try {
    const model = (await embeddings?.info()) ?? null;
    return { model, ...(await countEmbedded(systemDb, model?.digest ?? '')), problem: null };
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error;
    return { model: null, ...(await countEmbedded(systemDb, '')), problem: error.message };
  }
}

/** @throws {AppError} `wrong-state` where no model is configured */
export function requireEmbeddings({ embeddings }: EmbedDeps): Embeddings {
  if (!embeddings) throw new AppError('wrong-state', 'No model is configured: ISOCENTER_EMBEDDING_MODEL names its folder');
  return embeddings;
}
