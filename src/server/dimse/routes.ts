import type { FastifyInstance } from 'fastify';
import { addPeer, echoPeer, getDicomNode, listPeers, removePeer, setDicomNode } from '../../contract/peers.ts';
import type { SystemDb } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { findTenant } from '../tenants/queries.ts';
import { echoOnce } from './client.ts';
import { forgetPeer, getPeer, peerOf, registerPeer } from './manage-peers.ts';
import { isOpenToUnknown, listPeers as readPeers } from './queries.ts';
import { putOpenToUnknown } from './repository.ts';
import type { SecureTransport } from './secure-transport.ts';

type PeerRouteDeps = {
  systemDb: SystemDb;
  now: () => Date;
  transport: SecureTransport;
  config: { aeTitle: string; dicomPort: number };
};

export function peerRoutes(http: FastifyInstance, deps: PeerRouteDeps): void {
  const aeTitleOf = async ({ tenant_id }: Scope): Promise<string> =>
    (await findTenant(deps.systemDb, tenant_id))?.ae_title ?? deps.config.aeTitle;
  const nodeOf = async (scope: Scope) => ({
    ae_title: await aeTitleOf(scope),
    port: deps.config.dicomPort,
    open_to_unknown: await isOpenToUnknown(scope.db),
  });

  serve(http, listPeers, async ({ scope }) => ({ items: (await readPeers(scope.db)).map(peerOf) }));
  serve(http, addPeer, async ({ body, scope }) => registerPeer({ ...deps, ...scope }, body));
  serve(http, removePeer, async ({ params, scope }) => {
    await forgetPeer(scope.db, params.id);
    return {};
  });
  serve(http, echoPeer, async ({ params, scope }) =>
    echoOnce(await getPeer(scope.db, params.id), { callingAe: await aeTitleOf(scope), transport: deps.transport }),
  );
  serve(http, getDicomNode, async ({ scope }) => nodeOf(scope));
  serve(http, setDicomNode, async ({ body, scope }) => {
    await putOpenToUnknown(scope.db, body.open_to_unknown);
    return nodeOf(scope);
  });
}
