import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/peers.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { echoOnce } from './client.ts';
import { findAt } from './find-scu.ts';
import { changePeer, forgetPeer, getPeer, peerOf, registerPeer } from './manage-peers.ts';
import { ownTitle, type TitleDeps } from './own-title.ts';
import { isOpenToUnknown, listPeers as readPeers } from './queries.ts';
import { putOpenToUnknown } from './repository.ts';
import { type RetrieveDeps, retrieveFrom } from './retrieve-scu.ts';

type PeerRouteDeps = TitleDeps &
  Pick<RetrieveDeps, 'now' | 'transport' | 'studyQuietMs' | 'scan' | 'transcoder'> & {
    config: { dicomPort: number; privateSopClasses: ReadonlySet<string> };
  };

export function peerRoutes(http: FastifyInstance, deps: PeerRouteDeps): void {
  const aeTitleOf = ({ tenant_id }: Scope): Promise<string> => ownTitle(deps, tenant_id);
  const callerOf = async (scope: Scope) => ({ callingAe: await aeTitleOf(scope), transport: deps.transport });
  const nodeOf = async (scope: Scope) => ({
    ae_title: await aeTitleOf(scope),
    port: deps.config.dicomPort,
    open_to_unknown: await isOpenToUnknown(scope.db),
  });

  serve(http, contract.listPeers, async ({ scope }) => ({ items: (await readPeers(scope.db)).map(peerOf) }));
  serve(http, contract.addPeer, async ({ body, scope }) => registerPeer({ ...deps, ...scope }, body));
  serve(http, contract.changePeer, async ({ params, body, scope }) => changePeer(scope.db, params.id, body));
  serve(http, contract.removePeer, async ({ params, scope }) => {
    await forgetPeer(scope.db, params.id);
    return {};
  });
  serve(http, contract.echoPeer, async ({ params, scope }) => echoOnce(await getPeer(scope.db, params.id), await callerOf(scope)));
  serve(http, contract.queryPeer, async ({ params, body, scope, act }) => {
    const found = await findAt(await getPeer(scope.db, params.id), await callerOf(scope), body);
    act.details = { ...act.details, level: body.level, matches: found.items.length };
    return found;
  });
  serve(http, contract.retrieveFromPeer, async ({ params, body, scope, act, request }) => {
    act.study_instance_uid = body.study_instance_uid;
    const { privateSopClasses: privateClasses } = deps.config;
    const node = { aeTitle: await aeTitleOf(scope), privateClasses };
    return retrieveFrom({ ...deps, ...scope, log: request.log, node }, await getPeer(scope.db, params.id), body);
  });
  serve(http, contract.getDicomNode, async ({ scope }) => nodeOf(scope));
  serve(http, contract.setDicomNode, async ({ body, scope }) => {
    await putOpenToUnknown(scope.db, body.open_to_unknown);
    return nodeOf(scope);
  });
}
