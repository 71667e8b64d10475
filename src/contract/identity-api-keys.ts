import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable } from './fields.ts';
import { PERMISSIONS } from './permission.ts';

/** Roles that a key can have: a patient's needs a person. */
export const KEY_ROLES = ['service', 'technician', 'doctor', 'radiologist', 'researcher', 'admin'] as const;
export const KeyRole = Type.Enum([...KEY_ROLES]);
export type KeyRole = Static<typeof KeyRole>;

/** A key for a machine. Of its secret only a digest is kept. */
export const ApiKey = Type.Object({
  id: Id,
  name: Type.String(),
  /** How the key begins. */
  prefix: Type.String(),
  role: KeyRole,
  /** What it may do of what its role grants; null for all of it. */
  permissions: Nullable(Type.Array(Type.Enum([...PERMISSIONS]))),
  requests_per_hour: Nullable(Type.Integer()),
  created_by: Nullable(Type.String()),
  created_at: Instant,
  expires_at: Nullable(Instant),
  /** Exact to a minute. */
  last_used_at: Nullable(Instant),
  revoked_at: Nullable(Instant),
});
export type ApiKey = Static<typeof ApiKey>;

export const NewApiKey = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\p{Cc}]*$' }),
  role: KeyRole,
  permissions: Type.Optional(Type.Array(Type.Enum([...PERMISSIONS]), { minItems: 1, maxItems: PERMISSIONS.length, uniqueItems: true })),
  requests_per_hour: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  expires_at: Type.Optional(Instant),
});
export type NewApiKey = Static<typeof NewApiKey>;

export const listApiKeys = endpoint({
  method: 'GET',
  path: '/api/v1/api-keys',
  summary: 'Keys of machines, the newest first',
  permission: 'api-key:read',
  response: Type.Object({ items: Type.Array(ApiKey) }),
});
export const addApiKey = endpoint({
  method: 'POST',
  path: '/api/v1/api-keys',
  summary: 'Makes a key; `key` is told this once. Sent as `X-API-Key` or as Bearer token',
  permission: 'api-key:write',
  body: NewApiKey,
  response: Type.Object({ ...ApiKey.properties, key: Type.String() }),
  status: 201,
});
export const revokeApiKey = endpoint({
  method: 'DELETE',
  path: '/api/v1/api-keys/:id',
  summary: 'Ends a key at once',
  permission: 'api-key:write',
  params: Type.Object({ id: Id }),
  response: ApiKey,
});
