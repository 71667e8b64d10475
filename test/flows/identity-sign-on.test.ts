import type { LightMyRequestResponse } from 'fastify';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Input } from '../../src/contract/endpoint.ts';
import { addProvider, type Provider } from '../../src/contract/identity-providers.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, askWith, counts, PHRASE, signIn } from '../identity-parts.ts';
import { openRealProvider, type RealProvider } from '../sign-on-provider.ts';

const CLIENT_SECRET = 'a secret that the provider and we share';
const STEP_MS = 30_000;

let idp: RealProvider;
let app: TestApp;
/** By what each lets in. */
let providers: Record<'provisioning' | 'linking', Provider>;
beforeAll(async () => {
  idp = await openRealProvider();
  app = await openTestApp({ env: { ISOCENTER_EGRESS_ALLOW: idp.issuer } });
  const add = (name: string, rules: Partial<Input<typeof addProvider>['body']>): Promise<Provider> => {
    const client = { issuer: idp.issuer, client_id: name, client_secret: CLIENT_SECRET, scopes: ['profile', 'email', 'groups'] };
    return app.call(addProvider, { body: { ...client, name, ...rules } });
  };
  const role_map = [
    { value: 'radiology', role: 'radiologist' },
    { value: 'wards', role: 'doctor' },
  ] as const;
  providers = {
    provisioning: await add('provisioning', { role_claim: 'groups', role_map: [...role_map], provisions: true }),
    linking: await add('linking', { links_by_email: true }),
  };
  await idp.serve(
    Object.values(providers).map(({ client_id, redirect_uri }) => ({
      client_id,
      client_secret: CLIENT_SECRET,
      redirect_uris: [redirect_uri],
      post_logout_redirect_uris: ['http://localhost/'],
    })),
  );
});
afterAll(async () => {
  await app.close();
  await idp.close();
});

/** Signs in as a browser does that belongs to somebody of the provider. */
async function signOn(provider: Provider, who: string, return_to = '/studies'): Promise<LightMyRequestResponse> {
  const payload = { provider_id: provider.id, return_to };
  const begun = await app.http.inject({ method: 'POST', url: '/api/v1/auth/oidc/start', payload });
  if (begun.statusCode !== 200) throw new Error(begun.body);
  const cookies = Object.fromEntries(begun.cookies.map(({ name, value }) => [name, value]));
  const back = await idp.walk(begun.json().url, who);
  return app.http.inject({ url: `${back.pathname}${back.search}`, cookies });
}

const sessionOf = ({ cookies }: LightMyRequestResponse): string => cookies.find(({ name }) => name === 'isocenter_session')?.value ?? '';
const ask = async (token: string, url: string) => (await askWith(app, token, { url })).json();

describe('a provider of sign-on', () => {
  it('is told without its secret, which is sealed, and is offered on the page to sign in', async () => {
    const { provisioning } = providers;
    expect(provisioning).toMatchObject({
      has_client_secret: true,
      redirect_uri: `http://localhost/api/v1/auth/oidc/callback/${provisioning.id}`,
    });
    const listed = await app.inject({ url: '/api/v1/identity-providers' });
    expect(listed.body).not.toContain(CLIENT_SECRET);
    const rows = await app.deps.db.selectFrom('identity_provider').select('client_secret').execute();
    expect(rows.every(({ client_secret }) => /^sealed1\./.test(client_secret ?? ''))).toBe(true);
    const offered = (await app.http.inject({ url: '/api/v1/auth/oidc/providers' })).json();
    expect(offered.items).toContainEqual({ id: provisioning.id, name: 'provisioning' });
    expect((await app.http.inject({ url: '/api/v1/auth/oidc/providers?tenant=nobody' })).json()).toEqual({ items: [] });
  });

  it('makes an account at the first sign-in, with the role of the claim, and finds it by its subject afterwards', async () => {
    idp.people.set('s-1', {
      claims: {
        name: 'Rosa Reader',
        preferred_username: 'Rosa',
        email: 'rosa@example.org',
        email_verified: true,
        groups: ['x', 'radiology'],
      },
    });
    const first = await signOn(providers.provisioning, 's-1');
    expect([first.statusCode, first.headers.location]).toEqual([302, '/studies']);
    const cookie = first.cookies.find(({ name }) => name === 'isocenter_session');
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    const profile = await ask(sessionOf(first), '/api/v1/auth/profile');
    expect(profile).toMatchObject({ username: 'rosa', full_name: 'Rosa Reader', role: 'radiologist', email: 'rosa@example.org' });
    // The name and the address change there; the subject stays.
    idp.people.set('s-1', { claims: { preferred_username: 'other', email: 'new@example.org', email_verified: true, groups: ['wards'] } });
    const second = await signOn(providers.provisioning, 's-1');
    expect(await ask(sessionOf(second), '/api/v1/auth/profile')).toMatchObject({ id: profile.id, username: 'rosa', role: 'doctor' });
    expect((await ask(sessionOf(first), '/api/v1/auth/whoami')).role).toBe('doctor');
    const { items } = await ask(sessionOf(second), '/api/v1/auth/sessions');
    expect(items.every(({ method }: { method: string }) => method === 'sso')).toBe(true);
  });

  it('lets nobody in whom its groups give no role, also who was in before', async () => {
    idp.people.set('s-2', { claims: { preferred_username: 'nora', groups: ['wards'] } });
    expect((await signOn(providers.provisioning, 's-2')).statusCode).toBe(302);
    idp.people.set('s-2', { claims: { preferred_username: 'nora', groups: ['kitchen'] } });
    const refused = await signOn(providers.provisioning, 's-2');
    expect([refused.statusCode, sessionOf(refused)]).toEqual([401, '']);
  });

  it('never takes the name or the address of an account that is there', async () => {
    const { username } = await addPerson(app, 'admin');
    idp.people.set('s-3', { claims: { preferred_username: username, groups: ['wards'] } });
    const profile = await ask(sessionOf(await signOn(providers.provisioning, 's-3')), '/api/v1/auth/profile');
    expect(profile).toMatchObject({ username: `${username}2`, role: 'doctor' });
  });

  it('leads back to pages of this server alone', async () => {
    for (const return_to of ['https://evil.test/', '//evil.test', '/\\evil.test', 'evil', '/a b']) {
      const payload = { provider_id: providers.linking.id, return_to };
      expect((await app.http.inject({ method: 'POST', url: '/api/v1/auth/oidc/start', payload })).statusCode).toBe(400);
    }
  });
});

describe('an account that is there', () => {
  const withEmail = async (email: string): Promise<{ id: string; username: string; tenant: string }> => {
    const person = await addPerson(app, 'doctor');
    await app.inject({ method: 'PATCH', url: `/api/v1/users/${person.id}`, payload: { email } });
    return person;
  };

  it('is found by an address that the provider has verified and an administrator has written, and by its subject from then on', async () => {
    const person = await withEmail('Lena@example.org');
    idp.people.set('s-10', { claims: { email: 'lena@EXAMPLE.org', email_verified: true } });
    const entered = await signOn(providers.linking, 's-10');
    expect((await ask(sessionOf(entered), '/api/v1/auth/profile')).id).toBe(person.id);
    idp.people.set('s-10', { claims: {} });
    expect((await ask(sessionOf(await signOn(providers.linking, 's-10')), '/api/v1/auth/profile')).id).toBe(person.id);
  });

  it('is not found by an address that only looks the same in lower case', async () => {
    await withEmail('kim@example.org');
    // U+212A, the sign of Kelvin, whose lower case is the letter k.
    idp.people.set('s-16', { claims: { email: '\u212aim@example.org', email_verified: true } });
    expect((await signOn(providers.linking, 's-16')).statusCode).toBe(401);
  });

  it.each<[string, Record<string, unknown>]>([
    ['has not verified', { email_verified: false }],
    ['says nothing of', {}],
    ['verified as a word', { email_verified: 'true' }],
  ])('is not found by an address that the provider %s', async (what, claims) => {
    const email = `unverified-${what.length}@example.org`;
    await withEmail(email);
    idp.people.set(`s-11-${what}`, { claims: { email, ...claims } });
    expect((await signOn(providers.linking, `s-11-${what}`)).statusCode).toBe(401);
  });

  it('is not found by an address that its owner has written: it may be that of somebody else', async () => {
    const thief = await signIn(app, await addPerson(app, 'doctor'));
    await thief.ask('PUT', '/api/v1/auth/profile', { email: 'victim@example.org' });
    idp.people.set('s-12', { claims: { email: 'victim@example.org', email_verified: true } });
    expect((await signOn(providers.linking, 's-12')).statusCode).toBe(401);
  });

  it('that administers the installation is not found by its address, nor one by a provider without that rule', async () => {
    const person = await withEmail('boss@example.org');
    await app.deps.db.updateTable('app_user').set({ is_operator: 1 }).where('id', '=', person.id).execute();
    idp.people.set('s-13', { claims: { email: 'boss@example.org', email_verified: true, groups: [] } });
    expect((await signOn(providers.linking, 's-13')).statusCode).toBe(401);
    await withEmail('plain@example.org');
    idp.people.set('s-14', {
      claims: { email: 'plain@example.org', email_verified: true, groups: ['wards'], preferred_username: 'plain' },
    });
    const made = await ask(sessionOf(await signOn(providers.provisioning, 's-14')), '/api/v1/auth/profile');
    expect(made).toMatchObject({ username: 'plain', email: null });
  });

  it('that was deactivated stays closed', async () => {
    const person = await withEmail('gone@example.org');
    idp.people.set('s-15', { claims: { email: 'gone@example.org', email_verified: true } });
    expect((await signOn(providers.linking, 's-15')).statusCode).toBe(302);
    await app.inject({ method: 'PATCH', url: `/api/v1/users/${person.id}`, payload: { is_active: false } });
    expect((await signOn(providers.linking, 's-15')).statusCode).toBe(401);
  });
});

describe('a second factor', () => {
  it('that the provider has asked for counts; without it the one of the account is asked for, or one has to be set up', async () => {
    await app.inject({ method: 'PUT', url: '/api/v1/policies', payload: { mfa_required: ['doctor'] } });
    const claims = { preferred_username: 'mia', groups: ['wards'] };
    idp.people.set('s-20', { claims });
    const weak = sessionOf(await signOn(providers.provisioning, 's-20'));
    expect((await askWith(app, weak, { url: '/api/v1/studies' })).statusCode).toBe(403);
    idp.people.set('s-20', { claims, amr: ['pwd', 'mfa'] });
    const strong = sessionOf(await signOn(providers.provisioning, 's-20'));
    expect((await askWith(app, strong, { url: '/api/v1/studies' })).statusCode).toBe(200);
    await app.inject({ method: 'PUT', url: '/api/v1/policies', payload: { mfa_required: [] } });
    // A sign-in of the last minutes stands for the password, which such an account does not have.
    const { secret } = (await askWith(app, strong, { method: 'POST', url: '/api/v1/auth/totp', payload: {} })).json();
    const code = () => TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: app.deps.now().getTime() });
    await askWith(app, strong, { method: 'POST', url: '/api/v1/auth/totp/confirm', payload: { code: code() } });
    await app.drain(STEP_MS);
    idp.people.set('s-20', { claims });
    const first = await signOn(providers.provisioning, 's-20');
    const [, challenge = ''] = /^\/sign-in#challenge=(.+)$/.exec(String(first.headers.location)) ?? [];
    expect([first.statusCode, sessionOf(first), challenge.length]).toEqual([302, '', 43]);
    const second = await app.http.inject({ method: 'POST', url: '/api/v1/auth/login/factor', payload: { challenge, code: code() } });
    expect(second.json().profile.username).toBe('mia');
  });
});

describe('the end of a session', () => {
  it('leads to the end of that of the provider, and comes with the provider', async () => {
    idp.people.set('s-30', { claims: { preferred_username: 'olga', groups: ['wards'] } });
    const [one, other] = [sessionOf(await signOn(providers.provisioning, 's-30')), sessionOf(await signOn(providers.provisioning, 's-30'))];
    const out = (await askWith(app, one, { method: 'POST', url: '/api/v1/auth/logout' })).json();
    const address = new URL(out.logout_url);
    expect(address.origin).toBe(idp.issuer);
    expect(address.searchParams.get('post_logout_redirect_uri')).toBe('http://localhost/');
    expect((await fetch(address)).status).toBe(200);
    const byPassword = await signIn(app, await addPerson(app, 'doctor'), PHRASE);
    expect((await byPassword.ask('POST', '/api/v1/auth/logout')).json()).toEqual({});
    const url = `/api/v1/identity-providers/${providers.provisioning.id}`;
    expect([await counts(app, one), await counts(app, other)]).toEqual([false, true]);
    await app.inject({ method: 'PATCH', url, payload: { is_active: false } });
    expect(await counts(app, other)).toBe(false);
    await expect(signOn(providers.provisioning, 's-30')).rejects.toThrow('not-found');
    await app.inject({ method: 'PATCH', url, payload: { is_active: true } });
    // Another client is another provider: who is called s-30 there is not known.
    await app.inject({ method: 'PATCH', url, payload: { client_id: 'linking' } });
    expect(
      await app.deps.db.selectFrom('identity_link').selectAll().where('provider_id', '=', providers.provisioning.id).execute(),
    ).toEqual([]);
    await app.inject({ method: 'DELETE', url });
    expect((await app.http.inject({ url: '/api/v1/auth/oidc/providers' })).body).not.toContain('provisioning');
  });
});
