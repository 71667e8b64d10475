import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/forwards.ts';
import { serve } from '../platform/route.ts';
import { listForwards } from './forward-repository.ts';
import { cancelForward, forwardOf, getForward, requestForward, retryForward } from './manage-forwards.ts';

const PAGE_SIZE = 50;

export function forwardRoutes(http: FastifyInstance, deps: { now: () => Date }): void {
  serve(http, contract.createForward, async ({ body, principal, scope }) =>
    requestForward({ ...deps, ...scope }, { requestedBy: principal.user_id }, body),
  );
  serve(http, contract.listForwards, async ({ query, scope }) => {
    const { limit = PAGE_SIZE, cursor, status, study_instance_uid: study, peer_id: peer } = query;
    const rows = await listForwards(scope.db, {
      ...(status ? { status } : {}),
      ...(study ? { study } : {}),
      ...(peer ? { peer } : {}),
      ...(cursor ? { before: cursor } : {}),
      limit: limit + 1,
    });
    const items = rows.slice(0, limit).map(forwardOf);
    return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  });
  serve(http, contract.getForward, async ({ params, scope }) => forwardOf(await getForward(scope.db, params.id)));
  serve(http, contract.retryForward, async ({ params, scope }) => retryForward({ ...deps, ...scope }, params.id));
  serve(http, contract.cancelForward, async ({ params, scope }) => cancelForward({ ...deps, ...scope }, params.id));
}
