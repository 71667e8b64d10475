import type { Trial } from '../../clinical/trials/match-trial.ts';
import type { ImportedFile } from '../../contract/literature.ts';
import { noteTrials } from '../literature/corpus-notes.ts';
import type { LiteratureDeps, LiteratureFile } from '../literature/import-literature.ts';
import { openText } from '../literature/open-text.ts';
import { readJsonObjects } from '../literature/read-json.ts';
import { AppError } from '../platform/errors.ts';
import { readTrial } from './read-trial.ts';
import { putTrials } from './repository.ts';

/** Trials of one transaction; each has some ten kilobytes. */
const BATCH = 100;

/**
 * Takes in a file of ClinicalTrials.gov: an answer of its API v2, a download (a list of studies), one study, or one study a line. What was
 * taken in before a problem stays; doing it again changes nothing. Memory does not grow with the file.
 */
export async function importTrialFile(deps: LiteratureDeps, { name, content }: LiteratureFile): Promise<ImportedFile> {
  const counts = { added: 0, updated: 0, deleted: 0, skipped: 0 };
  const told = { file: name, format: 'trials-json' as const };
  try {
    const { head, text } = await openText(content);
    if (!/^\s*[[{]/.test(head)) throw new AppError('invalid-request', 'Trials come as JSON of ClinicalTrials.gov, API v2');
    await takeTrials(deps, readJsonObjects(text, 'studies'), counts);
    return { ...told, ...counts, problem: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid-request') throw error;
    return { ...told, ...counts, problem: error.message };
  }
}

async function takeTrials(
  deps: LiteratureDeps,
  studies: AsyncIterable<unknown>,
  counts: { added: number; updated: number; skipped: number },
): Promise<void> {
  let batch = new Map<string, Trial>();
  let newest = '';
  const flush = async (): Promise<void> => {
    const trials = [...batch.values()];
    batch = new Map();
    if (trials.length === 0) return;
    const { written, updated } = await writeTrials(deps, trials);
    counts.added += written - updated;
    counts.updated += updated;
    counts.skipped += trials.length - written;
  };
  try {
    for await (const study of studies) {
      const trial = readTrial(study);
      if (!trial) {
        counts.skipped += 1;
        continue;
      }
      batch.set(trial.nct_id, trial);
      if ((trial.updated_on ?? '') > newest) newest = trial.updated_on ?? '';
      if (batch.size >= BATCH) await flush();
    }
  } finally {
    await flush();
    if (counts.added + counts.updated > 0) await noteTrials(deps, newest);
  }
}

async function writeTrials(
  { systemDb, textIndex, now }: LiteratureDeps,
  trials: readonly Trial[],
): Promise<{ written: number; updated: number }> {
  return systemDb.transaction().execute(async (tx) => {
    const { ids, updated } = await putTrials(tx, trials, now().toISOString());
    const texts = trials.flatMap(({ nct_id, title, conditions, keywords, interventions, summary }) => {
      const id = ids.get(nct_id);
      // Not the criteria: they name diseases that a patient must not have.
      const words = { title, keywords: [...conditions, ...keywords].join(' '), body: [...interventions, summary].join(' ') };
      return id === undefined ? [] : [{ id, ...words }];
    });
    await textIndex.put(tx, 'trial', texts);
    return { written: ids.size, updated };
  });
}
