import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/jobs.ts';
import { mayDo, type Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { JobDesk } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';

const LISTED = 100;

export function jobRoutes(http: FastifyInstance): void {
  serve(http, contract.listJobs, async ({ query: { state = 'running', limit = LISTED }, ...caller }) => {
    const desk = deskOf(caller);
    const [items, counts] = await Promise.all([desk.list(state, limit), desk.counts()]);
    return { items, counts };
  });
  serve(http, contract.retryJob, async ({ params, ...caller }) => {
    const met = await deskOf(caller).retry(params.id);
    if (met === 'none') throw new AppError('not-found', `No job ${params.id}`);
    if (met === 'running') throw new AppError('wrong-state', 'The job is running');
    return {};
  });
  serve(http, contract.dropJob, async ({ params, ...caller }) => {
    if (!(await deskOf(caller).drop(params.id))) throw new AppError('not-found', `No job ${params.id}`);
    return {};
  });
}

/** The jobs of the caller's tenant, and those of the installation for who administers it. */
function deskOf({ scope, principal }: { scope: Scope; principal: Principal }): JobDesk {
  return scope.jobs.desk(mayDo(principal, 'tenant:read'));
}
