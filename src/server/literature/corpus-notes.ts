import type { LiteratureDeps } from './import-literature.ts';
import { noteSource } from './repository.ts';

/**
 * Notes an import of trials.
 *
 * @param newest the newest change that the registrations tell of, `2026-05-04`; a day that is still to come, or none, counts as today
 */
export async function noteTrials({ systemDb, now }: Pick<LiteratureDeps, 'systemDb' | 'now'>, newest: string): Promise<void> {
  const imported_at = now().toISOString();
  const today = imported_at.slice(0, 10);
  const corpus_date = /^\d{4}-\d{2}-\d{2}$/.test(newest) && newest <= today ? newest : today;
  await systemDb.transaction().execute((tx) => noteSource(tx, { source: 'trials', corpus_date, imported_at, digest: null }));
}
