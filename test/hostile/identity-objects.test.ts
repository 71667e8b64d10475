import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { type IdentityObjects, makeIdentityObjects } from '../identity-objects.ts';
import { addPerson, counts, logIn, type Person, PHRASE, type SignedInClient, signIn } from '../identity-parts.ts';

const NOWHERE = '00000000-0000-7000-8000-000000000000';
const STUDY = '2.25.4711';

let app: TestApp;
let admin: SignedInClient;
let adminOfNorth: SignedInClient;
let north: IdentityObjects;
beforeAll(async () => {
  app = await openTestApp();
  await app.inject({ method: 'POST', url: '/api/v1/tenants', payload: { id: 'north', name: 'North' } });
  admin = await signIn(app, await addPerson(app, 'admin'));
  adminOfNorth = await signIn(app, await addPerson(app, 'admin', { tenant: 'north' }));
  await storeStudyOf(adminOfNorth);
  north = await makeIdentityObjects(await app.deps.scope('north'), { owner: 'North', study: STUDY });
});
afterAll(async () => app.close());

async function storeStudyOf(client: SignedInClient): Promise<void> {
  const bytes = secondaryCapture({ study: STUDY, series: `${STUDY}.1`, instance: `${STUDY}.1.1` });
  const boundary = 'x';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.dcm"\r\ncontent-type: application/dicom\r\n\r\n`;
  const response = await app.http.inject({
    method: 'POST',
    url: '/api/v1/studies',
    headers: { authorization: `Bearer ${client.access}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  });
  expect(response.json().items?.[0]?.status ?? response.body).toBe('stored');
}

describe("another tenant's ids are as ids that nobody has, and nothing of it changes:", () => {
  const rowsOfNorth = async (): Promise<string> => {
    const { systemDb } = app.deps;
    const tables = [
      'app_user',
      'one_time_link',
      'registration',
      'api_key',
      'share_link',
      'session',
      'break_glass',
      'identity_provider',
      'setting',
    ] as const;
    const rows = await Promise.all(
      tables.map((table) => systemDb.selectFrom(table).selectAll().where('tenant_id', '=', 'north').execute()),
    );
    return JSON.stringify(rows);
  };

  it.each<[string, 'GET' | 'POST' | 'PATCH' | 'DELETE', (ids: IdentityObjects) => string, object?]>([
    ['read an account', 'GET', ({ user }) => `/api/v1/users/${user}`],
    ['change an account', 'PATCH', ({ user }) => `/api/v1/users/${user}`, { role: 'admin', full_name: 'Mine' }],
    ['deactivate an account', 'PATCH', ({ user }) => `/api/v1/users/${user}`, { is_active: false }],
    ['unlock an account', 'POST', ({ user }) => `/api/v1/users/${user}/unlock`],
    ['take over an account by a link for its password', 'POST', ({ user }) => `/api/v1/users/${user}/password-reset`],
    ['list the sessions of an account', 'GET', ({ user }) => `/api/v1/users/${user}/sessions`],
    ['end the sessions of an account', 'DELETE', ({ user }) => `/api/v1/users/${user}/sessions`],
    ['withdraw an invitation', 'DELETE', ({ invitation }) => `/api/v1/invitations/${invitation}`],
    ['approve a registration', 'POST', ({ registration }) => `/api/v1/registrations/${registration}/approve`, { role: 'admin' }],
    ['decline a registration', 'DELETE', ({ registration }) => `/api/v1/registrations/${registration}`],
    ['revoke a key', 'DELETE', ({ apiKey }) => `/api/v1/api-keys/${apiKey}`],
    ['revoke a link', 'DELETE', ({ shareLink }) => `/api/v1/shares/${shareLink}`],
    ['change a provider of sign-on', 'PATCH', ({ provider }) => `/api/v1/identity-providers/${provider}`, { is_active: false }],
    ['remove a provider of sign-on', 'DELETE', ({ provider }) => `/api/v1/identity-providers/${provider}`],
    ['take the factors of an account', 'DELETE', ({ user }) => `/api/v1/users/${user}/factors`],
    ['end emergency access', 'DELETE', () => `/api/v1/break-glass/${NOWHERE}`],
  ])('%s', async (_, method, url, payload) => {
    const before = await rowsOfNorth();
    const nowhere = { user: NOWHERE, invitation: NOWHERE, registration: NOWHERE, apiKey: NOWHERE, shareLink: NOWHERE, provider: NOWHERE };
    const [theirs, nobodys] = [await admin.ask(method, url(north), payload), await admin.ask(method, url(nowhere), payload)];
    const told = (body: string): string => body.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID').replaceAll(/"timestamp":"[^"]+"/g, '');
    expect(theirs.statusCode).toBe(404);
    expect(told(theirs.body)).toBe(told(nobodys.body));
    expect(await rowsOfNorth()).toBe(before);
  });

  it('share a study', async () => {
    const response = await admin.ask('POST', '/api/v1/shares', { study_instance_uid: STUDY });
    expect(response.json().type).toBe('urn:isocenter:error:study-not-found');
    expect((await adminOfNorth.ask('POST', '/api/v1/shares', { study_instance_uid: STUDY })).statusCode).toBe(201);
  });

  it('its lists', async () => {
    for (const url of ['users', 'invitations', 'registrations', 'api-keys', 'shares', 'break-glass'])
      expect((await admin.ask('GET', `/api/v1/${url}`)).body).not.toMatch(/north/i);
  });

  it('a session of it, and an account of it as a patient of ours', async () => {
    const { items } = (await adminOfNorth.ask('GET', '/api/v1/auth/sessions')).json();
    expect((await admin.ask('DELETE', `/api/v1/auth/sessions/${items[0].id}`)).statusCode).toBe(404);
    expect(await counts(app, adminOfNorth.access)).toBe(true);
    const { patient_key } = await app.deps.systemDb.selectFrom('study').select('patient_key').executeTakeFirstOrThrow();
    const body = { username: 'a-patient', full_name: 'P', role: 'patient', password: PHRASE, patient_id: patient_key };
    expect((await admin.ask('POST', '/api/v1/users', body)).statusCode).toBe(400);
  });

  it('a password of another tenant: the same name there is another account', async () => {
    const body = { username: 'twin', full_name: 'Twin', role: 'doctor' };
    await admin.ask('POST', '/api/v1/users', { ...body, password: 'walnut ferry quartz meadow' });
    await adminOfNorth.ask('POST', '/api/v1/users', { ...body, password: PHRASE });
    expect((await logIn(app, { username: 'twin', tenant: 'default' })).statusCode).toBe(401);
    expect((await logIn(app, { username: 'twin', tenant: 'north' })).statusCode).toBe(200);
  });
});

describe('within a tenant', () => {
  let doctor: Person;
  let other: SignedInClient;
  beforeAll(async () => {
    doctor = await addPerson(app, 'doctor');
    other = await signIn(app, await addPerson(app, 'doctor'));
  });

  it('nobody ends or sees the sessions of another by their ids', async () => {
    const victim = await signIn(app, doctor);
    const [{ id }] = (await victim.ask('GET', '/api/v1/auth/sessions')).json().items;
    expect((await other.ask('DELETE', `/api/v1/auth/sessions/${id}`)).statusCode).toBe(404);
    expect((await other.ask('GET', '/api/v1/auth/sessions')).json().items).toHaveLength(1);
    expect(await counts(app, victim.access)).toBe(true);
  });

  it.each(['GET /api/v1/users', 'GET /api/v1/api-keys', 'GET /api/v1/policies', 'GET /api/v1/tenants', 'GET /api/v1/break-glass'])(
    'a doctor is refused %s',
    async (call) => {
      const [, url = ''] = call.split(' ');
      expect((await other.ask('GET', url)).statusCode).toBe(403);
    },
  );

  it('an own profile cannot be given a role, rights or another tenant', async () => {
    const body = {
      full_name: 'Still a doctor',
      role: 'admin',
      is_operator: true,
      tenant_id: 'north',
      is_active: false,
      profile: { role: 'admin', is_operator: 1, password_hash: '', tenant_id: 'north' },
    };
    const profile = (await other.ask('PUT', '/api/v1/auth/profile', body)).json();
    expect(profile).toMatchObject({
      full_name: 'Still a doctor',
      role: 'doctor',
      is_operator: false,
      tenant_id: 'default',
      is_active: true,
    });
  });

  it('an account cannot be given more by names of columns in a part of the body', async () => {
    const person = await addPerson(app, 'doctor');
    const change = { profile: { is_operator: 1, role: 'admin', patient_key: 'x', id: NOWHERE } };
    const user = (await admin.ask('PATCH', `/api/v1/users/${person.id}`, change)).json();
    expect(user).toMatchObject({ id: person.id, role: 'doctor', is_operator: false, patient_id: null });
    const more = { username: 'climber', full_name: 'Climber', role: 'doctor', password: PHRASE, is_operator: true, isOperator: true };
    expect((await admin.ask('POST', '/api/v1/users', more)).json()).toMatchObject({ role: 'doctor', is_operator: false });
    const policies = (await admin.ask('PUT', '/api/v1/policies', { model_access: { operator: ['x'] }, other: 1 })).json();
    expect(Object.keys(policies.model_access)).toEqual([]);
  });

  it('an administrator does not become one of the installation by way of another account', async () => {
    const { items } = (await admin.ask('GET', '/api/v1/users?search=reader')).json();
    const operator = items.find(({ is_operator }: { is_operator: boolean }) => is_operator);
    expect((await admin.ask('POST', `/api/v1/users/${operator.id}/password-reset`)).statusCode).toBe(403);
    expect((await admin.ask('PATCH', `/api/v1/users/${operator.id}`, { is_active: false })).statusCode).toBe(403);
    expect((await admin.ask('GET', '/api/v1/tenants')).statusCode).toBe(403);
    const made = await admin.ask('POST', '/api/v1/users', { username: 'op', full_name: 'Op', role: 'operator', password: PHRASE });
    expect(made.statusCode).toBe(400);
    const key = await admin.ask('POST', '/api/v1/api-keys', { name: 'op', role: 'operator' });
    expect(key.statusCode).toBe(400);
  });

  it('the last administrator stays, and nobody deactivates the own account', async () => {
    const { items } = (await adminOfNorth.ask('GET', '/api/v1/users?role=admin')).json();
    for (const change of [{ role: 'doctor' }, { is_active: false }])
      expect((await adminOfNorth.ask('PATCH', `/api/v1/users/${items[0].id}`, change)).statusCode).toBe(409);
  });
});
