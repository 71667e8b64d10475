import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type ForwardRow = Selectable<Tables['forward']>;
export type ForwardInstance = Pick<Selectable<Tables['forward_instance']>, 'sop_instance_uid' | 'outcome'>;

export async function findForward(db: Db | Tx, id: string): Promise<ForwardRow | undefined> {
  return db.selectFrom('forward').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The forward that a rule's action made of a study. */
export async function findForwardOfRule(db: Db | Tx, ruleKey: string): Promise<ForwardRow | undefined> {
  return db.selectFrom('forward').selectAll().where('rule_key', '=', ruleKey).executeTakeFirst();
}

export async function insertForward(tx: Tx, row: ForwardRow): Promise<void> {
  await tx.insertInto('forward').values(row).execute();
}

export async function updateForward(tx: Tx, id: string, change: Updateable<Tables['forward']>): Promise<void> {
  await tx.updateTable('forward').set(change).where('id', '=', id).execute();
}

/** Changes it only while it is in one of the states; whether it was. */
export async function moveForward(
  tx: Tx,
  id: string,
  from: readonly ForwardRow['status'][],
  change: Updateable<Tables['forward']>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('forward')
    .set(change)
    .where('id', '=', id)
    .where('status', 'in', [...from])
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

export type ForwardFilter = { status?: ForwardRow['status']; study?: string; peer?: string; before?: string; limit: number };

/** The latest first. */
export async function listForwards(db: Db, { status, study, peer, before, limit }: ForwardFilter): Promise<ForwardRow[]> {
  let query = db.selectFrom('forward').selectAll();
  if (status) query = query.where('status', '=', status);
  if (study) query = query.where('study_instance_uid', '=', study);
  if (peer) query = query.where('peer_id', '=', peer);
  if (before) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

export async function listForwardInstances(db: Db | Tx, forwardId: string): Promise<ForwardInstance[]> {
  return db.selectFrom('forward_instance').select(['sop_instance_uid', 'outcome']).where('forward_id', '=', forwardId).execute();
}

export async function putForwardInstances(tx: Tx, forward: ForwardRow, outcomes: readonly ForwardInstance[]): Promise<void> {
  if (outcomes.length === 0) return;
  const rows = outcomes.map((outcome) => ({
    ...outcome,
    forward_id: forward.id,
    study_instance_uid: forward.study_instance_uid,
  }));
  await tx
    .insertInto('forward_instance')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['forward_id', 'sop_instance_uid']).doUpdateSet(({ ref }) => ({ outcome: ref('excluded.outcome') })),
    )
    .execute();
}

export async function countInstances(db: Db | Tx, studyInstanceUid: string): Promise<number> {
  const { count } = await db
    .selectFrom('instance')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What failed is to be tried again. */
export async function forgetFailures(tx: Tx, forwardId: string): Promise<void> {
  await tx.deleteFrom('forward_instance').where('forward_id', '=', forwardId).where('outcome', '=', 'failed').execute();
}
