import { type Concept, candidateTerms, conceptsOf } from '../../clinical/literature/concepts.ts';
import { fuseRanks } from '../../clinical/literature/fuse-ranks.ts';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { LiteratureAnswer, LiteratureSource, OnlineSource, Reference } from '../../contract/literature.ts';
import { AppError } from '../platform/errors.ts';
import { listSources } from './corpus-queries.ts';
import type { Embeddings } from './embeddings.ts';
import type { LiteratureDeps } from './import-literature.ts';
import { type LiteratureClient, queryTextOf } from './online-client.ts';
import type { LiteratureRecord } from './record.ts';
import { referenceOfRecord, referenceOfRow } from './reference.ts';
import { filterOf, findLiterature } from './repository.ts';
import { searchBySense } from './search-by-sense.ts';
import { findSynonyms } from './thesaurus-queries.ts';

export type SearchDeps = LiteratureDeps & {
  /** The services that are configured; none unless told. */
  clients: readonly LiteratureClient[];
  /** The model for the sense of sentences, if the site has one. */
  embeddings?: Embeddings | undefined;
};
export type LiteratureSearch = {
  text: string;
  limit: number;
  from_year?: number;
  to_year?: number;
  max_level?: number;
  source?: LiteratureSource;
  include_preprints?: boolean;
  /** What may be sent to services: never a text in which a patient could be named. Undefined: nothing is sent. */
  onlineConcepts?: readonly Concept[];
};

/** What is found only under another name of a thing counts half. */
const SYNONYM_WEIGHT = 0.5;
/** A word in more records than this finds too much by itself. */
const COMMON = 2_000;
/** Where no record speaks of everything: how many of the rarest words one of which it must have. */
const RAREST = 4;
/** Candidates beyond the limit, so that retracted ones can be left out. */
const RESERVE = 20;

/** The things that a text speaks of, with their other names from the thesaurus that was imported. */
export async function conceptsIn({ systemDb }: Pick<SearchDeps, 'systemDb'>, text: string): Promise<Concept[]> {
  return conceptsOf(text, await findSynonyms(systemDb, candidateTerms(text)));
}

/**
 * Publications about a text: first those that speak of everything in it, then, where these are few, of its rarest words. Two orders (as it
 * was said; with synonyms at half weight), that of the sense where the site has a model for it, and those of the services that are asked
 * are fused by rank. A service that fails costs its
 * results and nothing else. Retracted publications are left out and named.
 */
export async function searchLiterature(deps: SearchDeps, search: LiteratureSearch): Promise<LiteratureAnswer> {
  const concepts = await conceptsIn(deps, search.text);
  const wanted = search.limit + RESERVE;
  const [local, sense, online, sources] = await Promise.all([
    findLocal(deps, concepts, { search, wanted }),
    searchBySense(deps, search.text, { wanted, filter: search }),
    askServices(deps, search.onlineConcepts, wanted),
    listSources(deps.systemDb),
  ]);
  const rows = new Map((await findLiterature(deps.systemDb, [...new Set([...local.ids, ...sense.ids])])).map((row) => [row.id, row]));
  const keysOf = (ids: readonly number[]): string[] => ids.flatMap((id) => rows.get(id)?.key ?? []);
  const found = new Map<string, Found>(online.records.flatMap((list) => list.map((record) => [record.key, foundOnline(record)])));
  const byWords = new Set(local.ids);
  for (const row of rows.values()) {
    const matched = !byWords.has(row.id) ? 'meaning' : local.some.has(row.id) ? 'some' : 'all';
    found.set(row.key, { reference: referenceOfRow(row, { matched }), isRetracted: row.is_retracted === 1 });
  }
  const keys = fuseRanks([
    { items: keysOf(local.ids), weight: 1 },
    { items: keysOf(sense.ids), weight: 1 },
    ...online.records.map((list) => ({ items: list.filter((record) => passes(record, search)).map(({ key }) => key), weight: 1 })),
  ]);
  const ranked = keys.flatMap((key) => found.get(key) ?? []);
  const retracted = ranked
    .filter(({ isRetracted }) => isRetracted)
    .map(({ reference: { key, title, pmid, doi } }) => ({ key, title, pmid, doi }));
  return {
    items: ranked.flatMap(({ isRetracted, reference }) => (isRetracted ? [] : [reference])).slice(0, search.limit),
    retracted,
    banner: retracted.length > 0 ? `Retracted and left out of the results: ${retracted.map(({ title }) => title).join('; ')}` : null,
    query: { concepts, matched: local.some.size > 0 ? 'some' : 'all' },
    search: sense.method,
    sources: sources.map(({ digest: _, ...source }) => source),
    corpus_date: corpusDateOf(sources),
    online: online.sources,
    disclaimer: DISCLAIMER,
  };
}

/** The newest date of what can be found; null while nothing is held. */
function corpusDateOf(sources: readonly { source: string; corpus_date: string }[]): string | null {
  const dates = sources.filter(({ source }) => source !== 'mesh' && source !== 'trials').map(({ corpus_date }) => corpus_date);
  return dates.sort().at(-1) ?? null;
}

type Found = { reference: Reference; isRetracted: boolean };

function foundOnline(record: LiteratureRecord): Found {
  const { reference, isRetracted } = referenceOfRecord(record);
  return { reference, isRetracted };
}

/** What the database is asked by `filterOf`, of what a service gave. */
function passes(record: LiteratureRecord, { from_year, to_year, max_level, source, include_preprints }: LiteratureSearch): boolean {
  const { reference } = referenceOfRecord(record);
  const { year, level } = reference;
  if (from_year !== undefined && (year === null || year < from_year)) return false;
  if (to_year !== undefined && (year === null || year > to_year)) return false;
  if (max_level !== undefined && (level === null || level > max_level)) return false;
  if (source !== undefined && record.source !== source) return false;
  return include_preprints !== false || !reference.is_preprint;
}

/** `some`: those of the ids that speak of a part only. */
type Local = { ids: number[]; some: ReadonlySet<number> };

async function findLocal(
  { textIndex }: SearchDeps,
  concepts: readonly Concept[],
  { search, wanted }: { search: LiteratureSearch; wanted: number },
): Promise<Local> {
  if (concepts.length === 0) return { ids: [], some: new Set() };
  const where = filterOf(search);
  const query = { match: 'all', limit: wanted, ...(where ? { where } : {}) } as const;
  const said = concepts.map(({ text }) => [text]);
  const named = concepts.map(({ text, synonyms }) => [text, ...synonyms]);
  const lists = [{ items: await textIndex.find('literature', { ...query, groups: said }), weight: 1 }];
  if (concepts.some(({ synonyms }) => synonyms.length > 0))
    lists.push({ items: await textIndex.find('literature', { ...query, groups: named }), weight: SYNONYM_WEIGHT });
  const ids = fuseRanks(lists);
  if (ids.length >= search.limit || concepts.length === 1) return { ids, some: new Set() };
  const rarest = await rarestOf(textIndex, named);
  const some = rarest.length > 0 ? await textIndex.find('literature', { ...query, match: 'any', groups: rarest }) : [];
  const more = some.filter((id) => !ids.includes(id));
  return { ids: [...ids, ...more], some: new Set(more) };
}

async function rarestOf(textIndex: SearchDeps['textIndex'], groups: readonly (readonly string[])[]): Promise<(readonly string[])[]> {
  const counted = await Promise.all(groups.map(async (group) => ({ group, count: await textIndex.count('literature', group, COMMON) })));
  return counted
    .filter(({ count }) => count > 0 && count < COMMON)
    .sort((a, b) => a.count - b.count)
    .slice(0, RAREST)
    .map(({ group }) => group);
}

type Online = { records: LiteratureRecord[][]; sources: OnlineSource[] };

async function askServices({ clients }: SearchDeps, concepts: readonly Concept[] | undefined, limit: number): Promise<Online> {
  if (concepts === undefined || concepts.length === 0) return { records: [], sources: [] };
  const groups = concepts.map(({ text, synonyms }) => [text, ...synonyms]);
  const query = queryTextOf(groups);
  const configured = new Set(clients.map(({ source }) => source));
  const off = (['pubmed', 'europe-pmc'] as const).filter((source) => !configured.has(source));
  const answers = await Promise.all(clients.map((client) => askService(client, groups, { limit, query })));
  return {
    records: answers.map(({ records }) => records),
    sources: [
      ...answers.map(({ told }) => told),
      ...off.map((source) => ({ source, status: 'off' as const, query: null, asked_at: null, hit_count: null, problem: null })),
    ],
  };
}

async function askService(
  client: LiteratureClient,
  groups: readonly (readonly string[])[],
  { limit, query }: { limit: number; query: string },
): Promise<{ records: LiteratureRecord[]; told: OnlineSource }> {
  const { source } = client;
  try {
    const { records, hit_count, asked_at } = await client.search(groups, limit);
    return { records, told: { source, status: 'ok', query, asked_at, hit_count, problem: null } };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { records: [], told: { source, status: 'failed', query, asked_at: null, hit_count: null, problem: error.message } };
  }
}
