import type { FastifyInstance } from 'fastify';
import { listModels } from '../../contract/models.ts';
import { allowedModels } from '../identity/policies.ts';
import { serve } from '../platform/route.ts';
import type { InstalledModel } from './installed-models.ts';

export function modelRoutes(http: FastifyInstance, { models }: { models: readonly InstalledModel[] }): void {
  const items = models.map(({ card, digest, sizeBytes }) => ({ card, digest, size_bytes: sizeBytes }));
  serve(http, listModels, async ({ principal, scope }) => {
    const allowed = await allowedModels(scope.db, principal);
    return { items: items.filter(({ card }) => allowed.has(card.id)) };
  });
}
