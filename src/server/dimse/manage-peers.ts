import type { NewPeer, Peer, PeerChange } from '../../contract/peers.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { findPeer, type PeerRow } from './queries.ts';
import { deletePeer, insertPeer, updatePeer } from './repository.ts';

/** Unless told otherwise a peer may do everything that peers can, without TLS. @throws {AppError} `wrong-state` if the title is taken */
export async function registerPeer({ db, now }: { db: Db; now: () => Date }, peer: NewPeer): Promise<Peer> {
  const { ae_title, host, port, tls = false, may_store = true, may_query = true, may_retrieve = true } = peer;
  const row: PeerRow = {
    id: newId(now()),
    ae_title,
    host,
    port,
    tls: tls ? 1 : 0,
    may_store: may_store ? 1 : 0,
    may_query: may_query ? 1 : 0,
    may_retrieve: may_retrieve ? 1 : 0,
    created_at: now().toISOString(),
  };
  if (!(await insertPeer(db, row))) throw new AppError('wrong-state', `A peer with the title ${ae_title} is there already`);
  return peerOf(row);
}

/** @throws {AppError} `not-found` */
export async function changePeer(db: Db, id: string, change: PeerChange): Promise<Peer> {
  return db.transaction().execute(async (tx) => {
    const { created_at: _, ...held } = peerOf(await getPeer(tx, id));
    const { host, port, tls, may_store, may_query, may_retrieve } = { ...held, ...change };
    const flag = (value: boolean): number => (value ? 1 : 0);
    const rights = { tls: flag(tls), may_store: flag(may_store), may_query: flag(may_query), may_retrieve: flag(may_retrieve) };
    await updatePeer(tx, id, { host, port, ...rights });
    return peerOf(await getPeer(tx, id));
  });
}

/** @throws {AppError} `not-found` */
export async function forgetPeer(db: Db, id: string): Promise<void> {
  if (!(await deletePeer(db, id))) throw new AppError('not-found', `No peer ${id}`);
}

/** @throws {AppError} `not-found` */
export async function getPeer(db: Db | Tx, id: string): Promise<PeerRow> {
  const row = await findPeer(db, id);
  if (!row) throw new AppError('not-found', `No peer ${id}`);
  return row;
}

export function peerOf(row: PeerRow): Peer {
  const { tls, may_store, may_query, may_retrieve, ...rest } = row;
  return { ...rest, tls: tls === 1, may_store: may_store === 1, may_query: may_query === 1, may_retrieve: may_retrieve === 1 };
}
