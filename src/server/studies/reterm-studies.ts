import type { Tx } from '../platform/ports.ts';
import { insertStudyTerms } from './parents-repository.ts';
import { type RecordIdentity, termsOfRecord } from './record-terms.ts';

/**
 * Lets studies be found by what the record of their patient says, after it was corrected or they came to another one. The terms of their
 * objects stay: they lead to candidates, and the record decides.
 */
export async function retermStudies(tx: Tx, studyInstanceUids: readonly string[], record: RecordIdentity): Promise<void> {
  const terms = termsOfRecord(record);
  for (const uid of studyInstanceUids) await insertStudyTerms(tx, uid, terms);
}
