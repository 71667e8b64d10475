import { JOB_NAMES, type JobName } from '../../src/server/platform/job-payloads.ts';
import type { EnqueueOptions, JobContext, JobHandlers, Jobs, SystemDb } from '../../src/server/platform/ports.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** For what another process or a timer does meanwhile; a failure takes this long, a success a few milliseconds. */
export const POLL = { timeout: 20_000, interval: 5 };

export type JobsUnderTest = {
  db: SystemDb;
  /** One more instance on the same database, as another process would open it. */
  open(options?: { stopGraceMs?: number; now?: () => Date }): Promise<Jobs>;
};

/** Enqueues an `analyze-study` in a transaction of its own. */
export async function add(db: SystemDb, jobs: Jobs, study: string, options?: EnqueueOptions): Promise<void> {
  await db.transaction().execute((tx) => jobs.enqueue(tx, 'analyze-study', { tenant_id: 'default', study_instance_uid: study }, options));
}

export function later(ms: number): Date {
  return new Date(Date.now() + ms);
}

type Seen = { name: JobName; payload: object; attempt: number };

/** Handlers that note what they were given, and then do as told, or nothing. */
export function record(handlers: Partial<JobHandlers> = {}): { handlers: JobHandlers; seen: Seen[] } {
  const seen: Seen[] = [];
  const noting =
    <N extends JobName>(name: N) =>
    async (job: JobContext<N>) => {
      seen.push({ name, payload: job.payload, attempt: job.attempt });
      await (handlers[name] as ((job: JobContext<N>) => Promise<void>) | undefined)?.(job);
    };
  return {
    seen,
    // Every name has its handler: the list of names is that of the payloads.
    handlers: Object.fromEntries(JOB_NAMES.map((name) => [name, noting(name)])) as JobHandlers,
  };
}
