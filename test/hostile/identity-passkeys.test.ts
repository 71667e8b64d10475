import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UsedCredential } from '../../src/contract/identity-passkeys.ts';
import { relyingPartyOf } from '../../src/server/identity/passkeys.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, askWith, counts, FROM_PAGE, logIn, type Person, PHRASE, type SignedInClient, signIn } from '../identity-parts.ts';
import { openPasskeyDevice, type PasskeyDevice } from '../passkey-device.ts';

const MINUTE_MS = 60_000;
const URL = '/api/v1/auth/passkeys';
const ORIGIN = 'https://imaging.example.org';
const PARTY = { rpId: 'imaging.example.org', origin: ORIGIN };

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ env: { ISOCENTER_PUBLIC_URL: ORIGIN } });
});
afterAll(async () => app.close());

let person: Person;
let client: SignedInClient;
let device: PasskeyDevice;
beforeEach(async () => {
  person = await addPerson(app, 'doctor');
  client = await signIn(app, person);
  device = openPasskeyDevice();
});

async function challengeOf(asker: SignedInClient, confirmed: object = { password: PHRASE }): Promise<string> {
  const options = await asker.ask('POST', `${URL}/options`, confirmed);
  if (options.statusCode !== 200) throw new Error(options.body);
  return options.json().challenge;
}

const handleOf = ({ id }: Person): string => Buffer.from(id).toString('base64url');
const add = (asker: SignedInClient, credential: object): Promise<LightMyRequestResponse> =>
  asker.ask('POST', URL, { name: 'Key ring', credential });

/** Makes the device a passkey of the person. */
async function enroll(): Promise<string[]> {
  const challenge = await challengeOf(client);
  const added = await add(client, device.create({ ...PARTY, challenge, userHandle: handleOf(person) }));
  if (added.statusCode !== 201) throw new Error(added.body);
  return added.json().recovery_codes;
}

const beginSignIn = async (): Promise<string> =>
  (await app.http.inject({ method: 'POST', url: `${URL}/sign-in/options` })).json().challenge;
const enter = (credential: UsedCredential, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> =>
  app.http.inject({ method: 'POST', url: `${URL}/sign-in`, payload: { credential }, headers });

describe('a passkey', () => {
  it('is made with the password, found by its device alone, and signs in without name or password', async () => {
    expect((await client.ask('POST', `${URL}/options`, {})).statusCode).toBe(401);
    const options = (await client.ask('POST', `${URL}/options`, { password: PHRASE })).json();
    expect(options).toMatchObject({
      rp: { id: 'imaging.example.org' },
      user: { id: handleOf(person), name: person.username },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const codes = await enroll();
    expect(codes).toHaveLength(10);
    const entered = await enter(device.use({ ...PARTY, challenge: await beginSignIn() }));
    expect(entered.json().profile.username).toBe(person.username);
    const { access_token } = entered.json();
    const { items } = (await askWith(app, access_token, { url: '/api/v1/auth/sessions' })).json();
    expect(items.find(({ is_current }: { is_current: boolean }) => is_current).method).toBe('passkey');
    // A page is given its cookie and no token, as with a password.
    const page = await enter(device.use({ ...PARTY, challenge: await beginSignIn() }), FROM_PAGE);
    expect([page.statusCode, page.cookies.length, page.body.includes('access_token')]).toEqual([200, 1, false]);
  });

  it('makes the password alone open nothing; a recovery code beside it does', async () => {
    const [code = ''] = await enroll();
    const first = (await logIn(app, person)).json();
    expect(first.factors).toEqual(['recovery_code', 'passkey']);
    const second = { challenge: first.challenge, code };
    expect((await app.http.inject({ method: 'POST', url: '/api/v1/auth/login/factor', payload: second })).statusCode).toBe(200);
  });

  it('is what a rule of the tenant asks for', async () => {
    await enroll();
    await app.inject({ method: 'PUT', url: '/api/v1/policies', payload: { mfa_required: ['doctor'] } });
    const entered = (await enter(device.use({ ...PARTY, challenge: await beginSignIn() }))).json();
    expect((await askWith(app, entered.access_token, { url: '/api/v1/studies' })).statusCode).toBe(200);
    await app.inject({ method: 'PUT', url: '/api/v1/policies', payload: { mfa_required: [] } });
  });

  it('is listed, renamed and removed by its owner, with what signs in; others do not find it', async () => {
    await enroll();
    const other = await signIn(app, await addPerson(app, 'doctor'));
    expect((await client.ask('GET', URL)).json().items).toMatchObject([{ id: device.id, name: 'Key ring', last_used_at: null }]);
    expect((await other.ask('GET', URL)).json().items).toEqual([]);
    expect((await other.ask('PATCH', `${URL}/${device.id}`, { name: 'Mine' })).statusCode).toBe(404);
    expect((await other.ask('POST', `${URL}/${device.id}/remove`, { password: PHRASE })).statusCode).toBe(404);
    expect((await client.ask('PATCH', `${URL}/${device.id}`, { name: 'Blue key' })).json().name).toBe('Blue key');
    expect((await client.ask('POST', `${URL}/${device.id}/remove`, { password: PHRASE })).statusCode).toBe(401);
    const { access_token } = (await enter(device.use({ ...PARTY, challenge: await beginSignIn() }))).json();
    const remove = { method: 'POST', url: `${URL}/${device.id}/remove`, payload: {} } as const;
    expect((await askWith(app, access_token, remove)).statusCode).toBe(200);
    expect((await enter(device.use({ ...PARTY, challenge: await beginSignIn() }))).statusCode).toBe(401);
    expect((await logIn(app, person)).json()).toHaveProperty('profile');
  });

  it('that was used more than five minutes ago is not enough to change what signs in', async () => {
    await enroll();
    const { access_token } = (await enter(device.use({ ...PARTY, challenge: await beginSignIn() }))).json();
    await app.drain(6 * MINUTE_MS);
    const remove = { method: 'POST', url: `${URL}/${device.id}/remove`, payload: {} } as const;
    expect((await askWith(app, access_token, remove)).statusCode).toBe(401);
  });
});

describe('a new credential is refused', () => {
  const attempt = async (change: Partial<Parameters<PasskeyDevice['create']>[0]>): Promise<number> => {
    const challenge = await challengeOf(client);
    return (await add(client, device.create({ ...PARTY, challenge, userHandle: handleOf(person), ...change }))).statusCode;
  };

  it.each<[string, Partial<Parameters<PasskeyDevice['create']>[0]>]>([
    ['that a page of another origin made', { origin: 'https://imaging.example.org.evil.test' }],
    ['of the same host without TLS', { origin: 'http://imaging.example.org' }],
    ['for another host', { rpId: 'evil.test' }],
    ['for a challenge that nobody gave', { challenge: 'A'.repeat(43) }],
    ['whose device has not verified its user', { isVerified: false }],
  ])('%s', async (_, change) => {
    expect(await attempt(change)).toBe(401);
    expect((await client.ask('GET', URL)).json().items).toEqual([]);
  });

  it('that answers the challenge of somebody else, one that was used, or one that is over', async () => {
    const other = await signIn(app, await addPerson(app, 'doctor'));
    const theirs = device.create({ ...PARTY, challenge: await challengeOf(other), userHandle: handleOf(person) });
    expect((await add(client, theirs)).statusCode).toBe(401);
    const late = device.create({ ...PARTY, challenge: await challengeOf(client), userHandle: handleOf(person) });
    await app.drain(5 * MINUTE_MS);
    expect((await add(client, late)).statusCode).toBe(401);
    const good = device.create({ ...PARTY, challenge: await challengeOf(client), userHandle: handleOf(person) });
    expect((await add(client, good)).statusCode).toBe(201);
    expect((await add(client, good)).statusCode).toBe(401);
    const signInChallenge = device.create({ ...PARTY, challenge: await beginSignIn(), userHandle: handleOf(person) });
    expect((await add(client, signInChallenge)).statusCode).toBe(401);
  });

  it('that another account has already, with whatever key', async () => {
    await enroll();
    const thief = await addPerson(app, 'doctor');
    const asker = await signIn(app, thief);
    const copy = openPasskeyDevice(Buffer.from(device.id, 'base64url'));
    const credential = copy.create({ ...PARTY, challenge: await challengeOf(asker), userHandle: handleOf(thief) });
    expect((await add(asker, credential)).statusCode).toBe(409);
    expect((await enter(device.use({ ...PARTY, challenge: await beginSignIn() }))).json().profile.id).toBe(person.id);
  });
});

describe('a sign-in by passkey is refused', () => {
  const attempt = async (change: Partial<Parameters<PasskeyDevice['use']>[0]>): Promise<LightMyRequestResponse> =>
    enter(device.use({ ...PARTY, challenge: await beginSignIn(), ...change }));

  it.each<[string, Partial<Parameters<PasskeyDevice['use']>[0]>]>([
    ['from a page of another origin', { origin: 'https://imaging.example.org.evil.test' }],
    ['for another host', { rpId: 'evil.test' }],
    ['for a challenge that nobody gave', { challenge: 'A'.repeat(43) }],
    ['whose device has not verified its user', { isVerified: false }],
    ['with the answer to a registration', { type: 'webauthn.create' }],
    ['that names another account', { userHandle: Buffer.from('somebody else').toString('base64url') }],
  ])('%s', async (_, change) => {
    await enroll();
    const answer = await attempt(change);
    expect([answer.statusCode, answer.cookies]).toEqual([401, []]);
    expect((await attempt({})).statusCode).toBe(200);
  });

  it('with a changed signature, changed data, or the key of another device', async () => {
    await enroll();
    const flipped = (text: string): string => {
      const bytes = Buffer.from(text, 'base64url');
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      return bytes.toString('base64url');
    };
    for (const field of ['signature', 'authenticatorData'] as const) {
      const used = device.use({ ...PARTY, challenge: await beginSignIn() });
      used.response[field] = flipped(used.response[field]);
      expect((await enter(used)).statusCode).toBe(401);
    }
    const copy = openPasskeyDevice(Buffer.from(device.id, 'base64url'));
    const forged = copy.use({ ...PARTY, challenge: await beginSignIn(), userHandle: handleOf(person), count: 99 });
    expect((await enter(forged)).statusCode).toBe(401);
  });

  it('the second time, also at once, and after five minutes', async () => {
    await enroll();
    const used = device.use({ ...PARTY, challenge: await beginSignIn() });
    const answers = await Promise.all([enter(used), enter(used), enter(used)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401, 401]);
    expect((await enter(used)).statusCode).toBe(401);
    const challenge = await beginSignIn();
    await app.drain(5 * MINUTE_MS);
    expect((await attempt({ challenge })).statusCode).toBe(401);
  });

  it('of a device whose count went back: it was copied', async () => {
    await enroll();
    expect((await attempt({ count: 5 })).statusCode).toBe(200);
    expect((await attempt({ count: 5 })).statusCode).toBe(401);
    expect((await attempt({ count: 4 })).statusCode).toBe(401);
    expect((await attempt({ count: 6 })).statusCode).toBe(200);
  });

  it('into an account that was switched off, and one that lost its factors', async () => {
    await enroll();
    await app.inject({ method: 'PATCH', url: `/api/v1/users/${person.id}`, payload: { is_active: false } });
    expect((await attempt({})).statusCode).toBe(401);
    await app.inject({ method: 'PATCH', url: `/api/v1/users/${person.id}`, payload: { is_active: true } });
    expect((await attempt({})).statusCode).toBe(200);
    await app.inject({ method: 'DELETE', url: `/api/v1/users/${person.id}/factors` });
    expect((await attempt({})).statusCode).toBe(401);
    expect(await counts(app, client.access)).toBe(false);
  });

  it('from another site: a change by a page needs an own origin', async () => {
    await enroll();
    const foreign = await enter(device.use({ ...PARTY, challenge: await beginSignIn() }), { origin: 'https://evil.test' });
    expect(foreign.statusCode).toBe(403);
  });
});

describe('the name that passkeys are for', () => {
  const urls = ['https://imaging.example.org', 'https://pacs.example.net:8443'];
  it('is a configured one, whatever a header says, or that of this machine', () => {
    expect(relyingPartyOf(urls, { protocol: 'https', host: 'pacs.example.net:8443' }).rp_id).toBe('pacs.example.net');
    expect(relyingPartyOf(urls, { protocol: 'https', host: 'evil.test' })).toEqual({ rp_id: PARTY.rpId, origin: ORIGIN });
    expect(relyingPartyOf([], { protocol: 'http', host: 'localhost:8042' })).toEqual({
      rp_id: 'localhost',
      origin: 'http://localhost:8042',
    });
    expect(() => relyingPartyOf([], { protocol: 'https', host: 'evil.test' })).toThrow('ISOCENTER_PUBLIC_URL');
    expect(() => relyingPartyOf(['https://192.0.2.1'], { protocol: 'https', host: '192.0.2.1' })).toThrow('ISOCENTER_PUBLIC_URL');
  });
});
