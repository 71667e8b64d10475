import { type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
import { Tag } from '../../dicom/tags.ts';
import type { Db } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { Condition } from './match-condition.ts';
import type { Filter, Search } from './parse-search.ts';
import { COLUMNS } from './search-attributes.ts';

/** Rows to fetch: in the order of the results, `limit` from `offset` on. */
export type RowWindow = { limit: number; offset: number; withJson: boolean };

export type StudyRow = Awaited<ReturnType<typeof searchStudies>>[number];
export type SeriesRow = Awaited<ReturnType<typeof searchSeries>>[number];
export type InstanceRow = Awaited<ReturnType<typeof searchInstances>>[number];

/** Studies that match, the newest arrival first. One statement; the JSON is that of one of the study's instances. */
export async function searchStudies(db: Db, search: Search, { limit, offset, withJson }: RowWindow) {
  return db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(STUDY_COLUMNS)
    .select((study) => [
      seriesCount(study).as('series_count'),
      instanceCount(study).as('instance_count'),
      modalities(study).as('modalities'),
    ])
    .select((study) => (withJson ? jsonOfStudy(study).$asScalar().as('dicom_json') : sql<string | null>`null`.as('dicom_json')))
    .where(allOf(search))
    .orderBy('study.created_at', 'desc')
    .orderBy('study.study_instance_uid', 'desc')
    .limit(limit)
    .offset(offset)
    .execute();
}

/** Series that match: within a study by number, else by UID. */
export async function searchSeries(db: Db, search: Search, { limit, offset, withJson }: RowWindow) {
  const query = db
    .selectFrom('series')
    .innerJoin('study', 'study.study_instance_uid', 'series.study_instance_uid')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select([...STUDY_COLUMNS, ...SERIES_COLUMNS])
    .select((series) => [instancesOfSeries(series).as('series_instance_count')])
    .select((series) => (withJson ? jsonOfSeries(series).$asScalar().as('dicom_json') : sql<string | null>`null`.as('dicom_json')))
    .where(allOf(search));
  const ordered = search.scope.study === undefined ? query : query.orderBy('series.series_number', (order) => order.asc().nullsLast());
  return ordered.orderBy('series.series_instance_uid').limit(limit).offset(offset).execute();
}

/** Instances that match: within a study by series and number, else by UID. */
export async function searchInstances(db: Db, search: Search, { limit, offset }: RowWindow) {
  const query = db
    .selectFrom('instance')
    .innerJoin('series', 'series.series_instance_uid', 'instance.series_instance_uid')
    .innerJoin('study', 'study.study_instance_uid', 'instance.study_instance_uid')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select([...STUDY_COLUMNS, ...SERIES_COLUMNS, ...INSTANCE_COLUMNS])
    .where(allOf(search));
  const ordered =
    search.scope.study === undefined
      ? query
      : query.orderBy('instance.series_instance_uid').orderBy('instance.instance_number', (order) => order.asc().nullsLast());
  return ordered.orderBy('instance.sop_instance_uid').limit(limit).offset(offset).execute();
}

const STUDY_COLUMNS = [
  'patient.name as patient_name',
  'patient.patient_id',
  'patient.birth_date',
  'patient.sex',
  'study.study_instance_uid',
  'study.accession_number',
  'study.study_id',
  'study.study_date',
  'study.study_time',
  'study.description as study_description',
  'study.referring_physician',
] as const;
const SERIES_COLUMNS = [
  'series.series_instance_uid',
  'series.modality',
  'series.series_number',
  'series.description as series_description',
  'series.body_part',
  'series.view_position',
] as const;
const INSTANCE_COLUMNS = [
  'instance.sop_instance_uid',
  'instance.sop_class_uid',
  'instance.transfer_syntax_uid',
  'instance.instance_number',
  'instance.number_of_frames',
  'instance.rows',
  'instance.columns',
  'instance.dicom_json',
] as const;

function seriesCount(study: ExpressionBuilder<Tables, 'study'>) {
  return study
    .selectFrom('series')
    .select((series) => series.fn.countAll<number>().as('n'))
    .whereRef('series.study_instance_uid', '=', 'study.study_instance_uid');
}

function instanceCount(study: ExpressionBuilder<Tables, 'study'>) {
  return study
    .selectFrom('instance')
    .select((instance) => instance.fn.countAll<number>().as('n'))
    .whereRef('instance.study_instance_uid', '=', 'study.study_instance_uid');
}

/** Separated by commas, each once. */
function modalities(study: ExpressionBuilder<Tables, 'study'>) {
  const distinct = study
    .selectFrom('series')
    .select('series.modality')
    .distinct()
    .whereRef('series.study_instance_uid', '=', 'study.study_instance_uid')
    .as('m');
  return study.selectFrom(distinct).select(sql<string>`string_agg(m.modality, ',')`.as('list'));
}

function jsonOfStudy(study: ExpressionBuilder<Tables, 'study'>) {
  return study
    .selectFrom('instance')
    .select('instance.dicom_json')
    .whereRef('instance.study_instance_uid', '=', 'study.study_instance_uid')
    .limit(1);
}

function instancesOfSeries(series: ExpressionBuilder<Tables, 'series'>) {
  return series
    .selectFrom('instance')
    .select((instance) => instance.fn.countAll<number>().as('n'))
    .whereRef('instance.series_instance_uid', '=', 'series.series_instance_uid');
}

function jsonOfSeries(series: ExpressionBuilder<Tables, 'series'>) {
  return series
    .selectFrom('instance')
    .select('instance.dicom_json')
    .whereRef('instance.series_instance_uid', '=', 'series.series_instance_uid')
    .limit(1);
}

function allOf({ level, scope, filters }: Search): RawBuilder<boolean> {
  const conditions: RawBuilder<boolean>[] = filters.map(conditionOf);
  // At the level of the table that is ordered by, so that its index serves.
  const table = level === 'instance' ? 'instance' : level;
  if (scope.study !== undefined) conditions.push(sql`${sql.ref(`${table}.study_instance_uid`)} = ${scope.study}`);
  if (scope.series !== undefined) conditions.push(sql`${sql.ref(`${table}.series_instance_uid`)} = ${scope.series}`);
  return conditions.length === 0 ? sql<boolean>`1 = 1` : sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

function conditionOf({ tag, condition }: Filter): RawBuilder<boolean> {
  if (tag === Tag.PatientName) return nameCondition(PATIENT_NAME, condition);
  if (tag === Tag.ReferringPhysicianName) return nameCondition(['study.referring_physician_form'], condition);
  if (tag === Tag.ModalitiesInStudy)
    return sql`exists (select 1 from series as s where s.study_instance_uid = study.study_instance_uid and ${textCondition('s.modality', condition)})`;
  if (tag === Tag.SOPClassesInStudy)
    return sql`exists (select 1 from instance as i where i.study_instance_uid = study.study_instance_uid and ${textCondition('i.sop_class_uid', condition)})`;
  // `parseSearch` puts an attribute here only if it has a column.
  return textCondition(COLUMNS[tag as keyof typeof COLUMNS], condition);
}

const PATIENT_NAME = ['patient.name_alphabetic', 'patient.name_ideographic', 'patient.name_phonetic'];

function textCondition(name: string, condition: Condition): RawBuilder<boolean> {
  const column = sql.ref(name);
  switch (condition.kind) {
    case 'equal':
      return condition.values.length === 1 ? sql`${column} = ${condition.values[0]}` : sql`${column} in (${sql.join(condition.values)})`;
    case 'wildcard':
      return anyOf(condition.patterns.map((pattern) => sql`(${startsLike(name, pattern)} and ${likeInCase(name, pattern)})`));
    case 'range':
      return condition.before === undefined
        ? sql`${column} >= ${condition.from}`
        : sql`(${column} >= ${condition.from} and ${column} < ${condition.before})`;
    case 'number':
      // A fraction is no value of an integer column, and PostgreSQL would refuse it.
      return Number.isSafeInteger(condition.value) && Math.abs(condition.value) < 2 ** 31
        ? sql`${column} = ${condition.value}`
        : sql`1 = 0`;
    case 'empty':
      return name.startsWith('instance.') || name === 'series.series_number'
        ? sql`${column} is null`
        : sql`(${column} is null or ${column} = '')`;
    case 'name':
      return nameCondition([name], condition);
  }
}

/** @param columns of the alphabetic, ideographic and phonetic group, in the form of `componentForm` */
function nameCondition(columns: readonly string[], condition: Condition): RawBuilder<boolean> {
  if (condition.kind === 'empty')
    return sql`(${sql.join(
      columns.map((column) => sql`${sql.ref(column)} is null`),
      sql` and `,
    )})`;
  if (condition.kind !== 'name') return sql`1 = 0`;
  const { anyGroup, groups, words } = condition;
  const literal =
    anyGroup === undefined
      ? sql<boolean>`(${sql.join(
          groups.flatMap((pattern, index) => (pattern === undefined ? [] : [fits(columns[index], pattern)])),
          sql` and `,
        )})`
      : anyOf(columns.map((column) => fits(column, anyGroup)));
  if (words === undefined) return literal;
  const each = words.map((word) =>
    anyOf(columns.flatMap((column) => ['', '% ', '%^'].map((before) => like(column, `${before}${escaped(word)}%`)))),
  );
  return sql`(${literal} or (${sql.join(each, sql` and `)}))`;
}

/** The name is of the pattern, or goes on with components that the pattern says nothing of. */
function fits(column: string | undefined, pattern: string): RawBuilder<boolean> {
  if (column === undefined) return sql`1 = 0`;
  if (!/[*?]/.test(pattern)) {
    const [from, before] = [`${pattern}^`, `${pattern}^${LAST_CHARACTER}`];
    return sql`(${sql.ref(column)} = ${pattern} or (${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${before}))`;
  }
  const written = likePattern(pattern);
  return sql`(${startsLike(column, pattern)} and (${like(column, written)} or ${like(column, `${written}^%`)}))`;
}

/** Sorts after all text that goes on in any other way. */
const LAST_CHARACTER = '\u{10FFFF}';

/** What stands before the first wildcard, as a range that an index serves. */
function startsLike(name: string, pattern: string): RawBuilder<boolean> {
  const start = /^[^*?]*/.exec(pattern)?.[0] ?? '';
  return start === '' ? sql`1 = 1` : sql`(${sql.ref(name)} >= ${start} and ${sql.ref(name)} < ${start + LAST_CHARACTER})`;
}

/**
 * LIKE takes case into account in PostgreSQL, and not for ASCII letters in SQLite. So capitals of letters that the pattern has are
 * written as other characters first, on both sides.
 */
function likeInCase(name: string, pattern: string): RawBuilder<boolean> {
  const letters = [...new Set(pattern.toUpperCase().match(/[A-Z]/g) ?? [])];
  const mark = (letter: string): string => String.fromCharCode(FIRST_MARK + letter.charCodeAt(0));
  const text = letters.reduce<RawBuilder<unknown>>(
    (inner, letter) => sql`replace(${inner}, ${letter}, ${mark(letter)})`,
    sql`${sql.ref(name)}`,
  );
  return sql`${text} like ${likePattern(pattern).replaceAll(/[A-Z]/g, mark)} escape '\\'`;
}

/** In the private use area of Unicode. */
const FIRST_MARK = 0xe000;

function like(name: string, pattern: string): RawBuilder<boolean> {
  return sql`${sql.ref(name)} like ${pattern} escape '\\'`;
}

function likePattern(pattern: string): string {
  return escaped(pattern).replaceAll('*', '%').replaceAll('?', '_');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

function anyOf(conditions: RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 1 && conditions[0] ? conditions[0] : sql`(${sql.join(conditions, sql` or `)})`;
}
