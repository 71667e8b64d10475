import { sql } from 'kysely';
import { fromKysely, type PgBoss } from 'pg-boss';
import type { JobDesk, JobState, ListedJob, SystemDb, SystemTx, WhoseJobs } from '../platform/ports.ts';

/** Ids of pg-boss are UUIDs; what is none of them is compared with no row. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** As pg-boss's states and times say it (`jobs-pgboss-rows.ts`). */
const STATES = {
  running: sql`state = 'active'`,
  waiting: sql`state < 'active' and start_after <= now()`,
  delayed: sql`state < 'active' and start_after > now()`,
  dead: sql`state = 'failed'`,
} as const satisfies Record<JobState, unknown>;
const ORDERS = {
  running: sql`started_on, id`,
  waiting: sql`priority desc, start_after, id`,
  delayed: sql`start_after, id`,
  dead: sql`completed_on desc, id`,
} as const satisfies Record<JobState, unknown>;

export type BossDeskOptions = {
  db: SystemDb;
  pgBoss: PgBoss;
  whose: WhoseJobs;
  wake: () => Promise<void>;
  abort: (ids: string[]) => void;
};
type Found = { id: string; name: string; key: string | null; state: string };

/** Jobs of pg-boss as an administrator sees and moves them; `JobDesk` in `platform/ports.ts` says what it does. */
export function pgBossJobDesk({ db, pgBoss, whose, wake, abort }: BossDeskOptions): JobDesk {
  return {
    counts: () => countStates(db, whose),
    list: (state, limit) => listJobs(db, { whose, state, limit }),
    retry: async (id) => {
      const met = await db.transaction().execute((tx) => retryJob({ tx, pgBoss }, { whose, id }));
      if (met === 'done') await wake();
      return met;
    },
    drop: async (id) => {
      const dropped = await db.transaction().execute((tx) => dropJob({ tx, pgBoss }, { whose, id }));
      abort([id]);
      return dropped;
    },
  };
}

async function countStates(db: SystemDb, whose: WhoseJobs): Promise<Record<JobState, number>> {
  const { rows } = await sql<Record<JobState, number>>`
    select count(*) filter (where ${STATES.running}) as running,
           count(*) filter (where ${STATES.waiting}) as waiting,
           count(*) filter (where ${STATES.delayed}) as delayed,
           count(*) filter (where ${STATES.dead}) as dead
    from pgboss.job where state not in ('completed', 'cancelled') and ${of(whose)}`.execute(db);
  return rows[0] ?? { running: 0, waiting: 0, delayed: 0, dead: 0 };
}

type Row = Omit<ListedJob, 'state' | 'created_at' | 'run_at' | 'started_at' | 'finished_at'> & {
  created_at: Date;
  run_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
};

async function listJobs(db: SystemDb, { whose, state, limit }: { whose: WhoseJobs; state: JobState; limit: number }): Promise<ListedJob[]> {
  const { rows } = await sql<Row>`
    select id, name, data ->> 'tenant_id' is null as is_of_installation, priority,
           retry_count + (case when started_on is null then 0 else 1 end) as attempts,
           created_on as created_at, start_after as run_at, started_on as started_at, completed_on as finished_at,
           output ->> 'message' as last_error
    from pgboss.job where ${STATES[state]} and ${of(whose)}
    order by ${ORDERS[state]} limit ${limit}`.execute(db);
  return rows.map(({ created_at, run_at, started_at, finished_at, ...job }) => ({
    ...job,
    state,
    created_at: created_at.toISOString(),
    run_at: run_at.toISOString(),
    started_at: started_at?.toISOString() ?? null,
    finished_at: finished_at?.toISOString() ?? null,
  }));
}

type Acting = { tx: SystemTx; pgBoss: PgBoss };
type Meant = { whose: WhoseJobs; id: string };

async function findJob(tx: SystemTx, { whose, id }: Meant): Promise<Found | undefined> {
  if (!UUID.test(id)) return undefined;
  const { rows } = await sql<Found>`
    select id, name, singleton_key as key, state from pgboss.job
    where id = ${id}::uuid and state not in ('completed', 'cancelled') and ${of(whose)} for update`.execute(tx);
  return rows[0];
}

async function retryJob({ tx, pgBoss }: Acting, meant: Meant): Promise<'done' | 'running' | 'none'> {
  const job = await findJob(tx, meant);
  if (!job) return 'none';
  if (job.state === 'active') return 'running';
  const { id, name, key } = job;
  if (job.state !== 'failed') {
    await sql`update pgboss.job set start_after = now() where name = ${name} and id = ${id} and state < 'active'`.execute(tx);
    return 'done';
  }
  const { rows } = await sql`select id from pgboss.job where name = ${name} and singleton_key = ${key} and state < 'active'`.execute(tx);
  if (rows.length > 0) await pgBoss.deleteJob(name, id, { db: fromKysely(tx) });
  else {
    await pgBoss.retry(name, id, { db: fromKysely(tx) });
    // pg-boss gives one more try; what begins anew has all of them.
    await sql`
      update pgboss.job set start_after = now(), started_on = null, retry_limit = retry_limit - 1, retry_count = 0
      where name = ${name} and id = ${id} and state = 'retry'`.execute(tx);
  }
  return 'done';
}

async function dropJob({ tx, pgBoss }: Acting, meant: Meant): Promise<boolean> {
  const job = await findJob(tx, meant);
  if (!job) return false;
  const db = fromKysely(tx);
  if (job.state === 'failed') await pgBoss.deleteJob(job.name, job.id, { db });
  else await pgBoss.cancel(job.name, job.id, { db });
  return true;
}

function of({ tenantId, withInstallation = false }: WhoseJobs) {
  if (tenantId === undefined) return sql`true`;
  const own = sql`data ->> 'tenant_id' = ${tenantId}`;
  return withInstallation ? sql`(${own} or data ->> 'tenant_id' is null)` : own;
}
