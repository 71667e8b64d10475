import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/critical-results.ts';
import { serve } from '../platform/route.ts';
import {
  acknowledgeCritical,
  type CriticalLimits,
  listCritical,
  markCritical,
  tellCritical,
  withdrawCritical,
} from './critical-results.ts';

export function criticalResultRoutes(http: FastifyInstance, { now, limits }: { now: () => Date; limits: CriticalLimits }): void {
  serve(http, contract.listCriticalResults, async ({ query, scope }) => listCritical({ db: scope.db, now }, query));
  serve(http, contract.markCriticalResult, async ({ params, body, principal, scope }) =>
    markCritical({ db: scope.db, now, limits }, principal, { studyInstanceUid: params.study_instance_uid, ...body }),
  );
  serve(http, contract.tellCriticalResult, async ({ params, body, principal, scope }) =>
    tellCritical({ db: scope.db, now }, principal, { id: params.id, ...body }),
  );
  serve(http, contract.acknowledgeCriticalResult, async ({ params, body, scope }) =>
    acknowledgeCritical({ db: scope.db, now }, { id: params.id, ...body }),
  );
  serve(http, contract.withdrawCriticalResult, async ({ params, body, scope }) =>
    withdrawCritical({ db: scope.db, now }, { id: params.id, ...body }),
  );
}
