import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ImportedFile, importLiterature, searchLiterature } from '../../src/contract/literature.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { gzipped, meshXml, pubmedXml } from '../literature-files.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

const ARTICLES = [
  {
    pmid: '100',
    title: 'Anticoagulation for pulmonary embolism: a meta-analysis',
    abstract: 'Nine trials of anticoagulants.',
    types: ['Journal Article', 'Meta-Analysis'],
    mesh: ['Pulmonary Embolism', 'Anticoagulants', 'Humans'],
    revised: '2024-03-05',
    doi: '10.1000/Example.100',
  },
  { pmid: '101', title: 'Lung thromboembolism after surgery', abstract: 'A cohort.', mesh: ['Cohort Studies', 'Humans'], year: 2011 },
  { pmid: '102', title: 'Pulmonary embolism in mice', types: ['Journal Article'], mesh: ['Animals', 'Mice'], year: 2005 },
  { pmid: '103', title: 'Withdrawn work on pulmonary embolism', types: ['Journal Article'], retracted: true },
  { pmid: '104', title: 'Étude na&#239;ve of <i>Staphylococcus</i> pneumonia', types: ['Randomized Controlled Trial'], nct: 'NCT01234567' },
];
const EUROPE_PMC = {
  version: '6.9',
  hitCount: 2,
  resultList: {
    result: [
      { id: '100', source: 'MED', pmid: '100', title: 'Anticoagulation, as another source tells it.' },
      {
        id: 'PPR1',
        source: 'PPR',
        doi: '10.1101/2024.01.01',
        title: 'Embolism of the lung, not yet reviewed',
        pubYear: '2024',
        abstractText: '<h4>Aim</h4>Preprint of a "quoted" {bracket}.',
      },
    ],
  },
};

describe.each([
  ['SQLite', undefined],
  [postgresMissing ? `PostgreSQL (${postgresMissing})` : 'PostgreSQL', startPostgres],
] as const)('literature on %s', (_, start) => {
  describe.skipIf(start !== undefined && postgresMissing !== undefined)('is imported and searched', () => {
    let server: PostgresServer | undefined;
    let app: TestApp;
    let closeDatabase: () => Promise<void> = async () => undefined;

    beforeAll(async () => {
      server = await start?.();
      const database = await server?.openDatabase();
      if (database) closeDatabase = database.close;
      app = await openTestApp(database ? { databaseUrl: database.url } : {});
      await imported('articles.xml.gz', gzipped(pubmedXml(ARTICLES)));
      await imported(
        'mesh.xml',
        Buffer.from(meshXml({ 'Pulmonary Embolism': ['Pulmonary Embolism', 'Lung Thromboembolism', 'Embolism, Pulmonary'] })),
      );
    });
    afterAll(async () => {
      await app.close();
      await closeDatabase();
      await server?.stop();
    });

    const imported = async (name: string, bytes: Uint8Array): Promise<ImportedFile | undefined> => {
      const answer = await app.upload(importLiterature.path, [{ name, bytes }]);
      expect(answer.statusCode).toBe(200);
      return (answer.json() as { files: ImportedFile[] }).files[0];
    };
    const find = (query: Parameters<typeof app.call<typeof searchLiterature>>[1]['query']) => app.call(searchLiterature, { query });
    const pmids = async (q: string) => (await find({ q })).items.flatMap(({ pmid }) => pmid ?? []);

    test('what was said comes first, then what the thesaurus calls the same, and retracted work is named and left out', async () => {
      const answer = await find({ q: 'pulmonary embolism', source: 'pubmed' });
      expect(
        answer.items
          .map(({ pmid }) => pmid)
          .slice(0, 3)
          .sort(),
      ).toEqual(['100', '101', '102']);
      expect(answer.items.at(-1)?.pmid ?? answer.items[2]?.pmid).toBe('101');
      expect(answer.retracted).toEqual([{ key: 'pmid:103', title: 'Withdrawn work on pulmonary embolism', pmid: '103', doi: null }]);
      expect(answer.banner).toContain('Withdrawn work');
      expect(answer.query.concepts).toEqual([{ text: 'pulmonary embolism', synonyms: ['lung thromboembolism'] }]);
      expect(answer.disclaimer).toContain('Not a medical device');
    });

    test('every answer says what it was looked for in, and up to when that was revised', async () => {
      const answer = await find({ q: 'anticoagulants' });
      expect(answer.sources.find(({ source }) => source === 'pubmed')).toMatchObject({ record_count: 5, corpus_date: '2024-03-05' });
      expect(answer.sources.map(({ source }) => source)).toContain('starter');
      expect(answer.corpus_date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    });

    test('a record keeps what its source says, with its automatic design level', async () => {
      const [found] = (await find({ q: 'anticoagulation meta-analysis' })).items;
      expect(found).toMatchObject({
        key: 'pmid:100',
        doi: '10.1000/Example.100',
        authors: ['Fleming A', 'The Example Group'],
        journal: 'J Ex',
        published_on: '2020-03',
        abstract: 'RESULTS: Nine trials of anticoagulants.',
        design: 'meta-analysis',
        level: 1,
        origin: 'local',
      });
      const [mice] = (await find({ q: 'embolism mice' })).items;
      expect(mice).toMatchObject({ pmid: '102', level: 5, notes: ['animals-only'] });
    });

    test('words are found by their stem and without accents, inside markup too', async () => {
      expect(await pmids('naive étude')).toEqual(['104']);
      expect(await pmids('staphylococcus')).toEqual(['104']);
      expect((await find({ q: 'pneumonia' })).items.find(({ pmid }) => pmid === '104')?.trial_ids).toEqual(['NCT01234567']);
    });

    test('filters leave out years, designs, sources and preprints', async () => {
      const filtered = async (filter: object) =>
        (await find({ q: 'pulmonary embolism', source: 'pubmed', ...filter })).items.map(({ pmid }) => pmid);
      expect(await filtered({ from_year: 2010, to_year: 2015 })).toEqual(['101']);
      expect(await filtered({ max_level: 2 })).toEqual(['100']);
      expect(await filtered({ source: 'europe-pmc' })).toEqual([]);
    });

    test('a second source adds what is new and leaves what PubMed tells better; preprints are flagged', async () => {
      expect(await imported('epmc.json', Buffer.from(JSON.stringify(EUROPE_PMC)))).toMatchObject({
        format: 'europe-pmc-json',
        added: 1,
        skipped: 1,
      });
      const { items } = await find({ q: 'embolism of the lung reviewed' });
      expect(items[0]).toMatchObject({ key: 'doi:10.1101/2024.01.01', is_preprint: true, notes: ['preprint'] });
      const without = await find({ q: 'embolism of the lung reviewed', include_preprints: false });
      expect(without.items.some(({ is_preprint }) => is_preprint)).toBe(false);
    });

    test('an import that is done again updates, and PubMed takes back what it has deleted', async () => {
      const changed = pubmedXml([{ pmid: '100', title: 'Heparin for thrombosis' }], ['101']);
      expect(await imported('update.xml', Buffer.from(changed))).toMatchObject({ added: 0, updated: 1, deleted: 1, problem: null });
      expect(await pmids('anticoagulation meta-analysis')).not.toContain('100');
      expect(await pmids('heparin')).toContain('100');
      expect(await pmids('lung thromboembolism')).not.toContain('101');
    });

    test('an older version of a record does not take the place of a newer one, so that a retraction stays', async () => {
      const version = (revised: string, retracted: boolean) =>
        imported('one.xml', Buffer.from(pubmedXml([{ pmid: '200', title: 'Tachyphylaxis of examples', revised, retracted }])));
      await version('2025-03-01', true);
      expect(await version('2024-03-01', false)).toMatchObject({ updated: 0, skipped: 1 });
      expect((await find({ q: 'tachyphylaxis' })).retracted).toHaveLength(1);
      expect(await version('2025-04-01', false)).toMatchObject({ updated: 1 });
      expect((await find({ q: 'tachyphylaxis' })).retracted).toEqual([]);
    });

    test('a guideline that has become shorter leaves no sections of its earlier version', async () => {
      await imported('rules.md', Buffer.from('# Rules\n\n## Xenon\n\nOne.\n\n## Krypton\n\nTwo.\n'));
      expect(await imported('rules.md', Buffer.from('# Rules\n\n## Xenon\n\nOne.\n'))).toMatchObject({ updated: 1, deleted: 1 });
      expect((await find({ q: 'krypton' })).items).toEqual([]);
    });

    test('what only takes records back is an import, too', async () => {
      expect(await imported('gone.xml', Buffer.from(pubmedXml([], ['102', '999999'])))).toMatchObject({
        added: 0,
        deleted: 1,
        problem: null,
      });
    });

    test('guidelines are found by their sections, and the summaries that come with the program are there', async () => {
      const text =
        '---\ntitle: House rules for contrast\ndate: 2025-02\n---\n# House rules\n\nGeneral.\n\n## Extravasation\n\nRaise the arm.\n';
      expect(await imported('contrast.md', Buffer.from(text))).toMatchObject({ format: 'guideline', added: 2 });
      const [found] = (await find({ q: 'extravasation arm' })).items;
      expect(found).toMatchObject({
        source: 'guideline',
        title: 'House rules for contrast: Extravasation',
        is_guideline: true,
        year: 2025,
      });
      expect((await find({ q: 'incidental nodule immunosuppressed' })).items[0]).toMatchObject({
        source: 'starter',
        doi: '10.1148/radiol.2017161659',
        level: null,
        is_guideline: true,
      });
    });

    test('what ends too early keeps what was read and says so; what is unknown is told', async () => {
      const whole = pubmedXml([
        { pmid: '900', title: 'Read before the end' },
        { pmid: '901', title: 'Cut off' },
      ]);
      const cut = await imported('cut.xml', Buffer.from(whole.slice(0, whole.indexOf('Cut off'))));
      expect(cut).toMatchObject({ format: 'pubmed-xml', added: 1 });
      expect(cut?.problem).toContain('cannot be read');
      expect(await imported('cut.xml.gz', gzipped(whole).subarray(0, 200))).toMatchObject({
        added: 0,
        problem: expect.stringContaining('too early'),
      });
      expect(
        (await imported('bomb.xml', Buffer.from('<!DOCTYPE a [<!ENTITY b "c">]><PubmedArticleSet>&b;</PubmedArticleSet>')))?.problem,
      ).toContain('entities');
    });
  });
});
