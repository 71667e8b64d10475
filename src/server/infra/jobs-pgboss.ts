import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { fromKysely, PgBoss } from 'pg-boss';
import { JOB_NAMES } from '../platform/job-payloads.ts';
import type { EnqueueOptions, Jobs, SystemDb, SystemTx } from '../platform/ports.ts';
import { enqueueDueCrons, scheduleCron } from './cron-table.ts';
import { pgBossJobDesk } from './job-desk-pgboss.ts';
import { DEFAULT_MAX_ATTEMPTS, RETRY_FIRST_MS, RETRY_LONGEST_MS } from './job-retry.ts';
import { type ClaimedJob, createJobRunner, type JobErrorListener, type JobQueue } from './job-runner.ts';
import * as boss from './jobs-pgboss-rows.ts';
import { listen } from './postgres-listen.ts';
import { beyondTenant } from './tenant-view.ts';

const CHANNEL = 'isocenter_job';
/** pg-boss's own connections, for its upkeep. */
const BOSS_CONNECTIONS = 2;
/** The shortest heartbeat that pg-boss takes. */
const SHORTEST_LEASE_S = 10;
/** The longest time that pg-boss lets a job run, however well it is: just under a day. */
const LONGEST_RUN_S = 86_000;
/** Delayed and orphaned jobs are looked for this often; new ones are notified. */
const POLL_MS = 1_000;
/** A job that waits is never thrown away. */
const TEN_YEARS_S = 315_360_000;
const KEPT_MS = 86_400_000;
const SWEEP_MS = 3_600_000;

export type PgBossJobsOptions = {
  db: SystemDb;
  /** Of the same database, leading to the server itself and not to a transaction pooler. */
  url: string;
  now?: () => Date;
  /** A running job whose worker has not renewed its claim for this long starts again elsewhere; at least 10 s, renewed at each third. */
  leaseMs?: number;
  /** How long `stop` lets running jobs go on before it aborts their signals. */
  stopGraceMs?: number;
  onError?: JobErrorListener;
};
type Settings = Required<PgBossJobsOptions> & { pgBoss: PgBoss };
type Job = ClaimedJob & { claim: boss.BossJob };

/**
 * Jobs in pg-boss's tables (schema `pgboss`, made and migrated here), for any number of processes; `Jobs` in `platform/ports.ts` says
 * what it does. pg-boss keeps the queue, its retries and its states; the taking and renewing is ours, so that `concurrency` counts
 * over all names, priority too, and a claim that was lost cannot end the next one.
 */
export async function openPgBossJobs(options: PgBossJobsOptions): Promise<Jobs> {
  const pgBoss = new PgBoss({ connectionString: options.url, max: BOSS_CONNECTIONS, application_name: 'isocenter-jobs', schedule: false });
  const settings: Settings = { now: () => new Date(), leaseMs: 30_000, stopGraceMs: 10_000, onError: () => {}, ...options, pgBoss };
  const { db, now } = settings;
  pgBoss.on('error', settings.onError);
  await pgBoss.start();
  // "short": of one key at most one job waits; that only one runs is asked for at each fetch.
  for (const name of JOB_NAMES) await pgBoss.createQueue(name, { policy: 'short' });

  const enqueue: Jobs['enqueue'] = (tx, name, payload, options = {}) => send(settings, beyondTenant(tx), { name, payload, ...options });
  const runner = createJobRunner({ ...settings, pollMs: POLL_MS, queue: createQueue(settings, enqueue) });
  let listener: ReturnType<typeof listen> | undefined;
  const names = [...JOB_NAMES];

  return {
    enqueue,
    cancel: async (name, key) => {
      const ids = await boss.listIds(db, { name, key });
      if (ids.length > 0) await pgBoss.cancel(name, ids);
      runner.abort(ids);
      return ids.length;
    },
    start: async (handlers, concurrency) => {
      runner.start(handlers, concurrency);
      listener = listen(settings.url, CHANNEL, { notify: runner.wake, error: settings.onError });
    },
    schedule: (cron, name, payload) => scheduleCron(db, { name, cron, payload, now: now() }),
    counts: (tenantId) => boss.countStates(db, names, tenantId),
    desk: (whose) => pgBossJobDesk({ db, pgBoss, whose, wake: () => notify(db), abort: runner.abort }),
    drain: runner.drain,
    stop: async () => {
      // Before anything else is waited for: from now on nothing is taken.
      const stopped = runner.stop();
      await listener?.close();
      await stopped;
      await pgBoss.stop({ graceful: false });
    },
  };
}

type Request = EnqueueOptions & { name: string; payload: object };

async function send(
  { pgBoss, leaseMs }: Settings,
  tx: SystemTx,
  { name, payload, key, runAt, priority, maxAttempts }: Request,
): Promise<void> {
  const options = {
    db: fromKysely(tx),
    startAfter: runAt ?? 0,
    priority: priority ?? 0,
    retryLimit: (maxAttempts ?? DEFAULT_MAX_ATTEMPTS) - 1,
    retryDelay: RETRY_FIRST_MS / 1_000,
    retryDelayMax: RETRY_LONGEST_MS / 1_000,
    retryBackoff: true,
    heartbeatSeconds: Math.max(SHORTEST_LEASE_S, Math.ceil(leaseMs / 1_000)),
    expireInSeconds: LONGEST_RUN_S,
    retentionSeconds: TEN_YEARS_S,
    deleteAfterSeconds: 0,
  };
  // "short" counts all jobs without a key as one, so each gets one of its own.
  const own = key ?? `without-key/${randomUUID()}`;
  if (key !== undefined) {
    // What waits for another try is overtaken: the new job stands for both, and begins to count anew.
    const overtaken = await boss.listIds(tx, { name, key, only: 'retry' });
    if (overtaken.length > 0) await pgBoss.cancel(name, overtaken, { db: options.db });
  }
  for (;;) {
    const { updated, inserted } = await pgBoss.upsert(name, payload, { ...options, singletonKey: own, group: { id: own } });
    // Neither: the one that waited was taken by a worker at this very moment.
    if (updated + inserted > 0) break;
  }
  await notify(tx);
}

/** Tells every process that there is something to take. */
async function notify(db: SystemDb | SystemTx): Promise<void> {
  await sql`select pg_notify(${CHANNEL}, '')`.execute(db);
}

function createQueue(settings: Settings, enqueue: Jobs['enqueue']): JobQueue<Job> {
  const { db, pgBoss } = settings;
  let sweptAt = 0;
  /** Ends a claim unless it was lost. */
  const end = async ({ claim }: Job, change: (tx: SystemTx) => Promise<unknown>) => {
    await db.transaction().execute(async (tx) => {
      if (await boss.lockClaim(tx, claim)) await change(tx);
    });
  };
  return {
    claim: async (names, limit, now) => {
      const aheadMs = aheadOfClock(now);
      if (aheadMs > 0) await boss.advance(db, names, aheadMs);
      const jobs: Job[] = [];
      while (jobs.length < limit) {
        const job = await claimOne(settings, names, aheadMs);
        if (!job) break;
        jobs.push(job);
      }
      return jobs;
    },
    finish: (job) => end(job, (tx) => pgBoss.complete(job.name, job.id, null, { db: fromKysely(tx) })),
    fail: (job, error) => end(job, (tx) => giveBack(pgBoss, tx, job.claim, error)),
    release: (job) =>
      end(job, async (tx) => {
        if (await boss.waitsAnother(tx, job.claim)) await pgBoss.cancel(job.name, job.id, { db: fromKysely(tx) });
        else await boss.returnClaim(tx, job.claim);
      }),
    renew: (jobs) =>
      boss.renewClaims(
        db,
        jobs.map((job) => job.claim),
      ),
    keepUp: async (names, now, running) => {
      await enqueueDueCrons(db, names, now, enqueue);
      await reclaim(settings, { names, now, running });
      if (now.getTime() < sweptAt + SWEEP_MS) return;
      sweptAt = now.getTime();
      await boss.deleteEnded(db, names, new Date(sweptAt - KEPT_MS));
    },
  };
}

/** One at a time: only so does the most urgent job of all names come first. */
async function claimOne({ db, pgBoss }: Settings, names: string[], aheadMs: number): Promise<Job | undefined> {
  for (const name of await boss.listDueNames(db, names)) {
    const job = await db.transaction().execute(async (tx) => {
      // A group is a key: what has a job running gives no other.
      const [fetched] = await pgBoss.fetch(name, { groupConcurrency: 1, db: fromKysely(tx) });
      const claim = fetched && (await boss.stampClaim(tx, { name, id: fetched.id, aheadMs }));
      return claim && { id: claim.id, name, payload: fetched.data, attempts: claim.retry_count + 1, claim };
    });
    if (job) return job;
  }
  return undefined;
}

/**
 * How far `drain` was told to look ahead, in milliseconds. All else goes by the database's clock: that of a worker may be wrong, and it
 * would take jobs away from others.
 */
function aheadOfClock(now: Date): number {
  const ahead = now.getTime() - Date.now();
  return ahead > 1_000 ? ahead : 0;
}

/** Jobs that run here go on even if a blocked thread let their leases pass: they must not start a second time beside themselves. */
async function reclaim(
  { db, pgBoss }: Settings,
  { names, now, running }: { names: string[]; now: Date; running: ReadonlySet<string> },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const claim of await boss.lockLostClaims(tx, names, aheadOfClock(now))) {
      if (running.has(claim.id)) continue;
      await giveBack(pgBoss, tx, claim, 'The worker ended before the job did');
      await boss.startAtOnce(tx, claim);
    }
  });
}

/** After a failed try: waits for the next one, or is dead. If another one came to wait under its key, that one stands for both. */
async function giveBack(pgBoss: PgBoss, tx: SystemTx, claim: boss.BossJob, message: string): Promise<void> {
  const db = fromKysely(tx);
  if (claim.retry_count < claim.retry_limit && (await boss.waitsAnother(tx, claim))) await pgBoss.cancel(claim.name, claim.id, { db });
  else await pgBoss.fail(claim.name, claim.id, { message }, { db });
}
