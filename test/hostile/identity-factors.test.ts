import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listAuditEntries } from '../../src/contract/audit.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, askWith, counts, logIn, type Person, PHRASE, type SignedInClient, signIn } from '../identity-parts.ts';

const STEP_MS = 30_000;
const MINUTE_MS = 60_000;
const TOTP_URL = '/api/v1/auth/totp';
const WRONG_PASSWORD = 'a phrase that is wrong 99';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

const post = (url: string, payload: object) => app.http.inject({ method: 'POST', url, payload });
const asAdmin = (method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE', url: string, payload?: object) =>
  app.inject({ method, url, ...(payload ? { payload } : {}) });
const codeOf = (secret: string, steps = 0): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: app.deps.now().getTime() + steps * STEP_MS });
/** Six digits that are not the code of a step near the present one. */
const wrongCodeFor = (secret: string): string => {
  const near = new Set([-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps)));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.has(code)) ?? '';
};

/** Sets an authenticator app up, and moves to the next step, whose code was not used. */
async function enroll(client: SignedInClient): Promise<{ secret: string; codes: string[] }> {
  const { secret } = (await client.ask('POST', TOTP_URL, { password: PHRASE })).json();
  const confirmed = await client.ask('POST', `${TOTP_URL}/confirm`, { code: codeOf(secret) });
  if (confirmed.statusCode !== 200) throw new Error(confirmed.body);
  await app.drain(STEP_MS);
  return { secret, codes: confirmed.json().recovery_codes };
}

async function challengeFor(person: Person): Promise<string> {
  const { challenge, ...rest } = (await logIn(app, person)).json();
  expect(Object.keys(rest).sort()).toEqual(['expires_at', 'factors']);
  return challenge;
}

const complete = (challenge: string, code: string) => post('/api/v1/auth/login/factor', { challenge, code });

let person: Person;
let client: SignedInClient;
beforeEach(async () => {
  person = await addPerson(app, 'doctor');
  client = await signIn(app, person);
});

describe('an authenticator app', () => {
  it('counts once a code of it was shown; then a password alone opens nothing', async () => {
    const begun = await client.ask('POST', TOTP_URL, { password: PHRASE });
    const { secret, uri } = begun.json();
    expect(uri).toContain(`secret=${secret}`);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Isocenter/);
    expect((await logIn(app, person)).json()).toHaveProperty('profile');
    expect((await client.ask('POST', `${TOTP_URL}/confirm`, { code: wrongCodeFor(secret) })).statusCode).toBe(401);
    const confirmed = await client.ask('POST', `${TOTP_URL}/confirm`, { code: codeOf(secret) });
    expect(confirmed.json().recovery_codes).toHaveLength(10);
    expect((await client.ask('POST', `${TOTP_URL}/confirm`, { code: codeOf(secret, 1) })).statusCode).toBe(409);
    await app.drain(STEP_MS);
    const first = await logIn(app, person);
    expect(first.statusCode).toBe(200);
    expect(first.cookies).toEqual([]);
    expect(first.json().factors).toEqual(['totp', 'recovery_code']);
    expect(first.body).not.toContain('token');
    const second = await complete(first.json().challenge, codeOf(secret));
    expect(second.json().profile.username).toBe(person.username);
    expect(await counts(app, second.json().access_token)).toBe(true);
    const [session] = (await askWith(app, second.json().access_token, { url: '/api/v1/auth/factors' })).json().totp_since;
    expect(session).toBeDefined();
  });

  it('needs the password to be set up, and ends all other sessions once it counts', async () => {
    const other = await signIn(app, person);
    expect((await client.ask('POST', TOTP_URL, {})).statusCode).toBe(401);
    expect((await client.ask('POST', TOTP_URL, { password: WRONG_PASSWORD })).statusCode).toBe(401);
    await enroll(client);
    expect([await counts(app, client.access), await counts(app, other.access)]).toEqual([true, false]);
  });

  it('keeps its secret sealed, and never tells it again', async () => {
    const { secret } = await enroll(client);
    const row = await app.deps.db.selectFrom('totp_factor').selectAll().where('user_id', '=', person.id).executeTakeFirstOrThrow();
    expect(row.secret).toMatch(/^sealed1\./);
    expect(JSON.stringify(row)).not.toContain(secret);
    const told = await Promise.all(
      ['/api/v1/auth/factors', '/api/v1/auth/profile', '/api/v1/auth/whoami'].map((url) => client.ask('GET', url)),
    );
    for (const { body } of told) expect(body).not.toContain(secret);
    expect((await client.ask('POST', TOTP_URL, { password: PHRASE, code: codeOf(secret) })).statusCode).toBe(409);
  });

  it('is removed with the password and a code, and not with one of them', async () => {
    const { secret } = await enroll(client);
    const remove = (payload: object) => client.ask('POST', `${TOTP_URL}/remove`, payload);
    expect((await remove({ password: PHRASE })).statusCode).toBe(401);
    expect((await remove({ code: codeOf(secret) })).statusCode).toBe(401);
    expect((await remove({ password: PHRASE, code: wrongCodeFor(secret) })).statusCode).toBe(401);
    expect((await remove({ password: PHRASE, code: codeOf(secret) })).statusCode).toBe(200);
    expect((await logIn(app, person)).json()).toHaveProperty('profile');
    expect((await client.ask('GET', '/api/v1/auth/factors')).json()).toMatchObject({ totp_since: null, recovery_codes_left: 0 });
  });
});

describe('a code', () => {
  it('works once, also of two at once, and no earlier one after it', async () => {
    const { secret } = await enroll(client);
    const code = codeOf(secret);
    const challenges = await Promise.all(Array.from({ length: 5 }, () => challengeFor(person)));
    const answers = await Promise.all(challenges.map((challenge) => complete(challenge, code)));
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401, 401, 401]);
    expect((await complete(await challengeFor(person), codeOf(secret, -1))).statusCode).toBe(401);
    expect((await complete(await challengeFor(person), codeOf(secret, 1))).statusCode).toBe(200);
  });

  it('counts a step early and late for clocks that differ, and no more', async () => {
    const { secret } = await enroll(client);
    await app.drain(5 * STEP_MS);
    expect((await complete(await challengeFor(person), codeOf(secret, -2))).statusCode).toBe(401);
    expect((await complete(await challengeFor(person), codeOf(secret, 2))).statusCode).toBe(401);
    expect((await complete(await challengeFor(person), codeOf(secret, -1))).statusCode).toBe(200);
  });

  it('of somebody else opens nothing', async () => {
    await enroll(client);
    const other = await addPerson(app, 'doctor');
    const theirs = await enroll(await signIn(app, other));
    expect((await complete(await challengeFor(person), codeOf(theirs.secret))).statusCode).toBe(401);
    expect((await complete(await challengeFor(person), theirs.codes[0] ?? '')).statusCode).toBe(401);
  });

  it('cannot be guessed: after 8 tries there is a wait, which the right password does not end', async () => {
    const { secret } = await enroll(client);
    const wrong = wrongCodeFor(secret);
    for (let index = 0; index < 8; index += 1) expect((await complete(await challengeFor(person), wrong)).statusCode).toBe(401);
    expect((await complete(await challengeFor(person), codeOf(secret))).statusCode).toBe(429);
    await app.drain(MINUTE_MS);
    expect((await complete(await challengeFor(person), codeOf(secret))).statusCode).toBe(200);
  });
});

describe('the second step', () => {
  it('ends after five minutes, with its use, with a new password and with the account', async () => {
    const { secret, codes } = await enroll(client);
    const late = await challengeFor(person);
    await app.drain(5 * MINUTE_MS);
    expect((await complete(late, codeOf(secret))).statusCode).toBe(401);
    const used = await challengeFor(person);
    expect((await complete(used, codeOf(secret))).statusCode).toBe(200);
    expect((await complete(used, codes[0] ?? '')).statusCode).toBe(401);
    const before = await challengeFor(person);
    const { token } = (await asAdmin('POST', `/api/v1/users/${person.id}/password-reset`)).json();
    await post('/api/v1/auth/password-reset', { token, password: 'walnut ferry quartz meadow' });
    expect((await complete(before, codes[1] ?? '')).statusCode).toBe(401);
    // A new password does not pass the second factor.
    const again = await logIn(app, person, 'walnut ferry quartz meadow');
    expect(again.json()).toHaveProperty('challenge');
    await asAdmin('PATCH', `/api/v1/users/${person.id}`, { is_active: false });
    expect((await complete(again.json().challenge, codes[2] ?? '')).statusCode).toBe(401);
  });

  it('takes no other secret for its challenge', async () => {
    await enroll(client);
    for (const secret of [client.cookie, client.refresh, 'x'.repeat(43)]) expect((await complete(secret, '123456')).statusCode).toBe(401);
  });

  it('is in the audit trail with its factor, and refused tries with the account', async () => {
    const { secret } = await enroll(client);
    await complete(await challengeFor(person), wrongCodeFor(secret));
    await complete(await challengeFor(person), codeOf(secret));
    const query = { actor: person.id, action: 'login', limit: 20 } as const;
    const { items } = await app.call(listAuditEntries, { query });
    const steps = items.map(({ operation, outcome, details }) => [operation, outcome, details]);
    expect(steps).toContainEqual(['POST /api/v1/auth/login/factor', 'refused', {}]);
    expect(steps).toContainEqual(['POST /api/v1/auth/login/factor', 'success', { factor: 'totp' }]);
    expect(steps).toContainEqual(['POST /api/v1/auth/login', 'success', { second_step: true }]);
  });
});

describe('recovery codes', () => {
  it('are ten, kept as digests, each good once in place of a code; new ones make the old void', async () => {
    const { codes, secret } = await enroll(client);
    const rows = await app.deps.db.selectFrom('recovery_code').select('code_hash').where('user_id', '=', person.id).execute();
    expect(new Set(rows.map(({ code_hash }) => code_hash)).size).toBe(10);
    for (const code of codes) expect(JSON.stringify(rows)).not.toContain(code.replaceAll('-', ''));
    const [first = '', second = ''] = codes;
    const entered = await complete(await challengeFor(person), first.toUpperCase().replaceAll('-', ' '));
    expect(entered.statusCode).toBe(200);
    expect((await complete(await challengeFor(person), first)).statusCode).toBe(401);
    const { access_token } = entered.json();
    const ask = (payload: object) => askWith(app, access_token, { method: 'POST', url: '/api/v1/auth/recovery-codes', payload });
    expect((await askWith(app, access_token, { url: '/api/v1/auth/factors' })).json().recovery_codes_left).toBe(9);
    expect((await ask({ password: PHRASE })).statusCode).toBe(401);
    const renewed = (await ask({ password: PHRASE, code: codeOf(secret) })).json().recovery_codes;
    expect(renewed).toHaveLength(10);
    expect((await complete(await challengeFor(person), second)).statusCode).toBe(401);
    expect((await complete(await challengeFor(person), renewed[0])).statusCode).toBe(200);
  });
});

describe('an administrator', () => {
  it('takes the factors from who has lost them, who is signed out; it is in the audit trail, and the own ones are not taken so', async () => {
    await enroll(client);
    expect((await asAdmin('DELETE', `/api/v1/users/${person.id}/factors`)).statusCode).toBe(200);
    expect(await counts(app, client.access)).toBe(false);
    expect((await logIn(app, person)).json()).toHaveProperty('profile');
    const { items } = (await asAdmin('GET', '/api/v1/audit?action=admin&limit=5')).json();
    expect(items.map(({ operation }: { operation: string }) => operation)).toContain('DELETE /api/v1/users/:id/factors');
    const { id } = (await asAdmin('GET', '/api/v1/auth/profile')).json();
    expect((await asAdmin('DELETE', `/api/v1/users/${id}/factors`)).statusCode).toBe(409);
    const doctor = await signIn(app, person);
    expect((await doctor.ask('DELETE', `/api/v1/users/${id}/factors`)).statusCode).toBe(403);
  });

  it('demands a second factor of a role: who has none may set one up and nothing else, at once, and everything afterwards', async () => {
    const technician = await addPerson(app, 'technician');
    const seated = await signIn(app, technician);
    expect((await seated.ask('GET', '/api/v1/studies')).statusCode).toBe(200);
    await asAdmin('PUT', '/api/v1/policies', { mfa_required: ['technician'] });
    expect((await seated.ask('GET', '/api/v1/studies')).statusCode).toBe(403);
    const fresh = await signIn(app, technician);
    expect((await fresh.ask('GET', '/api/v1/studies')).statusCode).toBe(403);
    expect((await fresh.ask('GET', '/dicom-web/studies')).statusCode).toBe(403);
    expect((await fresh.ask('GET', '/api/v1/auth/whoami')).json()).toMatchObject({ must_enroll: true, permissions: [] });
    expect((await client.ask('GET', '/api/v1/studies')).statusCode).toBe(200);
    const { secret } = await enroll(fresh);
    expect((await fresh.ask('GET', '/api/v1/studies')).statusCode).toBe(200);
    const strong = (await complete(await challengeFor(technician), codeOf(secret))).json();
    await asAdmin('PUT', '/api/v1/policies', { mfa_required: ['technician', 'doctor'] });
    expect((await askWith(app, strong.access_token, { url: '/api/v1/studies' })).statusCode).toBe(200);
    // Who comes into the role, and who takes the factor away again, is under the rule as well.
    expect((await client.ask('GET', '/api/v1/studies')).statusCode).toBe(403);
    await asAdmin('PUT', '/api/v1/policies', { mfa_required: ['technician'] });
    expect((await client.ask('GET', '/api/v1/studies')).statusCode).toBe(200);
    await asAdmin('PATCH', `/api/v1/users/${person.id}`, { role: 'technician' });
    expect((await client.ask('GET', '/api/v1/studies')).statusCode).toBe(403);
    await app.drain(STEP_MS);
    const removed = await askWith(app, strong.access_token, {
      method: 'POST',
      url: `${TOTP_URL}/remove`,
      payload: { password: PHRASE, code: codeOf(secret) },
    });
    expect(removed.statusCode).toBe(200);
    expect((await askWith(app, strong.access_token, { url: '/api/v1/studies' })).statusCode).toBe(403);
    await asAdmin('PUT', '/api/v1/policies', { mfa_required: [] });
  });
});
