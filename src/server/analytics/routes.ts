import type { FastifyInstance } from 'fastify';
import { getReadingAnalytics } from '../../contract/analytics.ts';
import { studiesView } from '../patients/studies-view.ts';
import { serve } from '../platform/route.ts';
import { readingFigures } from './reading-figures.ts';

export function analyticsRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  serve(http, getReadingAnalytics, async ({ query, ...caller }) => {
    const studiesOf = await studiesView(http.openScope, caller, 'study:read');
    const reportsOf = await studiesView(http.openScope, caller, 'report:read');
    return readingFigures({ studiesOf, reportsOf, now }, query);
  });
}
