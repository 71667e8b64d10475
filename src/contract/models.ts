import { Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { ModelCard, QuantificationCard } from './model-card.ts';

export const BundledModel = Type.Object({
  digest: Type.String(),
  size_bytes: Type.Integer(),
  card: Type.Union([ModelCard, QuantificationCard]),
});

export const listModels = endpoint({
  method: 'GET',
  path: '/api/v1/models',
  summary: 'The models that this server holds, each with its card',
  permission: 'model:read',
  response: Type.Object({ items: Type.Array(BundledModel) }),
});
