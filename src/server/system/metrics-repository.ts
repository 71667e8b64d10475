import type { MetricSample } from '../../contract/metrics.ts';
import { parseColumn } from '../platform/json.ts';
import type { SystemDb } from '../platform/ports.ts';

export type Span = 'minute' | 'hour';

/** Keeps a sample, in place of one of the same process and instant. */
export async function putSample(db: SystemDb, span: Span, sample: MetricSample): Promise<void> {
  const row = { span, at: sample.timestamp, process: sample.process, sample: JSON.stringify(sample) };
  await db
    .insertInto('system_metric')
    .values(row)
    .onConflict((conflict) => conflict.columns(['span', 'at', 'process']).doUpdateSet({ sample: row.sample }))
    .execute();
}

/** From an instant on, and before another if it is told, oldest first. */
export async function listSamples(
  db: SystemDb,
  span: Span,
  { from, before, process }: { from: string; before?: string; process?: string | undefined },
): Promise<MetricSample[]> {
  let query = db.selectFrom('system_metric').select('sample').where('span', '=', span).where('at', '>=', from);
  if (before !== undefined) query = query.where('at', '<', before);
  if (process !== undefined) query = query.where('process', '=', process);
  const rows = await query.orderBy('at').orderBy('process').execute();
  return rows.map(({ sample }) => parseColumn<MetricSample>(sample));
}

export async function deleteSamplesBefore(db: SystemDb, span: Span, at: string): Promise<void> {
  await db.deleteFrom('system_metric').where('span', '=', span).where('at', '<', at).execute();
}

/** Sessions that have not ended, and studies whose analysis waits or runs, of all tenants. */
export async function countActive(db: SystemDb, now: string): Promise<{ sessions: number; analyses: number }> {
  const sessions = await db
    .selectFrom('session')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  const analyses = await db
    .selectFrom('study')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('analysis_status', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow();
  return { sessions: sessions.count, analyses: analyses.count };
}

/** The smallest question. */
export async function askDatabase(db: SystemDb): Promise<void> {
  await db.selectFrom('tenant').select('id').limit(1).execute();
}
