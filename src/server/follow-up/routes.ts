import type { FastifyInstance } from 'fastify';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import * as contract from '../../contract/follow-up.ts';
import { serve } from '../platform/route.ts';
import { adviseStudy } from './advise-study.ts';
import { listDiscordances, resolveOne } from './discordances.ts';
import { addFollowUp, closeOne, listFollowUps } from './follow-ups.ts';

export function followUpRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  serve(http, contract.listFollowUps, async ({ query, scope }) => listFollowUps({ db: scope.db, now }, query));
  serve(http, contract.adviseFollowUps, async ({ params, scope }) => ({
    items: await adviseStudy(scope.db, params.study_instance_uid),
    disclaimer: DISCLAIMER,
  }));
  serve(http, contract.addFollowUp, async ({ params, body, scope }) => addFollowUp({ db: scope.db, now }, params.study_instance_uid, body));
  serve(http, contract.completeFollowUp, async ({ params, body, principal, scope }) =>
    closeOne({ db: scope.db, now }, principal, {
      id: params.id,
      status: 'done',
      reason: body.reason,
      studyInstanceUid: body.study_instance_uid,
    }),
  );
  serve(http, contract.dismissFollowUp, async ({ params, body, principal, scope }) =>
    closeOne({ db: scope.db, now }, principal, { id: params.id, status: 'dismissed', reason: body.reason }),
  );
  serve(http, contract.listDiscordances, async ({ query, scope }) => listDiscordances(scope.db, query));
  serve(http, contract.resolveDiscordance, async ({ params, body, principal, scope }) =>
    resolveOne({ db: scope.db, now }, principal, { id: params.id, ...body }),
  );
}
