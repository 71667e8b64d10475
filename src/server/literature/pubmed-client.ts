import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { AppError } from '../platform/errors.ts';
import { openAnswerCache } from './answer-cache.ts';
import { type LiteratureClient, type OnlineAnswer, queryTextOf } from './online-client.ts';
import type { PoliteRequest } from './polite-requests.ts';
import { PUBMED_ELEMENTS, readPubmed } from './read-pubmed.ts';
import { readXmlElements } from './read-xml.ts';
import type { LiteratureRecord } from './record.ts';

/** Requests a second without and with a key of one's own (NCBI, KA-05510). */
export const PUBMED_RATE = { withoutKey: 3, withKey: 10 } as const;

export type PubmedOptions = { url: string; apiKey: string; email: string; request: PoliteRequest; now: () => Date };

const Found = Type.Object({
  esearchresult: Type.Object({ count: Type.String({ pattern: '^\\d+$' }), idlist: Type.Array(Type.String({ pattern: '^\\d{1,9}$' })) }),
});

/** PubMed by E-utilities: `esearch` for the ids in the order of relevance, `efetch` for the records. */
export function openPubmedClient({ url, apiKey, email, request, now }: PubmedOptions): LiteratureClient {
  const cached = openAnswerCache<OnlineAnswer>(now);
  const addressOf = (program: string, parameters: Record<string, string>): URL => {
    const address = new URL(`${program}.fcgi`, url);
    const own = { db: 'pubmed', tool: 'isocenter', ...(email ? { email } : {}), ...(apiKey ? { api_key: apiKey } : {}) };
    for (const [name, value] of Object.entries({ ...own, ...parameters })) address.searchParams.set(name, value);
    return address;
  };
  const ask = async (term: string, limit: number): Promise<OnlineAnswer> => {
    const search = addressOf('esearch', { term, retmax: String(limit), retmode: 'json', sort: 'relevance' });
    const { hit_count, ids } = await request(search, readIds);
    const asked_at = now().toISOString();
    if (ids.length === 0) return { records: [], hit_count, asked_at };
    const fetched = addressOf('efetch', { id: ids.join(','), retmode: 'xml', rettype: 'abstract' });
    const records = await request(fetched, readRecords);
    const byId = new Map(records.map((record) => [record.pmid, record]));
    return { records: ids.flatMap((id) => byId.get(id) ?? []), hit_count, asked_at };
  };
  return {
    source: 'pubmed',
    search: (groups, limit) => {
      const term = queryTextOf(groups);
      return cached(`${limit} ${term}`, () => ask(term, limit));
    },
  };
}

/** Errors come under status 200, too: as `error`, or as `ERROR` in the result. */
function readIds(body: string): { hit_count: number; ids: string[] } {
  const value = parsed(body);
  if (!Value.Check(Found, value)) throw new AppError('unavailable', 'it did not answer with a list of ids');
  const { count, idlist } = value.esearchresult;
  return { hit_count: Number(count), ids: idlist };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function readRecords(body: string): Promise<LiteratureRecord[]> {
  const records: LiteratureRecord[] = [];
  for await (const element of readXmlElements(inOnePiece(body), PUBMED_ELEMENTS))
    for (const entry of readPubmed(element)) if ('record' in entry) records.push(entry.record);
  if (records.length === 0) throw new AppError('unavailable', 'it gave none of the records that it had found');
  return records;
}

async function* inOnePiece(text: string): AsyncGenerator<string> {
  yield text;
}
