import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type RetrievalRow = Selectable<Tables['retrieval']>;

export async function findRetrieval(db: Db | Tx, id: string): Promise<RetrievalRow | undefined> {
  return db.selectFrom('retrieval').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function insertRetrieval(tx: Tx, row: RetrievalRow): Promise<void> {
  await tx.insertInto('retrieval').values(row).execute();
}

/** Changes it only while it is in one of the states; whether it was. */
export async function moveRetrieval(
  db: Db | Tx,
  id: string,
  from: readonly RetrievalRow['status'][],
  change: Updateable<Tables['retrieval']>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('retrieval')
    .set(change)
    .where('id', '=', id)
    .where('status', 'in', [...from])
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** The latest first. */
export async function listRetrievals(
  db: Db,
  { peer, before, limit }: { peer?: string; before?: string; limit: number },
): Promise<RetrievalRow[]> {
  let query = db.selectFrom('retrieval').selectAll();
  if (peer) query = query.where('peer_id', '=', peer);
  if (before) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}
