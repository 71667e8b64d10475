import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable } from './fields.ts';

/** `delayed` waits for its time; `dead` ran out of tries, and is kept until somebody lets it begin anew or drops it. */
export const JOB_STATES = ['running', 'waiting', 'delayed', 'dead'] as const;
const JobState = Type.Enum(JOB_STATES);

/** A background job. What it is told (ids of a tenant's objects) is not shown. */
export const Job = Type.Object({
  id: Id,
  name: Type.String(),
  state: JobState,
  /** Work of the whole installation; shown to who administers it. */
  is_of_installation: Type.Boolean(),
  attempts: Type.Integer(),
  /** Higher runs first. */
  priority: Type.Integer(),
  created_at: Instant,
  run_at: Instant,
  started_at: Nullable(Instant),
  finished_at: Nullable(Instant),
  /** Why the last try failed. */
  last_error: Nullable(Type.String()),
});
export type Job = Static<typeof Job>;

const jobParams = Type.Object({ id: Id });
const Count = Type.Integer({ minimum: 0 });

export const listJobs = endpoint({
  method: 'GET',
  path: '/api/v1/system/jobs',
  summary: 'Background jobs in one state, and how many there are in each',
  permission: 'system:read',
  query: Type.Object({
    state: Type.Optional(Type.Enum(JOB_STATES, { default: 'running' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
  }),
  response: Type.Object({
    items: Type.Array(Job),
    counts: Type.Object({ running: Count, waiting: Count, delayed: Count, dead: Count }),
  }),
});
export const retryJob = endpoint({
  method: 'POST',
  path: '/api/v1/system/jobs/:id/retry',
  summary: 'Lets a dead job begin anew, and one that waits run now; where another waits for the same work, that one stands for both',
  permission: 'system:write',
  params: jobParams,
  response: Type.Object({}),
});
export const dropJob = endpoint({
  method: 'DELETE',
  path: '/api/v1/system/jobs/:id',
  summary: 'Ends a job for good, and aborts it if it runs',
  permission: 'system:write',
  params: jobParams,
  response: Type.Object({}),
});
