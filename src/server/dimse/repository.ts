import type { Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import { OPEN_TO_UNKNOWN, type PeerRow } from './queries.ts';

/** Whether it was inserted; false if its title is taken. */
export async function insertPeer(db: Db | Tx, peer: PeerRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('peer')
    .values(peer)
    .onConflict((conflict) => conflict.column('ae_title').doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

export async function updatePeer(tx: Tx, id: string, change: Updateable<Tables['peer']>): Promise<void> {
  await tx.updateTable('peer').set(change).where('id', '=', id).execute();
}

/** Whether there was one. */
export async function deletePeer(db: Db | Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('peer').where('id', '=', id).executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

export async function putOpenToUnknown(db: Db | Tx, open: boolean): Promise<void> {
  const value = open ? '1' : '0';
  await db
    .insertInto('setting')
    .values({ key: OPEN_TO_UNKNOWN, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}
