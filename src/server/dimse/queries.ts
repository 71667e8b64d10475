import type { Selectable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type PeerRow = Selectable<Tables['peer']>;

/** Key of the setting that lets applications which nobody listed associate, verify and store. */
export const OPEN_TO_UNKNOWN = 'dicom_open_to_unknown';

/** Every peer by its title. */
export async function listPeers(db: Db | Tx): Promise<PeerRow[]> {
  return db.selectFrom('peer').selectAll().orderBy('ae_title').execute();
}

export async function findPeer(db: Db | Tx, id: string): Promise<PeerRow | undefined> {
  return db.selectFrom('peer').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findPeerByAeTitle(db: Db | Tx, aeTitle: string): Promise<PeerRow | undefined> {
  return db.selectFrom('peer').selectAll().where('ae_title', '=', aeTitle).executeTakeFirst();
}

/** Whether applications that are no peer may associate. */
export async function isOpenToUnknown(db: Db | Tx): Promise<boolean> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', OPEN_TO_UNKNOWN).executeTakeFirst();
  return row?.value === '1';
}
