import { setTimeout as delay } from 'node:timers/promises';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Trial } from '../../clinical/trials/match-trial.ts';
import { openAnswerCache } from '../literature/answer-cache.ts';
import { queryTextOf } from '../literature/online-client.ts';
import { openPoliteRequests } from '../literature/polite-requests.ts';
import type { Egress } from '../platform/egress.ts';
import { AppError } from '../platform/errors.ts';
import { readTrial } from './read-trial.ts';

/** Requests a second; about fifty a minute are said to be allowed. */
const RATE = 0.8;
const PAGE = 100;

type Found = { trials: Trial[]; hit_count: number; asked_at: string };
/** ClinicalTrials.gov, as the site has configured it. */
export type TrialsClient = {
  /**
   * Trials of these statuses about one of the diseases, each by one of its names. Answers of the last day are given again.
   *
   * @throws {AppError} `unavailable`, `address-refused`
   */
  search(groups: readonly (readonly string[])[], statuses: readonly string[]): Promise<Found>;
};

const Answer = Type.Object({ studies: Type.Array(Type.Unknown()), totalCount: Type.Optional(Type.Integer()) });

export type TrialsClientOptions = {
  /** Of the API, version 2; empty: not asked. */
  url: string;
  egress: Pick<Egress, 'fetch'>;
  now?: () => Date;
  wait?: (ms: number) => Promise<void>;
};

/** Undefined where it is not configured. */
export function openTrialsClient({ url, egress, now = () => new Date(), wait = delay }: TrialsClientOptions): TrialsClient | undefined {
  if (url === '') return undefined;
  const request = openPoliteRequests({ egress, perSecond: RATE, now, wait });
  const cached = openAnswerCache<Found>(now);
  return {
    search: (groups, statuses) => {
      const address = new URL('studies', url);
      const condition = groups.map((group) => queryTextOf([group])).join(' OR ');
      const parameters = {
        'query.cond': condition,
        'filter.overallStatus': statuses.join(','),
        countTotal: 'true',
        pageSize: String(PAGE),
        format: 'json',
      };
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
      return cached(address.search, () => request(address, (body) => ({ ...readAnswer(body), asked_at: now().toISOString() })));
    },
  };
}

function readAnswer(body: string): Omit<Found, 'asked_at'> {
  const value = parsed(body);
  if (!Value.Check(Answer, value)) throw new AppError('unavailable', 'it did not answer with a list of studies');
  const trials = value.studies.flatMap((study) => readTrial(study) ?? []);
  return { trials, hit_count: value.totalCount ?? trials.length };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
