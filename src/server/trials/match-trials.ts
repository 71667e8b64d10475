import { type Concept, candidateTerms, conceptsOf } from '../../clinical/literature/concepts.ts';
import { compareMatches, matchTrial, type Reach, type Trial } from '../../clinical/trials/match-trial.ts';
import { factsOf, namesOf, type PatientFacts } from '../../clinical/trials/patient-facts.ts';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { OnlineSource } from '../../contract/literature.ts';
import type { RecordEntry } from '../../contract/patient-record.ts';
import type { TrialAnswer, TrialMatch } from '../../contract/trials.ts';
import { listSources } from '../literature/corpus-queries.ts';
import { queryTextOf } from '../literature/online-client.ts';
import { findSynonyms } from '../literature/thesaurus-queries.ts';
import { listRecordEntries } from '../patients/record-queries.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, SystemDb } from '../platform/ports.ts';
import type { TextIndex } from '../platform/text-index.ts';
import { candidates, findSubject, findTrials } from './repository.ts';
import type { TrialsClient } from './trials-client.ts';

export type MatchDeps = {
  db: Db;
  systemDb: SystemDb;
  textIndex: TextIndex;
  now: () => Date;
  /** Undefined where no registry is configured. */
  trialsClient: TrialsClient | undefined;
};
export type TrialQuestion = {
  patientKey: string;
  /** A disease in words; the active diseases of the record unless told. */
  condition?: string;
  status?: string;
  reach: Reach;
  limit: number;
  online: boolean;
};

/** Trials that patients can enter now or soon. */
const OPEN_STATUSES = ['RECRUITING', 'NOT_YET_RECRUITING', 'ENROLLING_BY_INVITATION'];
/** More active diseases than this are searched for by the newest ones. */
const MAX_CONDITIONS = 6;
/** Trials that are read for one answer. */
const CANDIDATES = 200;
/** Names in brackets say what kind of thing it is: `(finding)` is employment as often as a disease. */
const NO_DISEASE = /\((finding|situation|person|social concept)\)\s*$/i;

/**
 * Trials for a patient: those whose title, conditions or interventions name one of the diseases, that are open to this age and sex, each held
 * against the record criterion by criterion. The registry is asked only on demand, and for names of diseases alone.
 *
 * @throws {AppError} `patient-not-found`
 */
export async function matchTrials(deps: MatchDeps, question: TrialQuestion): Promise<TrialAnswer> {
  const subject = await findSubject(deps.db, question.patientKey);
  if (!subject) throw new AppError('patient-not-found', 'No such patient');
  const record = await listRecordEntries(deps.db, question.patientKey);
  const searched = searchedFor(record, question.condition);
  const synonyms = await synonymsFor(deps.systemDb, record, searched);
  const facts = factsOf({ birthDate: subject.birth_date, sex: subject.sex, record }, synonyms, deps.now());
  const groups = groupsOf(searched, synonyms, question.condition !== undefined);
  const statuses = question.status === undefined ? OPEN_STATUSES : [question.status];
  const local = await findLocal(deps, groups.all, { facts, statuses });
  const online = question.online ? await askRegistry(deps.trialsClient, groups.sendable, statuses) : { trials: [], sources: [] };
  const items = judge(
    [
      ...online.trials.map((trial) => ({ trial, origin: 'online' as const })),
      ...local.map((trial) => ({ trial, origin: 'local' as const })),
    ],
    {
      facts,
      reach: question.reach,
    },
  );
  const sources = (await listSources(deps.systemDb)).filter(({ source }) => source === 'trials').map(({ digest: _, ...source }) => source);
  return {
    items: items.slice(0, question.limit),
    conditions: searched.map(({ text, record_entry_id }) => ({ text, record_entry_id })),
    patient: { age: facts.age, sex: facts.sex },
    sources,
    corpus_date: sources[0]?.corpus_date ?? null,
    online: online.sources,
    not_evaluable: notEvaluable({
      searched: searched.length,
      held: sources.length,
      asked: online.sources.some(({ status }) => status === 'ok'),
    }),
    disclaimer: DISCLAIMER,
  };
}

function notEvaluable({ searched, held, asked }: { searched: number; held: number; asked: boolean }): string | null {
  if (searched === 0) return 'The record names no active disease, and none was given';
  return held === 0 && !asked ? 'No trials were imported, and no registry was asked' : null;
}

type Searched = { text: string; names: string[]; record_entry_id: string | null };

function searchedFor(record: readonly RecordEntry[], condition: string | undefined): Searched[] {
  if (condition !== undefined) return [{ text: condition, names: [condition], record_entry_id: null }];
  const active = record
    .filter((entry) => entry.kind === 'condition' && entry.status === 'active' && !NO_DISEASE.test(entry.codes[0]?.display ?? entry.text))
    .toSorted((a, b) => ((a.started_at ?? '') < (b.started_at ?? '') ? 1 : -1))
    .map((entry) => ({ text: entry.text || (entry.codes[0]?.display ?? ''), names: namesOf(entry), record_entry_id: entry.id }))
    .filter(({ names }) => names.length > 0);
  const seen = new Set<string | undefined>();
  return active.filter(({ names }) => !seen.has(names[0]) && seen.add(names[0])).slice(0, MAX_CONDITIONS);
}

/** Other names of everything in the record that criteria may name, and of what is searched for. */
async function synonymsFor(
  systemDb: SystemDb,
  record: readonly RecordEntry[],
  searched: readonly Searched[],
): Promise<Map<string, string[]>> {
  const named = record.filter(({ kind }) => kind === 'condition' || kind === 'medication' || kind === 'allergy').flatMap(namesOf);
  const terms = searched.flatMap(({ names }) => names.flatMap(candidateTerms));
  return findSynonyms(systemDb, [...new Set([...named, ...terms])]);
}

type Groups = { all: { groups: string[][]; match: 'all' | 'any' }; sendable: string[][] };

/** A disease that was given has to be there with all its words; of those of the record, one. */
function groupsOf(searched: readonly Searched[], synonyms: ReadonlyMap<string, readonly string[]>, isGiven: boolean): Groups {
  const namesOfConcept = ({ text, synonyms: others }: Concept): string[] => [text, ...others];
  if (isGiven) {
    const groups = searched.flatMap(({ text }) => conceptsOf(text, synonyms).map(namesOfConcept));
    // Whoever gives it has chosen the words.
    return { all: { groups, match: 'all' }, sendable: [searched[0] ? [searched[0].text.replaceAll(/["()]/g, ' ').trim()] : []] };
  }
  const groups = searched.map(({ names }) => [...new Set(names.flatMap((name) => [name, ...(synonyms.get(name) ?? [])]))]);
  const known = searched.filter(({ names }) => names.some((name) => synonyms.has(name)));
  const sendable = known.map(({ names }) => names.filter((name) => synonyms.has(name)).slice(0, 1));
  return { all: { groups, match: 'any' }, sendable };
}

async function findLocal(
  { systemDb, textIndex }: MatchDeps,
  query: Groups['all'],
  { facts: { age, sex }, statuses }: { facts: PatientFacts; statuses: readonly string[] },
): Promise<Trial[]> {
  if (query.groups.length === 0) return [];
  const ids = await textIndex.find('trial', { ...query, where: candidates({ age, sex, statuses }), limit: CANDIDATES });
  return findTrials(systemDb, ids);
}

/** What the registry says now counts before what was imported. */
function judge(
  found: readonly { trial: Trial; origin: TrialMatch['origin'] }[],
  { facts, reach }: { facts: PatientFacts; reach: Reach },
): TrialMatch[] {
  const byId = new Map(found.toReversed().map((item) => [item.trial.nct_id, item]));
  return [...byId.values()].map(({ trial, origin }) => ({ ...matchTrial(trial, facts, reach), origin })).sort(compareMatches);
}

type Asked = { trials: Trial[]; sources: OnlineSource[] };

async function askRegistry(
  client: TrialsClient | undefined,
  groups: readonly (readonly string[])[],
  statuses: readonly string[],
): Promise<Asked> {
  const source = 'clinicaltrials.gov' as const;
  const nothing = { query: null, asked_at: null, hit_count: null, problem: null };
  if (!client) return { trials: [], sources: [{ source, status: 'off', ...nothing }] };
  if (groups.length === 0)
    return { trials: [], sources: [{ source, status: 'failed', ...nothing, problem: 'The record names nothing that could be sent' }] };
  const query = groups.map((group) => queryTextOf([group])).join(' OR ');
  try {
    const { trials, hit_count, asked_at } = await client.search(groups, statuses);
    return { trials, sources: [{ source, status: 'ok', query, asked_at, hit_count, problem: null }] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { trials: [], sources: [{ source, status: 'failed', ...nothing, query, problem: error.message }] };
  }
}
