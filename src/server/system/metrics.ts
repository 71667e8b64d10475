import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { MetricSample, Metrics } from '../../contract/metrics.ts';
import type { Jobs, SystemDb } from '../platform/ports.ts';
import { openMeter } from './measure.ts';
import { askDatabase, countActive, deleteSamplesBefore, listSamples, putSample } from './metrics-repository.ts';
import { openRequestTimes, type RequestTimes } from './request-times.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Between two looks while somebody watches; these are told and not kept. */
const WATCHED_MS = 5_000;
const MINUTES_KEPT_MS = 24 * HOUR_MS;
const HOURS_KEPT_MS = 90 * 24 * HOUR_MS;
/** A process that has not been heard of in this long is gone. */
const ALIVE_MS = 3 * MINUTE_MS;
/** N-12. */
const SLOW_RESPONSE_MS = 500;
const FULL_MEMORY_PERCENT = 85;

export type MetricsDeps = { systemDb: SystemDb; jobs: Pick<Jobs, 'counts'>; dataDir: string; now: () => Date };
/** How the installation is. Each process samples itself, and reads what the others have kept. */
export type SystemMetrics = {
  requests: RequestTimes;
  /** Measures now, keeps the sample, and tells the listeners. */
  sample(): Promise<MetricSample>;
  latest(): MetricSample | undefined;
  /** @param isHeard whether anybody watches: then there are samples between those of each minute */
  onSample(listener: (sample: MetricSample) => void, isHeard: () => boolean): void;
  /** Samples each minute from now on, and more often while somebody watches. */
  start(onError: (error: unknown) => void): void;
  close(): Promise<void>;
};

export function openMetrics(deps: MetricsDeps): SystemMetrics {
  const requests = openRequestTimes();
  // Each measures since its last time: a look in between must not shorten the minute.
  const meters = { minute: openMeter(deps.dataDir), watched: openMeter(deps.dataDir) };
  const listeners: { tell: (sample: MetricSample) => void; isHeard: () => boolean }[] = [];
  const name = `${hostname()}/${process.pid}`;
  let latest: MetricSample | undefined;
  let timers: NodeJS.Timeout[] = [];
  let running: Promise<unknown> = Promise.resolve();
  let keptHour = '';

  const look = async (kind: 'minute' | 'watched'): Promise<MetricSample> => {
    const at = deps.now();
    const began = performance.now();
    await askDatabase(deps.systemDb);
    const network_latency = performance.now() - began;
    const counted = [deps.jobs.counts(), countActive(deps.systemDb, at.toISOString())] as const;
    const [machine, jobs, active] = await Promise.all([meters[kind].measure(), ...counted]);
    const response_time = kind === 'minute' ? requests.takeAverageMs() : requests.averageMs();
    const metrics: Metrics = { ...machine, network_latency, response_time, processing_queue: jobs.waiting + jobs.running };
    latest = {
      timestamp: at.toISOString(),
      process: name,
      metrics,
      active_sessions: active.sessions,
      active_diagnoses: active.analyses,
    };
    for (const { tell } of listeners) tell(latest);
    return latest;
  };
  const sample = async (): Promise<MetricSample> => {
    const taken = await look('minute');
    await putSample(deps.systemDb, 'minute', taken);
    const hour = hourOf(new Date(taken.timestamp));
    if (hour !== keptHour) await rollUp(deps.systemDb, new Date(taken.timestamp));
    keptHour = hour;
    return taken;
  };
  return {
    requests,
    sample,
    latest: () => latest,
    onSample: (tell, isHeard) => listeners.push({ tell, isHeard }),
    start: (onError) => {
      const every = (milliseconds: number, turn: () => Promise<unknown>): NodeJS.Timeout => {
        const take = (): void => {
          running = running.then(turn).catch(onError);
        };
        return setInterval(take, milliseconds).unref();
      };
      const watched = async (): Promise<void> => {
        if (listeners.some(({ isHeard }) => isHeard())) await look('watched');
      };
      running = sample().catch(onError);
      timers = [every(MINUTE_MS, sample), every(WATCHED_MS, watched)];
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await running;
      for (const meter of Object.values(meters)) meter.close();
    },
  };
}

/** The latest sample of every process that is alive. */
export async function listAlive({ systemDb, now }: Pick<MetricsDeps, 'systemDb' | 'now'>): Promise<MetricSample[]> {
  const samples = await listSamples(systemDb, 'minute', { from: new Date(now().getTime() - ALIVE_MS).toISOString() });
  return [...new Map(samples.map((sample) => [sample.process, sample])).values()];
}

/** What N-12 asks to be alerted of. */
export function alertsOf({ response_time, memory_usage }: Metrics): ('response_time' | 'memory_usage')[] {
  return [
    ...((response_time ?? 0) > SLOW_RESPONSE_MS ? (['response_time'] as const) : []),
    ...(memory_usage > FULL_MEMORY_PERCENT ? (['memory_usage'] as const) : []),
  ];
}

/** Averages each full hour whose minutes are kept, and removes what is past its time. Doing it twice changes nothing. */
async function rollUp(db: SystemDb, now: Date): Promise<void> {
  const before = hourOf(now);
  const minutes = await listSamples(db, 'minute', { from: ago(now, MINUTES_KEPT_MS), before });
  const hours = Map.groupBy(minutes, ({ timestamp, process }) => `${hourOf(new Date(timestamp))} ${process}`);
  const known = new Set(
    (await listSamples(db, 'hour', { from: ago(now, MINUTES_KEPT_MS + HOUR_MS) })).map(
      ({ timestamp, process }) => `${timestamp} ${process}`,
    ),
  );
  for (const [key, samples] of hours) if (!known.has(key)) await putSample(db, 'hour', averageOf(samples));
  await deleteSamplesBefore(db, 'minute', ago(now, MINUTES_KEPT_MS));
  await deleteSamplesBefore(db, 'hour', ago(now, HOURS_KEPT_MS));
}

/** Of at least one sample of a process within an hour. */
function averageOf(samples: readonly MetricSample[]): MetricSample {
  const [first] = samples;
  if (!first) throw new RangeError('There is nothing to average');
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const names = Object.keys(first.metrics) as (keyof Metrics)[];
  const averages = names.map((name) => {
    const values = samples.flatMap(({ metrics }) => metrics[name] ?? []);
    return [name, values.length === 0 ? null : mean(values)] as const;
  });
  return {
    timestamp: hourOf(new Date(first.timestamp)),
    process: first.process,
    // Null only where every sample was: the names are those of the first.
    metrics: Object.fromEntries(averages) as Metrics,
    active_sessions: mean(samples.map(({ active_sessions }) => active_sessions)),
    active_diagnoses: mean(samples.map(({ active_diagnoses }) => active_diagnoses)),
  };
}

function hourOf(at: Date): string {
  return `${at.toISOString().slice(0, 13)}:00:00.000Z`;
}

function ago(now: Date, milliseconds: number): string {
  return new Date(now.getTime() - milliseconds).toISOString();
}
