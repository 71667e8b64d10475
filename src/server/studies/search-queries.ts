import { type Expression, type RawBuilder, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { Level } from './attribute-levels.ts';
import { allOf } from './condition-queries.ts';
import { columnTests } from './filter-queries.ts';
import type { Scope, Search, StudyOrder } from './search-filter.ts';

/** Where a result stands in the order: `place` sorts before `key`, and is null where the key alone decides. */
export type KeyRow = { key: string; place: string | number | null };
/** Results by their keys: what doors join their columns to. */
export type Keys = SelectQueryBuilder<Tables, Level, KeyRow>;

/** Which of the results: those after one, `offset` of them left out, at most `limit`. */
export type Part = { after?: KeyRow | undefined; offset?: number; limit: number };
type Test = Expression<SqlBool>;

/** The column that names one row of each level. */
export const KEY_COLUMN = {
  patient: 'patient.id',
  study: 'study.study_instance_uid',
  series: 'series.series_instance_uid',
  instance: 'instance.sop_instance_uid',
} as const satisfies Record<Level, string>;

/** What studies are ordered by, each with an index of its own. */
const PLACE_COLUMN: Record<StudyOrder, string> = {
  moment: 'study.study_moment',
  arrival: 'study.created_at',
  reading: 'study.reading_place',
};
/** The order of the reading list goes upwards. */
const isUpwards = (order: StudyOrder): boolean => order === 'reading';

/**
 * The keys of what is found, in order: studies from the newest to the oldest; series and instances within a study by their numbers;
 * everything else by its key. Rows `after` one can be had except within a study, where its key does not tell its place.
 *
 * @param narrowed what else must hold, as `narrowest` gives it
 */
export function findKeys(db: Db | Tx, search: Search, { part, narrowed = [] }: { part: Part; narrowed?: readonly Test[] }): Keys {
  return selectKeys(db, search, { part, tests: [...scopeTests(search), ...narrowed, ...columnTests(search)] });
}

/** The last of the `limit` rows that come next in the order of a search, whatever it asks of them besides `within`; undefined if there are fewer. */
export async function lastOfNext(
  db: Db | Tx,
  search: Search,
  { part: { after, limit }, within }: { part: Part; within: readonly Test[] },
): Promise<KeyRow | undefined> {
  return selectKeys(db, search, { part: { after, offset: limit - 1, limit: 1 }, tests: within }).executeTakeFirst();
}

/** Whether a row comes no later than one in the order of a search. */
export function isUpTo({ level, order }: Search, { key, place }: KeyRow): Test {
  if (level !== 'study') return sql`${sql.ref(KEY_COLUMN[level])} <= ${key}`;
  const compared = sql.raw(isUpwards(order) ? '<=' : '>=');
  return sql`(${sql.ref(PLACE_COLUMN[order])}, ${sql.ref(KEY_COLUMN.study)}) ${compared} (${place}, ${key})`;
}

/** The order of the results, for `orderBy` of what is joined to their keys. */
export function orderOf({ level, scope, order }: Pick<Search, 'level' | 'scope' | 'order'>): RawBuilder<unknown> {
  const key = sql.ref(KEY_COLUMN[level]);
  if (level === 'study') {
    const direction = sql.raw(isUpwards(order) ? 'asc' : 'desc');
    return sql`${sql.ref(PLACE_COLUMN[order])} ${direction}, ${key} ${direction}`;
  }
  if (level === 'patient' || !isWithinStudy(scope)) return sql`${key}`;
  if (level === 'series') return sql`${sql.ref('series.series_number')} asc nulls last, ${key}`;
  return sql`${sql.ref('instance.series_instance_uid')}, ${sql.ref('instance.instance_number')} asc nulls last, ${key}`;
}

export function isWithinStudy({ study, series }: Scope): boolean {
  return study !== undefined || series !== undefined;
}

function selectKeys(db: Db | Tx, search: Search, { part, tests }: { part: Part; tests: readonly Test[] }): Keys {
  const { level, order } = search;
  const place: RawBuilder<string | null> = level === 'study' ? sql`${sql.ref(PLACE_COLUMN[order])}` : sql`null`;
  // Of the four levels one; the type of the union of their builders says less than that of any.
  const from = db.selectFrom(level as 'study') as unknown as SelectQueryBuilder<Tables, Level, unknown>;
  const all = part.after ? [...tests, isAfter(search, part.after)] : tests;
  let keys = from.select([sql<string>`${sql.ref(KEY_COLUMN[level])}`.as('key'), place.as('place')]);
  if (all.length > 0) keys = keys.where(allOf(all));
  keys = keys.orderBy(orderOf(search)).limit(part.limit);
  return part.offset ? keys.offset(part.offset) : keys;
}

function scopeTests({ level, scope }: Search): Test[] {
  // On the level's own table, so that its index serves.
  return [
    ...(scope.study === undefined ? [] : [sql<SqlBool>`${sql.ref(`${level}.study_instance_uid`)} = ${scope.study}`]),
    // What was merged into another record is not a patient of its own.
    ...(level === 'patient' ? [sql<SqlBool>`${sql.ref('patient.merged_into')} is null`] : []),
    ...(scope.series === undefined ? [] : [sql<SqlBool>`${sql.ref(`${level}.series_instance_uid`)} = ${scope.series}`]),
  ];
}

function isAfter({ level, order }: Search, { key, place }: KeyRow): Test {
  if (level !== 'study') return sql`${sql.ref(KEY_COLUMN[level])} > ${key}`;
  const compared = sql.raw(isUpwards(order) ? '>' : '<');
  return sql`(${sql.ref(PLACE_COLUMN[order])}, ${sql.ref(KEY_COLUMN.study)}) ${compared} (${place}, ${key})`;
}
