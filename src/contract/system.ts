import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable } from './fields.ts';

export const Health = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('draining'), Type.Literal('failing')]),
  version: Type.String(),
  checks: Type.Record(Type.String(), Type.Union([Type.Literal('ok'), Type.Literal('failing')])),
  timestamp: Instant,
});

export const getHealth = endpoint({
  method: 'GET',
  path: '/api/health',
  summary: 'Liveness and readiness in one; touches the database and the blob store (E-49, N-07)',
  permission: 'public',
  audit: 'none',
  response: Health,
});
export const getSystemHealth = endpoint({ ...getHealth, path: '/system/health', summary: 'The same under its first name (E-45)' });
export const getLiveness = endpoint({
  method: 'GET',
  path: '/livez',
  summary: 'The process answers',
  permission: 'public',
  audit: 'none',
  response: Type.Object({ status: Type.Literal('ok') }),
});
export const getReadiness = endpoint({
  method: 'GET',
  path: '/readyz',
  summary: 'The process can take work',
  permission: 'public',
  audit: 'none',
  response: Health,
});

export const SystemStatus = Type.Object({
  version: Type.String(),
  mode: Type.Union([Type.Literal('embedded'), Type.Literal('scaled')]),
  needs_setup: Type.Boolean(),
  jobs: Type.Object({ waiting: Type.Integer(), running: Type.Integer(), dead: Type.Integer() }),
  memory_bytes: Type.Integer(),
  disclaimer: Type.String(),
});
export type SystemStatus = Static<typeof SystemStatus>;
export const getSystemStatus = endpoint({
  method: 'GET',
  path: '/api/v1/system/status',
  summary: 'Version, mode and the state of the queue',
  permission: 'system:read',
  response: SystemStatus,
});

/** An option of the installation as it is in force. */
export const Setting = Type.Object({
  name: Type.String(),
  description: Type.String(),
  default: Type.String(),
  /** Null for a secret, and for what may hold one. */
  value: Nullable(Type.String()),
  is_secret: Type.Boolean(),
  /** Whether it has a value, for what does not tell it. */
  is_set: Type.Boolean(),
  source: Type.Enum(['default', 'environment', 'file']),
});
export type Setting = Static<typeof Setting>;
export const listSettings = endpoint({
  method: 'GET',
  path: '/api/v1/system/settings',
  summary: 'Every option of the installation as it is in force, where it comes from, and no secret',
  // Of the whole installation: paths and addresses are none of a tenant's business.
  permission: 'tenant:read',
  response: Type.Object({ items: Type.Array(Setting) }),
});

/** A job that ran out of tries. */
export const DeadJob = Type.Object({
  id: Type.String(),
  name: Type.String(),
  attempts: Type.Integer(),
  last_error: Nullable(Type.String()),
  finished_at: Nullable(Instant),
});
export const listDeadJobs = endpoint({
  method: 'GET',
  path: '/api/v1/system/dead-jobs',
  summary: 'Jobs that ran out of tries',
  permission: 'system:read',
  response: Type.Object({ items: Type.Array(DeadJob) }),
});
