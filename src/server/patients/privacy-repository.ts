import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type HoldRow = Selectable<Tables['retention_hold']>;
export type ErasureRow = Selectable<Tables['erasure']>;
export type ApprovalRow = Selectable<Tables['erasure_approval']>;

export async function insertHold(tx: Tx, row: HoldRow): Promise<void> {
  await tx.insertInto('retention_hold').values(row).execute();
}

export async function findHold(db: Db | Tx, id: string): Promise<HoldRow | undefined> {
  return db.selectFrom('retention_hold').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function listHoldRows(db: Db, patientKey: string): Promise<HoldRow[]> {
  return db.selectFrom('retention_hold').selectAll().where('patient_key', '=', patientKey).orderBy('id', 'desc').execute();
}

export async function countActiveHolds(db: Db | Tx, patientKey: string): Promise<number> {
  const { count } = await db
    .selectFrom('retention_hold')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('patient_key', '=', patientKey)
    .where('released_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function updateHold(tx: Tx, id: string, change: Updateable<Tables['retention_hold']>): Promise<void> {
  await tx.updateTable('retention_hold').set(change).where('id', '=', id).execute();
}

export async function insertErasure(tx: Tx, row: ErasureRow): Promise<void> {
  await tx.insertInto('erasure').values(row).execute();
}

export async function findErasure(db: Db | Tx, id: string): Promise<ErasureRow | undefined> {
  return db.selectFrom('erasure').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The one that is under way for a patient. */
export async function findErasureOf(db: Db | Tx, patientKey: string): Promise<ErasureRow | undefined> {
  return db.selectFrom('erasure').selectAll().where('patient_key', '=', patientKey).executeTakeFirst();
}

/** Newest first, after the one with the id `before`. */
export async function listErasureRows(db: Db, { before, limit }: { before?: string | undefined; limit: number }): Promise<ErasureRow[]> {
  // Ids are in order of time.
  const query = db.selectFrom('erasure').selectAll();
  return (before === undefined ? query : query.where('id', '<', before)).orderBy('id', 'desc').limit(limit).execute();
}

export async function updateErasure(tx: Tx, id: string, change: Updateable<Tables['erasure']>): Promise<void> {
  await tx.updateTable('erasure').set(change).where('id', '=', id).execute();
}

/** One approval for each person. */
export async function insertApproval(tx: Tx, row: ApprovalRow): Promise<void> {
  await tx
    .insertInto('erasure_approval')
    .values(row)
    .onConflict((conflict) => conflict.columns(['erasure_id', 'user_id']).doNothing())
    .execute();
}

export async function listApprovals(db: Db | Tx, erasureId: string): Promise<ApprovalRow[]> {
  return db.selectFrom('erasure_approval').selectAll().where('erasure_id', '=', erasureId).orderBy('approved_at').execute();
}
