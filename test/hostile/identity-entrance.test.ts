import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIdentity } from '../../src/server/identity/identity.ts';
import { accountGuard, addressGuard, takeTry } from '../../src/server/identity/lockout.ts';
import { admit, checkPassword } from '../../src/server/identity/log-in.ts';
import { type Passwords, passwords } from '../../src/server/identity/password.ts';
import { logIn as logInto } from '../../src/server/identity/sign-in.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, counts, FROM_PAGE, logIn, PHRASE, signIn } from '../identity-parts.ts';

const MINUTE_MS = 60_000;
const WRONG = 'a phrase that is wrong 99';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
  await app.inject({ method: 'POST', url: '/api/v1/tenants', payload: { id: 'asleep', name: 'Asleep' } });
});
afterAll(async () => app.close());

/** The real hasher, which counts what it is asked. */
function counting(): Passwords & { asked: () => number } {
  let asked = 0;
  return {
    hash: passwords.hash,
    matches: async (stored, password) => {
      asked += 1;
      return passwords.matches(stored, password);
    },
    asked: () => asked,
  };
}

const CLIENT = { ip: '192.0.2.1', device: '' };

describe('nobody learns which accounts exist', () => {
  it('from what a wrong sign-in costs and says: one hash, one count and the same words, whatever is wrong', async () => {
    const known = await addPerson(app, 'doctor');
    const gone = await addPerson(app, 'doctor');
    const patientless = await addPerson(app, 'technician', { tenant: 'asleep' });
    await app.inject({ method: 'PATCH', url: `/api/v1/users/${gone.id}`, payload: { is_active: false } });
    await app.inject({ method: 'PATCH', url: '/api/v1/tenants/asleep', payload: { is_active: false } });
    const cases = [
      { username: known.username, password: WRONG },
      { username: 'nobody-of-that-name', password: WRONG },
      { username: gone.username, password: PHRASE },
      { username: known.username, password: PHRASE, tenant: 'no-such-tenant' },
      { username: patientless.username, password: PHRASE, tenant: 'asleep' },
      { username: known.username, password: '' },
    ];
    const seen = new Set<string>();
    for (const [index, credentials] of cases.entries()) {
      const hasher = counting();
      const identity = { ...openIdentity(app.deps), passwords: hasher };
      const before = await countOfTries();
      const ip = `192.0.2.${index + 10}`;
      const error = await logInto(identity, credentials, { client: { ...CLIENT, ip }, wantsTokens: true }).catch(
        (thrown: unknown) => thrown,
      );
      seen.add(`${String(error)} after ${hasher.asked()} hash and ${(await countOfTries()) - before} tries`);
    }
    expect([...seen]).toEqual(['AppError: Check both and try again after 1 hash and 2 tries']);
  });

  it('from a request for an account: a name that is taken is answered as one that is free', async () => {
    const approval = await openTestApp({ env: { ISOCENTER_REGISTRATION: 'approval' } });
    try {
      const ask = (username: string, tenant: string) =>
        approval.http.inject({
          method: 'POST',
          url: '/api/v1/auth/register',
          payload: { username, tenant, full_name: 'Somebody New', password: PHRASE },
        });
      const answers = [await ask('reader', 'default'), await ask('free-name', 'default'), await ask('free-name', 'no-such-tenant')];
      expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`))).toEqual(new Set(['201 {"status":"pending"}']));
      const { items } = (await approval.inject({ url: '/api/v1/registrations' })).json();
      // Made within one tick of the clock, they come in either order.
      expect(new Map(items.map(({ username, is_taken }: { username: string; is_taken: boolean }) => [username, is_taken]))).toEqual(
        new Map([
          ['reader', true],
          ['free-name', false],
        ]),
      );
    } finally {
      await approval.close();
    }
  });

  it('from a lock: a name that nobody has is locked as well', async () => {
    for (let index = 0; index < 8; index += 1) await logIn(app, { username: 'invented', tenant: 'default' }, WRONG);
    expect((await logIn(app, { username: 'invented', tenant: 'default' }, WRONG)).statusCode).toBe(429);
  });
});

async function countOfTries(): Promise<number> {
  const rows = await app.deps.systemDb.selectFrom('login_failure').select('failures').execute();
  return rows.reduce((sum, { failures }) => sum + failures, 0);
}

describe('guessing', () => {
  it('locks the account, also against the right password, over a restart, and longer each time', async () => {
    const person = await addPerson(app, 'doctor');
    for (let index = 0; index < 8; index += 1) expect((await logIn(app, person, WRONG)).statusCode).toBe(401);
    const locked = await logIn(app, person);
    expect([locked.statusCode, locked.json().detail]).toEqual([429, 'Too many tries; try again in 60 seconds']);
    // What a restart keeps: the database, and nothing of this process.
    const restarted = openIdentity(app.deps);
    const again = logInto(restarted, { username: person.username, password: PHRASE }, { client: CLIENT, wantsTokens: true });
    await expect(again).rejects.toMatchObject({ kind: 'too-many-requests' });
    await app.drain(61_000);
    expect((await logIn(app, person, WRONG)).statusCode).toBe(401);
    expect((await logIn(app, person)).json().detail).toContain('in 120 seconds');
    await app.drain(121_000);
    expect((await logIn(app, person)).statusCode).toBe(200);
    expect((await logIn(app, person, WRONG)).statusCode).toBe(401);
    expect((await logIn(app, person)).statusCode).toBe(200);
  });

  it('with many tries at once gets no more of them', async () => {
    const person = await addPerson(app, 'doctor');
    const hasher = counting();
    const identity = { ...openIdentity(app.deps), passwords: hasher };
    const attempt = (index: number) =>
      logInto(
        identity,
        { username: person.username, password: WRONG },
        { client: { ...CLIENT, ip: `198.51.100.${index}` }, wantsTokens: true },
      );
    const results = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => attempt(index)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(0);
    expect(hasher.asked()).toBe(8);
  });

  it('is undone by an administrator', async () => {
    const person = await addPerson(app, 'doctor');
    for (let index = 0; index < 9; index += 1) await logIn(app, person, WRONG);
    const user = (await app.inject({ url: `/api/v1/users/${person.id}` })).json();
    expect(user.locked_until).not.toBeNull();
    const unlocked = await app.inject({ method: 'POST', url: `/api/v1/users/${person.id}/unlock` });
    expect(unlocked.json().locked_until).toBeNull();
    expect((await logIn(app, person)).statusCode).toBe(200);
  });

  it('from one address over many accounts is stopped, and the accounts are not locked by what was stopped', async () => {
    const address = addressGuard('203.0.113.7');
    for (let index = 0; index < 100; index += 1) await takeTry(app.deps.db, [accountGuard(`victim-${index}`), address], app.deps.now());
    const next = takeTry(app.deps.db, [accountGuard('victim-0'), address], app.deps.now());
    await expect(next).rejects.toMatchObject({ kind: 'too-many-requests' });
    const { failures } = await app.deps.db
      .selectFrom('login_failure')
      .select('failures')
      .where('key', '=', accountGuard('victim-0').key)
      .executeTakeFirstOrThrow();
    expect(failures).toBe(1);
    await app.drain(16 * MINUTE_MS);
    await takeTry(app.deps.db, [address], app.deps.now());
  });

  it('from all addresses of one network of IPv6 counts as one', () => {
    const keys = ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0db8:0001:0002::abcd'].map((ip) => addressGuard(ip).key);
    expect(new Set(keys).size).toBe(1);
    expect(addressGuard('2001:db8:1:3::1').key).not.toBe(keys[0]);
    expect(addressGuard('::ffff:192.0.2.1').key).toBe(addressGuard('192.0.2.1').key);
  });

  it('keeps no name that somebody typed: it may have been a password', async () => {
    const typed = 'my-secret-typed-into-the-wrong-field';
    await logIn(app, { username: typed, tenant: 'default' }, WRONG);
    const rows = await app.deps.systemDb.selectFrom('login_failure').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('my-secret');
    const { items } = (await app.inject({ url: '/api/v1/audit' })).json();
    expect(JSON.stringify(items)).not.toContain('my-secret');
  });

  it('a password to confirm a signature counts against the same lock', async () => {
    const person = await addPerson(app, 'radiologist');
    const client = await signIn(app, person);
    const body = { current_password: WRONG, new_password: 'walnut ferry quartz meadow' };
    for (let index = 0; index < 8; index += 1) await client.ask('POST', '/api/v1/auth/password', body);
    expect((await client.ask('POST', '/api/v1/auth/password', { ...body, current_password: PHRASE })).statusCode).toBe(429);
    expect((await logIn(app, person)).statusCode).toBe(429);
  });
});

describe('a session', () => {
  it('does not come of a password that was replaced while it was being checked', async () => {
    const person = await addPerson(app, 'doctor');
    const identity = openIdentity(app.deps);
    const entrant = await checkPassword(identity, { username: person.username, password: PHRASE }, CLIENT);
    const { token } = (await app.inject({ method: 'POST', url: `/api/v1/users/${person.id}/password-reset` })).json();
    const reset = { token, password: 'walnut ferry quartz meadow' };
    expect((await app.http.inject({ method: 'POST', url: '/api/v1/auth/password-reset', payload: reset })).statusCode).toBe(200);
    const late = admit(identity, entrant, { method: 'password', client: CLIENT, wantsTokens: true });
    await expect(late).rejects.toMatchObject({ kind: 'wrong-credentials' });
    expect(await app.deps.db.selectFrom('session').select('id').where('user_id', '=', person.id).execute()).toEqual([]);
  });

  it('is one of 200 that an account has at most: the oldest ends', async () => {
    const person = await addPerson(app, 'doctor');
    const first = await signIn(app, person);
    const identity = openIdentity(app.deps);
    const entrant = await checkPassword(identity, { username: person.username, password: PHRASE }, CLIENT);
    await app.drain(1_000);
    for (let index = 0; index < 199; index += 1) await admit(identity, entrant, { method: 'password', client: CLIENT, wantsTokens: false });
    expect(await counts(app, first.access)).toBe(true);
    await admit(identity, entrant, { method: 'password', client: CLIENT, wantsTokens: false });
    expect(await counts(app, first.access)).toBe(false);
  });

  it('is never one that somebody prepared: sign-in gives a new token and ends what the browser had', async () => {
    const [attacker, victim] = [await addPerson(app, 'doctor'), await addPerson(app, 'doctor')];
    const planted = (await signIn(app, attacker)).cookie;
    for (const cookie of [planted, 'A'.repeat(43), 'chosen-by-the-attacker']) {
      const response = await app.http.inject({
        method: 'POST',
        url: '/api/v1/auth/login',
        headers: FROM_PAGE,
        cookies: { isocenter_session: cookie },
        payload: { username: victim.username, password: PHRASE },
      });
      const given = response.cookies.find(({ name }) => name === 'isocenter_session');
      expect(response.statusCode).toBe(200);
      expect(given?.value).toMatch(/^[\w-]{43}$/);
      expect(given?.value).not.toBe(cookie);
      expect(await counts(app, cookie)).toBe(false);
    }
  });

  it('has a cookie that scripts, other sites and plain connections do not get', async () => {
    const person = await addPerson(app, 'doctor');
    const behindTls = await openTestApp({
      env: { ISOCENTER_TRUSTED_PROXIES: '127.0.0.1', ISOCENTER_PUBLIC_URL: 'https://imaging.example' },
    });
    try {
      const reader = { username: 'reader', password: 'correct horse battery staple' };
      const headers = { host: 'imaging.example', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'imaging.example' };
      const response = await behindTls.http.inject({ method: 'POST', url: '/api/v1/auth/login', headers, payload: reader });
      expect(response.headers['set-cookie']).toMatch(
        /^__Host-isocenter_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
      );
      // Over TLS the plain name, which a neighboring host could set, does not count.
      const [{ value = '' } = {}] = response.cookies;
      const profile = (name: string) => behindTls.http.inject({ url: '/api/v1/auth/profile', headers, cookies: { [name]: value } });
      expect((await profile('__Host-isocenter_session')).statusCode).toBe(200);
      expect((await profile('isocenter_session')).statusCode).toBe(401);
    } finally {
      await behindTls.close();
    }
    const plain = await logIn(app, person);
    expect(plain.headers['set-cookie']).toMatch(/^isocenter_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
  });

  it('of a page is told to nobody in a body: what is injected into the page finds no token', async () => {
    const person = await addPerson(app, 'doctor');
    const payload = { username: person.username, password: PHRASE };
    const response = await app.http.inject({ method: 'POST', url: '/api/v1/auth/login', headers: FROM_PAGE, payload });
    expect(Object.keys(response.json()).sort()).toEqual(['expires_at', 'profile']);
    const cookies = { isocenter_session: response.cookies[0]?.value ?? '' };
    const refreshed = await app.http.inject({ method: 'POST', url: '/api/v1/auth/refresh', headers: FROM_PAGE, cookies, payload: {} });
    expect(Object.keys(refreshed.json())).toEqual(['expires_at']);
  });
});

describe('a change by cookie (CSRF)', () => {
  const FOREIGN = 'https://evil.example';
  it.each<[string, Record<string, string>, number]>([
    ['from a page of this server', FROM_PAGE, 200],
    ['with an own origin alone', { host: 'localhost', origin: 'http://localhost' }, 200],
    ['from another origin', { host: 'localhost', origin: FOREIGN }, 403],
    ['from another port', { host: 'localhost', origin: 'http://localhost:9999' }, 403],
    ['from a page without an origin, as a sandboxed one', { host: 'localhost', origin: 'null' }, 403],
    ['from nowhere that is told', {}, 403],
    ['from another site by what the browser says', { 'sec-fetch-site': 'cross-site' }, 403],
    ['from a neighboring host by what the browser says', { 'sec-fetch-site': 'same-site' }, 403],
  ])('%s is answered accordingly', async (_, headers, status) => {
    const person = await addPerson(app, 'doctor');
    const { cookie } = await signIn(app, person);
    const cookies = { isocenter_session: cookie };
    const change = await app.http.inject({
      method: 'PUT',
      url: '/api/v1/auth/profile',
      headers,
      cookies,
      payload: { full_name: 'Changed' },
    });
    expect(change.statusCode).toBe(status);
    expect((await app.http.inject({ url: '/api/v1/auth/profile', cookies })).json().full_name === 'Changed').toBe(status === 200);
  });

  it('does not come in beside a token of somebody else: the token decides, and two ways at once are none', async () => {
    const [one, two] = [await signIn(app, await addPerson(app, 'doctor')), await signIn(app, await addPerson(app, 'doctor'))];
    const cookies = { isocenter_session: one.cookie };
    const asTwo = await app.http.inject({ url: '/api/v1/auth/whoami', cookies, headers: { authorization: `Bearer ${two.access}` } });
    expect(asTwo.json().id).toBe((await two.ask('GET', '/api/v1/auth/whoami')).json().id);
    const broken = await app.http.inject({ url: '/api/v1/auth/whoami', cookies, headers: { authorization: 'Bearer nonsense' } });
    expect(broken.statusCode).toBe(401);
    const both = { authorization: `Bearer ${two.access}`, 'x-api-key': one.access };
    expect((await app.http.inject({ url: '/api/v1/auth/whoami', headers: both })).statusCode).toBe(401);
  });
});
