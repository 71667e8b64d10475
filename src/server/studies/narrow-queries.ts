import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import { Tag } from '../../dicom/tags.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { Level } from './attribute-levels.ts';
import { anyOf, columnMeets, momentMeets } from './condition-queries.ts';
import type { Condition } from './match-condition.ts';
import type { Filter, Search } from './search-filter.ts';
import { findKeys } from './search-queries.ts';
import { FOUND_BY_PART, TERMS_OF_SERIES, termForm, WITH_TERMS } from './search-terms.ts';
import { startingWith, type TermRange, termRanges } from './term-ranges.ts';

/** Studies or series up to which an index is worth following; more are found sooner in the order of the results. */
const FEW = 1_000;
/** Results up to which it is worth putting them in order. */
const FEW_RESULTS = 4_000;

/**
 * How the candidates of a search are had: all rows match, an index leads to a few (`tests` say which), or they must be looked for in
 * the order of the results.
 */
export type Narrowing = { kind: 'all' | 'few' | 'many'; tests: readonly Expression<SqlBool>[] };

type Test = Expression<SqlBool>;
type Uids = SelectQueryBuilder<Tables, never, { uid: string }>;
/** Studies or series that an index gives: all that match, and more. `isFew` if they are few by nature. */
type Source = { of: 'study' | 'series'; uids: Uids; isFew: boolean };
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
export async function narrowest(db: Db | Tx, search: Search): Promise<Narrowing> {
  const { level, scope, filters } = search;
  const isNamed = filters.some((filter) => isEqual(filter) && filter.tag === UNIQUE_KEY[level]);
  if (scope.study !== undefined || scope.series !== undefined || isNamed) return { kind: 'few', tests: [] };
  if (filters.length === 0) return { kind: 'all', tests: [] };
  const isBelowStudy = level === 'series' || level === 'instance';
  const sources = filters.flatMap((filter) => sourceOf(db, filter) ?? []).filter(({ of }) => of === 'study' || isBelowStudy);
  const best = sources.find(({ isFew }) => isFew) ?? (await fewestOf(db, sources));
  if (!best) return { kind: 'many', tests: [] };
  const tests = [isIn(db, level, best)];
  if (best.isFew || !isBelowStudy) return { kind: 'few', tests };
  const results = findKeys(db, { level, scope, filters: [] }, { part: { limit: FEW_RESULTS + 1 }, narrowed: tests }).clearOrderBy();
  return (await countUpTo(db, results, FEW_RESULTS + 1)) > FEW_RESULTS ? { kind: 'many', tests: [] } : { kind: 'few', tests };
}

async function fewestOf(db: Db | Tx, sources: readonly Source[]): Promise<Source | undefined> {
  let best: Source | undefined;
  let fewest = FEW + 1;
  for (const source of sources) {
    const count = await countUpTo(db, source.uids, fewest);
    if (count < fewest) [best, fewest] = [source, count];
  }
  return best;
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

/** Undefined if no index serves the filter. */
function sourceOf(db: Db | Tx, filter: Filter): Source | undefined {
  switch (filter.kind) {
    case 'text':
      return wordSource(db, filter.words);
    case 'moment':
      return filter.date === Tag.StudyDate ? dateSource(db, momentMeets('dated.study_date', 'dated.study_time', filter.range)) : undefined;
    case 'item':
      return itemSource(db, filter);
    case 'attribute':
      return (isEqual(filter) ? uniqueSource(db, filter) : undefined) ?? attributeSource(db, filter);
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
  if (tag === Tag.StudyDate) return condition.kind === 'empty' ? undefined : dateSource(db, columnMeets('dated.study_date', condition));
  if (tag === Tag.Modality || tag === Tag.ModalitiesInStudy) return modalitySource(db, tag, condition);
  if (tag !== Tag.SOPClassesInStudy) return termSource(db, tag, condition);
  const ranges = termRanges(condition, false);
  return ranges && lookedUp(db, { of: 'study', tags: [Tag.SOPClassUID], ranges });
}

function dateSource(db: Db | Tx, test: Test): Source {
  return sourceFrom('study', db.selectFrom('study as dated').select('dated.study_instance_uid as uid').where(test));
}

function modalitySource(db: Db | Tx, tag: string, condition: Condition): Source | undefined {
  if (condition.kind !== 'equal') return undefined;
  const made = db.selectFrom('series as made').where(columnMeets('made.modality', condition));
  return tag === Tag.Modality
    ? sourceFrom('series', made.select('made.series_instance_uid as uid'))
    : sourceFrom('study', made.select('made.study_instance_uid as uid'));
}

/** The items of a sequence by the first of their attributes that has terms. */
function itemSource(db: Db | Tx, { tag, filters }: Extract<Filter, { kind: 'item' }>): Source | undefined {
  for (const inner of filters) {
    const source = inner.kind === 'attribute' ? termSource(db, `${tag}/${inner.tag}`, inner.condition) : undefined;
    if (source) return source;
  }
  return undefined;
}

function termSource(db: Db | Tx, tag: string, condition: Condition): Source | undefined {
  const ranges = WITH_TERMS.has(tag) ? termRanges(condition, FOUND_BY_PART.has(tag)) : undefined;
  return ranges && lookedUp(db, { of: TERMS_OF_SERIES.has(tag) ? 'series' : 'study', tags: [tag], ranges });
}

/** By the longest of the words that the search box has, in any of what it looks in. */
function wordSource(db: Db | Tx, words: readonly string[]): Source | undefined {
  const longest = words.reduce((best, next) => (next.length > best.length ? next : best), '');
  return longest === '' ? undefined : lookedUp(db, { of: 'study', tags: [...FOUND_BY_PART], ranges: [startingWith(termForm(longest))] });
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
