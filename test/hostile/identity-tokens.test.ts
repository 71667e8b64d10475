import { createHmac } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSigningKeys } from '../../src/server/identity/signing-keys.ts';
import { openTestApp, PASSWORD, type TestApp } from '../app.ts';
import { addPerson, askWith, counts, type Person, refreshWith, type SignedInClient, signIn } from '../identity-parts.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let app: TestApp;
let person: Person;
beforeAll(async () => {
  app = await openTestApp();
  person = await addPerson(app, 'radiologist');
});
afterAll(async () => app.close());

describe('a forged access token lets nobody in:', () => {
  let client: SignedInClient;
  let header: { alg: string; kid: string; typ: string };
  let claims: JWTPayload;
  beforeAll(async () => {
    client = await signIn(app, person);
    header = decodeProtectedHeader(client.access) as typeof header;
    claims = decodeJwt(client.access);
    expect(await counts(app, client.access)).toBe(true);
    expect(header).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' });
    expect(claims).toMatchObject({ iss: 'urn:isocenter', aud: 'isocenter-api', sub: person.id, tenant: 'default', role: 'radiologist' });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(15 * 60);
  });

  /** Signed with the server's own key: only what is changed is wrong. */
  const signed = async (change: JWTPayload, changedHeader: object = {}): Promise<string> => {
    const { kid, key } = await openSigningKeys(app.deps).current();
    return new SignJWT({ ...claims, ...change }).setProtectedHeader({ ...header, kid, ...changedHeader }).sign(key);
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const publicKey = async (): Promise<string> => (await app.http.inject({ url: '/.well-known/jwks.json' })).json().keys[0].x;

  it('the same claims signed anew do count, so that the cases below are about what they change', async () => {
    expect(await counts(app, await signed({}))).toBe(true);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['alg none', () => `${part({ ...header, alg: 'none' })}.${part(claims)}.`],
    ['alg none with the signature left on', () => `${part({ ...header, alg: 'none' })}.${part(claims)}.${client.access.split('.')[2]}`],
    [
      'HS256 with the public key as the secret',
      async () => {
        const content = `${part({ ...header, alg: 'HS256' })}.${part(claims)}`;
        const secret = Buffer.from(await publicKey(), 'base64url');
        return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
      },
    ],
    [
      'another key under the same id',
      async () => {
        const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
        return new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
      },
    ],
    [
      'a key that it brings along',
      async () => {
        const { privateKey, publicKey: own } = await generateKeyPair('EdDSA', { extractable: true });
        return new SignJWT(claims).setProtectedHeader({ ...header, jwk: await exportJWK(own) }).sign(privateKey);
      },
    ],
    ['another audience', () => signed({ aud: 'somebody-else' })],
    ['another issuer', () => signed({ iss: 'https://evil.example' })],
    ['expired', () => signed({ exp: Math.floor(app.deps.now().getTime() / 1000) - 1 })],
    [
      'without an expiry',
      async () => {
        const { exp: _, ...endless } = claims;
        const { kid, key } = await openSigningKeys(app.deps).current();
        return new SignJWT(endless).setProtectedHeader({ ...header, kid }).sign(key);
      },
    ],
    ['not valid yet', () => signed({ nbf: Math.floor(app.deps.now().getTime() / 1000) + 600 })],
    ['another type of token', () => signed({}, { typ: 'JWT' })],
    ['a session that does not exist', () => signed({ sid: '00000000-0000-7000-8000-000000000000' })],
    ['the session of somebody else', () => signed({ sub: '00000000-0000-7000-8000-000000000000' })],
    ['another tenant', () => signed({ tenant: 'north' })],
    ['changed claims', () => client.access.replace(/\.[^.]+\./, `.${part({ ...claims, role: 'admin' })}.`)],
    ['oversized', () => signed({ padding: 'x'.repeat(8_000) })],
    ['an unknown key id', () => signed({}, { kid: '../../../etc/passwd' })],
    [
      'a critical header that nobody knows',
      () => `${part({ ...header, crit: ['x'], x: 1 })}.${client.access.split('.').slice(1).join('.')}`,
    ],
  ])('%s', async (_, forge) => {
    expect(await counts(app, await forge())).toBe(false);
  });

  it('a role in the token is not believed: the account decides', async () => {
    const response = await askWith(app, await signed({ role: 'admin' }), { url: '/api/v1/users' });
    expect(response.statusCode).toBe(403);
  });
});

describe('a refresh token', () => {
  it('works once; a second use ends the session with all its tokens and its cookie', async () => {
    const client = await signIn(app, person);
    const other = await signIn(app, person);
    const next = (await refreshWith(app, client.refresh)).json();
    expect(await counts(app, next.access_token)).toBe(true);
    const again = await refreshWith(app, client.refresh);
    expect([again.statusCode, again.json().type]).toEqual([401, 'urn:isocenter:error:unauthenticated']);
    for (const token of [client.access, next.access_token, client.cookie]) expect(await counts(app, token)).toBe(false);
    expect((await refreshWith(app, next.refresh_token)).statusCode).toBe(401);
    expect(await counts(app, other.access)).toBe(true);
  });

  it('that is used many times at once gives one pair at most, and ends its session', async () => {
    const client = await signIn(app, person);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refreshWith(app, client.refresh)));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    expect(await counts(app, client.access)).toBe(false);
  });

  it.each(['A'.repeat(43), 'x'.repeat(4_000), `${'A'.repeat(42)}=`])('that nobody made is refused (%#)', async (token) => {
    expect([400, 401]).toContain((await refreshWith(app, token)).statusCode);
  });

  it('is no access token, and an access token is no refresh token', async () => {
    const client = await signIn(app, person);
    expect(await counts(app, client.refresh)).toBe(false);
    expect((await refreshWith(app, client.access)).statusCode).toBe(401);
  });
});

describe('what ends a session ends its access at once:', () => {
  const gone = async (client: SignedInClient): Promise<boolean[]> => [await counts(app, client.access), await counts(app, client.cookie)];

  it('its revocation, and no other session', async () => {
    const [one, two] = [await signIn(app, person), await signIn(app, person)];
    const { items } = (await two.ask('GET', '/api/v1/auth/sessions')).json();
    const { sid } = decodeJwt(one.access);
    expect(items.map(({ id }: { id: string }) => id)).toContain(sid);
    expect((await two.ask('DELETE', `/api/v1/auth/sessions/${sid}`)).statusCode).toBe(200);
    expect(await gone(one)).toEqual([false, false]);
    expect(await gone(two)).toEqual([true, true]);
    expect((await refreshWith(app, one.refresh)).statusCode).toBe(401);
  });

  it('logout', async () => {
    const client = await signIn(app, person);
    await client.ask('POST', '/api/v1/auth/logout');
    expect(await gone(client)).toEqual([false, false]);
  });

  it('the deactivation of the account', async () => {
    const leaver = await addPerson(app, 'technician');
    const client = await signIn(app, leaver);
    const url = `/api/v1/users/${leaver.id}`;
    expect((await app.inject({ method: 'PATCH', url, payload: { is_active: false } })).statusCode).toBe(200);
    expect(await gone(client)).toEqual([false, false]);
    await app.inject({ method: 'PATCH', url, payload: { is_active: true } });
    expect(await gone(client)).toEqual([false, false]);
  });

  it('a change of the role counts at once, too', async () => {
    const climber = await addPerson(app, 'radiologist');
    const client = await signIn(app, climber);
    expect((await client.ask('GET', '/api/v1/shares')).statusCode).toBe(200);
    await app.inject({ method: 'PATCH', url: `/api/v1/users/${climber.id}`, payload: { role: 'technician' } });
    expect((await client.ask('GET', '/api/v1/shares')).statusCode).toBe(403);
  });

  it('the suspension of the tenant, for its keys as well', async () => {
    await app.inject({ method: 'POST', url: '/api/v1/tenants', payload: { id: 'south', name: 'South' } });
    const admin = await addPerson(app, 'admin', { tenant: 'south' });
    const client = await signIn(app, admin);
    const { key } = (await client.ask('POST', '/api/v1/api-keys', { name: 'k', role: 'service' })).json();
    expect(await counts(app, key)).toBe(true);
    await app.inject({ method: 'PATCH', url: '/api/v1/tenants/south', payload: { is_active: false } });
    expect([...(await gone(client)), await counts(app, key)]).toEqual([false, false, false]);
    expect((await refreshWith(app, client.refresh)).statusCode).toBe(401);
    await app.inject({ method: 'PATCH', url: '/api/v1/tenants/south', payload: { is_active: true } });
    expect(await counts(app, key)).toBe(true);
  });
});

describe('time', () => {
  it('locks a session that is unused for a quarter of an hour; use keeps it open, what a page asks by itself does not', async () => {
    const [used, idle, background] = [await signIn(app, person), await signIn(app, person), await signIn(app, person)];
    for (let round = 0; round < 2; round += 1) {
      await app.drain(8 * MINUTE_MS);
      expect(await counts(app, used.cookie)).toBe(true);
      const headers = { 'x-isocenter-background': '1' };
      await askWith(app, background.cookie, { url: '/api/v1/auth/whoami', headers });
      await app.inject({ url: '/api/v1/auth/whoami' });
    }
    expect(await counts(app, used.cookie)).toBe(true);
    expect(await counts(app, idle.cookie)).toBe(false);
    expect(await counts(app, background.cookie)).toBe(false);
    expect((await refreshWith(app, idle.refresh)).statusCode).toBe(401);
  });

  it('ends a session after 24 hours, however much it is used', async () => {
    const client = await signIn(app, person);
    let latest = client.refresh;
    for (let minutes = 0; minutes < 24 * 60 - 12; minutes += 12) {
      await app.drain(12 * MINUTE_MS);
      const response = await refreshWith(app, latest);
      expect(response.statusCode).toBe(200);
      latest = response.json().refresh_token;
    }
    await app.drain(12 * MINUTE_MS);
    expect((await refreshWith(app, latest)).statusCode).toBe(401);
  });

  it('brings a new signing key after 30 days, and the old one verifies what it signed', async () => {
    const fresh = await openTestApp();
    try {
      const reader = { username: 'reader', tenant: 'default' };
      const first = await signIn(fresh, reader, PASSWORD);
      await fresh.drain(30 * 24 * HOUR_MS - 5 * MINUTE_MS);
      const before = await signIn(fresh, reader, PASSWORD);
      expect(decodeProtectedHeader(before.access).kid).toBe(decodeProtectedHeader(first.access).kid);
      await fresh.drain(10 * MINUTE_MS);
      const after = await signIn(fresh, reader, PASSWORD);
      const [oldKid, newKid] = [decodeProtectedHeader(before.access).kid, decodeProtectedHeader(after.access).kid];
      expect(newKid).not.toBe(oldKid);
      expect(await counts(fresh, before.access)).toBe(true);
      expect(await counts(fresh, after.access)).toBe(true);
      const published = async (): Promise<string[]> =>
        (await fresh.http.inject({ url: '/.well-known/jwks.json' })).json().keys.map(({ kid }: { kid: string }) => kid);
      expect(await published()).toEqual(expect.arrayContaining([oldKid, newKid]));
      await fresh.drain(2 * HOUR_MS);
      expect(await published()).toEqual([newKid]);
    } finally {
      await fresh.close();
    }
  });

  it('makes one signing key, however many ask for the first one at once', async () => {
    await app.deps.systemDb.deleteFrom('signing_key').execute();
    const keys = openSigningKeys(app.deps);
    const listed = await Promise.all([keys.listPublic(), keys.listPublic(), keys.current().then(() => keys.listPublic())]);
    expect(await app.deps.systemDb.selectFrom('signing_key').select('kid').execute()).toHaveLength(1);
    expect(listed.map((list) => list.length)).toEqual([1, 1, 1]);
  });

  it('keeps private keys sealed in the database', async () => {
    const rows = await app.deps.systemDb.selectFrom('signing_key').selectAll().execute();
    expect(rows.length).toBeGreaterThan(0);
    for (const { private_key } of rows) expect(private_key).toMatch(/^sealed1\./);
  });
});
