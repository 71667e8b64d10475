import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { getEmbeddings, importLiterature, renewEmbeddings, searchLiterature } from '../../src/contract/literature.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { type Meanings, writeSentenceModel } from '../inference/sentence-model-builder.ts';
import { pubmedXml } from '../literature-files.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

const MEANINGS: Meanings = [
  ['heart', 'cardiac', 'myocardial'],
  ['attack', 'infarction', 'infarct'],
  ['kidney', 'renal'],
  ['stone', 'calculus'],
];
const ARTICLES = [
  { pmid: '1', title: 'Myocardial infarction', abstract: 'Infarct size.', year: 2019 },
  { pmid: '2', title: 'Renal calculus', abstract: 'Renal colic.', year: 2020 },
  { pmid: '3', title: 'Heart attack in words', abstract: 'Said plainly.', year: 2021 },
  { pmid: '4', title: 'Skin', abstract: 'Nothing of it.', year: 2022 },
];

describe.each([
  ['SQLite', undefined],
  [postgresMissing ? `PostgreSQL (${postgresMissing})` : 'PostgreSQL', startPostgres],
] as const)('literature with a model for the sense of sentences on %s (Cormack 2009, Reimers 2019)', (_, start) => {
  describe.skipIf(start !== undefined && postgresMissing !== undefined)('is searched by words and by sense', () => {
    let folder: string;
    let server: PostgresServer | undefined;
    let app: TestApp;
    let closeDatabase: () => Promise<void> = async () => undefined;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'isocenter-sense-'));
      await writeSentenceModel(folder, MEANINGS);
      server = await start?.();
      const database = await server?.openDatabase();
      if (database) closeDatabase = database.close;
      app = await openTestApp({ ...(database ? { databaseUrl: database.url } : {}), env: { ISOCENTER_EMBEDDING_MODEL: folder } });
      await importOf(ARTICLES);
      // The summaries that come with the program are there from the first question on.
      await find('anything');
      await app.drain();
    }, 120_000);
    afterAll(async () => {
      await app.close();
      await closeDatabase();
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const importOf = async (articles: typeof ARTICLES) => {
      const answer = await app.upload(importLiterature.path, [{ name: 'a.xml', bytes: Buffer.from(pubmedXml(articles)) }]);
      expect(answer.statusCode).toBe(200);
    };
    const find = (q: string, more: object = {}) => app.call(searchLiterature, { query: { q, source: 'pubmed', ...more } });
    const pmids = async (q: string, more: object = {}) => (await find(q, more)).items.map(({ pmid }) => pmid);

    test('what shares no word with the question is found by its sense, and says so', async () => {
      const answer = await find('cardiac attack');
      expect(answer.items.slice(0, 2).map(({ pmid }) => pmid)).toEqual(['3', '1']);
      expect(answer.items.find(({ pmid }) => pmid === '1')?.matched).toBe('meaning');
      expect((await find('kidney stone')).items[0]).toMatchObject({ pmid: '2', matched: 'meaning' });
    });

    test('the answer names the model, the digest of its files and how much it has read', async () => {
      const { search } = await find('kidney stone');
      const state = await app.call(getEmbeddings, {});
      expect(search).toMatchObject({ method: 'hybrid', embedding: { digest: expect.stringMatching(/^[0-9a-f]{64}$/) }, problem: null });
      expect(state.model).toMatchObject({ digest: search.embedding?.digest, dimensions: MEANINGS.length + 1 });
      expect(state.embedded_count).toBe(state.record_count);
    });

    test('filters hold for what is found by its sense, too', async () => {
      expect(await pmids('cardiac attack', { from_year: 2020, limit: 1 })).toEqual(['3']);
      expect(await pmids('cardiac attack', { to_year: 2019 })).toEqual(['1']);
    });

    test('a record that changes is read anew, and one that is gone is not found', async () => {
      await importOf([{ pmid: '4', title: 'Renal calculus calculus renal', abstract: '', year: 2022 }]);
      await app.drain();
      expect((await pmids('kidney stone')).slice(0, 2).sort()).toEqual(['2', '4']);
      await app.upload(importLiterature.path, [{ name: 'a.xml', bytes: Buffer.from(pubmedXml([], ['4'])) }]);
      expect(await pmids('kidney stone')).not.toContain('4');
    });

    test('everything can be read anew', async () => {
      const asked = await app.call(renewEmbeddings, { body: { anew: true } });
      expect(asked.embedded_count).toBe(0);
      await app.drain();
      const state = await app.call(getEmbeddings, {});
      expect(state.embedded_count).toBe(state.record_count);
      expect((await find('kidney stone')).items[0]?.pmid).toBe('2');
    });
  });
});

test('a model that cannot be used costs its results and nothing else, and the answer says what is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-sense-'));
  await writeSentenceModel(folder, MEANINGS, { pooled: true });
  const onnx = await readFile(join(folder, 'model.onnx'));
  await rm(join(folder, 'model.onnx'));
  const app = await openTestApp({ env: { ISOCENTER_EMBEDDING_MODEL: folder } });
  const ask = () => app.call(searchLiterature, { query: { q: 'pulmonary nodule' } });
  try {
    expect((await ask()).search).toMatchObject({ method: 'lexical', problem: expect.stringContaining('model.onnx is missing') });
    expect((await ask()).items.length).toBeGreaterThan(0);
    await writeFile(join(folder, 'model.onnx'), onnx.subarray(0, 40));
    expect((await ask()).search.problem).toContain('cannot be loaded');
    await writeFile(join(folder, 'model.onnx'), onnx);
    expect((await ask()).search).toMatchObject({ method: 'hybrid', problem: null });
  } finally {
    await app.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test('without a model the search is by words alone, and nothing can be read', async () => {
  const app = await openTestApp();
  try {
    const { search } = await app.call(searchLiterature, { query: { q: 'pulmonary nodule' } });
    expect(search).toEqual({ method: 'lexical', embedding: null, problem: null });
    expect(await app.call(getEmbeddings, {})).toMatchObject({ model: null, embedded_count: 0, problem: null });
    const refused = await app.inject({ method: 'POST', url: renewEmbeddings.path, payload: {} });
    expect(refused.statusCode).toBe(409);
  } finally {
    await app.close();
  }
});
