import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { searchLiterature } from '../../src/contract/literature.ts';
import { openLiteratureClients } from '../../src/server/literature/open-clients.ts';
import { researchFor } from '../../src/server/literature/research.ts';
import { openEgress } from '../../src/server/platform/egress.ts';
import { openTestApp } from '../app.ts';
import { pubmedXml } from '../literature-files.ts';

// Local servers that answer in the shapes that E-utilities (NBK25499) and the RESTful service of Europe PMC document.
type Answer = { status?: number; headers?: Record<string, string>; body: string };

let answers: (url: URL) => Answer = () => ({ body: '' });
const asked: URL[] = [];
const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  const url = new URL(request.url ?? '', 'http://local');
  asked.push(url);
  const { status = 200, headers = {}, body } = answers(url);
  response.writeHead(status, headers).end(body);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' && address ? address.port : 0;
const origin = `http://127.0.0.1:${port}`;
const urls = { pubmedUrl: `${origin}/eutils/`, europePmcUrl: `${origin}/epmc/` };
afterAll(() => void server.close());
beforeEach(() => void asked.splice(0));

/** A clock that moves when somebody waits. */
function openClients(services: Partial<typeof urls> & { ncbiApiKey?: string } = {}) {
  const clock = { time: Date.parse('2026-01-01T00:00:00Z'), waited: [] as number[] };
  const clients = openLiteratureClients({
    services: { pubmedUrl: '', europePmcUrl: '', ncbiApiKey: '', email: 'admin@hospital.example', ...services },
    egress: openEgress({ allow: origin }),
    now: () => new Date(clock.time),
    wait: async (ms) => {
      clock.waited.push(ms);
      clock.time += ms;
    },
  });
  const [client] = clients;
  if (!client) throw new Error('No client');
  return { client, clock };
}

const esearch = (ids: string[]) => JSON.stringify({ esearchresult: { count: String(ids.length + 90), retmax: '20', idlist: ids } });
const GROUPS = [['pulmonary embolism', 'lung embolism'], ['ct']];

describe('PubMed', () => {
  const answerWell = (url: URL): Answer =>
    url.pathname.endsWith('esearch.fcgi')
      ? { body: esearch(['7', '5']) }
      : {
          body: pubmedXml([
            { pmid: '5', title: 'Second' },
            { pmid: '7', title: 'First' },
          ]),
        };

  test('is asked for ids, then for the records, which keep its order; the site says who it is', async () => {
    answers = answerWell;
    const { client } = openClients({ pubmedUrl: urls.pubmedUrl, ncbiApiKey: 'k1' });
    const { records, hit_count } = await client.search(GROUPS, 20);
    expect(records.map(({ title }) => title)).toEqual(['First', 'Second']);
    expect(hit_count).toBe(92);
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/eutils/esearch.fcgi', '/eutils/efetch.fcgi']);
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
      db: 'pubmed',
      tool: 'isocenter',
      email: 'admin@hospital.example',
      api_key: 'k1',
      term: '("pulmonary embolism" OR "lung embolism") AND ct',
      retmax: '20',
      retmode: 'json',
      sort: 'relevance',
    });
    expect(asked[1]?.searchParams.get('id')).toBe('7,5');
  });

  test('is asked three times a second at most, ten times with a key, and the same question once a day', async () => {
    answers = answerWell;
    for (const [key, pause] of [
      ['', 1000 / 3],
      ['k1', 100],
    ] as const) {
      const { client, clock } = openClients({ pubmedUrl: urls.pubmedUrl, ncbiApiKey: key });
      await client.search([['a']], 20);
      await client.search([['b']], 20);
      expect(clock.waited).toHaveLength(3);
      for (const waited of clock.waited) expect(waited).toBeCloseTo(pause, -1);
      const before = asked.length;
      await client.search([['a']], 20);
      expect(asked).toHaveLength(before);
      clock.time += 86_400_000;
      await client.search([['a']], 20);
      expect(asked.length).toBeGreaterThan(before);
    }
  });

  test('that is busy is asked again when it wants to be', async () => {
    let refusals = 1;
    answers = (url) =>
      refusals-- > 0 ? { status: 429, headers: { 'retry-after': '5' }, body: '{"error":"API rate limit exceeded"}' } : answerWell(url);
    const { client, clock } = openClients({ pubmedUrl: urls.pubmedUrl });
    expect((await client.search([['a']], 20)).records).toHaveLength(2);
    expect(Math.max(...clock.waited)).toBe(5_000);
  });

  test.each<[string, (url: URL) => Answer]>([
    ['an error under status 200', () => ({ body: '{"header":{},"esearchresult":{"ERROR":"Search Backend failed"}}' })],
    ['an error in place of the result', () => ({ body: '{"error":"API key invalid"}' })],
    ['a page of a proxy', () => ({ body: '<html>Log in</html>' })],
    [
      'XML that breaks off',
      (url) => (url.pathname.endsWith('efetch.fcgi') ? { body: pubmedXml([{ pmid: '7', title: 'x' }]).slice(0, 500) } : answerWell(url)),
    ],
    [
      'an error in XML under status 200',
      (url) =>
        url.pathname.endsWith('efetch.fcgi') ? { body: '<eFetchResult><ERROR>Empty result</ERROR></eFetchResult>' } : answerWell(url),
    ],
    ['no service', () => ({ status: 503, body: '' })],
  ])('that gives %s is asked three times and then not used', async (_, broken) => {
    answers = broken;
    const { client } = openClients({ pubmedUrl: urls.pubmedUrl });
    await expect(client.search([['a']], 20)).rejects.toMatchObject({ kind: 'unavailable' });
    const last = asked.at(-1)?.pathname;
    expect(asked.filter(({ pathname }) => pathname === last)).toHaveLength(3);
  });

  test('that refuses for good, or may not be reached, is not asked again', async () => {
    answers = () => ({ status: 400, body: '' });
    await expect(openClients({ pubmedUrl: urls.pubmedUrl }).client.search([['a']], 20)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked).toHaveLength(1);
    const elsewhere = openClients({ pubmedUrl: 'https://eutils.example.org/' });
    await expect(elsewhere.client.search([['a']], 20)).rejects.toMatchObject({ kind: 'address-refused' });
  });
});

describe('Europe PMC', () => {
  test('gives a list of results, or one result as an object', async () => {
    const one = { id: '9', source: 'MED', pmid: '9', title: 'One.', pubTypeList: { pubType: ['research-article', 'Review'] } };
    for (const result of [one, [one]]) {
      answers = () => ({ body: JSON.stringify({ version: '6.9', hitCount: 1, resultList: { result } }) });
      const { records } = await openClients({ europePmcUrl: urls.europePmcUrl }).client.search(GROUPS, 20);
      expect(records).toMatchObject([{ key: 'pmid:9', title: 'One', publication_types: ['Research article', 'Review'] }]);
    }
    expect(asked[0]?.searchParams.get('query')).toBe('("pulmonary embolism" OR "lung embolism") AND ct');
  });

  test('that gives an error under status 200 is not used', async () => {
    answers = () => ({ body: '{"version":"6.9","errCode":404,"errMsg":"Invalid query"}' });
    await expect(openClients({ europePmcUrl: urls.europePmcUrl }).client.search([['a']], 20)).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });
});

describe('a search', () => {
  test('joins what services give with the corpus, says which failed, and asks nobody unless told', async () => {
    answers = (url) => {
      if (url.pathname.startsWith('/epmc/')) return { status: 404, body: '' };
      return url.pathname.endsWith('esearch.fcgi')
        ? { body: esearch(['7', '8']) }
        : {
            body: pubmedXml([
              { pmid: '7', title: 'Nodule by wire' },
              { pmid: '8', title: 'Withdrawn', retracted: true },
            ]),
          };
    };
    const env = { ISOCENTER_PUBMED_URL: urls.pubmedUrl, ISOCENTER_EUROPE_PMC_URL: urls.europePmcUrl, ISOCENTER_EGRESS_ALLOW: origin };
    const app = await openTestApp({ env });
    try {
      const local = await app.call(searchLiterature, { query: { q: 'nodule' } });
      expect(local.items.length).toBeGreaterThan(0);
      expect(local.online).toEqual([]);
      expect(asked).toEqual([]);
      const both = await app.call(searchLiterature, { query: { q: 'nodule', online: true } });
      expect(both.items.map(({ origin: from }) => from)).toEqual(expect.arrayContaining(['local', 'online']));
      expect(both.retracted.map(({ key }) => key)).toEqual(['pmid:8']);
      expect(both.online).toMatchObject([
        { source: 'pubmed', status: 'ok', query: 'nodule', hit_count: 92 },
        { source: 'europe-pmc', status: 'failed', problem: expect.stringContaining('404') },
      ]);
    } finally {
      await app.close();
    }
  });
});

describe('the research for a case', () => {
  test('sends titles of models and terms of the thesaurus, and keeps free words and names here', async () => {
    answers = () => ({ body: esearch([]) });
    const app = await openTestApp();
    try {
      const { client } = openClients({ pubmedUrl: urls.pubmedUrl });
      const finding = {
        id: 'f1',
        source: 'model',
        code: 'lung-nodule',
        title: 'Lung nodule',
        status: 'proposed',
        confidence: 0.9,
      } as const;
      const result = await researchFor(
        { ...app.deps, clients: [client] },
        { findings: [finding], record: [], question: 'Should Mrs. Featherstone have her nodule removed?' },
      );
      expect(asked.map(({ searchParams }) => searchParams.get('term'))).toEqual(['nodule', 'lung AND nodule']);
      expect(result).toMatchObject({
        not_evaluable: null,
        evidence_level: null,
        online: [{ status: 'ok' }, { status: 'off' }, { status: 'ok' }, { status: 'off' }],
      });
      expect(result.references[0]).toMatchObject({ source: 'starter', is_guideline: true });
      expect(result.papers_found).toBe(result.references.length);
      expect(result.queries.map(({ because }) => because[0]?.kind)).toEqual(['question', 'finding']);
    } finally {
      await app.close();
    }
  });

  test('that asks nothing says that nothing could be looked for', async () => {
    const app = await openTestApp();
    try {
      const result = await researchFor({ ...app.deps, clients: [] }, { findings: [], record: [], question: null });
      expect(result).toMatchObject({ references: [], papers_found: 0, not_evaluable: expect.stringContaining('no finding') });
    } finally {
      await app.close();
    }
  });
});
