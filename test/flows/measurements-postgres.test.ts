import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getMeasurements, saveMeasurements } from '../../src/contract/measurements.ts';
import { getChanges, listPriors } from '../../src/contract/priors.ts';
import { openTestApp, requestOf, type TestApp } from '../app.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

describe.skipIf(postgresMissing)(`measurements and priors on PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  let server: PostgresServer;
  let app: TestApp;
  let closeDatabase: () => Promise<void>;
  beforeAll(async () => {
    server = await startPostgres();
    const database = await server.openDatabase();
    closeDatabase = database.close;
    app = await openTestApp({ databaseUrl: database.url });
  }, 120_000);
  afterAll(async () => {
    await app.close();
    await closeDatabase();
    await server.stop();
  });

  const storeStudy = async (number: number, date: string): Promise<void> => {
    const ids = { study: uid(number), series: uid(number, 1), instance: uid(number, 1, 1), patientId: 'MEASURED' };
    const bytes = secondaryCapture({ ...ids, modality: 'CT', more: { '00080020': { vr: 'DA', Value: [date] } } });
    expect((await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }])).statusCode).toBe(200);
  };
  const save = (number: number, mm: number, label = 'Nodule') => {
    const points = [
      [1, 1],
      [5, 5],
    ];
    const place = { sop_instance_uid: uid(number, 1, 1), frame: 1, points, comment: null };
    const values = [{ quantity: 'length' as const, value: mm, unit: 'mm' as const }];
    const items = [{ ...place, tracking_uid: '2.25.7', label, kind: 'length' as const, values }];
    const request = requestOf(saveMeasurements, { params: { study_instance_uid: uid(number) }, body: { items } });
    return app.inject({ ...request, headers: { 'if-match': '"none"' } });
  };

  it('are saved, refused to the second of two, read back, ranked and compared', async () => {
    await storeStudy(800, '20260401');
    await storeStudy(801, '20260101');
    expect((await save(801, 6)).statusCode).toBe(200);
    const answers = await Promise.all([save(800, 12, 'A'), save(800, 12, 'B')]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412]);
    const params = { study_instance_uid: uid(800) };
    expect((await app.call(getMeasurements, { params })).items).toMatchObject([{ values: [{ value: 12 }] }]);
    expect((await app.call(listPriors, { params })).items).toMatchObject([{ study_instance_uid: uid(801), days: 90, is_reported: false }]);
    const changes = await app.call(getChanges, { params, query: { prior_study: uid(801) } });
    expect(changes.items).toMatchObject([{ prior: 6, present: 12, change: { percent: 100 } }]);
  });
});
