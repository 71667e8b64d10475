import { buildQueries, type LiteratureQuery, type QueryFinding } from '../../clinical/literature/build-query.ts';
import type { Concept } from '../../clinical/literature/concepts.ts';
import { foldText } from '../../clinical/literature/fold-text.ts';
import { fuseRanks } from '../../clinical/literature/fuse-ranks.ts';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { LiteratureAnswer, Reference, ResearchResult } from '../../contract/literature.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { listSources } from './corpus-queries.ts';
import { LEXICAL } from './search-by-sense.ts';
import { conceptsIn, type SearchDeps, searchLiterature } from './search-literature.ts';
import { keepStarterCorpus } from './starter-corpus.ts';

/** What is known of a case. `question`: what the reader or the referring physician asks, in words. */
export type ResearchCase = { findings: readonly QueryFinding[]; record: readonly RecordEntry[]; question: string | null };

const REFERENCES = 20;

/**
 * Looks for what is published about a case: for its question, each finding that was not rejected, and findings together with active
 * diseases. Services are asked only where they are configured, and only for terms of the thesaurus and titles that models give, so that no
 * name and no remark can leave with them. Never fails for a service that does not answer: `online` says so.
 */
export async function researchFor(deps: SearchDeps, { findings, record, question }: ResearchCase): Promise<ResearchResult> {
  await keepStarterCorpus(deps);
  const queries = buildQueries({ findings, record, question });
  if (queries.length === 0) return nothingAsked(await listSources(deps.systemDb));
  const coded = new Set(findings.filter(({ source }) => source === 'model').flatMap(({ title }) => foldText(title).split(' ')));
  const answers: { query: LiteratureQuery; answer: LiteratureAnswer }[] = [];
  // One after the other: services are asked as seldom as they want it, and the database is not held.
  for (const query of queries) {
    const onlineConcepts = deps.clients.length > 0 ? await sendable(deps, query.text, coded) : undefined;
    const answer = await searchLiterature(deps, { text: query.text, limit: REFERENCES, ...(onlineConcepts ? { onlineConcepts } : {}) });
    answers.push({ query, answer });
  }
  return merged(answers);
}

/** The parts of a text that can be sent out. */
async function sendable(deps: SearchDeps, text: string, coded: ReadonlySet<string>): Promise<Concept[]> {
  return (await conceptsIn(deps, text)).filter((concept) => concept.isKnown || concept.text.split(' ').every((word) => coded.has(word)));
}

function merged(answers: readonly { query: LiteratureQuery; answer: LiteratureAnswer }[]): ResearchResult {
  const byKey = new Map<string, Reference>();
  for (const item of answers.flatMap(({ answer }) => answer.items)) if (byKey.get(item.key)?.matched !== 'all') byKey.set(item.key, item);
  const keys = fuseRanks(answers.map(({ query, answer }) => ({ items: answer.items.map(({ key }) => key), weight: query.weight })));
  const references = keys.flatMap((key) => byKey.get(key) ?? []).slice(0, REFERENCES);
  const levels = references.flatMap(({ level, matched }) => (matched === 'all' ? (level ?? []) : []));
  const retracted = [...new Map(answers.flatMap(({ answer }) => answer.retracted.map((item) => [item.key, item] as const))).values()];
  const last = answers.at(-1)?.answer;
  return {
    references,
    papers_found: keys.length,
    evidence_level: levels.length > 0 ? Math.min(...levels) : null,
    guideline_count: references.filter(({ is_guideline }) => is_guideline).length,
    queries: answers.map(({ query: { text, because }, answer }) => ({ text, because, matched: answer.query.matched })),
    retracted,
    banner: retracted.length > 0 ? `Retracted and left out of the results: ${retracted.map(({ title }) => title).join('; ')}` : null,
    search: last?.search ?? LEXICAL,
    sources: last?.sources ?? [],
    corpus_date: last?.corpus_date ?? null,
    online: answers.flatMap(({ answer }) => answer.online),
    not_evaluable: null,
    disclaimer: DISCLAIMER,
  };
}

function nothingAsked(sources: Awaited<ReturnType<typeof listSources>>): ResearchResult {
  const held = sources.map(({ digest: _, ...source }) => source);
  return {
    references: [],
    papers_found: 0,
    evidence_level: null,
    guideline_count: 0,
    queries: [],
    retracted: [],
    banner: null,
    search: LEXICAL,
    sources: held,
    corpus_date: null,
    online: [],
    not_evaluable: 'There is no question, and no finding to look for',
    disclaimer: DISCLAIMER,
  };
}
