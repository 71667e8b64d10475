import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable } from './fields.ts';

/** Types of events (`contract/events.ts`), or `*` for all. */
const EventTypes = Type.Array(Type.String({ pattern: '^(\\*|[a-z][a-z0-9_]{0,62})$' }), { minItems: 1, maxItems: 50, uniqueItems: true });
const Url = Type.String({ pattern: '^https?://', maxLength: 2_000 });

/** Where events of the tenant are posted to. */
export const Webhook = Type.Object({
  id: Id,
  url: Url,
  event_types: EventTypes,
  created_at: Instant,
  /** Deliveries that wait, or wait for another try. */
  waiting: Type.Integer(),
  /** Deliveries that were given up. */
  dead: Type.Integer(),
});
export type Webhook = Static<typeof Webhook>;

/** One event for one webhook. */
export const WebhookDelivery = Type.Object({
  id: Id,
  seq: Type.Integer(),
  type: Type.String(),
  /** `dropped`: the event no longer exists, because its study was erased or its time has passed. */
  status: Type.Enum(['waiting', 'delivered', 'dead', 'dropped']),
  attempts: Type.Integer(),
  last_error: Nullable(Type.String()),
  created_at: Instant,
  finished_at: Nullable(Instant),
});
export type WebhookDelivery = Static<typeof WebhookDelivery>;

/**
 * Body of a request to a webhook: what happened to which object, by its ids. Who wants to know more asks for it, with rights of its own.
 * Signed as Standard Webhooks 1.0.0 says (https://www.standardwebhooks.com): headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.
 */
export const WebhookBody = Type.Object({
  type: Type.String(),
  timestamp: Instant,
  data: Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()])),
});
export type WebhookBody = Static<typeof WebhookBody>;

export const addWebhook = endpoint({
  method: 'POST',
  path: '/api/v1/webhooks',
  summary:
    'Posts events from now on to an address, whose host has to be in ISOCENTER_EGRESS_ALLOW; the secret that signs is told here alone',
  permission: 'webhook:write',
  body: Type.Object({ url: Url, event_types: EventTypes }),
  response: Type.Object({ ...Webhook.properties, secret: Type.String() }),
  status: 201,
});
export const listWebhooks = endpoint({
  method: 'GET',
  path: '/api/v1/webhooks',
  summary: 'Addresses that events are posted to',
  permission: 'webhook:read',
  response: Type.Object({ items: Type.Array(Webhook) }),
});
export const removeWebhook = endpoint({
  method: 'DELETE',
  path: '/api/v1/webhooks/:id',
  summary: 'Posts no more events to an address, those that wait included',
  permission: 'webhook:write',
  params: Type.Object({ id: Id }),
  response: Type.Object({}),
});
export const listWebhookDeliveries = endpoint({
  method: 'GET',
  path: '/api/v1/webhooks/:id/deliveries',
  summary: 'What was posted, is waiting, or was given up (`status=dead`), latest first',
  permission: 'webhook:read',
  params: Type.Object({ id: Id }),
  query: Type.Object({
    status: Type.Optional(WebhookDelivery.properties.status),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  }),
  response: Type.Object({ items: Type.Array(WebhookDelivery) }),
});
