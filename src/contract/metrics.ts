import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable } from './fields.ts';

const Percent = Type.Number({ minimum: 0, maximum: 100 });
const Count = Type.Number({ minimum: 0 });

/** V-02, D-07: how one process and its machine are; null for what cannot be measured there. */
export const Metrics = Type.Object({
  cpu_usage: Percent,
  memory_usage: Percent,
  gpu_usage: Nullable(Percent),
  /** Milliseconds for a question to the database and back. */
  network_latency: Count,
  /** Milliseconds by which the slowest hundredth of the process's turns came late. */
  event_loop_delay: Count,
  /** Milliseconds until requests were answered, on average since the sample before; null without any. */
  response_time: Nullable(Count),
  /** Of the file system of the data folder. */
  disk_usage: Percent,
  /** Bytes that the process read and wrote in a second. */
  disk_io: Nullable(Count),
  /** Jobs that wait or run, in the whole installation. */
  processing_queue: Count,
});
export type Metrics = Static<typeof Metrics>;

/** N-12: what somebody should look at. */
const Alert = Type.Enum(['response_time', 'memory_usage']);

export const MetricSample = Type.Object({
  timestamp: Instant,
  /** Name of the machine and number of the process. */
  process: Type.String(),
  metrics: Metrics,
  /** Sessions that have not ended, of all tenants. */
  active_sessions: Count,
  /** Studies whose analysis waits or runs, of all tenants. */
  active_diagnoses: Count,
});
export type MetricSample = Static<typeof MetricSample>;

/** Sent to the room `system` for those who may see the system; it is not kept among the events, so it has no number. */
export const MetricsMessage = Type.Object({
  type: Type.Literal('system_metrics'),
  seq: Type.Null(),
  at: Instant,
  topic: Type.Literal('system'),
  data: MetricSample,
});
export type MetricsMessage = Static<typeof MetricsMessage>;

/** How much the kept answers of the process are worth, by layer, since it started. */
const CacheLayerFigures = Type.Object({
  layer: Type.Enum(['memory', 'redis', 'file']),
  hits: Count,
  /** It had nothing, or nothing any more. */
  misses: Count,
  /** What it had was out of date, and was not given. */
  overtaken: Count,
  /** Null where it does not know. */
  entries: Nullable(Count),
  bytes: Nullable(Count),
});

const LatestMetrics = Type.Object({
  ...MetricSample.properties,
  cache: Type.Array(CacheLayerFigures),
  alerts: Type.Array(Alert),
  /** The latest sample of each process of the installation that is alive. */
  processes: Type.Array(MetricSample),
});

const latest = {
  method: 'GET',
  summary: 'The latest sample: of the process that answers, and of every other (E-46)',
  permission: 'system:read',
  audit: 'none',
  response: LatestMetrics,
} as const;
export const getMetrics = endpoint({ ...latest, path: '/system/metrics' });
export const getMetricsOfApi = endpoint({ ...latest, path: '/api/v1/system/metrics' });

export const listMetricHistory = endpoint({
  method: 'GET',
  path: '/api/v1/system/metrics/history',
  summary: 'Samples of all processes, oldest first: each minute of the last 24 hours, or averages of each hour of the last 90 days',
  permission: 'system:read',
  audit: 'none',
  query: Type.Object({
    span: Type.Optional(Type.Union([Type.Literal('minute'), Type.Literal('hour')], { default: 'minute' })),
    since: Type.Optional(Instant),
    process: Type.Optional(Type.String({ maxLength: 300 })),
  }),
  response: Type.Object({ items: Type.Array(MetricSample) }),
});

export const getPrometheusMetrics = endpoint({
  method: 'GET',
  path: '/metrics',
  summary: 'What Prometheus scrapes (E-53), with an API key that may `system:read`',
  permission: 'system:read',
  audit: 'none',
  produces: 'text/plain; version=0.0.4; charset=utf-8',
  response: Type.String(),
});
