import { type LiteratureDeps, takeEntries } from './import-literature.ts';
import { findKeys, listKeysOf, noteCount } from './repository.ts';

/**
 * Takes a record out, or all sections of a text. Returns how many records were there.
 *
 * @param key as answers give it: `pmid:…`, `doi:…`, `guideline:name-0123456789ab/1`; without `/1`, the whole text
 */
export async function removeLiterature(deps: LiteratureDeps, key: string): Promise<number> {
  const keys = await listKeysOf(deps.systemDb, key);
  const known = await findKeys(deps.systemDb, keys);
  const counts = { added: 0, updated: 0, deleted: 0, skipped: 0 };
  await takeEntries(
    deps,
    keys.map((deleted) => ({ deleted })),
    counts,
  );
  const sources = new Set([...known.values()].map(({ source }) => source));
  for (const source of sources) await deps.systemDb.transaction().execute((tx) => noteCount(tx, source));
  return counts.deleted;
}
