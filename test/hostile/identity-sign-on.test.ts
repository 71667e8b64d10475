import { createHmac } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addProvider, type Provider } from '../../src/contract/identity-providers.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { type LyingProvider, openLyingProvider, openRealProvider, type RealProvider, type TokenParts } from '../sign-on-provider.ts';

const SECRET = 'a secret that the provider and we share';
const MINUTE_MS = 60_000;
const START = '/api/v1/auth/oidc/start';

let real: RealProvider;
let lying: LyingProvider;
let app: TestApp;
let one: Provider;
let other: Provider;
let liar: Provider;
beforeAll(async () => {
  real = await openRealProvider();
  lying = await openLyingProvider();
  app = await openTestApp({ env: { ISOCENTER_EGRESS_ALLOW: `${real.issuer}, ${lying.issuer}` } });
  const rules = { client_secret: SECRET, scopes: [], provisions: true, default_role: 'doctor' } as const;
  const add = (name: string, issuer: string): Promise<Provider> =>
    app.call(addProvider, { body: { ...rules, scopes: [], name, issuer, client_id: name } });
  one = await add('one', real.issuer);
  other = await add('other', real.issuer);
  liar = await add('liar', lying.issuer);
  await real.serve(
    [one, other].map(({ client_id, redirect_uri }) => ({ client_id, client_secret: SECRET, redirect_uris: [redirect_uri] })),
  );
  real.people.set('victim', { claims: {} });
  real.people.set('attacker', { claims: {} });
});
afterAll(async () => {
  await app.close();
  await real.close();
  await lying.close();
});

type Begun = { url: URL; cookies: Record<string, string> };

async function begin({ id }: Provider): Promise<Begun> {
  const response = await app.http.inject({ method: 'POST', url: START, payload: { provider_id: id } });
  if (response.statusCode !== 200) throw new Error(response.body);
  return { url: new URL(response.json().url), cookies: Object.fromEntries(response.cookies.map(({ name, value }) => [name, value])) };
}

const arrive = (back: URL, cookies: Record<string, string>): Promise<LightMyRequestResponse> =>
  app.http.inject({ url: `${back.pathname}${back.search}`, cookies });
const lets = ({ statusCode, cookies }: LightMyRequestResponse): boolean =>
  statusCode === 302 && cookies.some(({ name, value }) => name === 'isocenter_session' && value !== '');

describe('an answer of a real provider', () => {
  it('lets in once, also of two at once', async () => {
    const { url, cookies } = await begin(one);
    const back = await real.walk(url.href, 'victim');
    const answers = await Promise.all([arrive(back, cookies), arrive(back, cookies)]);
    expect(answers.filter(lets)).toHaveLength(1);
    expect(lets(await arrive(back, cookies))).toBe(false);
  });

  it('lets in the browser alone that has asked (login CSRF), and nobody after five minutes', async () => {
    const mine = await begin(one);
    const back = await real.walk(mine.url.href, 'attacker');
    expect(lets(await arrive(back, {}))).toBe(false);
    const again = await begin(one);
    const planted = await real.walk(again.url.href, 'attacker');
    const victim = await begin(one);
    expect(lets(await arrive(planted, victim.cookies))).toBe(false);
    const late = await begin(one);
    const slow = await real.walk(late.url.href, 'attacker');
    await app.drain(5 * MINUTE_MS);
    expect(lets(await arrive(slow, late.cookies))).toBe(false);
  });

  it('whose code was stolen is of no use in another sign-in: neither with its state nor with the nonce of the first', async () => {
    const victim = await begin(one);
    const stolen = (await real.walk(victim.url.href, 'victim')).searchParams.get('code') ?? '';
    const attacker = await begin(one);
    const back = await real.walk(attacker.url.href, 'attacker');
    back.searchParams.set('code', stolen);
    expect(lets(await arrive(back, attacker.cookies))).toBe(false);
  });

  it.each(['nonce', 'code_challenge'])('to a question whose %s was changed on the way is refused', async (parameter) => {
    const { url, cookies } = await begin(one);
    url.searchParams.set(parameter, 'A'.repeat(43));
    expect(lets(await arrive(await real.walk(url.href, 'victim'), cookies))).toBe(false);
  });

  it('does not count for another provider (mix-up), nor with the name of another issuer or state', async () => {
    const mixed = await begin(one);
    const back = await real.walk(mixed.url.href, 'victim');
    back.pathname = back.pathname.replace(one.id, other.id);
    expect(lets(await arrive(back, mixed.cookies))).toBe(false);
    const renamed = await begin(one);
    const named = await real.walk(renamed.url.href, 'victim');
    expect(named.searchParams.get('iss')).toBe(real.issuer);
    named.searchParams.set('iss', lying.issuer);
    expect(lets(await arrive(named, renamed.cookies))).toBe(false);
    const unnamed = await begin(one);
    const bare = await real.walk(unnamed.url.href, 'victim');
    bare.searchParams.delete('iss');
    expect(lets(await arrive(bare, unnamed.cookies))).toBe(false);
    const twice = await begin(one);
    const doubled = await real.walk(twice.url.href, 'victim');
    doubled.searchParams.append('code', 'another');
    expect(lets(await arrive(doubled, twice.cookies))).toBe(false);
  });

  it('that says no is a refusal, which tells nothing of what the address says', async () => {
    const { url, cookies } = await begin(one);
    const query = new URLSearchParams({
      error: 'access_denied',
      error_description: '<script>',
      state: url.searchParams.get('state') ?? '',
    });
    const answer = await app.http.inject({ url: `/api/v1/auth/oidc/callback/${one.id}?${query}`, cookies });
    expect([answer.statusCode, answer.body.includes('script')]).toEqual([401, false]);
  });

  it('of somebody at one provider is nobody at another, though both call him the same', async () => {
    const signOn = async (provider: Provider): Promise<string> => {
      const { url, cookies } = await begin(provider);
      const { cookies: given } = await arrive(await real.walk(url.href, 'victim'), cookies);
      const authorization = `Bearer ${given.find(({ name }) => name === 'isocenter_session')?.value}`;
      return (await app.http.inject({ url: '/api/v1/auth/profile', headers: { authorization } })).json().id;
    };
    const [here, there] = [await signOn(one), await signOn(other)];
    expect(here).toBe(await signOn(one));
    expect(here).not.toBe(there);
  });
});

describe('an ID token', () => {
  let begun: Begun;
  let claims: JWTPayload;
  beforeEach(async () => {
    lying.describeAs({});
    begun = await begin(liar);
    const at = Math.floor(Date.now() / 1000);
    const nonce = begun.url.searchParams.get('nonce') ?? '';
    claims = { iss: lying.issuer, aud: 'liar', sub: 'somebody', nonce, iat: at, exp: at + 60 };
  });
  const answer = (): Promise<LightMyRequestResponse> => {
    const query = new URLSearchParams({ code: 'c', state: begun.url.searchParams.get('state') ?? '' });
    return app.http.inject({ url: `/api/v1/auth/oidc/callback/${liar.id}?${query}`, cookies: begun.cookies });
  };
  const without = (name: string): JWTPayload => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('that is right lets in, so that the cases below are about what they change', async () => {
    lying.answerWith(({ sign }) => sign(claims));
    expect(lets(await answer())).toBe(true);
  });

  it.each<[string, (parts: TokenParts) => Promise<string>]>([
    ['for another audience', ({ sign }) => sign({ ...claims, aud: 'another client' })],
    ['for many, given to another', ({ sign }) => sign({ ...claims, aud: ['liar', 'x'], azp: 'x' })],
    ['of another issuer', ({ sign }) => sign({ ...claims, iss: real.issuer })],
    ['with another nonce', ({ sign }) => sign({ ...claims, nonce: 'another' })],
    ['without a nonce', ({ sign }) => sign(without('nonce'))],
    ['that is over', ({ sign }) => sign({ ...claims, iat: (claims.iat ?? 0) - 7_200, exp: (claims.iat ?? 0) - 3_600 })],
    ['without an end', ({ sign }) => sign(without('exp'))],
    ['that names nobody', ({ sign }) => sign(without('sub'))],
    ['that is not signed', async () => `${part({ alg: 'none' })}.${part(claims)}.`],
    [
      'signed with the secret of the client',
      async () => {
        const content = `${part({ alg: 'HS256' })}.${part(claims)}`;
        return `${content}.${createHmac('sha256', SECRET).update(content).digest('base64url')}`;
      },
    ],
    [
      'signed with a key that the provider does not publish',
      async () => {
        const { privateKey } = await generateKeyPair('RS256');
        return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'lying' }).sign(privateKey);
      },
    ],
    ['that is missing', async () => ''],
  ])('%s is refused', async (_, token) => {
    lying.answerWith(token);
    const refused = await answer();
    expect([refused.statusCode, lets(refused)]).toEqual([401, false]);
  });
});

describe('a provider', () => {
  it('that describes itself as another one is not used', async () => {
    lying.describeAs({ issuer: real.issuer });
    const response = await app.http.inject({ method: 'POST', url: START, payload: { provider_id: liar.id } });
    expect(response.statusCode).toBe(401);
    lying.describeAs({});
  });

  it('that leads to addresses which this server may not call is not followed there', async () => {
    lying.describeAs({ token_endpoint: 'http://169.254.169.254/token' });
    const { url, cookies } = await begin(liar);
    const query = new URLSearchParams({ code: 'c', state: url.searchParams.get('state') ?? '' });
    const answer = await app.http.inject({ url: `/api/v1/auth/oidc/callback/${liar.id}?${query}`, cookies });
    expect(answer.json().type).toBe('urn:isocenter:error:address-refused');
    lying.describeAs({});
  });

  it.each([
    'https://not-allowed.example.org',
    'http://169.254.169.254/latest',
    'https://user:password@127.0.0.1',
    'javascript:alert(1)',
    'no address',
  ])('%s is not taken', async (issuer) => {
    const body = { name: 'bad', issuer, client_id: 'x', default_role: 'doctor' };
    expect((await app.inject({ method: 'POST', url: '/api/v1/identity-providers', payload: body })).statusCode).toBe(400);
  });

  it('gives no role that is not a person of the tenant, and no new account without a role', async () => {
    const add = async (rules: object): Promise<number> => {
      const body = { name: 'roles', issuer: real.issuer, client_id: 'x', ...rules };
      return (await app.inject({ method: 'POST', url: '/api/v1/identity-providers', payload: body })).statusCode;
    };
    for (const role of ['operator', 'patient', 'service', 'root']) expect(await add({ default_role: role })).toBe(400);
    expect(await add({ provisions: true })).toBe(400);
    expect(await add({ name: 'one' })).toBe(409);
  });

  it('is not begun by a page of another origin: nobody is signed in who has not asked for it', async () => {
    const headers = { origin: 'https://evil.test' };
    const response = await app.http.inject({ method: 'POST', url: START, headers, payload: { provider_id: one.id } });
    expect(response.statusCode).toBe(403);
  });

  it('of another tenant is another provider, and its tenant does not see this one', async () => {
    await app.inject({ method: 'POST', url: '/api/v1/tenants', payload: { id: 'north', name: 'North' } });
    expect((await app.http.inject({ url: '/api/v1/auth/oidc/providers?tenant=north' })).json()).toEqual({ items: [] });
  });
});
