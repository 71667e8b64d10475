import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../platform/ports.ts';

/** Instants; the second is not in it. */
export type Time = { from: string; before: string };

/** Studies that arrived, without synthetic ones. */
function arrived(db: Db, { from, before }: Time) {
  return db.selectFrom('study').where('is_synthetic', '=', 0).where('study.created_at', '>=', from).where('study.created_at', '<', before);
}

/** Studies by the day of their arrival and by what they are made of (`CT,SR`). */
export async function countArrivals(db: Db, time: Time): Promise<{ day: string; modalities: string; studies: number }[]> {
  const rows = await db
    .selectFrom(
      arrived(db, time)
        .select(['modalities', sql<string>`substr(${sql.ref('study.created_at')}, 1, 10)`.as('day')])
        .as('arrival'),
    )
    .select(['arrival.day', 'arrival.modalities'])
    .select(({ fn }) => fn.countAll<number>().as('studies'))
    .groupBy(['arrival.day', 'arrival.modalities'])
    .orderBy('arrival.day')
    .orderBy('arrival.modalities')
    .execute();
  return rows.map(({ studies, ...row }) => ({ ...row, studies: Number(studies) }));
}

export type TurnaroundRow = { modalities: string; signed: number; seconds: number; rank: number };

/**
 * Seconds from arrival to the first signature at the ranks of the median and of the 90th percentile (nearest rank).
 *
 * @param by whether what a study is made of counts for itself; else all are one group, under an empty text
 */
export async function listTurnaround(db: Db, time: Time, by: 'all' | 'modalities'): Promise<TurnaroundRow[]> {
  const group = by === 'all' ? sql<string>`''` : sql<string>`${sql.ref('study.modalities')}`;
  const signed = arrived(db, time)
    .innerJoin('report', 'report.study_instance_uid', 'study.study_instance_uid')
    .where('report.version', '=', 1)
    .where('report.signed_at', 'is not', null)
    .select([group.as('modalities'), sql<number>`${secondsOf('report.signed_at')} - ${secondsOf('study.created_at')}`.as('seconds')]);
  const ranked = db
    .selectFrom(signed.as('one'))
    .select(['one.modalities', 'one.seconds'])
    .select(sql<number>`row_number() over (partition by ${sql.ref('one.modalities')} order by ${sql.ref('one.seconds')})`.as('rank'))
    .select(sql<number>`count(*) over (partition by ${sql.ref('one.modalities')})`.as('signed'));
  const [rank, total] = [sql.ref('ranked.rank'), sql.ref('ranked.signed')];
  const rows = await db
    .selectFrom(ranked.as('ranked'))
    .select(['ranked.modalities', 'ranked.seconds', 'ranked.rank', 'ranked.signed'])
    .where(sql<boolean>`${rank} in (${rankOf(total, 50)}, ${rankOf(total, 90)})`)
    .orderBy('ranked.modalities')
    .orderBy('ranked.rank')
    .execute();
  return rows.map((row) => ({
    modalities: row.modalities,
    signed: Number(row.signed),
    seconds: Number(row.seconds),
    rank: Number(row.rank),
  }));
}

/** What the models found, by what became of it. */
export async function countFindings(
  db: Db,
  time: Time,
): Promise<{ model_id: string; model_version: string; code: string; title: string; status: string; count: number }[]> {
  const rows = await arrived(db, time)
    .innerJoin('finding', 'finding.study_instance_uid', 'study.study_instance_uid')
    .innerJoin('analysis', 'analysis.id', 'finding.analysis_id')
    .select(['analysis.model_id', 'analysis.model_version', 'finding.code', 'finding.status'])
    .select(({ fn }) => [fn.min('finding.title').as('title'), fn.countAll<number>().as('count')])
    .groupBy(['analysis.model_id', 'analysis.model_version', 'finding.code', 'finding.status'])
    .orderBy('analysis.model_id')
    .orderBy('analysis.model_version')
    .orderBy('finding.code')
    .execute();
  return rows.map(({ count, title, ...row }) => ({ ...row, title: title ?? row.code, count: Number(count) }));
}

/** Runs of the models by how they ended. */
export async function countRuns(db: Db, time: Time): Promise<{ model_id: string; model_version: string; status: string; count: number }[]> {
  const rows = await arrived(db, time)
    .innerJoin('analysis', 'analysis.study_instance_uid', 'study.study_instance_uid')
    .select(['analysis.model_id', 'analysis.model_version', 'analysis.status'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .groupBy(['analysis.model_id', 'analysis.model_version', 'analysis.status'])
    .orderBy('analysis.model_id')
    .orderBy('analysis.model_version')
    .execute();
  return rows.map(({ count, ...row }) => ({ ...row, count: Number(count) }));
}

/** Disagreements between report and models by kind and state. */
export async function countDiscordances(db: Db, time: Time): Promise<{ kind: string; status: string; count: number }[]> {
  const rows = await arrived(db, time)
    .innerJoin('discordance', 'discordance.study_instance_uid', 'study.study_instance_uid')
    .select(['discordance.kind', 'discordance.status'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .groupBy(['discordance.kind', 'discordance.status'])
    .orderBy('discordance.kind')
    .execute();
  return rows.map(({ count, ...row }) => ({ ...row, count: Number(count) }));
}

/** The nearest rank of a percentile among `total`, from 1 on. */
function rankOf(total: RawBuilder<unknown>, percent: number): RawBuilder<number> {
  return sql<number>`(${total} * ${sql.lit(percent)} + 99) / 100`;
}

/**
 * An instant's text as seconds from a day that is the same for all, in whole numbers, so that both databases say the same. Days are counted
 * from the first of March, after which leap days come last (https://howardhinnant.github.io/date_algorithms.html, `days_from_civil`).
 */
function secondsOf(column: string): RawBuilder<number> {
  const part = (at: number, length: number): RawBuilder<number> =>
    sql<number>`cast(substr(${sql.ref(column)}, ${sql.lit(at)}, ${sql.lit(length)}) as bigint)`;
  const month = sql<number>`((${part(6, 2)} + 9) % 12)`;
  const year = sql<number>`(${part(1, 4)} - ${month} / 10)`;
  const days = sql<number>`(365 * ${year} + ${year} / 4 - ${year} / 100 + ${year} / 400 + (${month} * 306 + 5) / 10 + ${part(9, 2)})`;
  return sql<number>`(${days} * 86400 + ${part(12, 2)} * 3600 + ${part(15, 2)} * 60 + ${part(18, 2)})`;
}
