import type { FastifyInstance } from 'fastify';
import { addFinding, listFindingDecisions, listFindings, reviewFinding } from '../../contract/findings.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { listFindings as readFindings } from './queries.ts';
import { addPersonFinding, type ReviewDeps, readDecisions, reviewFinding as review } from './review-finding.ts';

export function findingRoutes(http: FastifyInstance, deps: Omit<ReviewDeps, keyof Scope>): void {
  serve(http, listFindings, async ({ params, scope }) => ({ items: await readFindings(scope.db, params.study_instance_uid) }));
  serve(http, addFinding, async ({ params, body, principal, scope }) =>
    addPersonFinding({ ...deps, ...scope }, principal, params.study_instance_uid, body),
  );
  serve(http, listFindingDecisions, async ({ params, scope }) => ({ items: await readDecisions(scope.db, params.id) }));
  serve(http, reviewFinding, async ({ params, body, principal, scope }) => review({ ...deps, ...scope }, principal, params.id, body));
}
