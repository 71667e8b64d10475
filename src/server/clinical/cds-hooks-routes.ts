import type { FastifyInstance } from 'fastify';
import { answerHook, CDS_SERVICES } from '../../clinical/drug-safety/cds-hooks.ts';
import { type CdsCard, type CdsHook, type CdsRequest, cdsOrderSelect, cdsOrderSign, listCdsServices } from '../../contract/cds-hooks.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { knowledgeOf } from './drug-knowledge.ts';

/** The drug safety check for order entries that speak CDS Hooks. */
export function cdsHooksRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  const answer = async (hook: CdsHook, { db }: Scope, request: CdsRequest): Promise<{ cards: CdsCard[] }> => {
    if (request.hook !== hook) throw new AppError('invalid-request', `This service answers ${hook}`);
    return answerHook(await knowledgeOf(db, now()), request, now());
  };
  serve(http, listCdsServices, async () => ({ services: [...CDS_SERVICES] }));
  serve(http, cdsOrderSelect, async ({ body, scope }) => answer('order-select', scope, body));
  serve(http, cdsOrderSign, async ({ body, scope }) => answer('order-sign', scope, body));
}
