import type { SearchMethod } from '../../contract/literature.ts';
import { InferenceError } from '../../inference/errors.ts';
import type { SystemDb } from '../platform/ports.ts';
import type { Embeddings } from './embeddings.ts';
import { filterOf, type LiteratureFilter } from './repository.ts';
import { keepAllowed } from './vector-repository.ts';

export type SenseDeps = { systemDb: SystemDb; embeddings?: Embeddings | undefined };
/** Ids of records, the closest first, and what is said of how they were found. */
export type SenseSearch = { ids: number[]; method: SearchMethod };

/** A search by words alone, as it is where no model is configured. */
export const LEXICAL: SearchMethod = { method: 'lexical', embedding: null, problem: null };
/** A filter is looked at afterwards: of so many times the wanted ones, those that pass are kept. */
const FILTER_RESERVE = 20;

/** Records whose sense is close to that of a question. None without a model; one that fails costs its results and nothing else. */
export async function searchBySense(
  { systemDb, embeddings }: SenseDeps,
  text: string,
  { wanted, filter }: { wanted: number; filter: LiteratureFilter },
): Promise<SenseSearch> {
  if (!embeddings) return { ids: [], method: LEXICAL };
  try {
    const where = filterOf(filter);
    const { info, record_count, ids } = await embeddings.nearest(text, where ? wanted * FILTER_RESERVE : wanted);
    const allowed = await keepAllowed(systemDb, ids, where);
    const embedding = { name: info.name, digest: info.digest, record_count };
    return { ids: allowed.slice(0, wanted), method: { method: 'hybrid', embedding, problem: null } };
  } catch (error) {
    if (!(error instanceof InferenceError)) throw error;
    return { ids: [], method: { ...LEXICAL, problem: error.message } };
  }
}
