import { sql } from 'kysely';
import type { Db } from '../platform/ports.ts';

/** How many there are with a value. */
export type Group = { value: string | null; count: number };

/** Records by a column. */
export async function countBy(db: Db, column: 'status' | 'risk_level'): Promise<Group[]> {
  const rows = await db
    .selectFrom('patient')
    .select(`${column} as value`)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('merged_into', 'is', null)
    .groupBy(column)
    .execute();
  return rows.map(({ value, count }) => ({ value, count: Number(count) }));
}

/**
 * Records by sex and by when somebody was born.
 *
 * @param bounds days as `YYYYMMDD`, the latest first: who was born after the first of them is in band 0, and so on; -1 for what is no whole date
 */
export async function countBands(db: Db, bounds: readonly string[]): Promise<{ sex: string | null; band: number; count: number }[]> {
  const born = sql.ref('birth_date');
  const cases = bounds.map((bound, index) => sql`when ${born} > ${bound} then ${sql.lit(index)}`);
  const band = sql<number>`case when ${born} is null or length(${born}) <> 8 then -1 ${sql.join(cases, sql` `)} else ${sql.lit(bounds.length)} end`;
  const rows = await db
    .selectFrom(
      db
        .selectFrom('patient')
        .select(['sex', band.as('band')])
        .where('merged_into', 'is', null)
        .as('person'),
    )
    .select(['person.sex', 'person.band'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .groupBy(['person.sex', 'person.band'])
    .execute();
  return rows.map(({ sex, band: of, count }) => ({ sex, band: Number(of), count: Number(count) }));
}

/** Codes of conditions by how many patients have them, the most frequent first. @returns terms with the mark that codes have */
export async function countCodes(db: Db, { from, before, limit }: { from: string; before: string; limit: number }): Promise<Group[]> {
  const rows = await db
    .selectFrom('record_term')
    .select('term as value')
    .select(({ fn }) => fn.count<number>('patient_key').distinct().as('count'))
    .where('term', '>=', from)
    .where('term', '<', before)
    .groupBy('term')
    .orderBy('count', 'desc')
    .orderBy('term')
    .limit(limit)
    .execute();
  return rows.map(({ value, count }) => ({ value, count: Number(count) }));
}

/** One entry that a term leads to. */
export async function findEntryOfTerm(db: Db, term: string): Promise<{ codes: string; text: string } | undefined> {
  return db
    .selectFrom('record_term')
    .innerJoin('record_entry', 'record_entry.id', 'record_term.entry_id')
    .select(['record_entry.codes', 'record_entry.text'])
    .where('record_term.term', '=', term)
    .limit(1)
    .executeTakeFirst();
}

type Time = { from: string; before: string };

/** Records that were made in a time. @param time instants */
export async function countPatientsMade(db: Db, { from, before }: Time): Promise<number> {
  const { count } = await db
    .selectFrom('patient')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('merged_into', 'is', null)
    .where('created_at', '>=', from)
    .where('created_at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Studies that arrived in a time, without synthetic ones. @param time instants */
export async function countStudiesMade(db: Db, { from, before }: Time): Promise<number> {
  const { count } = await db
    .selectFrom('study')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('is_synthetic', '=', 0)
    .where('created_at', '>=', from)
    .where('created_at', '<', before)
    .executeTakeFirstOrThrow();
  return Number(count);
}
