import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type CommitmentRow = Selectable<Tables['commitment']>;
/** Of one object. */
export type CommitmentItem = { sop_class_uid: string; sop_instance_uid: string };
export type CommitmentFailure = CommitmentItem & { reason: number };

/** UIDs in one statement. */
const BATCH = 500;

/** Whether it was inserted; false if the other side has used the transaction UID before. */
export async function insertCommitment(tx: Tx, row: CommitmentRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('commitment')
    .values(row)
    .onConflict((conflict) => conflict.columns(['role', 'ae_title', 'transaction_uid']).doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

export async function findCommitment(db: Db | Tx, id: string): Promise<CommitmentRow | undefined> {
  return db.selectFrom('commitment').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What we asked of the application with this title. */
export async function findRequested(
  db: Db | Tx,
  { aeTitle, transactionUid }: { aeTitle: string; transactionUid: string },
): Promise<CommitmentRow | undefined> {
  return db
    .selectFrom('commitment')
    .selectAll()
    .where('role', '=', 'scu')
    .where('ae_title', '=', aeTitle)
    .where('transaction_uid', '=', transactionUid)
    .executeTakeFirst();
}

/** Changes it only while it is in one of the states; whether it was. */
export async function moveCommitment(
  tx: Tx,
  id: string,
  from: readonly CommitmentRow['status'][],
  change: Updateable<Tables['commitment']>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('commitment')
    .set(change)
    .where('id', '=', id)
    .where('status', 'in', [...from])
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export async function listCommitments(db: Db, { before, limit }: { before?: string; limit: number }): Promise<CommitmentRow[]> {
  let query = db.selectFrom('commitment').selectAll();
  if (before) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

export type HeldObject = { sop_instance_uid: string; sop_class_uid: string; blob_key: string };

/** Those of the named instances that are stored. */
export async function listHeld(db: Db, sopInstanceUids: readonly string[]): Promise<HeldObject[]> {
  const held: HeldObject[] = [];
  for (let start = 0; start < sopInstanceUids.length; start += BATCH) {
    const uids = sopInstanceUids.slice(start, start + BATCH);
    const columns = ['sop_instance_uid', 'sop_class_uid', 'blob_key'] as const;
    held.push(...(await db.selectFrom('instance').select(columns).where('sop_instance_uid', 'in', uids).execute()));
  }
  return held;
}

/** What a forward sent. */
export async function listSent(db: Db | Tx, forwardId: string): Promise<CommitmentItem[]> {
  return db
    .selectFrom('forward_instance')
    .innerJoin('instance', 'instance.sop_instance_uid', 'forward_instance.sop_instance_uid')
    .select(['instance.sop_class_uid', 'instance.sop_instance_uid'])
    .where('forward_instance.forward_id', '=', forwardId)
    .where('forward_instance.outcome', '!=', 'failed')
    .orderBy('instance.sop_instance_uid')
    .execute();
}
