import type { FastifyInstance } from 'fastify';
import { addFinding, listFindings, reviewFinding } from '../../contract/findings.ts';
import { serve } from '../platform/route.ts';
import { listFindings as readFindings } from './queries.ts';
import { addPersonFinding, type ReviewDeps, reviewFinding as review } from './review-finding.ts';

export function findingRoutes(http: FastifyInstance, deps: ReviewDeps): void {
  serve(http, listFindings, async ({ params }) => ({ items: await readFindings(deps.db, params.study_instance_uid) }));
  serve(http, addFinding, async ({ params, body, principal }) => addPersonFinding(deps, principal, params.study_instance_uid, body));
  serve(http, reviewFinding, async ({ params, body, principal }) => review(deps, principal, params.id, body));
}
