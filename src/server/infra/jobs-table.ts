import { hostname } from 'node:os';
import { newId as uuid } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Jobs, SystemDb } from '../platform/ports.ts';
import { enqueueDueCrons, scheduleCron } from './cron-table.ts';
import { tableJobDesk } from './job-desk-table.ts';
import { DEFAULT_MAX_ATTEMPTS, interruptionDelayMs, MAX_INTERRUPTIONS, retryDelayMs } from './job-retry.ts';
import { type ClaimedJob, createJobRunner, type JobErrorListener, type JobQueue } from './job-runner.ts';
import * as table from './jobs-table-rows.ts';
import { beyondTenant } from './tenant-view.ts';

/** Delayed and orphaned jobs are looked for this often; what this process enqueues starts at once. */
const POLL_MS = 250;
/** Jobs that ended well are kept this long, to be looked at. */
const KEPT_MS = 86_400_000;
const SWEEP_MS = 3_600_000;

export type TableJobsOptions = {
  db: SystemDb;
  now?: () => Date;
  newId?: () => string;
  /** Fraction from 0 to 1 for the spread of retries. */
  random?: () => number;
  /** Must be another one after each start of the process. */
  workerId?: string;
  /** A running job whose worker has not renewed its claim for this long starts again elsewhere; renewed at each third. */
  leaseMs?: number;
  /** How long `stop` lets running jobs go on before it aborts their signals. */
  stopGraceMs?: number;
  /** No other process works on this database: jobs that were running when the last one ended start again at once. */
  reclaimAll?: boolean;
  onError?: JobErrorListener;
};
type Settings = Required<TableJobsOptions>;
type TableJob = ClaimedJob & { row: table.JobRow };

/** Jobs in the table `job`, for one process or several; `Jobs` in `platform/ports.ts` says what it does. */
export function openTableJobs(options: TableJobsOptions): Jobs {
  const settings: Settings = {
    now: () => new Date(),
    newId: uuid,
    random: Math.random,
    workerId: `${hostname()}-${process.pid}-${uuid()}`,
    leaseMs: 30_000,
    stopGraceMs: 10_000,
    reclaimAll: false,
    onError: () => {},
    ...options,
  };
  const { db, now } = settings;
  const enqueue: Jobs['enqueue'] = async (tx, name, payload, { key, runAt, priority, maxAttempts } = {}) => {
    await table.upsertWaitingJob(beyondTenant(tx), {
      id: settings.newId(),
      name,
      key: key ?? null,
      tenant_id: 'tenant_id' in payload ? payload.tenant_id : null,
      payload: JSON.stringify(payload),
      priority: priority ?? 0,
      run_at: (runAt ?? now()).toISOString(),
      max_attempts: maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      created_at: now().toISOString(),
    });
    // On SQLite the claim waits for its turn behind this transaction and so sees it; elsewhere, and for later, the poll finds the job.
    if (runAt === undefined || runAt <= now()) setImmediate(runner.wake);
  };
  const runner = createJobRunner({ ...settings, pollMs: POLL_MS, queue: createQueue(settings, enqueue) });

  return {
    enqueue,
    cancel: async (name, key) => {
      const ids = await table.cancelJobs(db, name, key, now().toISOString());
      runner.abort(ids);
      return ids.length;
    },
    start: async (handlers, concurrency) => {
      if (settings.reclaimAll) await reclaim(settings, { now: now(), running: new Set(), all: true });
      runner.start(handlers, concurrency);
    },
    schedule: (cron, name, payload) => scheduleCron(db, { name, cron, payload, now: now() }),
    counts: (tenantId) => table.countJobs(db, tenantId),
    desk: (whose) => tableJobDesk({ db, now, whose, wake: runner.wake, abort: runner.abort }),
    drain: runner.drain,
    stop: runner.stop,
  };
}

function createQueue(settings: Settings, enqueue: Jobs['enqueue']): JobQueue<TableJob> {
  const { db, workerId: worker, leaseMs } = settings;
  const leaseFrom = (now: Date) => new Date(now.getTime() + leaseMs).toISOString();
  let sweptAt = 0;
  return {
    claim: async (names, limit, now) => {
      const rows = await table.claimJobs(db, { worker, names, limit, now: now.toISOString(), leaseUntil: leaseFrom(now) });
      return rows.map((row) => ({ id: row.id, name: row.name, payload: parseColumn(row.payload), attempts: row.attempts, row }));
    },
    finish: (job, now) => table.finishJob(db, job.row, 'done', { now: now.toISOString(), error: null }),
    fail: (job, error, now) => giveBack(db, job.row, { error, now, delayMs: retryDelayMs(job.attempts, settings.random) }),
    release: async ({ row }, now) => {
      const at = now.toISOString();
      await table.returnJob(db, row, { now: at, runAt: at, attempts: row.attempts - 1, error: row.last_error });
    },
    renew: (jobs, now) =>
      table.renewLeases(
        db,
        worker,
        jobs.map((job) => job.id),
        leaseFrom(now),
      ),
    keepUp: async (names, now, running) => {
      await enqueueDueCrons(db, names, now, enqueue);
      await reclaim(settings, { now, running, all: false });
      if (now.getTime() < sweptAt + SWEEP_MS) return;
      sweptAt = now.getTime();
      await table.deleteFinishedJobs(db, new Date(sweptAt - KEPT_MS).toISOString());
    },
  };
}

/** Jobs that run here go on even if a blocked thread let their leases pass: they must not start a second time beside themselves. */
async function reclaim({ db }: Settings, { now, running, all }: { now: Date; running: ReadonlySet<string>; all: boolean }): Promise<void> {
  for (const job of await table.listRunningJobs(db)) {
    const alive = job.lease_until !== null && job.lease_until >= now.toISOString();
    if (running.has(job.id) || (alive && !all)) continue;
    await resume(db, job, now);
  }
}

/**
 * A job whose process ended waits again, and the try does not count against its limit: a server that is restarted often must not kill its jobs. Each time it
 * waits longer, so that a job which itself ends the process does not keep the others from running; in the end it is dead.
 */
async function resume(db: SystemDb, job: table.JobRow, now: Date): Promise<void> {
  const error = 'The worker ended before the job did';
  const interruptions = job.interruptions + 1;
  if (interruptions >= MAX_INTERRUPTIONS) return await table.finishJob(db, job, 'dead', { now: now.toISOString(), error });
  const runAt = new Date(now.getTime() + interruptionDelayMs(interruptions)).toISOString();
  await table.returnJob(db, job, { now: now.toISOString(), runAt, attempts: job.attempts, interruptions, error });
}

async function giveBack(
  db: SystemDb,
  job: table.JobRow,
  { error, now, delayMs }: { error: string; now: Date; delayMs: number },
): Promise<void> {
  const at = now.toISOString();
  if (job.attempts - job.interruptions >= job.max_attempts) return await table.finishJob(db, job, 'dead', { now: at, error });
  const runAt = new Date(now.getTime() + delayMs).toISOString();
  await table.returnJob(db, job, { now: at, runAt, attempts: job.attempts, error });
}
