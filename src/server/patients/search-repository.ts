import { type Expression, type ExpressionBuilder, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { PatientSort } from '../../contract/patients-search.ts';
import type { Db } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { PatientRow } from './repository.ts';

/** From the first text to before another, as texts sort. */
export type TermRange = { from: string; before: string };
/** What must hold of a patient. Every one of `words`; of each list in `conditions` one. Dates and sex as DICOM writes them. */
export type PatientFilter = {
  words: TermRange[];
  conditions: TermRange[][];
  family: TermRange | undefined;
  given: string | undefined;
  number: string | undefined;
  bornFrom: string | undefined;
  bornTo: string | undefined;
  sex: string | undefined;
  risk: PatientRow['risk_level'] | undefined;
  status: PatientRow['status'] | undefined;
  modality: string | undefined;
};
/** An index that leads to patients. */
export type Source =
  | { of: 'patient_term'; range: TermRange }
  | { of: 'record_term'; ranges: TermRange[] }
  | { of: 'series'; modality: string }
  | { of: 'birth'; from: string; to: string };
/** A row of a list, with what it is ordered by. */
export type FoundPatient = Pick<PatientRow, (typeof COLUMNS)[number]> & { place: string | null };
type Wanted<After> = { filter: PatientFilter; limit: number; after: After | undefined };

const COLUMNS = [
  'id',
  'patient_id',
  'issuer',
  'name',
  'birth_date',
  'sex',
  'risk_level',
  'status',
  'merged_into',
  'created_by',
  'created_at',
  'updated_at',
] as const;
const SORT_COLUMN = {
  name: 'patient.name_search',
  date_of_birth: 'patient.birth_date',
  created_at: 'patient.created_at',
  updated_at: 'patient.updated_at',
  patient_id: 'patient.patient_id',
} as const satisfies Record<PatientSort, string>;

/** How many rows an index has for it, and no more than `most`. */
export async function countSource(db: Db, source: Source, most: number): Promise<number> {
  // Each range for itself: of several at once PostgreSQL reads everything before it counts.
  const parts = source.of === 'record_term' ? source.ranges.map((range) => ({ ...source, ranges: [range] })) : [source];
  let counted = 0;
  for (const part of parts) {
    const { count } = await db
      .selectFrom(patientsOf(db, part).limit(most).as('some'))
      .select((row) => row.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    counted += Number(count);
  }
  return Math.min(counted, most);
}

/** Patients in the order of the word that led to them: the shortest continuation first. */
export async function listInTermOrder(
  db: Db,
  range: TermRange,
  { filter, limit, after }: Wanted<{ term: string; id: string }>,
): Promise<FoundPatient[]> {
  // A cross join keeps its order in SQLite: the words are gone through until there are enough patients.
  let query = db
    .selectFrom('patient_term as found')
    .crossJoin('patient')
    .whereRef('patient.id', '=', 'found.patient_key')
    .select(COLUMNS.map((column) => `patient.${column}` as const))
    .select('found.term as place')
    .where('found.term', '>=', range.from)
    .where('found.term', '<', range.before)
    // Before anything is read of the patient.
    .where(({ and }) => and(filter.words.filter((word) => word !== range).map((word) => hasWord('found.patient_key', word))))
    // Who has two such words comes with the first.
    .where((eb) =>
      eb(
        eb
          .selectFrom('patient_term as earlier')
          .select('earlier.term')
          .whereRef('earlier.patient_key', '=', 'found.patient_key')
          .where('earlier.term', '>=', range.from)
          .whereRef('earlier.term', '<', 'found.term')
          .limit(1),
        'is',
        null,
      ),
    )
    .where(({ and }) => and(testsOf({ ...filter, words: [] })));
  if (after) query = query.where(sql<SqlBool>`(${sql.ref('found.term')}, ${sql.ref('found.patient_key')}) > (${after.term}, ${after.id})`);
  return query.orderBy('found.term').orderBy('found.patient_key').limit(limit).execute();
}

/**
 * Patients in an order of their own.
 *
 * @param order `source`: an index that leads to few, all of which are put in order
 * @param wanted `after`: place and id of the last of the page before
 */
export async function listInOrder(
  db: Db,
  order: { sort: PatientSort; descending: boolean; source: Source | undefined },
  { filter, limit, after }: Wanted<(string | null)[]>,
): Promise<FoundPatient[]> {
  const { sort, descending, source } = order;
  const column = SORT_COLUMN[sort];
  const tests = testsOf(source ? without(filter, source) : filter);
  const direction = descending ? 'desc' : 'asc';
  const all = () => {
    const query = db
      .selectFrom('patient')
      .select(['patient.id', `${column} as place`])
      .where(({ and }) => and(tests));
    return source ? query.where('patient.id', 'in', patientsOf(db, source)) : query;
  };
  // Only of the page more is read than an index has.
  const page = (found: ReturnType<typeof all>, most: number) =>
    db
      .selectFrom(found.orderBy(column, direction).orderBy('patient.id', direction).limit(most).as('found'))
      .crossJoin('patient')
      .whereRef('patient.id', '=', 'found.id')
      .select(COLUMNS.map((name) => `patient.${name}` as const))
      .select('found.place')
      .orderBy('found.place', direction)
      .orderBy('found.id', direction)
      .execute();
  const [place = null, id = ''] = after ?? [];
  const isAfter = sql<SqlBool>`(${sql.ref(column)}, ${sql.ref('patient.id')}) ${sql.raw(descending ? '<' : '>')} (${place}, ${id})`;
  const isPastPlaces = after !== undefined && place === null;
  const placed = isPastPlaces
    ? []
    : await page(
        all()
          .where(column, 'is not', null)
          .$if(after !== undefined, (query) => query.where(isAfter)),
        limit,
      );
  if (sort !== 'date_of_birth' || placed.length === limit) return placed;
  // The databases differ in where they put what is not known: here it comes last.
  const unplaced = await page(
    all()
      .where(column, 'is', null)
      .$if(isPastPlaces, (query) => query.where('patient.id', descending ? '<' : '>', id ?? '')),
    limit - placed.length,
  );
  return [...placed, ...unplaced];
}

function patientsOf(db: Db, source: Source) {
  switch (source.of) {
    case 'patient_term':
      return db
        .selectFrom('patient_term as led')
        .select('led.patient_key')
        .where('led.term', '>=', source.range.from)
        .where('led.term', '<', source.range.before);
    case 'record_term':
      return db.selectFrom('record_term as led').select('led.patient_key').where(anyRange('led.term', source.ranges));
    case 'birth':
      return db
        .selectFrom('patient as led')
        .select('led.id as patient_key')
        .where('led.birth_date', '>=', source.from)
        .where('led.birth_date', '<=', source.to);
    case 'series':
      return db
        .selectFrom('series as led')
        .innerJoin('study as of_led', 'of_led.study_instance_uid', 'led.study_instance_uid')
        .select('of_led.patient_key')
        .where('led.modality', '=', source.modality);
  }
}

function anyRange(column: string, ranges: readonly TermRange[]): Expression<SqlBool> {
  const value = sql.ref(column);
  return sql`(${sql.join(
    ranges.map(({ from, before }) => sql`(${value} >= ${from} and ${value} < ${before})`),
    sql` or `,
  )})`;
}

/** What is left to ask of whom an index leads to. */
function without(filter: PatientFilter, source: Source): PatientFilter {
  switch (source.of) {
    case 'patient_term':
      return { ...filter, words: filter.words.filter((range) => range !== source.range) };
    case 'record_term':
      return { ...filter, conditions: filter.conditions.filter((ranges) => ranges !== source.ranges) };
    case 'birth':
      return { ...filter, bornFrom: undefined, bornTo: undefined };
    case 'series':
      return { ...filter, modality: undefined };
  }
}

/**
 * What a filter asks of a row of `patient`. A row elsewhere is looked for one patient at a time (`is not null` instead of `exists`): patients
 * come in an order, and few of them are needed. PostgreSQL would make a join of `exists`, and read all rows of both sides for it.
 */
function testsOf(filter: PatientFilter): Expression<SqlBool>[] {
  const { words, conditions, modality } = filter;
  const eb: Builder = expressionBuilder<Tables, 'patient'>();
  return [
    eb('patient.merged_into', 'is', null),
    ...columnTests(eb, filter),
    ...words.map((range) => hasWord('patient.id', range)),
    ...conditions.map((ranges) =>
      isThere(
        eb
          .selectFrom('record_term as fact')
          .select('fact.term')
          .whereRef('fact.patient_key', '=', 'patient.id')
          .where(anyRange('fact.term', ranges))
          .limit(1),
      ),
    ),
    ...(modality === undefined
      ? []
      : [
          isThere(
            eb
              .selectFrom('study as imaged')
              .innerJoin('series as made', 'made.study_instance_uid', 'imaged.study_instance_uid')
              .select('made.modality')
              .whereRef('imaged.patient_key', '=', 'patient.id')
              .where('made.modality', '=', modality)
              .limit(1),
          ),
        ]),
  ];
}

function hasWord(patientKey: string, range: TermRange): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, never>();
  return isThere(
    eb
      .selectFrom('patient_term as word')
      .select('word.term')
      .where('word.patient_key', '=', sql.ref<string>(patientKey))
      .where(anyRange('word.term', [range]))
      .limit(1),
  );
}

function isThere(row: Expression<unknown>): Expression<SqlBool> {
  return sql`${row} is not null`;
}

type Builder = ExpressionBuilder<Tables, 'patient'>;

function columnTests(eb: Builder, filter: PatientFilter): Expression<SqlBool>[] {
  const { family, given, number, bornFrom, bornTo, sex, risk, status } = filter;
  return [
    ...(family ? [eb('patient.name_alphabetic', '>=', family.from), eb('patient.name_alphabetic', '<', family.before)] : []),
    // Given and middle names stand behind the family name.
    ...(given === undefined ? [] : [sql<SqlBool>`${sql.ref('patient.name_alphabetic')} like ${`%^${escaped(given)}%`} escape '\\'`]),
    ...(number === undefined ? [] : [eb('patient.patient_id', '=', number)]),
    ...(bornFrom === undefined ? [] : [eb('patient.birth_date', '>=', bornFrom)]),
    ...(bornTo === undefined ? [] : [eb('patient.birth_date', '<=', bornTo)]),
    ...(sex === undefined ? [] : [eb('patient.sex', '=', sex)]),
    ...(risk === undefined ? [] : [eb('patient.risk_level', '=', risk)]),
    ...(status === undefined ? [] : [eb('patient.status', '=', status)]),
  ];
}

function escaped(text: string): string {
  return text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
}
