import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { addPerson, askWith, counts, logIn, PHRASE, refreshWith, signIn } from '../identity-parts.ts';
import { openPasskeyDevice } from '../passkey-device.ts';
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
    app = await openTestApp({ databaseUrl: database.url, env: { ISOCENTER_EGRESS_ALLOW: 'http://127.0.0.1:9' } });
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

  it('a code of the second factor, a recovery code and an answer of a passkey that are used many times at once let in once each', async () => {
    const person = await addPerson(app, 'doctor');
    const client = await signIn(app, person);
    const { secret } = (await client.ask('POST', '/api/v1/auth/totp', { password: PHRASE })).json();
    const code = () => TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: app.deps.now().getTime() });
    const [recovery] = (await client.ask('POST', '/api/v1/auth/totp/confirm', { code: code() })).json().recovery_codes;
    await app.drain(30_000);
    const enter = async (typed: string): Promise<number> => {
      const { challenge } = (await logIn(app, person)).json();
      return (await app.http.inject({ method: 'POST', url: '/api/v1/auth/login/factor', payload: { challenge, code: typed } })).statusCode;
    };
    for (const typed of [code(), recovery]) {
      const codes = await Promise.all(Array.from({ length: 6 }, () => enter(typed)));
      expect(codes.filter((status) => status === 200)).toHaveLength(1);
    }
    await app.drain(30_000);
    const device = openPasskeyDevice();
    const party = { rpId: 'localhost', origin: 'http://localhost' };
    const strong = await enter(code());
    expect(strong).toBe(200);
    await app.drain(30_000);
    const options = await client.ask('POST', '/api/v1/auth/passkeys/options', { password: PHRASE, code: code() });
    const { challenge, user } = options.json();
    const credential = device.create({ ...party, challenge, userHandle: user.id });
    expect((await client.ask('POST', '/api/v1/auth/passkeys', { name: 'Key', credential })).statusCode).toBe(201);
    const begun = (await app.http.inject({ method: 'POST', url: '/api/v1/auth/passkeys/sign-in/options' })).json();
    const used = device.use({ ...party, challenge: begun.challenge });
    const entries = Array.from({ length: 6 }, () =>
      app.http.inject({ method: 'POST', url: '/api/v1/auth/passkeys/sign-in', payload: { credential: used } }),
    );
    expect((await Promise.all(entries)).filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });

  it('a rule that demands a second factor, providers and the end of an account work as on SQLite', async () => {
    const person = await addPerson(app, 'technician');
    const client = await signIn(app, person);
    await app.inject({ method: 'PUT', url: '/api/v1/policies', payload: { mfa_required: ['technician'] } });
    expect((await client.ask('GET', '/api/v1/studies')).statusCode).toBe(403);
    await app.inject({ method: 'PUT', url: '/api/v1/policies', payload: { mfa_required: [] } });
    expect((await client.ask('GET', '/api/v1/studies')).statusCode).toBe(200);
    const wanted = { name: 'p', issuer: 'http://127.0.0.1:9', client_id: 'c', client_secret: 's' };
    const made = await app.inject({ method: 'POST', url: '/api/v1/identity-providers', payload: wanted });
    expect(made.statusCode).toBe(201);
    const url = `/api/v1/identity-providers/${made.json().id}`;
    expect((await app.inject({ method: 'POST', url: '/api/v1/identity-providers', payload: wanted })).statusCode).toBe(409);
    expect((await app.inject({ method: 'PATCH', url, payload: { is_active: false } })).json().is_active).toBe(false);
    expect((await app.inject({ method: 'DELETE', url })).statusCode).toBe(200);
    expect((await app.inject({ method: 'DELETE', url: `/api/v1/users/${person.id}/factors` })).statusCode).toBe(200);
    expect(await counts(app, client.access)).toBe(false);
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
