import type { FastifyInstance } from 'fastify';
import { listEvents } from '../../contract/events.ts';
import { listChanges } from '../../contract/labels.ts';
import { serve } from '../platform/route.ts';
import { type ReadDeps, readEvents, requireKept } from './read-events.ts';
import { messageOf, sightOf } from './sight.ts';

export function eventRoutes(http: FastifyInstance, deps: ReadDeps): void {
  serve(http, listChanges, async ({ query, principal }) => {
    const { since = 0, limit = 100 } = query;
    await requireKept(deps, since);
    const { items, ...rest } = await readEvents(deps, sightOf(principal), { since, limit });
    const changes = items.map(({ seq, type, study_instance_uid, created_at }) => ({ seq, type, study_instance_uid, at: created_at }));
    return { items: changes, ...rest };
  });
  serve(http, listEvents, async ({ query, principal }) => {
    const { since = 0, limit = 100, topic } = query;
    await requireKept(deps, since);
    const rooms = topic === undefined ? {} : { rooms: new Set([topic]) };
    const { items, ...rest } = await readEvents(deps, sightOf(principal), { since, limit, ...rooms });
    return { items: items.map(messageOf), ...rest };
  });
}
