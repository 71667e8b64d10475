import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/drug-knowledge.ts';
import { serve } from '../platform/route.ts';
import { checkSources, listSources } from './check-knowledge.ts';
import { importSource, removeSource } from './import-knowledge.ts';
import { approveOverride, listOverrides, removeOverride, requestOverride } from './rule-overrides.ts';

/** What the drug safety check of a tenant rests on. */
export function knowledgeRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  serve(http, contract.listKnowledgeSources, async ({ scope }) => ({ items: await listSources({ db: scope.db, now }) }));
  serve(http, contract.importKnowledge, async ({ body, scope, principal }) =>
    importSource({ db: scope.db, now }, principal.full_name, body),
  );
  serve(http, contract.removeKnowledge, async ({ params, scope }) => {
    await removeSource({ db: scope.db, now }, params.source);
    return {};
  });
  serve(http, contract.checkKnowledge, async ({ scope }) => {
    await checkSources({ db: scope.db, now });
    return { items: await listSources({ db: scope.db, now }) };
  });
  serve(http, contract.listKnowledgeOverrides, async ({ scope }) => ({ items: await listOverrides(scope.db) }));
  serve(http, contract.requestOverride, async ({ params, body, scope, principal }) =>
    requestOverride({ db: scope.db, now }, principal, { ...body, rule_id: params.rule_id }),
  );
  serve(http, contract.approveOverride, async ({ params, scope, principal }) =>
    approveOverride({ db: scope.db, now }, principal, params.rule_id),
  );
  serve(http, contract.removeOverride, async ({ params, scope }) => {
    await removeOverride({ db: scope.db, now }, params.rule_id);
    return {};
  });
}
