import type { MetricSample, Metrics } from '../../contract/metrics.ts';
import type { LayerFigures } from '../cache/layers.ts';
import type { JobCounts } from '../platform/ports.ts';
import { BUCKETS_S, type RouteTimes } from './request-times.ts';

/** Names, unit factors and help of the gauges, in base units as Prometheus asks (https://prometheus.io/docs/practices/naming/). */
const GAUGES: readonly [keyof Metrics, string, number, string][] = [
  ['cpu_usage', 'isocenter_cpu_usage_ratio', 0.01, 'Use of the CPUs of the machine'],
  ['memory_usage', 'isocenter_memory_usage_ratio', 0.01, 'Use of the memory that the process may take'],
  ['gpu_usage', 'isocenter_gpu_usage_ratio', 0.01, 'Use of the GPUs of the machine'],
  ['network_latency', 'isocenter_database_latency_seconds', 0.001, 'A question to the database and back'],
  ['event_loop_delay', 'isocenter_event_loop_delay_seconds', 0.001, '99th percentile of the delay of the event loop'],
  ['disk_usage', 'isocenter_disk_usage_ratio', 0.01, 'Use of the file system of the data folder'],
  ['disk_io', 'isocenter_disk_io_bytes_per_second', 1, 'Bytes that the process reads and writes'],
];

/** The text format, version 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function prometheusText(
  sample: MetricSample,
  { jobs, times, cache }: { jobs: JobCounts; times: readonly RouteTimes[]; cache: readonly LayerFigures[] },
): string {
  const { metrics, active_sessions, active_diagnoses } = sample;
  const blocks = GAUGES.flatMap(([key, name, factor, help]) => {
    const value = metrics[key];
    return value === null ? [] : [gauge(name, help, [`${name} ${value * factor}`])];
  });
  const states = Object.entries(jobs).map(([state, count]) => `isocenter_jobs{state="${state}"} ${count}`);
  return [
    ...blocks,
    gauge('isocenter_jobs', 'Jobs of the installation', states),
    gauge('isocenter_active_sessions', 'Sessions that have not ended', [`isocenter_active_sessions ${active_sessions}`]),
    gauge('isocenter_active_analyses', 'Studies whose analysis waits or runs', [`isocenter_active_analyses ${active_diagnoses}`]),
    ...kept(cache),
    durations(times),
    '',
  ].join('\n');
}

function gauge(name: string, help: string, lines: readonly string[]): string {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines].join('\n');
}

function kept(cache: readonly LayerFigures[]): string[] {
  const name = 'isocenter_cache_requests_total';
  const asked = cache.flatMap(({ layer, hits, misses, overtaken }) =>
    Object.entries({ hit: hits, miss: misses, overtaken }).map(
      ([result, count]) => `${name}{layer="${layer}",result="${result}"} ${count}`,
    ),
  );
  const bytes = cache.flatMap(({ layer, bytes }) => (bytes === null ? [] : [`isocenter_cache_bytes{layer="${layer}"} ${bytes}`]));
  return [
    [`# HELP ${name} Kept answers that were asked for`, `# TYPE ${name} counter`, ...asked].join('\n'),
    gauge('isocenter_cache_bytes', 'Bytes of kept answers', bytes),
  ];
}

function durations(times: readonly RouteTimes[]): string {
  const name = 'isocenter_http_request_duration_seconds';
  const lines = times.flatMap(({ method, route, status, count, sumS, buckets }) => {
    const labels = `method="${method}",route="${escapeLabel(route)}",status="${status}"`;
    return [
      ...BUCKETS_S.map((limit, index) => `${name}_bucket{${labels},le="${limit}"} ${buckets[index] ?? 0}`),
      `${name}_bucket{${labels},le="+Inf"} ${count}`,
      `${name}_sum{${labels}} ${sumS}`,
      `${name}_count{${labels}} ${count}`,
    ];
  });
  return [`# HELP ${name} How long requests took`, `# TYPE ${name} histogram`, ...lines].join('\n');
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
