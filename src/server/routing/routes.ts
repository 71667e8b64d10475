import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/routing.ts';
import { serve } from '../platform/route.ts';
import { changeRule, createRule, explainRouting, getRule, removeRule, ruleOf } from './manage-rules.ts';
import { listRules } from './queries.ts';

type RoutingRouteDeps = { now: () => Date; models: readonly { card: { id: string } }[] };

export function routingRoutes(http: FastifyInstance, deps: RoutingRouteDeps): void {
  serve(http, contract.listRoutingRules, async ({ scope }) => ({ items: (await listRules(scope.db)).map(ruleOf) }));
  serve(http, contract.createRoutingRule, async ({ body, scope }) => createRule({ ...deps, ...scope }, body));
  serve(http, contract.getRoutingRule, async ({ params, scope }) => ruleOf(await getRule(scope.db, params.id)));
  serve(http, contract.changeRoutingRule, async ({ params, body, scope }) => changeRule({ ...deps, ...scope }, params.id, body));
  serve(http, contract.removeRoutingRule, async ({ params, scope }) => {
    await removeRule(scope, params.id);
    return {};
  });
  serve(http, contract.testRouting, async ({ body: { study_instance_uid, rules }, scope }) => ({
    study_instance_uid,
    items: await explainRouting({ ...deps, ...scope }, study_instance_uid, rules),
  }));
}
