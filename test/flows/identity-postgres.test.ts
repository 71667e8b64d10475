import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { addPerson, askWith, counts, logIn, refreshWith, signIn } from '../identity-parts.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

const STUDY = '2.25.1101';

/** Where many connections write at once, counting and using up are the database's matter. */
describe.skipIf(postgresMissing)(`identity on PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  let server: PostgresServer;
  let app: TestApp;
  let closeDatabase: () => Promise<void>;
  beforeAll(async () => {
    server = await startPostgres();
    const database = await server.openDatabase();
    closeDatabase = database.close;
    app = await openTestApp({ databaseUrl: database.url });
    await app.upload('/api/v1/studies', [
      { name: 'a.dcm', bytes: secondaryCapture({ study: STUDY, series: `${STUDY}.1`, instance: `${STUDY}.1.1` }) },
    ]);
  }, 120_000);
  afterAll(async () => {
    await app.close();
    await closeDatabase();
    await server.stop();
  });

  it('many tries at once are counted each, and lock the account', async () => {
    const person = await addPerson(app, 'doctor');
    const answers = await Promise.all(Array.from({ length: 24 }, () => logIn(app, person, 'not the phrase at all')));
    const codes = answers.map(({ statusCode }) => statusCode);
    expect([codes.filter((code) => code === 401).length, codes.filter((code) => code === 429).length]).toEqual([8, 16]);
    expect((await logIn(app, person)).statusCode).toBe(429);
  });

  it('a refresh token that is used many times at once gives one pair at most, and ends its session', async () => {
    const client = await signIn(app, await addPerson(app, 'doctor'));
    const answers = await Promise.all(Array.from({ length: 12 }, () => refreshWith(app, client.refresh)));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    expect(await counts(app, client.access)).toBe(false);
  });

  it('an invitation that is used many times at once makes one account', async () => {
    const { token } = (await app.inject({ method: 'POST', url: '/api/v1/invitations', payload: { role: 'doctor' } })).json();
    const accept = (index: number) =>
      app.http.inject({
        method: 'POST',
        url: '/api/v1/auth/register',
        payload: { invitation: token, username: `invited-${index}`, full_name: 'Invited', password: 'tube glacier onyx parsley' },
      });
    const codes = (await Promise.all(Array.from({ length: 6 }, (_, index) => accept(index)))).map(({ statusCode }) => statusCode);
    expect(codes.filter((code) => code === 201)).toHaveLength(1);
    expect(codes.filter((code) => code === 403)).toHaveLength(5);
  });

  it('keys, links, emergency access and tenants work as on SQLite', async () => {
    const key = (await app.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name: 'k', role: 'service' } })).json();
    expect(await counts(app, key.key)).toBe(true);
    const link = (await app.inject({ method: 'POST', url: '/api/v1/shares', payload: { study_instance_uid: STUDY } })).json();
    const opened = await app.http.inject({ method: 'POST', url: '/api/v1/auth/share', payload: { token: link.token } });
    const seen = await askWith(app, opened.json().access_token, { url: `/api/v1/studies/${STUDY}` });
    expect(seen.statusCode).toBe(200);
    const doctor = await signIn(app, await addPerson(app, 'doctor'));
    expect((await doctor.ask('GET', `/api/v1/studies/${STUDY}`)).statusCode).toBe(404);
    const wanted = { reason: 'Unconscious in the emergency room', study_instance_uid: STUDY, minutes: 5 };
    expect((await doctor.ask('POST', '/api/v1/break-glass', wanted)).statusCode).toBe(201);
    expect((await doctor.ask('GET', `/api/v1/studies/${STUDY}`)).statusCode).toBe(200);
    await app.drain(6 * 60_000);
    expect((await doctor.ask('GET', `/api/v1/studies/${STUDY}`)).statusCode).toBe(404);
    await app.inject({ method: 'POST', url: '/api/v1/tenants', payload: { id: 'north', name: 'North' } });
    const north = await signIn(app, await addPerson(app, 'admin', { tenant: 'north' }));
    expect((await north.ask('GET', '/api/v1/api-keys')).json().items).toEqual([]);
    expect((await north.ask('DELETE', `/api/v1/api-keys/${key.id}`)).statusCode).toBe(404);
    expect(await counts(app, key.key)).toBe(true);
    expect((await app.inject({ url: '/api/v1/users?search=doc' })).json().items.length).toBeGreaterThan(1);
  });
});
