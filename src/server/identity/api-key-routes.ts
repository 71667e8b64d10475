import type { FastifyInstance } from 'fastify';
import { addApiKey, listApiKeys, revokeApiKey } from '../../contract/identity-api-keys.ts';
import { serve } from '../platform/route.ts';
import { endApiKey, makeApiKey, readApiKeys } from './api-keys.ts';

/** Keys of machines. */
export function apiKeyRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  serve(http, listApiKeys, async ({ scope }) => ({ items: await readApiKeys(scope.db) }));
  serve(http, addApiKey, async ({ body, principal, scope, act }) => {
    const made = await makeApiKey({ db: scope.db, now }, body, principal);
    act.object = { type: 'api_key', id: made.id };
    return made;
  });
  serve(http, revokeApiKey, async ({ params, scope }) => endApiKey({ db: scope.db, now }, params.id));
}
