import type { FastifyInstance } from 'fastify';
import { getReadingAnalytics } from '../../contract/analytics.ts';
import type { Cache } from '../cache/cache.ts';
import { studiesScope } from '../patients/studies-view.ts';
import { serve } from '../platform/route.ts';
import { readingFigures } from './reading-figures.ts';

export function analyticsRoutes(http: FastifyInstance, { cache, now }: { cache: Cache; now: () => Date }): void {
  serve(http, getReadingAnalytics, async ({ query, ...caller }) => {
    const views = {
      studiesOf: await studiesScope(http.openScope, caller, 'study:read'),
      reportsOf: await studiesScope(http.openScope, caller, 'report:read'),
    };
    const at = now().toISOString();
    // A span that is not told ends today.
    const asked = { name: 'reading-analytics', key: [query, at.slice(0, 10)] };
    return { ...(await cache.view(asked, views, (dbs) => readingFigures({ ...dbs, now }, query))), at };
  });
}
