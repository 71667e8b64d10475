import type { FastifyInstance } from 'fastify';
import { listChanges } from '../../contract/labels.ts';
import { serve } from '../platform/route.ts';
import { listEventsAfter } from './queries.ts';

export function eventRoutes(http: FastifyInstance): void {
  serve(http, listChanges, async ({ query, scope }) => {
    const { since = 0, limit = 100 } = query;
    const rows = await listEventsAfter(scope.db, since, limit + 1);
    const items = rows
      .slice(0, limit)
      .map(({ seq, type, study_instance_uid, created_at }) => ({ seq, type, study_instance_uid, at: created_at }));
    return { items, last: items.at(-1)?.seq ?? since, done: rows.length <= limit };
  });
}
