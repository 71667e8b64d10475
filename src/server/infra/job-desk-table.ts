import type { JobDesk, JobState, ListedJob, SystemDb, SystemTx, WhoseJobs } from '../platform/ports.ts';
import { type JobRow, waitsAnother } from './jobs-table-rows.ts';

const STATES: readonly JobState[] = ['running', 'waiting', 'delayed', 'dead'];

export type TableDeskOptions = { db: SystemDb; now: () => Date; whose: WhoseJobs; wake: () => void; abort: (ids: string[]) => void };

/** Jobs of the table `job` as an administrator sees and moves them; `JobDesk` in `platform/ports.ts` says what it does. */
export function tableJobDesk({ db, now, whose, wake, abort }: TableDeskOptions): JobDesk {
  return {
    counts: async () => {
      const at = now().toISOString();
      const counted = STATES.map(async (state) => [state, await countIn(db, { whose, state, at })] as const);
      // One entry for each state.
      return Object.fromEntries(await Promise.all(counted)) as Record<JobState, number>;
    },
    list: async (state, limit) => {
      const at = now().toISOString();
      const rows = await sorted(jobsIn(db, { whose, state, at }), state).limit(limit).selectAll().execute();
      return rows.map((row) => listed(row, state));
    },
    retry: async (id) => {
      const met = await db.transaction().execute((tx) => retryJob(tx, { whose, id, at: now().toISOString() }));
      // After the commit: what is woken looks for the row.
      if (met === 'done') setImmediate(wake);
      return met;
    },
    drop: async (id) => {
      const dropped = await db.transaction().execute((tx) => dropJob(tx, { whose, id, at: now().toISOString() }));
      abort([id]);
      return dropped;
    },
  };
}

type Looked = { whose: WhoseJobs; state: JobState; at: string };
type Meant = { whose: WhoseJobs; id: string; at: string };

function jobsOf(db: SystemDb | SystemTx, { tenantId, withInstallation = false }: WhoseJobs) {
  const jobs = db.selectFrom('job');
  if (tenantId === undefined) return jobs;
  return jobs.where((job) => job.or([job('tenant_id', '=', tenantId), ...(withInstallation ? [job('tenant_id', 'is', null)] : [])]));
}

function jobsIn(db: SystemDb, { whose, state, at }: Looked) {
  const jobs = jobsOf(db, whose);
  if (state === 'dead') return jobs.where('outcome', '=', 'dead').where('finished_at', 'is not', null);
  const open = jobs.where('finished_at', 'is', null);
  if (state === 'running') return open.where('started_at', 'is not', null);
  return open.where('started_at', 'is', null).where('run_at', state === 'waiting' ? '<=' : '>', at);
}

function sorted(jobs: ReturnType<typeof jobsIn>, state: JobState) {
  if (state === 'dead') return jobs.orderBy('finished_at', 'desc').orderBy('id');
  if (state === 'running') return jobs.orderBy('started_at').orderBy('id');
  if (state === 'delayed') return jobs.orderBy('run_at').orderBy('id');
  return jobs.orderBy('priority', 'desc').orderBy('run_at').orderBy('id');
}

async function countIn(db: SystemDb, looked: Looked): Promise<number> {
  const { count } = await jobsIn(db, looked)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

function listed(row: JobRow, state: JobState): ListedJob {
  const { id, name, attempts, priority, created_at, run_at, started_at, finished_at, last_error } = row;
  return {
    id,
    name,
    state,
    is_of_installation: row.tenant_id === null,
    attempts,
    priority,
    created_at,
    run_at,
    started_at,
    finished_at,
    last_error,
  };
}

async function findJob(tx: SystemTx, { whose, id }: Meant): Promise<JobRow | undefined> {
  return jobsOf(tx, whose)
    .selectAll()
    .where('id', '=', id)
    .where((job) => job.or([job('finished_at', 'is', null), job('outcome', '=', 'dead')]))
    .executeTakeFirst();
}

async function retryJob(tx: SystemTx, meant: Meant): Promise<'done' | 'running' | 'none'> {
  const job = await findJob(tx, meant);
  if (!job) return 'none';
  if (job.started_at !== null && job.finished_at === null) return 'running';
  const isDead = job.finished_at !== null;
  if (isDead && (await waitsAnother(tx, job))) await end(tx, meant);
  else
    await tx
      .updateTable('job')
      .set({ run_at: meant.at, started_at: null, finished_at: null, outcome: null, worker: null, lease_until: null })
      .$if(isDead, (update) => update.set({ attempts: 0, interruptions: 0 }))
      .where('id', '=', job.id)
      .execute();
  return 'done';
}

async function dropJob(tx: SystemTx, meant: Meant): Promise<boolean> {
  if (!(await findJob(tx, meant))) return false;
  await end(tx, meant);
  return true;
}

/** Counts as cancelled, and is forgotten with the others that are. */
async function end(tx: SystemTx, { id, at }: Meant): Promise<void> {
  await tx.updateTable('job').set({ finished_at: at, outcome: 'cancelled', lease_until: null }).where('id', '=', id).execute();
}
