import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { AppError } from '../platform/errors.ts';
import { openAnswerCache } from './answer-cache.ts';
import { type LiteratureClient, type OnlineAnswer, queryTextOf } from './online-client.ts';
import type { PoliteRequest } from './polite-requests.ts';
import { readEuropePmc } from './read-europe-pmc.ts';

/** Requests a second; the service names no limit of its own. */
export const EUROPE_PMC_RATE = 3;

export type EuropePmcOptions = { url: string; email: string; request: PoliteRequest; now: () => Date };

/** One hit may come as an object in place of a list. */
const Found = Type.Object({
  hitCount: Type.Integer(),
  resultList: Type.Optional(Type.Object({ result: Type.Optional(Type.Unknown()) })),
});

/** Europe PMC by its REST service (`search`, JSON, `resultType=core`). */
export function openEuropePmcClient({ url, email, request, now }: EuropePmcOptions): LiteratureClient {
  const cached = openAnswerCache<OnlineAnswer>(now);
  const ask = async (query: string, limit: number): Promise<OnlineAnswer> => {
    const address = new URL('search', url);
    const parameters = { query, resultType: 'core', format: 'json', pageSize: String(limit), ...(email ? { email } : {}) };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return request(address, (body) => ({ ...readAnswer(body), asked_at: now().toISOString() }));
  };
  return {
    source: 'europe-pmc',
    search: (groups, limit) => {
      const query = queryTextOf(groups);
      return cached(`${limit} ${query}`, () => ask(query, limit));
    },
  };
}

/** Errors come under status 200, too, with `errCode` and without `hitCount`. */
function readAnswer(body: string): Omit<OnlineAnswer, 'asked_at'> {
  const value = parsed(body);
  if (!Value.Check(Found, value)) throw new AppError('unavailable', 'it did not answer with a list of results');
  const result = value.resultList?.result ?? [];
  const entries = (Array.isArray(result) ? result : [result]).map(readEuropePmc);
  return { records: entries.flatMap((entry) => ('record' in entry ? [entry.record] : [])), hit_count: value.hitCount };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
