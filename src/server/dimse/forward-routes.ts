import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/forwards.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import { serve } from '../platform/route.ts';
import { hasStudy } from '../studies/queries.ts';
import { type CommitmentFailure, type CommitmentItem, type CommitmentRow, listCommitments } from './commitment-repository.ts';
import { listForwards } from './forward-repository.ts';
import { cancelForward, forwardOf, getForward, requestForward, retryForward } from './manage-forwards.ts';
import { listPeers } from './queries.ts';

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
  serve(http, contract.listForwardDestinations, async ({ scope }) => ({
    items: (await listPeers(scope.db)).map(({ id, ae_title }) => ({ peer_id: id, ae_title })),
  }));
  serve(http, contract.listForwardsOfStudy, async ({ params: { study_instance_uid: study }, scope }) => {
    if (!(await hasStudy(scope.db, study))) throw new AppError('study-not-found', `No study ${study}`);
    return { items: (await listForwards(scope.db, { study, limit: PAGE_SIZE })).map(forwardOf) };
  });
  serve(http, contract.getForward, async ({ params, scope }) => forwardOf(await getForward(scope.db, params.id)));
  serve(http, contract.retryForward, async ({ params, scope }) => retryForward({ ...deps, ...scope }, params.id));
  serve(http, contract.cancelForward, async ({ params, scope }) => cancelForward({ ...deps, ...scope }, params.id));
  serve(http, contract.listCommitments, async ({ query: { limit = PAGE_SIZE, cursor }, scope }) => {
    const rows = await listCommitments(scope.db, { ...(cursor ? { before: cursor } : {}), limit: limit + 1 });
    const items = rows.slice(0, limit).map(commitmentOf);
    return { items, next_cursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  });
}

function commitmentOf({ items, failures, peer_id: _, ...row }: CommitmentRow): contract.Commitment {
  const item_count = parseColumn<CommitmentItem[]>(items).length;
  return { ...row, item_count, failures: parseColumn<CommitmentFailure[]>(failures) };
}
