import type { PatientSummary } from '../../contract/patients.ts';
import type { PatientQuery, PatientSort } from '../../contract/patients-search.ts';
import { readCursor, writeCursor } from '../platform/cursor.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { searchForm } from '../studies/patient-name.ts';
import { wordsOf } from '../studies/patient-terms.ts';
import { sexOf } from './person.ts';
import { codeTerm } from './record-terms.ts';
import { countSource, listInOrder, listInTermOrder, type PatientFilter, type Source, type TermRange } from './search-repository.ts';
import { summaryOf } from './show-patient.ts';

/**
 * Patients up to which an index is worth following and its patients worth putting in order; more are found sooner by going through all in
 * that order (`npm run bench patients`).
 */
const FEW = 5_000;
/** Sorts after all text that goes on in any other way. */
const LAST_CHARACTER = '\u{10FFFF}';
/** Words that are looked for: the rest of a longer text narrows nothing. */
const MAX_WORDS = 8;

export type PatientPage = { items: Partial<PatientSummary>[]; next_cursor: string | null };

/**
 * A page of the patients that a query asks for. Every condition that can lead to few patients has an index, and the one that leads to the
 * fewest is followed; where none does, patients are looked through in the order of the answer, where so many are found soon.
 *
 * @throws {AppError} `invalid-request` for a cursor that is none, or fields that are none
 */
export async function findPatients({ db, now }: { db: Db; now: () => Date }, query: PatientQuery): Promise<PatientPage> {
  const { limit = 50, cursor, sort } = query;
  const fields = fieldsOf(query.fields);
  const filter = filterOf(query);
  if (filter === undefined) return { items: [], next_cursor: null };
  const sources = await counted(db, filter);
  const wanted = { filter, limit: limit + 1 };
  const byTerm = sort === undefined ? fewestWord(sources) : undefined;
  const rows = byTerm
    ? await listInTermOrder(db, byTerm, { ...wanted, after: pairOf(readCursor(cursor, 2)) })
    : await listInOrder(db, { ...orderOf(sort), source: fewest(sources) }, { ...wanted, after: readCursor(cursor, 2) });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ place: _, ...row }) => chosen(summaryOf(row, now()), fields)),
    next_cursor: rows.length > limit && last ? writeCursor([last.place, last.id]) : null,
  };
}

type Counted = { source: Source; count: number };

/** How many patients each condition with an index leads to, up to a bound. */
async function counted(db: Db, filter: PatientFilter): Promise<Counted[]> {
  const { words, conditions, modality, bornFrom, bornTo } = filter;
  const sources: Source[] = [
    ...words.map((range) => ({ of: 'patient_term' as const, range })),
    ...conditions.map((ranges) => ({ of: 'record_term' as const, ranges })),
    ...(bornFrom === undefined && bornTo === undefined
      ? []
      : [{ of: 'birth' as const, from: bornFrom ?? '', to: bornTo ?? LAST_CHARACTER }]),
    ...(modality === undefined ? [] : [{ of: 'series' as const, modality }]),
  ];
  const found: Counted[] = [];
  for (const source of sources) found.push({ source, count: await countSource(db, source, FEW + 1) });
  return found.sort((a, b) => a.count - b.count);
}

/** The word that leads to the fewest, unless another condition leads to few and it does not. */
function fewestWord(sources: readonly Counted[]): TermRange | undefined {
  const word = sources.find(({ source }) => source.of === 'patient_term');
  if (word?.source.of !== 'patient_term') return undefined;
  const isBehind = word.count > FEW && (sources[0]?.count ?? 0) <= FEW;
  return isBehind ? undefined : word.source.range;
}

function fewest([best]: readonly Counted[]): Source | undefined {
  return best && best.count <= FEW ? best.source : undefined;
}

function orderOf(sort: PatientQuery['sort'] = 'name'): { sort: PatientSort; descending: boolean } {
  const descending = sort.startsWith('-');
  // Without its sign it is one of the list.
  return { sort: (descending ? sort.slice(1) : sort) as PatientSort, descending };
}

/** @returns undefined if nothing can match */
function filterOf(query: PatientQuery): PatientFilter | undefined {
  const words = query.q === undefined ? [] : wordsOf(query.q).slice(0, MAX_WORDS);
  const given = [query.family, query.given].flatMap((text) => (text === undefined ? [] : wordsOf(text)));
  const texts = [query.q, query.family, query.given].filter((text) => text !== undefined);
  // Signs alone are no word of anybody, and control characters stand in nothing that is stored.
  if (texts.some((text) => wordsOf(text).length === 0)) return undefined;
  if ([...texts, query.patient_id, query.condition].some((text) => text !== undefined && /\p{Cc}/u.test(text))) return undefined;
  return {
    words: [...words, ...given].map(startingWith),
    conditions: query.condition === undefined ? [] : conditionsOf(query.condition),
    family: query.family === undefined ? undefined : startingWith(searchForm(query.family)),
    given: query.given === undefined ? undefined : searchForm(query.given),
    number: query.patient_id,
    bornFrom: query.born_from?.replaceAll('-', ''),
    bornTo: query.born_to?.replaceAll('-', ''),
    sex: query.gender === undefined ? undefined : (sexOf(query.gender) ?? undefined),
    risk: query.risk_level,
    status: query.status,
    modality: query.modality,
  };
}

/** A code, or words each of which has to stand somewhere. Codes of digits alone are whole, others may go on (`E11` finds `E11.9`). */
function conditionsOf(text: string): TermRange[][] {
  const code = codeTerm(text.trim());
  const byCode = /^#\d+$/.test(code) ? { from: code, before: `${code}\u0001` } : startingWith(code);
  const words = wordsOf(text).slice(0, MAX_WORDS);
  return words.length === 1
    ? [[byCode, ...words.map(startingWith)]]
    : words.length === 0
      ? [[byCode]]
      : words.map((word) => [startingWith(word)]);
}

function startingWith(word: string): TermRange {
  return { from: word, before: `${word}${LAST_CHARACTER}` };
}

function pairOf(place: (string | null)[] | undefined): { term: string; id: string } | undefined {
  const [term, id] = place ?? [];
  return term && id ? { term, id } : undefined;
}

const FIELDS: ReadonlySet<string> = new Set<keyof PatientSummary>([
  'id',
  'patient_id',
  'issuer',
  'name',
  'name_parts',
  'date_of_birth',
  'age',
  'gender',
  'risk_level',
  'status',
  'merged_into',
  'created_by',
  'created_at',
  'updated_at',
]);

function fieldsOf(text: string | undefined): string[] | undefined {
  const fields = text?.split(',').map((field) => field.trim());
  const unknown = fields?.filter((field) => !FIELDS.has(field)) ?? [];
  if (unknown.length > 0)
    throw new AppError('invalid-request', 'Some fields are not valid', {
      fields: [{ field: 'querystring/fields', message: `any of ${[...FIELDS].join(', ')}` }],
    });
  return fields;
}

function chosen(summary: PatientSummary, fields: readonly string[] | undefined): Partial<PatientSummary> {
  if (!fields) return summary;
  return Object.fromEntries(Object.entries(summary).filter(([name]) => fields.includes(name)));
}
