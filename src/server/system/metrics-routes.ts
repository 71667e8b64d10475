import type { FastifyInstance } from 'fastify';
import type { Output } from '../../contract/endpoint.ts';
import { getMetrics, getMetricsOfApi, getPrometheusMetrics, listMetricHistory } from '../../contract/metrics.ts';
import type { Cache } from '../cache/cache.ts';
import type { Jobs, SystemDb } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import { alertsOf, listAlive, type SystemMetrics } from './metrics.ts';
import { listSamples } from './metrics-repository.ts';
import { prometheusText } from './prometheus.ts';

type Deps = { systemDb: SystemDb; jobs: Jobs; metrics: SystemMetrics; cache: Cache; now: () => Date };
const EPOCH = '1970-01-01T00:00:00.000Z';

export function metricsRoutes(http: FastifyInstance, deps: Deps): void {
  const { metrics, systemDb, jobs, cache } = deps;
  http.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    // What stays open does not take long, it lasts.
    if (request.ws || route.endsWith('/stream')) return;
    metrics.requests.note({ method: request.method, route, status: reply.statusCode, durationMs: reply.elapsedTime });
  });

  const latest = async (): Promise<Output<typeof getMetrics>> => {
    const own = metrics.latest() ?? (await metrics.sample());
    return { ...own, cache: cache.figures(), alerts: alertsOf(own.metrics), processes: await listAlive(deps) };
  };
  serve(http, getMetrics, latest);
  serve(http, getMetricsOfApi, latest);
  serve(http, listMetricHistory, async ({ query: { span = 'minute', since = EPOCH, process } }) => ({
    items: await listSamples(systemDb, span, { from: new Date(since).toISOString(), process }),
  }));
  serve(http, getPrometheusMetrics, async ({ reply }) => {
    const own = metrics.latest() ?? (await metrics.sample());
    return reply.send(prometheusText(own, { jobs: await jobs.counts(), times: metrics.requests.list(), cache: cache.figures() }));
  });
}
