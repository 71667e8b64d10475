import type { Tx } from '../platform/ports.ts';
import type { FindingRow } from './queries.ts';

export async function insertFinding(tx: Tx, row: FindingRow): Promise<void> {
  await tx.insertInto('finding').values(row).execute();
}

export async function updateReview(
  tx: Tx,
  id: string,
  review: Pick<FindingRow, 'status' | 'text' | 'reason' | 'reviewed_by' | 'reviewed_at'>,
): Promise<void> {
  await tx.updateTable('finding').set(review).where('id', '=', id).execute();
}

/** Deletes findings of a run that nobody decided on. */
export async function deleteUndecided(tx: Tx, analysisId: string): Promise<void> {
  await tx.deleteFrom('finding').where('analysis_id', '=', analysisId).where('status', '=', 'proposed').execute();
}
