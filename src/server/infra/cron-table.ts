import type { JobName, JobPayloads } from '../platform/job-payloads.ts';
import { parseColumn } from '../platform/json.ts';
import type { EnqueueOptions, SystemDb, SystemTx } from '../platform/ports.ts';
import { nextCronTime } from './cron.ts';

type Enqueue = (tx: SystemTx, name: JobName, payload: JobPayloads[JobName], options: EnqueueOptions) => Promise<void>;

/**
 * Sets when a job is to be run from now on. The same expression again keeps the next time, so that a restart neither skips nor repeats.
 *
 * @throws {CronError} for an expression that cannot be read
 */
export async function scheduleCron(
  db: SystemDb,
  entry: { name: JobName; cron: string; payload: JobPayloads[JobName]; now: Date },
): Promise<void> {
  const next_at = nextCronTime(entry.cron, entry.now).toISOString();
  const payload = JSON.stringify(entry.payload);
  await db.transaction().execute(async (tx) => {
    const row = { name: entry.name, cron: entry.cron, payload, next_at };
    await tx
      .insertInto('cron')
      .values(row)
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ payload }))
      .execute();
    await tx
      .updateTable('cron')
      .set({ cron: entry.cron, next_at })
      .where('name', '=', entry.name)
      .where('cron', '!=', entry.cron)
      .execute();
  });
}

/**
 * Enqueues what has come due, once however many processes ask: who moves the next time forward enqueues, in one transaction. Times that
 * passed while nothing ran count as one.
 */
export async function enqueueDueCrons(db: SystemDb, names: JobName[], now: Date, enqueue: Enqueue): Promise<void> {
  const due = await db.selectFrom('cron').selectAll().where('next_at', '<=', now.toISOString()).execute();
  for (const row of due) {
    const name = names.find((known) => known === row.name);
    if (name === undefined) continue;
    await db.transaction().execute(async (tx) => {
      const moved = await tx
        .updateTable('cron')
        .set({ next_at: nextCronTime(row.cron, now).toISOString() })
        .where('name', '=', name)
        .where('next_at', '=', row.next_at)
        .executeTakeFirst();
      if (moved.numUpdatedRows === 0n) return;
      await enqueue(tx, name, parseColumn(row.payload), { key: 'cron', runAt: now });
    });
  }
}
