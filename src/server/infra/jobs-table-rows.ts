import type { Selectable } from 'kysely';
import type { JobName } from '../platform/job-payloads.ts';
import type { JobCounts, SystemDb, SystemTx } from '../platform/ports.ts';
import { columnsOf, prepared } from '../platform/prepared.ts';
import type { SystemTables } from '../platform/schema.ts';
import { isPostgres } from './migrate.ts';

export type JobRow = Selectable<SystemTables['job']>;
export type NewJob = Pick<JobRow, 'id' | 'name' | 'key' | 'tenant_id' | 'payload' | 'priority' | 'run_at' | 'max_attempts' | 'created_at'>;
const NEW_JOB = ['id', 'name', 'key', 'tenant_id', 'payload', 'priority', 'run_at', 'max_attempts', 'created_at'] as const;

/** Inserts a waiting job; if one waits under the same name and key, that one takes over everything but the id. */
export async function upsertWaitingJob(tx: SystemTx, job: NewJob): Promise<void> {
  await insertWaitingJob(tx, job);
}
const insertWaitingJob = prepared<SystemTx, NewJob, unknown>((tx, value) =>
  tx
    .insertInto('job')
    .values({ ...columnsOf(value, NEW_JOB), attempts: 0, interruptions: 0 })
    .onConflict((conflict) =>
      conflict
        .columns(['name', 'key'])
        .where('started_at', 'is', null)
        .where('finished_at', 'is', null)
        .where('key', 'is not', null)
        .doUpdateSet(({ ref }) => ({
          payload: ref('excluded.payload'),
          priority: ref('excluded.priority'),
          run_at: ref('excluded.run_at'),
          max_attempts: ref('excluded.max_attempts'),
          attempts: 0,
          interruptions: 0,
        })),
    ),
);

export type Claim = { worker: string; names: JobName[]; limit: number; now: string; leaseUntil: string };

/** Takes due jobs for a worker, in the order in which they are to start. Of one name and key at most one runs at a time. */
export async function claimJobs(db: SystemDb, { worker, names, limit, now, leaseUntil }: Claim): Promise<JobRow[]> {
  const rows = await db
    .with(
      (cte) => cte('due').materialized(),
      (query) =>
        query
          .selectFrom('job')
          .select('id')
          .where('started_at', 'is', null)
          .where('finished_at', 'is', null)
          .where('run_at', '<=', now)
          .where('name', 'in', names)
          .where(({ not, exists, selectFrom }) =>
            not(
              exists(
                selectFrom('job as other')
                  .select('other.id')
                  .whereRef('other.name', '=', 'job.name')
                  .whereRef('other.key', '=', 'job.key')
                  .where('other.started_at', 'is not', null)
                  .where('other.finished_at', 'is', null),
              ),
            ),
          )
          .orderBy('priority', 'desc')
          .orderBy('run_at')
          .orderBy('id')
          .limit(limit)
          .$if(isPostgres(db), (due) => due.forUpdate().skipLocked()),
    )
    .updateTable('job')
    .set(({ eb }) => ({ started_at: now, lease_until: leaseUntil, worker, attempts: eb('attempts', '+', 1) }))
    .where('id', 'in', ({ selectFrom }) => selectFrom('due').select('due.id'))
    .where('started_at', 'is', null)
    .returningAll()
    .execute();
  return rows.sort(byPriority);
}

/** Extends the leases; returns the ids of the jobs that are still the worker's. */
export async function renewLeases(db: SystemDb, worker: string, ids: string[], leaseUntil: string): Promise<Set<string>> {
  const rows = await db
    .updateTable('job')
    .set({ lease_until: leaseUntil })
    .where('id', 'in', ids)
    .where('worker', '=', worker)
    .where('finished_at', 'is', null)
    .returning('id')
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** Ends a claimed job. Does nothing if the claim was lost or the job was cancelled meanwhile. */
export async function finishJob(
  db: SystemDb,
  job: JobRow,
  outcome: 'done' | 'dead' | 'cancelled',
  end: { now: string; error: string | null },
): Promise<void> {
  await db
    .updateTable('job')
    .set({ finished_at: end.now, outcome, last_error: end.error, lease_until: null })
    .where('id', '=', job.id)
    .where('worker', '=', job.worker)
    .where('attempts', '=', job.attempts)
    .where('finished_at', 'is', null)
    .execute();
}

/**
 * Lets a claimed job wait again. If another one has come to wait under its key meanwhile, that one stands for both. `attempts` is how
 * many tries count so far. Does nothing if the claim was lost or the job was cancelled.
 */
export async function returnJob(
  db: SystemDb,
  job: JobRow,
  back: { now: string; runAt: string; attempts: number; interruptions?: number; error: string | null },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (await waitsAnother(tx, job)) return await finishJob(tx, job, 'cancelled', back);
    await tx
      .updateTable('job')
      .set({ started_at: null, lease_until: null, worker: null, run_at: back.runAt, last_error: back.error })
      .set({ attempts: back.attempts, ...(back.interruptions === undefined ? {} : { interruptions: back.interruptions }) })
      .where('id', '=', job.id)
      .where('worker', '=', job.worker)
      .where('attempts', '=', job.attempts)
      .where('finished_at', 'is', null)
      .execute();
  });
}

/** Whether a job waits under the key of this one. */
export async function waitsAnother(tx: SystemTx, { name, key }: Pick<JobRow, 'name' | 'key'>): Promise<boolean> {
  if (key === null) return false;
  const other = await tx
    .selectFrom('job')
    .select('id')
    .where('name', '=', name)
    .where('key', '=', key)
    .where('started_at', 'is', null)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
  return other !== undefined;
}

export async function listRunningJobs(db: SystemDb): Promise<JobRow[]> {
  return await db.selectFrom('job').selectAll().where('started_at', 'is not', null).where('finished_at', 'is', null).execute();
}

/** Ends what waits or runs under the key; returns the ids. */
export async function cancelJobs(db: SystemDb, name: JobName, key: string, now: string): Promise<string[]> {
  const rows = await db
    .updateTable('job')
    .set({ finished_at: now, outcome: 'cancelled', lease_until: null })
    .where('name', '=', name)
    .where('key', '=', key)
    .where('finished_at', 'is', null)
    .returning('id')
    .execute();
  return rows.map((row) => row.id);
}

export async function countJobs(db: SystemDb, tenantId?: string): Promise<JobCounts> {
  const open = jobsOf(db, tenantId).where('finished_at', 'is', null);
  const dead = jobsOf(db, tenantId).where('outcome', '=', 'dead').where('finished_at', 'is not', null);
  const [waiting, running, ended] = await Promise.all(
    [open.where('started_at', 'is', null), open.where('started_at', 'is not', null), dead].map((query) =>
      query.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow(),
    ),
  );
  return { waiting: waiting?.count ?? 0, running: running?.count ?? 0, dead: ended?.count ?? 0 };
}

/** Forgets what ended well or was cancelled before the instant; dead jobs are kept. */
export async function deleteFinishedJobs(db: SystemDb, before: string): Promise<void> {
  await db.deleteFrom('job').where('outcome', 'in', ['done', 'cancelled']).where('finished_at', '<', before).execute();
}

function jobsOf(db: SystemDb, tenantId?: string) {
  const jobs = db.selectFrom('job');
  return tenantId === undefined ? jobs : jobs.where('tenant_id', '=', tenantId);
}

function byPriority(a: JobRow, b: JobRow): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  return `${a.run_at} ${a.id}` < `${b.run_at} ${b.id}` ? -1 : 1;
}
