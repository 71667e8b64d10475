import type { Insertable, Selectable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { FindingRow } from './queries.ts';

export type DecisionRow = Selectable<Tables['finding_decision']>;

export async function insertFinding(tx: Tx, row: Insertable<Tables['finding']>): Promise<void> {
  await tx.insertInto('finding').values(row).execute();
}

export async function updateReview(
  tx: Tx,
  id: string,
  review: Pick<FindingRow, 'status' | 'title' | 'evidence' | 'proposed' | 'text' | 'reason' | 'reviewed_by' | 'reviewed_at'>,
): Promise<void> {
  await tx.updateTable('finding').set(review).where('id', '=', id).execute();
}

export async function insertDecision(tx: Tx, row: DecisionRow): Promise<void> {
  await tx.insertInto('finding_decision').values(row).execute();
}

export async function listDecisions(db: Db, findingId: string): Promise<DecisionRow[]> {
  return db.selectFrom('finding_decision').selectAll().where('finding_id', '=', findingId).orderBy('id').execute();
}

/** Deletes findings of a run that nobody decided on. */
export async function deleteUndecided(tx: Tx, analysisId: string): Promise<void> {
  await tx.deleteFrom('finding').where('analysis_id', '=', analysisId).where('status', '=', 'proposed').execute();
}
