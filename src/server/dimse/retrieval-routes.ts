import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/retrievals.ts';
import { serve } from '../platform/route.ts';
import { cancelRetrieval, getRetrieval, requestRetrieval, retryRetrieval } from './manage-retrievals.ts';
import { listRetrievals } from './retrieval-repository.ts';

const PAGE_SIZE = 50;

export function retrievalRoutes(http: FastifyInstance, deps: { now: () => Date }): void {
  serve(http, contract.createRetrieval, async ({ body, principal, scope, act }) => {
    act.study_instance_uid = body.study_instance_uid;
    return requestRetrieval({ ...deps, ...scope }, principal.user_id, body);
  });
  serve(http, contract.listRetrievals, async ({ query: { limit = PAGE_SIZE, cursor, peer_id }, scope }) => {
    const rows = await listRetrievals(scope.db, {
      ...(peer_id ? { peer: peer_id } : {}),
      ...(cursor ? { before: cursor } : {}),
      limit: limit + 1,
    });
    const items = rows.slice(0, limit);
    return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  });
  serve(http, contract.getRetrieval, async ({ params, scope }) => getRetrieval(scope.db, params.id));
  serve(http, contract.retryRetrieval, async ({ params, scope }) => retryRetrieval({ ...deps, ...scope }, params.id));
  serve(http, contract.cancelRetrieval, async ({ params, scope }) => cancelRetrieval({ ...deps, ...scope }, params.id));
}
