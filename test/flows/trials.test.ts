import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ImportedFile, importLiterature } from '../../src/contract/literature.ts';
import { uploadStudies } from '../../src/contract/studies.ts';
import { importTrials, matchTrials } from '../../src/contract/trials.ts';
import { openEgress } from '../../src/server/platform/egress.ts';
import { openTrialsClient } from '../../src/server/trials/trials-client.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { gzipped, meshXml } from '../literature-files.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

/** A study in the shape of the API, version 2. */
function study(
  nctId: string,
  title: string,
  more: { status?: string; conditions?: string[]; eligibility?: object; locations?: object[]; updated?: string } = {},
) {
  const { status = 'RECRUITING', conditions = ['Asthma'], eligibility = {}, locations = [], updated = '2026-02-03' } = more;
  return {
    protocolSection: {
      identificationModule: { nctId, briefTitle: title, organization: { fullName: 'Example' } },
      statusModule: { overallStatus: status, lastUpdatePostDateStruct: { date: updated, type: 'ACTUAL' } },
      descriptionModule: { briefSummary: 'A trial.' },
      conditionsModule: { conditions },
      designModule: { studyType: 'INTERVENTIONAL', phases: ['PHASE2'] },
      armsInterventionsModule: { interventions: [{ type: 'DRUG', name: 'Examplumab' }] },
      eligibilityModule: { eligibilityCriteria: '', sex: 'ALL', minimumAge: '18 Years', stdAges: ['ADULT'], ...eligibility },
      contactsLocationsModule: { locations },
    },
    hasResults: false,
  };
}
const STUDIES = [
  study('NCT00000001', 'Asthma in adults', {
    eligibility: {
      eligibilityCriteria:
        'Inclusion Criteria:\n\n* Diagnosis of asthma\n\nExclusion Criteria:\n\n* Current use of warfarin\n* Lives alone',
    },
    locations: [{ facility: 'Charite', city: 'Berlin', country: 'Germany', status: 'RECRUITING', geoPoint: { lat: 52.52, lon: 13.405 } }],
  }),
  study('NCT00000002', 'Bronchial asthma without exclusions', { conditions: ['Bronchial Asthma'] }),
  study('NCT00000003', 'Asthma in children', { eligibility: { minimumAge: '6 Years', maximumAge: '17 Years' } }),
  study('NCT00000004', 'Asthma, finished', { status: 'COMPLETED' }),
  study('NCT00000005', 'Psoriasis', { conditions: ['Psoriasis'] }),
];

describe.each([
  ['SQLite', undefined],
  [postgresMissing ? `PostgreSQL (${postgresMissing})` : 'PostgreSQL', startPostgres],
] as const)('trials on %s', (_, start) => {
  describe.skipIf(start !== undefined && postgresMissing !== undefined)('are imported and held against a patient', () => {
    let server: PostgresServer | undefined;
    let app: TestApp;
    let patient_key: string;
    let closeDatabase: () => Promise<void> = async () => undefined;

    beforeAll(async () => {
      server = await start?.();
      const database = await server?.openDatabase();
      if (database) closeDatabase = database.close;
      app = await openTestApp(database ? { databaseUrl: database.url } : {});
      const stored = await app.upload(uploadStudies.path, [
        { name: 'a.dcm', bytes: secondaryCapture({ study: '2.25.1', series: '2.25.2', instance: '2.25.3' }) },
      ]);
      expect(stored.statusCode).toBe(200);
      const patient = await app.deps.db.selectFrom('patient').select('id').executeTakeFirstOrThrow();
      patient_key = patient.id;
      await app.deps.db.updateTable('patient').set({ birth_date: '19600101', sex: 'F' }).where('id', '=', patient_key).execute();
      await remember('r1', 'condition', 'Asthma (disorder)');
      await remember('r2', 'medication', 'Warfarin');
      await remember('r3', 'condition', 'Full-time employment (finding)');
      await app.upload(importLiterature.path, [
        { name: 'mesh.xml', bytes: Buffer.from(meshXml({ Asthma: ['Asthma', 'Bronchial Asthma'] })) },
      ]);
      expect(await imported('studies.json.gz', gzipped(JSON.stringify({ studies: STUDIES, nextPageToken: 'x' })))).toMatchObject({
        added: 5,
        skipped: 0,
        problem: null,
      });
    });
    afterAll(async () => {
      await app.close();
      await closeDatabase();
      await server?.stop();
    });

    const remember = (id: string, kind: 'condition' | 'medication', text: string) =>
      app.deps.db
        .insertInto('record_entry')
        .values({
          id,
          patient_key,
          kind,
          codes: '[]',
          text,
          status: 'active',
          started_at: '2020',
          ended_at: null,
          value: null,
          unit: null,
          value_text: null,
          details: '{}',
          source: 'fhir',
          source_id: null,
          recorded_at: '2026-01-01T00:00:00.000Z',
        })
        .execute();
    const imported = async (name: string, bytes: Uint8Array): Promise<ImportedFile | undefined> =>
      ((await app.upload(importTrials.path, [{ name, bytes }])).json() as { files: ImportedFile[] }).files[0];

    test('that are open to the age are found by the diseases of the record and by their other names', async () => {
      const answer = await app.call(matchTrials, { query: { patient_key } });
      expect(answer.conditions).toEqual([{ text: 'Asthma (disorder)', record_entry_id: 'r1' }]);
      expect(answer.items.map(({ nct_id, verdict }) => [nct_id, verdict])).toEqual([
        ['NCT00000002', 'possible'],
        ['NCT00000001', 'excluded'],
      ]);
      expect(answer.patient.sex).toBe('female');
      expect(answer).toMatchObject({ corpus_date: '2026-02-03', not_evaluable: null, sources: [{ source: 'trials', record_count: 5 }] });
      expect(answer.disclaimer).toContain('Not a medical device');
    });

    test('are not asked for outside unless told, and then it is said that no registry is configured', async () => {
      expect((await app.call(matchTrials, { query: { patient_key } })).online).toEqual([]);
      expect((await app.call(matchTrials, { query: { patient_key, online: true } })).online).toMatchObject([
        { source: 'clinicaltrials.gov', status: 'off' },
      ]);
    });

    test('are judged criterion by criterion, with the fact that was used', async () => {
      const [, excluded] = (await app.call(matchTrials, { query: { patient_key } })).items;
      const byText = Object.fromEntries((excluded?.criteria ?? []).map((criterion) => [criterion.text, criterion]));
      expect(byText['Diagnosis of asthma']).toMatchObject({
        kind: 'inclusion',
        status: 'met',
        speaks: 'for',
        data: [{ record_entry_id: 'r1' }],
      });
      expect(byText['Current use of warfarin']).toMatchObject({
        kind: 'exclusion',
        status: 'met',
        speaks: 'against',
        data: [{ record_entry_id: 'r2', text: 'Warfarin' }],
      });
      expect(byText['Lives alone']).toMatchObject({ status: 'unknown', speaks: 'open' });
      expect(byText['Age 18 to any']).toMatchObject({ kind: 'structured', speaks: 'for' });
    });

    test('are looked for by a disease that was given, a status and a distance', async () => {
      const psoriasis = await app.call(matchTrials, { query: { patient_key, condition: 'psoriasis' } });
      expect(psoriasis.items.map(({ nct_id }) => nct_id)).toEqual(['NCT00000005']);
      const finished = await app.call(matchTrials, { query: { patient_key, status: 'COMPLETED' } });
      expect(finished.items).toMatchObject([{ nct_id: 'NCT00000004', verdict: 'excluded' }]);
      const munich = { latitude: 48.137, longitude: 11.575, max_km: 100 };
      const [far] = (await app.call(matchTrials, { query: { patient_key, condition: 'asthma in adults', ...munich } })).items;
      expect(far).toMatchObject({ nearest: { city: 'Berlin' }, verdict: 'excluded' });
      expect(far?.criteria.find(({ text }) => text === 'Within 100 km')).toMatchObject({ status: 'not_met', speaks: 'against' });
    });

    test('an import that is done again updates; what breaks off keeps what was read', async () => {
      const changed = [study('NCT00000005', 'Psoriasis of the nails', { conditions: ['Nail Psoriasis'] }), { protocolSection: {} }];
      expect(await imported('list.json', Buffer.from(JSON.stringify(changed)))).toMatchObject({ added: 0, updated: 1, skipped: 1 });
      expect((await app.call(matchTrials, { query: { patient_key, condition: 'nails' } })).items).toHaveLength(1);
      const older = study('NCT00000005', 'Psoriasis, as it was', { updated: '2020-01-01' });
      expect(await imported('older.json', Buffer.from(JSON.stringify(older)))).toMatchObject({ updated: 0, skipped: 1 });
      const cut = JSON.stringify({ studies: [study('NCT00000006', 'Gout', { conditions: ['Gout'] }), study('NCT00000007', 'Gout')] }).slice(
        0,
        -200,
      );
      expect(await imported('cut.json', Buffer.from(cut))).toMatchObject({ added: 1, problem: expect.stringContaining('too early') });
    });

    test('a patient who is not there, or half a place, is refused; an unread entry of the record is no disease', async () => {
      const refused = async (query: Record<string, string>) =>
        (await app.inject({ method: 'GET', url: matchTrials.path, query })).json().type;
      expect(await refused({ patient_key: '00000000-0000-7000-8000-000000000000' })).toBe('urn:isocenter:error:patient-not-found');
      expect(await refused({ patient_key, latitude: '48' })).toBe('urn:isocenter:error:invalid-request');
    });
  });
});

describe('ClinicalTrials.gov', () => {
  test('is asked for names of diseases and statuses alone, and what it says counts before what was imported', async () => {
    const asked: URL[] = [];
    const http = createServer((request, response) => {
      asked.push(new URL(request.url ?? '', 'http://local'));
      response.end(JSON.stringify({ totalCount: 41, studies: [STUDIES[0]], nextPageToken: 'y' }));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const address = http.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    const client = openTrialsClient({ url: `${origin}/api/v2/`, egress: openEgress({ allow: origin }) });
    try {
      const found = await client?.search([['asthma', 'bronchial asthma'], ['gout']], ['RECRUITING', 'NOT_YET_RECRUITING']);
      expect(found).toMatchObject({
        hit_count: 41,
        trials: [{ nct_id: 'NCT00000001', minimum_age: 18, locations: [{ city: 'Berlin', place: { latitude: 52.52 } }] }],
      });
      expect(asked[0]?.pathname).toBe('/api/v2/studies');
      expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
        'query.cond': '(asthma OR "bronchial asthma") OR gout',
        'filter.overallStatus': 'RECRUITING,NOT_YET_RECRUITING',
        countTotal: 'true',
        pageSize: '100',
        format: 'json',
      });
    } finally {
      http.close();
    }
  });

  test('is not asked where it is not configured', () => {
    expect(openTrialsClient({ url: '', egress: openEgress({ allow: '' }) })).toBeUndefined();
  });
});
