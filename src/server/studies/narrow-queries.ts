import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import { Tag } from '../../dicom/tags.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { Level } from './attribute-levels.ts';
import { anyOf, columnMeets } from './condition-queries.ts';
import type { Condition, RangeCondition } from './match-condition.ts';
import { daysOf } from './moment-bounds.ts';
import type { Filter, Search } from './search-filter.ts';
import { findKeys, isWithinStudy } from './search-queries.ts';
import { cutTerm, FOUND_BY_PART, TERMS_OF_SERIES, termForm, WITH_TERMS } from './search-terms.ts';
import { startingWith, type TermRange, termRanges } from './term-ranges.ts';

/** Where searching by an index ends and looking begins. */
export type Bounds = {
  /** Studies or series up to which an index is worth following; more are found sooner in the order of the results. */
  few: number;
  /** The same where the index gives the keys that the results are ordered by: nothing is left to be put in order. */
  fewInOrder: number;
  /** The same where the condition is a part of the order of the results: to go through that part gives the first of them at once. */
  fewInSpan: number;
  /** Results below them up to which it is worth putting them in order. */
  fewResults: number;
  /** Rows that are looked at in one statement: on SQLite a statement holds up everything else. */
  window: number;
};
export const BOUNDS: Bounds = { few: 3_000, fewInOrder: 20_000, fewInSpan: 200, fewResults: 6_000, window: 2_000 };

/**
 * How the candidates of a search are had: all rows match; an index leads to a few, `tests` say which; or there are many, which are looked
 * for in the order of the results, within `tests` where these are a part of that order; `isLight` if the index of that order tells all that is asked.
 */
export type Narrowing = { kind: 'all' | 'few' | 'many'; tests: readonly Expression<SqlBool>[]; isLight?: boolean };

type Test = Expression<SqlBool>;
type Uids = SelectQueryBuilder<Tables, never, { uid: string }>;
/** Studies or series that an index gives: all that match, and more. `isFew` if they are few by nature. */
type Source = { of: 'study' | 'series'; uids: Uids; isFew: boolean; isSpan?: boolean };
const PLACE = 'study.reading_place';
const MODALITIES = 'study.modalities';
type AttributeFilter = Extract<Filter, { kind: 'attribute' }>;

/** What names a result; of a patient nearly so. */
const UNIQUE_KEY: Record<Level, string> = {
  patient: Tag.PatientID,
  study: Tag.StudyInstanceUID,
  series: Tag.SeriesInstanceUID,
  instance: Tag.SOPInstanceUID,
};

/**
 * Chooses the index that leads to the fewest candidates, so that the time a search takes depends on what it finds and not on what is
 * held. How many a condition leads to is counted, up to a bound, unless its nature tells.
 */
export async function narrowest(db: Db | Tx, search: Search, bounds: Bounds): Promise<Narrowing> {
  const { level, scope, filters } = search;
  const isNamed = filters.some((filter) => isEqual(filter) && filter.tag === UNIQUE_KEY[level]);
  if (isWithinStudy(scope) || isNamed) return { kind: 'few', tests: [] };
  if (filters.length === 0) return { kind: 'all', tests: [] };
  const isBelowStudy = level === 'series' || level === 'instance';
  const sources = filters.flatMap((filter) => {
    const isSpan = spanOf({ ...search, filters: [filter] }).length > 0;
    return sourcesOf(db, filter).flatMap((source) => (source.of === 'study' || isBelowStudy ? [{ ...source, isSpan }] : []));
  });
  const best = sources.find(({ isFew }) => isFew) ?? (await fewestOf(db, sources, (source) => fewOf(source, level, bounds)));
  if (!best) return { kind: 'many', tests: spanOf(search), isLight: isLight(search) };
  const tests = [isIn(db, level, best)];
  if (best.isFew || level === best.of || level === 'patient') return { kind: 'few', tests };
  const results = findKeys(db, { ...search, filters: [] }, { part: { limit: 1 }, narrowed: tests }).clearOrderBy();
  const count = await countUpTo(db, results, bounds.fewResults + 1);
  return count > bounds.fewResults ? { kind: 'many', tests: [] } : { kind: 'few', tests };
}

function fewOf({ of, isSpan }: Source, level: Level, bounds: Bounds): number {
  if (isSpan) return bounds.fewInSpan;
  return of === level && level === 'series' ? bounds.fewInOrder : bounds.few;
}

async function fewestOf(db: Db | Tx, sources: readonly Source[], few: (source: Source) => number): Promise<Source | undefined> {
  let best: Source | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const source of sources) {
    const most = Math.min(fewest, few(source) + 1);
    const count = await countUpTo(db, source.uids, most);
    if (count < most) [best, fewest] = [source, count];
  }
  return best;
}

/** The part of the order of studies in which their dates, or their places in the reading list, are asked for. */
function spanOf({ level, order, filters }: Search): Test[] {
  if (level !== 'study') return [];
  if (order === 'reading')
    return filters.flatMap((filter) =>
      filter.kind === 'kept' && filter.column === PLACE && filter.condition.kind === 'range' ? [columnMeets(PLACE, filter.condition)] : [],
    );
  if (order !== 'moment') return [];
  return filters.flatMap((filter) => dateRange(filter) ?? []).map((range) => columnMeets('study.study_moment', range));
}

/** Whether everything that is asked stands in the index of the order (`study_reading_place`, `study_created`), or can be ruled out by it. */
function isLight({ level, order, filters }: Search): boolean {
  if (level !== 'study' || order === 'moment') return false;
  const isRuledOut = filters.some((filter) => filter.kind === 'kept' && filter.column === MODALITIES);
  return filters.every((filter) => {
    if (filter.kind === 'kept') return filter.column === PLACE || filter.column === MODALITIES;
    return dateRange(filter) !== undefined || (isRuledOut && filter.kind === 'attribute' && filter.tag === Tag.ModalitiesInStudy);
  });
}

/** Counts rows, and no more than `most`. */
async function countUpTo(db: Db | Tx, rows: unknown, most: number): Promise<number> {
  // Any select will do: its columns are not read.
  const some = (rows as Uids).limit(most).as('some');
  const { count } = await db
    .selectFrom(some)
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

function isEqual(filter: Filter): filter is AttributeFilter {
  return filter.kind === 'attribute' && filter.condition.kind === 'equal';
}

function isIn(db: Db | Tx, level: Level, { of, uids }: Source): Test {
  if (level !== 'patient') return sql`${sql.ref(`${level}.${of}_instance_uid`)} in ${uids}`;
  const patients = db
    .selectFrom('study as found')
    .select('found.patient_key')
    .where(sql<SqlBool>`${sql.ref('found.study_instance_uid')} in ${uids}`);
  return sql`${sql.ref('patient.id')} in ${patients}`;
}

/** None if no index serves the filter. */
function sourcesOf(db: Db | Tx, filter: Filter): Source[] {
  switch (filter.kind) {
    case 'text':
      return filter.words.map((word) => lookedUp(db, { of: 'study', tags: [...FOUND_BY_PART], ranges: [startingWith(termForm(word))] }));
    case 'moment':
      return dateSources(db, filter);
    case 'kept':
      return keptSources(db, filter);
    case 'has':
      return [filter.what === 'label' ? labelSource(db, filter.value) : bodyPartSource(db, filter.value)];
    case 'item':
      return itemSources(db, filter);
    case 'either':
      return [];
    case 'attribute': {
      const source = (isEqual(filter) ? uniqueSource(db, filter) : undefined) ?? attributeSource(db, filter);
      return source ? [source] : dateSources(db, filter);
    }
  }
}

/** Keys of which one value has few studies by nature. */
function uniqueSource(db: Db | Tx, { tag, condition }: AttributeFilter): Source | undefined {
  const studies = db.selectFrom('study as named').select('named.study_instance_uid as uid');
  if (tag === Tag.StudyInstanceUID)
    return sourceFrom('study', studies.where(columnMeets('named.study_instance_uid', condition)), { isFew: true });
  if (tag === Tag.AccessionNumber)
    return sourceFrom('study', studies.where(columnMeets('named.accession_number', condition)), { isFew: true });
  if (tag === Tag.SeriesInstanceUID) {
    const series = db.selectFrom('series as named').select('named.series_instance_uid as uid');
    return sourceFrom('series', series.where(columnMeets('named.series_instance_uid', condition)), { isFew: true });
  }
  if (tag !== Tag.PatientID) return undefined;
  const patients = db.selectFrom('patient as owner').select('owner.id').where(columnMeets('owner.patient_id', condition));
  return sourceFrom('study', studies.where('named.patient_key', 'in', patients), { isFew: true });
}

function attributeSource(db: Db | Tx, { tag, condition }: AttributeFilter): Source | undefined {
  if (tag === Tag.Modality || tag === Tag.ModalitiesInStudy) return modalitySource(db, tag, condition);
  if (tag !== Tag.SOPClassesInStudy) return termSource(db, tag, condition);
  const ranges = termRanges(condition, false);
  return ranges && lookedUp(db, { of: 'study', tags: [Tag.SOPClassUID], ranges });
}

/** What a filter asks of the date of the study. */
function dateRange(filter: Filter): RangeCondition | undefined {
  if (filter.kind === 'moment' && filter.date === Tag.StudyDate) return daysOf(filter.range);
  return filter.kind === 'attribute' && filter.tag === Tag.StudyDate && filter.condition.kind === 'range' ? filter.condition : undefined;
}

function dateSources(db: Db | Tx, filter: Filter): Source[] {
  const range = dateRange(filter);
  if (!range) return [];
  const dated = db.selectFrom('study as dated').select('dated.study_instance_uid as uid');
  return [sourceFrom('study', dated.where(columnMeets('dated.study_moment', range)))];
}

function modalitySource(db: Db | Tx, tag: string, condition: Condition): Source | undefined {
  if (condition.kind !== 'equal') return undefined;
  const made = db.selectFrom('series as made').where(columnMeets('made.modality', condition));
  return tag === Tag.Modality
    ? sourceFrom('series', made.select('made.series_instance_uid as uid'))
    : sourceFrom('study', made.select('made.study_instance_uid as uid'));
}

/** What is kept as empty is so for nearly all. */
function keptSources(db: Db | Tx, { column, condition }: Extract<Filter, { kind: 'kept' }>): Source[] {
  // A part of the text leads nowhere.
  if (condition.kind === 'empty' || condition.kind === 'wildcard') return [];
  const kept = db.selectFrom('study').select('study.study_instance_uid as uid').where(columnMeets(column, condition));
  return [sourceFrom('study', kept)];
}

function labelSource(db: Db | Tx, label: string): Source {
  return sourceFrom(
    'study',
    db.selectFrom('study_label as put_on').select('put_on.study_instance_uid as uid').where('put_on.label', '=', label),
  );
}

function bodyPartSource(db: Db | Tx, bodyPart: string): Source {
  return lookedUp(db, { of: 'study', tags: [Tag.BodyPartExamined], ranges: [startingWith(cutTerm(termForm(bodyPart)))] });
}

function itemSources(db: Db | Tx, { tag, filters }: Extract<Filter, { kind: 'item' }>): Source[] {
  return filters.flatMap((inner) => (inner.kind === 'attribute' ? (termSource(db, `${tag}/${inner.tag}`, inner.condition) ?? []) : []));
}

function termSource(db: Db | Tx, tag: string, condition: Condition): Source | undefined {
  const ranges = WITH_TERMS.has(tag) ? termRanges(condition, FOUND_BY_PART.has(tag)) : undefined;
  return ranges && lookedUp(db, { of: TERMS_OF_SERIES.has(tag) ? 'series' : 'study', tags: [tag], ranges });
}

type LookUp = { of: Source['of']; tags: readonly string[]; ranges: readonly TermRange[] };

function lookedUp(db: Db | Tx, { of, tags, ranges }: LookUp): Source {
  const term = sql.ref('looked_up.term');
  const terms = db
    .selectFrom('search_term as looked_up')
    .select(`looked_up.${of}_instance_uid as uid`)
    .where('looked_up.tag', 'in', tags)
    .where(anyOf(ranges.map(({ from, before }) => sql<SqlBool>`(${term} >= ${from} and ${term} < ${before})`)));
  return sourceFrom(of, terms);
}

function sourceFrom(of: Source['of'], uids: unknown, { isFew = false } = {}): Source {
  // Each selects one column as `uid`; the type of a builder tells more.
  return { of, uids: uids as Uids, isFew };
}
