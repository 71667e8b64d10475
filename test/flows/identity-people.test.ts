import { hash as bcryptHash } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openIdentity } from '../../src/server/identity/identity.ts';
import { checkPassword } from '../../src/server/identity/log-in.ts';
import { type Passwords, passwords } from '../../src/server/identity/password.ts';
import { multipart, openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { addPerson, counts, logIn, PHRASE, signIn } from '../identity-parts.ts';

const NEW_PHRASE = 'walnut ferry quartz meadow';
const NEWCOMER = {
  username: 'newcomer',
  full_name: 'Nina Newcomer',
  email: 'Nina@Example.org',
  password: PHRASE,
  profile: { specialization: 'Neuroradiology', license_number: 'L-1', hospital: 'General', phone: '+41 1' },
};

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

const post = (url: string, payload: object) => app.http.inject({ method: 'POST', url, payload });
const asAdmin = (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
  app.inject({ method, url, ...(payload ? { payload } : {}) });

describe('an invitation', () => {
  it('makes one account, in the role that it fixes, with the profile that the person gives (E-01, E-05, D-01)', async () => {
    const { token, url } = (await asAdmin('POST', '/api/v1/invitations', { role: 'radiologist', full_name: 'Nina' })).json();
    expect(url).toBe(`http://localhost:80/invitation#token=${token}`);
    expect((await asAdmin('GET', '/api/v1/invitations')).json().items).toHaveLength(1);
    const made = await post('/api/v1/auth/register', { ...NEWCOMER, invitation: token, role: 'admin' });
    expect([made.statusCode, made.json()]).toEqual([201, { status: 'active' }]);
    const client = await signIn(app, { username: 'newcomer', tenant: 'default' });
    expect((await client.ask('GET', '/api/v1/auth/profile')).json()).toMatchObject({
      username: 'newcomer',
      email: 'nina@example.org',
      role: 'radiologist',
      is_operator: false,
      profile: NEWCOMER.profile,
    });
    expect((await asAdmin('GET', '/api/v1/invitations')).json().items).toHaveLength(0);
    const again = await post('/api/v1/auth/register', { ...NEWCOMER, username: 'second', email: 'x@example.org', invitation: token });
    expect(again.statusCode).toBe(403);
  });

  it('survives a name that is taken, and ends when it is withdrawn or too old', async () => {
    const issue = async () => (await asAdmin('POST', '/api/v1/invitations', { role: 'doctor', hours: 1 })).json();
    const first = await issue();
    const taken = await post('/api/v1/auth/register', { ...NEWCOMER, username: 'reader', email: 'r@example.org', invitation: first.token });
    expect(taken.statusCode).toBe(409);
    const free = await post('/api/v1/auth/register', { ...NEWCOMER, username: 'doc', email: 'd@example.org', invitation: first.token });
    expect(free.statusCode).toBe(201);
    const withdrawn = await issue();
    expect((await asAdmin('DELETE', `/api/v1/invitations/${withdrawn.id}`)).statusCode).toBe(200);
    const old = await issue();
    await app.drain(61 * 60_000);
    for (const { token } of [withdrawn, old])
      expect(
        (await post('/api/v1/auth/register', { ...NEWCOMER, username: 'late', email: 'l@example.org', invitation: token })).statusCode,
      ).toBe(403);
  });

  it('for a patient names the record', async () => {
    expect((await asAdmin('POST', '/api/v1/invitations', { role: 'patient' })).statusCode).toBe(400);
  });
});

describe('registration without an invitation', () => {
  it('is refused unless the tenant takes requests, and then waits for an administrator', async () => {
    const wanted = { ...NEWCOMER, username: 'asker', email: 'asker@example.org' };
    expect((await post('/api/v1/auth/register', wanted)).json().detail).toContain('invitation');
    await asAdmin('PUT', '/api/v1/policies', { registration: 'closed' });
    expect((await post('/api/v1/auth/register', wanted)).json().detail).toContain('made by the administrators');
    await asAdmin('PUT', '/api/v1/policies', { registration: 'approval' });
    expect((await post('/api/v1/auth/register', wanted)).json()).toEqual({ status: 'pending' });
    expect((await logIn(app, { username: 'asker', tenant: 'default' })).statusCode).toBe(401);
    const [request] = (await asAdmin('GET', '/api/v1/registrations')).json().items;
    expect(request).toMatchObject({ username: 'asker', is_taken: false, profile: NEWCOMER.profile, ip: '127.0.0.1' });
    const approved = await asAdmin('POST', `/api/v1/registrations/${request.id}/approve`, { role: 'technician' });
    expect(approved.json()).toMatchObject({ username: 'asker', role: 'technician', is_active: true });
    expect((await logIn(app, { username: 'asker', tenant: 'default' })).statusCode).toBe(200);
    await post('/api/v1/auth/register', { ...wanted, username: 'declined' });
    const [next] = (await asAdmin('GET', '/api/v1/registrations')).json().items;
    expect((await asAdmin('DELETE', `/api/v1/registrations/${next.id}`)).statusCode).toBe(200);
    expect((await asAdmin('GET', '/api/v1/registrations')).json().items).toEqual([]);
    await asAdmin('PUT', '/api/v1/policies', { registration: 'invitation' });
  });
});

describe('a password', () => {
  it.each(['Summer2026!!', 'newcomer2-is-me', 'qwertyuiop12', 'General-Hospital'])(
    'that is guessed first is refused: %s',
    async (password) => {
      const body = { ...NEWCOMER, username: 'newcomer2', email: 'n2@example.org', role: 'doctor', password };
      const response = await asAdmin('POST', '/api/v1/users', body);
      expect([response.statusCode, response.json().errors?.[0]?.field]).toEqual([400, 'body/password']);
    },
  );

  it('is changed with the present one, which ends all other sessions', async () => {
    const person = await addPerson(app, 'doctor');
    const [here, elsewhere] = [await signIn(app, person), await signIn(app, person)];
    const change = (current_password: string, new_password: string) =>
      here.ask('POST', '/api/v1/auth/password', { current_password, new_password });
    expect((await change('wrong phrase entirely 7', NEW_PHRASE)).statusCode).toBe(401);
    expect((await change(PHRASE, PHRASE)).statusCode).toBe(400);
    expect((await change(PHRASE, 'password123456')).statusCode).toBe(400);
    expect((await change(PHRASE, NEW_PHRASE)).statusCode).toBe(200);
    expect([await counts(app, here.access), await counts(app, elsewhere.access)]).toEqual([true, false]);
    expect((await logIn(app, person)).statusCode).toBe(401);
    expect((await logIn(app, person, NEW_PHRASE)).statusCode).toBe(200);
  });

  it('is set anew with a link of an administrator that works once, unlocks, and ends every session', async () => {
    const person = await addPerson(app, 'doctor');
    const client = await signIn(app, person);
    for (let index = 0; index < 9; index += 1) await logIn(app, person, 'wrong phrase entirely 7');
    const issue = async () => (await asAdmin('POST', `/api/v1/users/${person.id}/password-reset`)).json();
    const [replaced, link] = [await issue(), await issue()];
    const reset = (token: string, password = NEW_PHRASE) => post('/api/v1/auth/password-reset', { token, password });
    expect((await reset(replaced.token)).statusCode).toBe(403);
    expect((await reset(link.token, 'password123456')).statusCode).toBe(400);
    expect((await reset(link.token)).statusCode).toBe(200);
    expect((await reset(link.token)).statusCode).toBe(403);
    expect(await counts(app, client.access)).toBe(false);
    expect((await logIn(app, person, NEW_PHRASE)).statusCode).toBe(200);
  });

  it('that another system kept with bcrypt is taken, and kept as Argon2id from then on', async () => {
    const person = await addPerson(app, 'doctor');
    const hashOf = async () =>
      (await app.deps.db.selectFrom('app_user').select('password_hash').where('id', '=', person.id).executeTakeFirstOrThrow())
        .password_hash;
    await app.deps.db
      .updateTable('app_user')
      .set({ password_hash: await bcryptHash(NEW_PHRASE, 6) })
      .where('id', '=', person.id)
      .execute();
    expect((await logIn(app, person, PHRASE)).statusCode).toBe(401);
    expect(await hashOf()).toMatch(/^\$2/);
    expect((await logIn(app, person, NEW_PHRASE)).statusCode).toBe(200);
    expect(await hashOf()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect((await logIn(app, person, NEW_PHRASE)).statusCode).toBe(200);
  });

  it('that is replaced while the old one is being hashed anew stays replaced', async () => {
    const person = await addPerson(app, 'doctor');
    const account = () => app.deps.db.updateTable('app_user').where('id', '=', person.id);
    await account()
      .set({ password_hash: await bcryptHash(PHRASE, 6) })
      .execute();
    const replacement = await passwords.hash(NEW_PHRASE);
    const slow: Passwords = {
      ...passwords,
      hash: async (password) => {
        await account().set({ password_hash: replacement }).execute();
        return passwords.hash(password);
      },
    };
    const credentials = { username: person.username, password: PHRASE };
    await checkPassword({ ...openIdentity(app.deps), passwords: slow }, credentials, { ip: '192.0.2.1', device: '' });
    expect((await logIn(app, person, PHRASE)).statusCode).toBe(401);
    expect((await logIn(app, person, NEW_PHRASE)).statusCode).toBe(200);
  });

  it('counts the same however its letters are composed', async () => {
    const person = await addPerson(app, 'doctor');
    const client = await signIn(app, person);
    const phrase = 'grüne Wölfe schlürfen Ölsaat';
    await client.ask('POST', '/api/v1/auth/password', { current_password: PHRASE, new_password: phrase.normalize('NFD') });
    expect((await logIn(app, person, phrase.normalize('NFC'))).statusCode).toBe(200);
  });
});

describe('an account', () => {
  it('is listed by pages, found by name, changed by its owner and by administrators (E-05, E-06)', async () => {
    const person = await addPerson(app, 'doctor');
    const client = await signIn(app, person);
    const own = { full_name: 'Dr. Changed', email: 'changed@example.org', profile: { phone: '+41 2' } };
    expect((await client.ask('PUT', '/api/v1/auth/profile', own)).json()).toMatchObject({
      ...own,
      profile: { phone: '+41 2', hospital: null },
    });
    expect((await client.ask('PUT', '/api/v1/auth/profile', { email: 'nina@example.org' })).statusCode).toBe(409);
    const found = (await asAdmin('GET', '/api/v1/users?search=dr.%20chang')).json().items;
    expect(found.map(({ id }: { id: string }) => id)).toEqual([person.id]);
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: { username: string }[]; next_cursor: string | null } = (
        await asAdmin('GET', `/api/v1/users?limit=2${cursor && `&cursor=${cursor}`}`)
      ).json();
      names.push(...page.items.map(({ username }) => username));
      cursor = page.next_cursor;
    }
    expect(names).toEqual([...new Set(names)].sort());
    expect(names).toContain(person.username);
    const changed = await asAdmin('PATCH', `/api/v1/users/${person.id}`, { role: 'radiologist', profile: { hospital: 'North' } });
    expect(changed.json()).toMatchObject({ role: 'radiologist', full_name: 'Dr. Changed', profile: { phone: '+41 2', hospital: 'North' } });
  });

  it('lists its sessions with where they are, and ends them', async () => {
    const person = await addPerson(app, 'doctor');
    const [one, two] = [await signIn(app, person), await signIn(app, person)];
    const { items } = (await one.ask('GET', '/api/v1/auth/sessions')).json();
    expect(items).toHaveLength(2);
    expect(items.filter(({ is_current }: { is_current: boolean }) => is_current)).toHaveLength(1);
    expect(items[0]).toMatchObject({ method: 'password', ip: '127.0.0.1', device: 'lightMyRequest' });
    expect((await one.ask('DELETE', '/api/v1/auth/sessions')).json()).toEqual({ ended: 1 });
    expect([await counts(app, one.access), await counts(app, two.access)]).toEqual([true, false]);
    expect((await asAdmin('GET', `/api/v1/users/${person.id}/sessions`)).json().items).toHaveLength(1);
    expect((await asAdmin('DELETE', `/api/v1/users/${person.id}/sessions`)).json()).toEqual({ ended: 1 });
    expect(await counts(app, one.access)).toBe(false);
  });

  it('that is deactivated loses what it had: sessions, links, invitations, and the keys that it made', async () => {
    const person = await addPerson(app, 'admin');
    const client = await signIn(app, person);
    const { key } = (await client.ask('POST', '/api/v1/api-keys', { name: 'mine', role: 'service' })).json();
    const { token } = (await asAdmin('POST', `/api/v1/users/${person.id}/password-reset`)).json();
    const invited = (await client.ask('POST', '/api/v1/invitations', { role: 'admin' })).json();
    await asAdmin('PATCH', `/api/v1/users/${person.id}`, { is_active: false });
    expect([await counts(app, client.access), await counts(app, key)]).toEqual([false, false]);
    expect((await post('/api/v1/auth/password-reset', { token, password: NEW_PHRASE })).statusCode).toBe(403);
    const back = { ...NEWCOMER, username: 'back-door', email: 'b@example.org', invitation: invited.token };
    expect((await post('/api/v1/auth/register', back)).statusCode).toBe(403);
    expect((await asAdmin('POST', `/api/v1/users/${person.id}/password-reset`)).statusCode).toBe(409);
  });
});

describe('patients', () => {
  it('sign in only where the tenant lets them, see their own released studies, and are signed out when it no longer does', async () => {
    const study = '2.25.900';
    await app.upload('/api/v1/studies', [
      { name: 'a.dcm', bytes: secondaryCapture({ study, series: `${study}.1`, instance: `${study}.1.1`, patientId: 'PORTAL' }) },
    ]);
    const { patient_key } = await app.deps.db
      .selectFrom('study')
      .select('patient_key')
      .where('study_instance_uid', '=', study)
      .executeTakeFirstOrThrow();
    const patient = await addPerson(app, 'patient', { patient_id: patient_key });
    expect((await logIn(app, patient)).statusCode).toBe(401);
    const turned = await addPerson(app, 'doctor');
    const before = await signIn(app, turned);
    await asAdmin('PATCH', `/api/v1/users/${turned.id}`, { role: 'patient', patient_id: patient_key });
    expect(await counts(app, before.access)).toBe(false);
    await asAdmin('PUT', '/api/v1/policies', { patient_portal: true });
    const client = await signIn(app, patient);
    // Not released: no report is signed.
    expect((await client.ask('GET', `/api/v1/studies/${study}`)).statusCode).toBe(404);
    await asAdmin('PUT', '/api/v1/policies', { patient_portal: false });
    expect(await counts(app, client.access)).toBe(false);
  });
});

describe('rules of a tenant', () => {
  it('say which models a role may use (A-21): the others are not listed, and not run', async () => {
    const technician = await signIn(app, await addPerson(app, 'technician'));
    const listed = async () =>
      (await technician.ask('GET', '/api/v1/models')).json().items.map(({ card }: { card: { id: string } }) => card.id);
    expect((await listed()).length).toBeGreaterThan(1);
    await asAdmin('PUT', '/api/v1/policies', { model_access: { technician: ['body-part'], service: [] } });
    expect(await listed()).toEqual(['body-part']);
    const { key } = (await asAdmin('POST', '/api/v1/api-keys', { name: 'k', role: 'service' })).json();
    const file = { name: 'a.dcm', bytes: secondaryCapture({ study: '2.25.77', series: '2.25.77.1', instance: '2.25.77.1.1' }) };
    const { payload, headers } = multipart([file]);
    const run = (authorization: string) =>
      app.http.inject({ method: 'POST', url: '/api/v1/predict', payload, headers: { ...headers, authorization } });
    const refused = await run(`Bearer ${key}`);
    expect([refused.statusCode, refused.json().detail]).toEqual([
      403,
      'The rules of this tenant do not let the role service use the model cxr-pneumonia',
    ]);
    await asAdmin('PUT', '/api/v1/policies', { model_access: {} });
    expect((await run(`Bearer ${key}`)).statusCode).not.toBe(403);
  });

  it('are kept, one by one, and decide how long sessions last', async () => {
    const changed = (
      await asAdmin('PUT', '/api/v1/policies', { session_idle_minutes: 5, model_access: { technician: ['cxr-pneumonia'] } })
    ).json();
    expect(changed).toEqual({
      registration: 'invitation',
      patient_portal: false,
      mfa_required: [],
      session_idle_minutes: 5,
      session_hours: 24,
      model_access: { technician: ['cxr-pneumonia'] },
    });
    const client = await signIn(app, await addPerson(app, 'doctor'));
    await app.drain(6 * 60_000);
    expect(await counts(app, client.access)).toBe(false);
    expect((await asAdmin('PUT', '/api/v1/policies', { session_idle_minutes: 90 })).statusCode).toBe(400);
    await asAdmin('PUT', '/api/v1/policies', { session_idle_minutes: 15 });
  });
});
