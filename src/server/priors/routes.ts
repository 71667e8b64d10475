import type { FastifyInstance } from 'fastify';
import { getChanges, getFindingChange, listPriors } from '../../contract/priors.ts';
import { serve } from '../platform/route.ts';
import { compareFindings, compareStudies } from './compare-studies.ts';
import { rankPriors } from './rank-priors.ts';

export function priorRoutes(http: FastifyInstance): void {
  serve(http, listPriors, async ({ params, scope }) => ({ items: await rankPriors(scope.db, params.study_instance_uid) }));
  serve(http, getChanges, async ({ params, query, scope, act }) => {
    act.details = { ...act.details, prior: query.prior_study };
    return compareStudies(scope, { present: params.study_instance_uid, prior: query.prior_study });
  });
  serve(http, getFindingChange, async ({ params, query, scope, act }) => {
    act.details = { ...act.details, prior: query.prior_finding };
    return compareFindings(scope, { present: params.id, prior: query.prior_finding });
  });
}
