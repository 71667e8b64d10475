import type { FastifyInstance } from 'fastify';
import { addPeer, echoPeer, getDicomNode, listPeers, removePeer, setDicomNode } from '../../contract/peers.ts';
import type { Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { echoOnce } from './client.ts';
import { forgetPeer, getPeer, peerOf, registerPeer } from './manage-peers.ts';
import { isOpenToUnknown, listPeers as readPeers } from './queries.ts';
import { putOpenToUnknown } from './repository.ts';

type PeerRouteDeps = { db: Db; now: () => Date; config: { aeTitle: string; dicomPort: number } };

export function peerRoutes(http: FastifyInstance, deps: PeerRouteDeps): void {
  const { aeTitle, dicomPort } = deps.config;
  const node = async () => ({ ae_title: aeTitle, port: dicomPort, open_to_unknown: await isOpenToUnknown(deps.db) });

  serve(http, listPeers, async () => ({ items: (await readPeers(deps.db)).map(peerOf) }));
  serve(http, addPeer, async ({ body }) => registerPeer(deps, body));
  serve(http, removePeer, async ({ params }) => {
    await forgetPeer(deps.db, params.id);
    return {};
  });
  serve(http, echoPeer, async ({ params }) => echoOnce(await getPeer(deps.db, params.id), aeTitle));
  serve(http, getDicomNode, node);
  serve(http, setDicomNode, async ({ body }) => {
    await putOpenToUnknown(deps.db, body.open_to_unknown);
    return node();
  });
}
