import { setTimeout as delay } from 'node:timers/promises';
import type { JobName } from '../platform/job-payloads.ts';
import type { JobContext, JobHandlers } from '../platform/ports.ts';
import { errorText } from './job-retry.ts';

/** A job that a worker has taken. */
export type ClaimedJob = { id: string; name: string; payload: unknown /** 1 for the first. */; attempts: number };

/**
 * What the runner needs of a store of jobs. The functions that end a claim do nothing if it was lost: the job was cancelled, or its
 * lease passed and another worker has it.
 */
export type JobQueue<J extends ClaimedJob> = {
  /** Takes due jobs, highest priority first; of one name and key at most one is taken at a time. */
  claim(names: JobName[], limit: number, now: Date): Promise<J[]>;
  finish(job: J, now: Date): Promise<void>;
  /** After a failed try: waits for the next one, or is dead. */
  fail(job: J, error: string, now: Date): Promise<void>;
  /** Back to waiting as if the try had not been. */
  release(job: J, now: Date): Promise<void>;
  /** Extends the leases; returns the ids of the jobs that are still this worker's. */
  renew(jobs: J[], now: Date): Promise<Set<string>>;
  /** What is due besides jobs: times of cron, jobs whose worker is gone (never one of `running`), old rows. */
  keepUp(names: JobName[], now: Date, running: ReadonlySet<string>): Promise<void>;
};

export type JobErrorListener = (error: unknown, job?: { id: string; name: string; attempt: number }) => void;

export type RunnerOptions<J extends ClaimedJob> = {
  queue: JobQueue<J>;
  now: () => Date;
  leaseMs: number;
  /** How often due and orphaned jobs are looked for; a wake-up looks at once. */
  pollMs: number;
  /** How long `stop` lets running jobs go on before it aborts their signals. */
  stopGraceMs: number;
  onError: JobErrorListener;
};

export type JobRunner = {
  start(handlers: JobHandlers, concurrency: number): void;
  drain(handlers: JobHandlers, at?: Date): Promise<number>;
  /** Looks for due jobs now, if started. */
  wake(): void;
  /** Aborts those of the jobs that run here. */
  abort(ids: string[]): void;
  stop(): Promise<void>;
};

type Running<J> = { job: J; controller: AbortController; ended: Promise<void> };
type State<J extends ClaimedJob> = RunnerOptions<J> & { running: Map<string, Running<J>>; heartbeat: NodeJS.Timeout | undefined };

const STOPPING = new Error('The process is stopping');
const CANCELLED = new Error('The job was cancelled');
const LOST = new Error('The job was cancelled or went to another worker');

/** Runs jobs of a queue in this process: takes, renews, aborts, ends. */
export function createJobRunner<J extends ClaimedJob>(options: RunnerOptions<J>): JobRunner {
  const state: State<J> = { ...options, running: new Map(), heartbeat: undefined };
  let loop: Loop | undefined;
  return {
    start: (handlers, concurrency) => {
      if (loop) throw new Error('Jobs are started already');
      loop = startLoop(state, handlers, concurrency);
    },
    drain: (handlers, at) => drain(state, handlers, at),
    wake: () => loop?.wake(),
    abort: (ids) => {
      for (const id of ids) state.running.get(id)?.controller.abort(CANCELLED);
    },
    stop: async () => {
      await loop?.stop();
      loop = undefined;
      await endRunning(state);
    },
  };
}

type Loop = { wake(): void; stop(): Promise<void> };

/** Takes jobs at each poll, each wake-up and each end of a job, as many as there is room for. */
function startLoop<J extends ClaimedJob>(state: State<J>, handlers: JobHandlers, concurrency: number): Loop {
  const names = namesOf(handlers);
  let turn: Promise<void> | undefined;
  let again = false;
  let upkeepDue = true;
  let stopped = false;

  const take = async () => {
    if (upkeepDue) await state.queue.keepUp(names, state.now(), new Set(state.running.keys()));
    upkeepDue = false;
    const room = concurrency - state.running.size;
    if (room <= 0) return;
    for (const job of await state.queue.claim(names, room, state.now())) void run(state, handlers, { job, now: state.now }).then(wake);
  };
  const wake = () => {
    if (stopped) return;
    again = turn !== undefined;
    turn ??= take()
      .catch(state.onError)
      .finally(() => {
        turn = undefined;
        if (again) wake();
      });
  };
  const poll = setInterval(() => {
    upkeepDue = true;
    wake();
  }, state.pollMs);
  wake();

  const stop = async () => {
    clearInterval(poll);
    stopped = true;
    await turn;
  };
  return { wake, stop };
}

async function drain<J extends ClaimedJob>(state: State<J>, handlers: JobHandlers, at?: Date): Promise<number> {
  const names = namesOf(handlers);
  for (let count = 0; ; count++) {
    const now = at ?? state.now();
    await state.queue.keepUp(names, now, new Set(state.running.keys()));
    const [job] = await state.queue.claim(names, 1, now);
    if (!job) return count;
    await run(state, handlers, { job, now: () => now });
  }
}

type Claimed<J> = { job: J; now: () => Date };

/** Runs a claimed job to its end, whatever that is; never rejects. */
async function run<J extends ClaimedJob>(state: State<J>, handlers: JobHandlers, { job, now }: Claimed<J>): Promise<void> {
  const controller = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  state.running.set(job.id, { job, controller, ended });
  beat(state);
  try {
    const outcome = await attempt(handlers, job, controller.signal);
    await settle(state, job, { now: now(), outcome, signal: controller.signal });
  } catch (error) {
    // Nothing is lost: the lease passes and the job starts again.
    state.onError(error, describe(job));
  } finally {
    state.running.delete(job.id);
    end();
  }
}

type Outcome = { failed: boolean; error?: unknown };

async function attempt(handlers: JobHandlers, job: ClaimedJob, signal: AbortSignal): Promise<Outcome> {
  // `enqueue` tied this payload to this name, and `claim` was asked only for names that have a handler.
  const handler = handlers[job.name as JobName] as (context: JobContext) => Promise<void>;
  const payload = job.payload as JobContext['payload'];
  try {
    await handler({ id: job.id, payload, attempt: job.attempts, signal });
    return { failed: false };
  } catch (error) {
    return { failed: true, error };
  }
}

type Ending = { now: Date; outcome: Outcome; signal: AbortSignal };

async function settle<J extends ClaimedJob>(state: State<J>, job: J, { now, outcome, signal }: Ending): Promise<void> {
  if (!outcome.failed) return await state.queue.finish(job, now);
  // Not the job's fault: the next process takes it up.
  if (signal.reason === STOPPING) return await state.queue.release(job, now);
  if (!signal.aborted) state.onError(outcome.error, describe(job));
  await state.queue.fail(job, errorText(outcome.error), now);
}

/** Renews the leases of what runs, while anything does; a job that is no longer ours is aborted. */
function beat<J extends ClaimedJob>(state: State<J>): void {
  state.heartbeat ??= setInterval(async () => {
    const jobs = [...state.running.values()].map((running) => running.job);
    if (jobs.length === 0) return rest(state);
    try {
      const ours = await state.queue.renew(jobs, state.now());
      for (const { id } of jobs) if (!ours.has(id)) state.running.get(id)?.controller.abort(LOST);
    } catch (error) {
      state.onError(error);
    }
  }, state.leaseMs / 3).unref();
}

function rest<J extends ClaimedJob>(state: State<J>): void {
  clearInterval(state.heartbeat);
  state.heartbeat = undefined;
}

async function endRunning<J extends ClaimedJob>(state: State<J>): Promise<void> {
  const all = Promise.all([...state.running.values()].map((running) => running.ended));
  const grace = new AbortController();
  await Promise.race([all, delay(state.stopGraceMs, undefined, { signal: grace.signal }).catch(() => {})]);
  grace.abort();
  for (const { controller } of state.running.values()) controller.abort(STOPPING);
  await all;
  rest(state);
}

function namesOf(handlers: JobHandlers): JobName[] {
  return Object.keys(handlers) as JobName[];
}

function describe(job: ClaimedJob): { id: string; name: string; attempt: number } {
  return { id: job.id, name: job.name, attempt: job.attempts };
}
