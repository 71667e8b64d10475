import { type Expression, type ExpressionBuilder, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { Tables } from '../platform/schema.ts';
import { LEVELS, type Level } from './attribute-levels.ts';
import { allOf, anyOf, columnHolds, columnMeets, momentMeets, nameMeets } from './condition-queries.ts';
import { columnOf, isOnColumns, LISTS, NAME_COLUMNS } from './search-columns.ts';
import type { Filter, Search } from './search-filter.ts';

type Test = Expression<SqlBool>;
type Builder = ExpressionBuilder<Tables, Level>;

/** What the filters ask of columns. Those of tables above are asked by `exists`: each row has one above it. */
export function columnTests({ level, filters }: Pick<Search, 'level' | 'filters'>): Test[] {
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
  if (filter.kind === 'text' || filter.kind === 'kept' || filter.kind === 'has' || filter.kind === 'either') return 'study';
  const tag = filter.kind === 'moment' ? filter.date : filter.tag;
  if (Object.hasOwn(LISTS, tag)) return 'study';
  return NAME_COLUMNS[tag]?.table ?? columnOf(tag)?.table;
}

function testOf(builder: Builder, filter: Exclude<Filter, { kind: 'item' }> | Filter): Test {
  if (filter.kind === 'text') return allOf(filter.words.map((word) => holdsWord(builder, word)));
  if (filter.kind === 'moment') return momentMeets(nameOf(filter.date), nameOf(filter.time), filter.range);
  if (filter.kind === 'item') return sql`1 = 1`;
  if (filter.kind === 'kept') return columnMeets(filter.column, filter.condition);
  if (filter.kind === 'either') return anyOf(filter.of.map((together) => allOf(together.map((inner) => testOf(builder, inner)))));
  if (filter.kind === 'has') return filter.what === 'label' ? hasLabel(builder, filter.value) : hasBodyPart(builder, filter.value);
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

function hasLabel(builder: Builder, label: string): Test {
  return builder.exists(
    builder
      .selectFrom('study_label as put_on')
      .select('put_on.label')
      .whereRef('put_on.study_instance_uid', '=', 'study.study_instance_uid')
      .where('put_on.label', '=', label),
  );
}

function hasBodyPart(builder: Builder, bodyPart: string): Test {
  return builder.exists(
    builder
      .selectFrom('series as within')
      .select('within.series_instance_uid')
      .whereRef('within.study_instance_uid', '=', 'study.study_instance_uid')
      .where('within.body_part', '=', bodyPart),
  );
}

function nameOf(tag: string): string {
  const column = columnOf(tag);
  // `isOnColumns` is asked first.
  return `${column?.table ?? LEVELS[0]}.${column?.column ?? ''}`;
}
