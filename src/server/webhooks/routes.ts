import type { FastifyInstance } from 'fastify';
import { addWebhook, listWebhookDeliveries, listWebhooks, removeWebhook } from '../../contract/webhooks.ts';
import type { Egress } from '../platform/egress.ts';
import { serve } from '../platform/route.ts';
import { forgetWebhook, readDeliveries, readWebhooks, registerWebhook } from './manage-webhooks.ts';

export function webhookRoutes(http: FastifyInstance, deps: { egress: Egress; now: () => Date }): void {
  serve(http, addWebhook, async ({ body, scope }) => registerWebhook({ ...deps, ...scope }, body));
  serve(http, listWebhooks, async ({ scope }) => ({ items: await readWebhooks(scope.db) }));
  serve(http, removeWebhook, async ({ params, scope }) => {
    await forgetWebhook(scope.db, params.id);
    return {};
  });
  serve(http, listWebhookDeliveries, async ({ params, query: { status, limit = 100 }, scope }) => ({
    items: await readDeliveries(scope.db, params.id, { status, limit }),
  }));
}
