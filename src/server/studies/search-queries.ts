import {
  type Expression,
  type ExpressionBuilder,
  expressionBuilder,
  type RawBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import { LEVELS, type Level } from './attribute-levels.ts';
import { allOf, anyOf, columnHolds, columnMeets, momentMeets, nameMeets } from './condition-queries.ts';
import { columnOf, isOnColumns, LISTS, NAME_COLUMNS } from './search-columns.ts';
import type { Filter, Scope, Search } from './search-filter.ts';

/** Where a result stands in the order: `place` sorts before `key`, and is null where the key alone decides. */
export type KeyRow = { key: string; place: string | number | null };
/** Results by their keys: what doors join their columns to. */
export type Keys = SelectQueryBuilder<Tables, Level, KeyRow>;

/** Which of the results: those after one, `offset` of them left out, at most `limit`. */
export type Part = { after?: KeyRow | undefined; offset?: number; limit: number };

type Test = Expression<SqlBool>;
type Builder = ExpressionBuilder<Tables, Level>;

/** The column that names one row of each level. */
export const KEY_COLUMN = {
  patient: 'patient.id',
  study: 'study.study_instance_uid',
  series: 'series.series_instance_uid',
  instance: 'instance.sop_instance_uid',
} as const satisfies Record<Level, string>;

/**
 * The keys of what is found, in order: studies by arrival, the newest first; series and instances within a study by their numbers;
 * everything else by its key. One row after `after` follows only in an order by arrival or key.
 *
 * @param narrowed what else must hold, as `narrowest` gives it
 */
export function findKeys(db: Db | Tx, search: Search, { part, narrowed = [] }: { part: Part; narrowed?: readonly Test[] }): Keys {
  const { level, scope } = search;
  const tests = [...scopeTests(level, scope), ...narrowed, ...columnTests(search), ...(part.after ? [isAfter(level, part.after)] : [])];
  let keys = selectKeys(db, level);
  if (tests.length > 0) keys = keys.where(allOf(tests));
  keys = keys.orderBy(orderOf(level, scope)).limit(part.limit);
  return part.offset ? keys.offset(part.offset) : keys;
}

/** Whether a row is one of those of its level that come next, whatever the search asks of them. */
export function withinNext(db: Db | Tx, level: Level, part: Part): Test {
  const next = findKeys(db, { level, scope: {}, filters: [] }, { part });
  return sql`${sql.ref(KEY_COLUMN[level])} in ${db.selectFrom(next.as('next')).select('next.key')}`;
}

/** The last of the rows of a level that come next; undefined if there are not so many. */
export async function lastKey(db: Db | Tx, level: Level, { after, limit }: Part): Promise<KeyRow | undefined> {
  return findKeys(db, { level, scope: {}, filters: [] }, { part: { after, offset: limit - 1, limit: 1 } }).executeTakeFirst();
}

/** The order of the results, for `orderBy` of what is joined to their keys. */
export function orderOf(level: Level, { study, series }: Scope): RawBuilder<unknown> {
  const key = sql.ref(KEY_COLUMN[level]);
  if (level === 'study') return sql`${sql.ref('study.created_at')} desc, ${key} desc`;
  if (level === 'patient' || (study === undefined && series === undefined)) return sql`${key}`;
  if (level === 'series') return sql`${sql.ref('series.series_number')} asc nulls last, ${key}`;
  return sql`${sql.ref('instance.series_instance_uid')}, ${sql.ref('instance.instance_number')} asc nulls last, ${key}`;
}

function selectKeys(db: Db | Tx, level: Level): Keys {
  const place: RawBuilder<string | null> = level === 'study' ? sql`${sql.ref('study.created_at')}` : sql`null`;
  // Of the four levels one; the type of the union of their builders says less than that of any.
  const from = db.selectFrom(level as 'study') as unknown as SelectQueryBuilder<Tables, Level, unknown>;
  return from.select([sql<string>`${sql.ref(KEY_COLUMN[level])}`.as('key'), place.as('place')]);
}

function scopeTests(level: Level, { study, series }: Scope): Test[] {
  // On the level's own table, so that its index serves.
  return [
    ...(study === undefined ? [] : [sql<SqlBool>`${sql.ref(`${level}.study_instance_uid`)} = ${study}`]),
    ...(series === undefined ? [] : [sql<SqlBool>`${sql.ref(`${level}.series_instance_uid`)} = ${series}`]),
  ];
}

function isAfter(level: Level, { key, place }: KeyRow): Test {
  if (level !== 'study') return sql`${sql.ref(KEY_COLUMN[level])} > ${key}`;
  return sql`(${sql.ref('study.created_at')}, ${sql.ref(KEY_COLUMN.study)}) < (${place}, ${key})`;
}

/** What the filters ask of columns. Those of tables above are asked by `exists`: each row has one above it. */
function columnTests({ level, filters }: Search): Test[] {
  const builder = expressionBuilder<Tables, Level>();
  const on = (table: Level): Test[] =>
    filters.filter((filter) => isOnColumns(filter) && tableOf(filter) === table).map((filter) => testOf(builder, filter));
  const patient = level === 'patient' ? [] : on('patient');
  const ofPatient = patient.length > 0 ? [patientMeets(builder, allOf(patient))] : [];
  if (level === 'patient') return on('patient');
  if (level === 'study') return [...on('study'), ...ofPatient];

  const study = [...on('study'), ...ofPatient];
  const ofStudy = study.length > 0 ? [studyMeets(builder, level, allOf(study))] : [];
  if (level === 'series') return [...on('series'), ...ofStudy];
  const series = on('series');
  return [...on('instance'), ...(series.length > 0 ? [seriesMeets(builder, allOf(series))] : []), ...ofStudy];
}

function patientMeets(builder: Builder, test: Test): Test {
  const patient = builder.selectFrom('patient').select('patient.id').where(test);
  return builder.exists(patient.where(sql<SqlBool>`${sql.ref('patient.id')} = ${sql.ref('study.patient_key')}`));
}

function studyMeets(builder: Builder, below: Level, test: Test): Test {
  const study = builder.selectFrom('study').select('study.study_instance_uid').where(test);
  return builder.exists(study.where(sql<SqlBool>`${sql.ref('study.study_instance_uid')} = ${sql.ref(`${below}.study_instance_uid`)}`));
}

function seriesMeets(builder: Builder, test: Test): Test {
  const series = builder.selectFrom('series').select('series.series_instance_uid').where(test);
  return builder.exists(series.where(sql<SqlBool>`${sql.ref('series.series_instance_uid')} = ${sql.ref('instance.series_instance_uid')}`));
}

/** The table whose row a filter on columns looks at. */
function tableOf(filter: Filter): Level | undefined {
  if (filter.kind === 'item') return undefined;
  if (filter.kind === 'text') return 'study';
  const tag = filter.kind === 'moment' ? filter.date : filter.tag;
  if (Object.hasOwn(LISTS, tag)) return 'study';
  return NAME_COLUMNS[tag]?.table ?? columnOf(tag)?.table;
}

function testOf(builder: Builder, filter: Exclude<Filter, { kind: 'item' }> | Filter): Test {
  if (filter.kind === 'text') return allOf(filter.words.map((word) => holdsWord(builder, word)));
  if (filter.kind === 'moment') return momentMeets(nameOf(filter.date), nameOf(filter.time), filter.range);
  if (filter.kind === 'item') return sql`1 = 1`;
  const { tag, condition } = filter;
  const names = NAME_COLUMNS[tag];
  if (names)
    return nameMeets(
      names.columns.map((column) => `${names.table}.${column}`),
      condition,
    );
  const list = LISTS[tag];
  if (!list) return columnMeets(nameOf(tag), condition);
  return builder.exists(
    list.table === 'series'
      ? builder
          .selectFrom('series as within')
          .select('within.series_instance_uid')
          .whereRef('within.study_instance_uid', '=', 'study.study_instance_uid')
          .where(columnMeets(`within.${list.column}`, condition))
      : builder
          .selectFrom('instance as within')
          .select('within.sop_instance_uid')
          .whereRef('within.study_instance_uid', '=', 'study.study_instance_uid')
          .where(columnMeets(`within.${list.column}`, condition)),
  );
}

function holdsWord(builder: Builder, word: string): Test {
  const ofPatient = anyOf([columnHolds('patient.name_search', word), columnHolds('patient.patient_id', word)]);
  return anyOf([patientMeets(builder, ofPatient), columnHolds('study.accession_number', word), columnHolds('study.description', word)]);
}

function nameOf(tag: string): string {
  const column = columnOf(tag);
  // `isOnColumns` is asked first.
  return `${column?.table ?? LEVELS[0]}.${column?.column ?? ''}`;
}
