import { sql } from 'kysely';
import type { JobCounts, SystemDb, SystemTx } from '../platform/ports.ts';

/**
 * What pg-boss (schema of version 12.26) has no function for, read from its table. Its states are in order: `created`, `retry` (both
 * wait), `active`, `completed`, `cancelled`, `failed` (which we call dead). What
 * changes a state goes through its own functions where it has one.
 */
export type BossJob = {
  id: string;
  name: string;
  key: string | null;
  retry_count: number;
  retry_limit: number;
  /** As PostgreSQL writes it, in microseconds: with the id it tells one claim from the next. */
  started_on: string;
};

const COLUMNS = sql`id, name, singleton_key as key, retry_count, retry_limit, started_on::text as started_on`;

/** Names that have due jobs, the one with the most urgent job first. */
export async function listDueNames(db: SystemDb, names: string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from pgboss.job
    where name = any(${names}) and state < 'active' and not blocked and start_after <= now()
    group by name
    order by max(priority) desc, min(start_after)`.execute(db);
  return rows.map((row) => row.name);
}

/** Makes due at once what is due that much later. */
export async function advance(db: SystemDb, names: string[], aheadMs: number): Promise<void> {
  await sql`
    update pgboss.job set start_after = now()
    where name = any(${names}) and state < 'active' and start_after > now()
      and start_after <= now() + ${aheadMs} * interval '1 millisecond'`.execute(db);
}

/** What was just fetched; its lease begins that much later than now. */
export async function stampClaim(
  tx: SystemTx,
  { name, id, aheadMs }: { name: string; id: string; aheadMs: number },
): Promise<BossJob | undefined> {
  const { rows } = await sql<BossJob>`
    update pgboss.job set heartbeat_on = now() + ${aheadMs} * interval '1 millisecond'
    where name = ${name} and id = ${id} and state = 'active'
    returning ${COLUMNS}`.execute(tx);
  return rows[0];
}

/** Holds the row of a claim to the end of the transaction; false if the claim was lost. */
export async function lockClaim(tx: SystemTx, job: BossJob): Promise<boolean> {
  const { rows } = await sql`
    select id from pgboss.job
    where name = ${job.name} and id = ${job.id} and state = 'active' and started_on::text = ${job.started_on}
    for update`.execute(tx);
  return rows.length > 0;
}

/** Claims whose worker will not have renewed them in time that much later; locked, and left out if another process holds them. */
export async function lockLostClaims(tx: SystemTx, names: string[], aheadMs: number): Promise<BossJob[]> {
  const { rows } = await sql<BossJob>`
    select ${COLUMNS} from pgboss.job
    where name = any(${names}) and state = 'active'
      and heartbeat_on + heartbeat_seconds * interval '1 second' < now() + ${aheadMs} * interval '1 millisecond'
    for update skip locked`.execute(tx);
  return rows;
}

/** Whether a job waits that was enqueued under the same key while this one ran. */
export async function waitsAnother(tx: SystemTx, { name, key }: BossJob): Promise<boolean> {
  const { rows } = await sql`select id from pgboss.job where name = ${name} and singleton_key = ${key} and state < 'active'`.execute(tx);
  return rows.length > 0;
}

/** Lets a claimed job wait again, as if it had not been taken. */
export async function returnClaim(tx: SystemTx, { name, id }: BossJob): Promise<void> {
  await sql`
    update pgboss.job set state = 'created', started_on = null, heartbeat_on = null, start_after = now()
    where name = ${name} and id = ${id} and state = 'active'`.execute(tx);
}

export async function startAtOnce(tx: SystemTx, { name, id }: BossJob): Promise<void> {
  await sql`update pgboss.job set start_after = now() where name = ${name} and id = ${id} and state = 'retry'`.execute(tx);
}

/** Extends the claims that still stand; returns their ids. */
export async function renewClaims(db: SystemDb, jobs: BossJob[]): Promise<Set<string>> {
  const ids = jobs.map((job) => job.id);
  const starts = jobs.map((job) => job.started_on);
  const names = [...new Set(jobs.map((job) => job.name))];
  const { rows } = await sql<{ id: string }>`
    update pgboss.job set heartbeat_on = now()
    where name = any(${names}) and state = 'active'
      and (id, started_on::text) in (select * from unnest(${ids}::uuid[], ${starts}::text[]))
    returning id`.execute(db);
  return new Set(rows.map((row) => row.id));
}

/** Ids under a key: of what waits for another try, or of all that has not ended. */
export async function listIds(db: SystemDb, { name, key, only }: { name: string; key: string; only?: 'retry' }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from pgboss.job
    where name = ${name} and singleton_key = ${key} and ${only ? sql`state = 'retry'` : sql`state < 'completed'`}`.execute(db);
  return rows.map((row) => row.id);
}

export async function countStates(db: SystemDb, names: string[], tenantId?: string): Promise<JobCounts> {
  const { rows } = await sql<JobCounts>`
    select count(*) filter (where state < 'active') as waiting,
           count(*) filter (where state = 'active') as running,
           count(*) filter (where state = 'failed') as dead
    from pgboss.job where name = any(${names}) and state <> 'completed' and ${ofTenant(tenantId)}`.execute(db);
  return rows[0] ?? { waiting: 0, running: 0, dead: 0 };
}

function ofTenant(tenantId: string | undefined) {
  return tenantId === undefined ? sql`true` : sql`data ->> 'tenant_id' = ${tenantId}`;
}

/** pg-boss would forget dead jobs as soon as those that ended well, so we tell it to forget none, and forget these ourselves. */
export async function deleteEnded(db: SystemDb, names: string[], before: Date): Promise<void> {
  await sql`
    delete from pgboss.job
    where name = any(${names}) and state in ('completed', 'cancelled') and completed_on < ${before.toISOString()}::timestamptz`.execute(db);
}
