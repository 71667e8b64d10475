import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { draftReport } from '../../src/contract/reports.ts';
import { openTestApp, PASSWORD, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { addPerson, askWith, counts, type SignedInClient, signIn } from '../identity-parts.ts';
import { signingOf } from '../sign-draft.ts';

const HOUR_MS = 3_600_000;
const STUDY = '2.25.1001';
const OTHER = '2.25.1002';

let app: TestApp;
let admin: SignedInClient;
beforeAll(async () => {
  app = await openTestApp();
  for (const study of [STUDY, OTHER])
    await app.upload('/api/v1/studies', [
      { name: 'a.dcm', bytes: secondaryCapture({ study, series: `${study}.1`, instance: `${study}.1.1`, patientId: study }) },
    ]);
});
afterAll(async () => app.close());

/** The clock moves in here: each test signs in anew. */
const asAdmin = async (): Promise<SignedInClient> => {
  admin = await signIn(app, { username: 'reader', tenant: 'default' }, PASSWORD);
  return admin;
};
const makeKey = async (body: object) => (await (await asAdmin()).ask('POST', '/api/v1/api-keys', body)).json();

describe('an API key', () => {
  it('is told once, kept as a digest, and works as X-API-Key and as Bearer token', async () => {
    const made = await makeKey({ name: 'modality', role: 'service' });
    expect(made.key).toMatch(/^isk_[0-9a-f]{16}_[\w-]{43}$/);
    expect(made.key.startsWith(`${made.prefix}_`)).toBe(true);
    expect((await app.http.inject({ url: '/api/v1/studies', headers: { 'x-api-key': made.key } })).statusCode).toBe(200);
    const whoami = (await askWith(app, made.key, { url: '/api/v1/auth/whoami' })).json();
    expect(whoami).toMatchObject({
      kind: 'api_key',
      id: made.id,
      name: 'modality',
      role: 'service',
      tenant_id: 'default',
      idle_seconds: null,
    });
    const listed = (await admin.ask('GET', '/api/v1/api-keys')).body;
    const stored = JSON.stringify(await app.deps.db.selectFrom('api_key').selectAll().execute());
    for (const text of [listed, stored]) expect(text).not.toContain(made.key.slice(made.prefix.length + 1));
  });

  it.each(['', 'x', '_'])('whose secret differs by an end %j is nobody', async (end) => {
    const { key } = await makeKey({ name: 'k', role: 'service' });
    const wrong = end === '' ? `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}` : `${key}${end}`;
    expect([await counts(app, key), await counts(app, wrong)]).toEqual([true, false]);
  });

  it('does what its scope and its role both allow, and nothing that only people do', async () => {
    const { key } = await makeKey({ name: 'reader only', role: 'service', permissions: ['study:read', 'user:read'] });
    const ask = async (method: 'GET' | 'POST' | 'PUT', url: string, payload?: object) =>
      (await askWith(app, key, { method, url, ...(payload ? { payload } : {}) })).statusCode;
    expect(await ask('GET', '/api/v1/studies')).toBe(200);
    expect(await ask('GET', '/api/v1/predictions')).toBe(403);
    // In the scope, but not in what the role grants.
    expect(await ask('GET', '/api/v1/users')).toBe(403);
    expect(await ask('GET', '/api/v1/auth/profile')).toBe(403);
    expect(await ask('PUT', '/api/v1/auth/profile', { full_name: 'Key' })).toBe(403);
    expect(await ask('POST', '/api/v1/auth/password', { current_password: PASSWORD, new_password: 'walnut ferry quartz' })).toBe(403);
    expect(await ask('GET', '/api/v1/auth/sessions')).toBe(403);
    const none = await admin.ask('POST', '/api/v1/api-keys', { name: 'k', role: 'researcher', permissions: ['user:write'] });
    expect(none.statusCode).toBe(400);
  });

  it('signs no report: that needs a person', async () => {
    const report = await app.call(draftReport, { params: { study_instance_uid: STUDY }, body: {} });
    const { key } = await makeKey({ name: 'robot', role: 'radiologist' });
    const response = await askWith(app, key, { method: 'POST', url: `/api/v1/reports/${report.id}/sign`, payload: { password: PASSWORD } });
    expect([response.statusCode, response.json().detail]).toEqual([403, 'This needs a person, who confirms it with a password']);
  });

  it('does not go beyond who made it', async () => {
    const { key } = await makeKey({ name: 'makes keys', role: 'admin', permissions: ['api-key:write', 'study:read'] });
    const make = (body: object) => askWith(app, key, { method: 'POST', url: '/api/v1/api-keys', payload: body });
    expect((await make({ name: 'more', role: 'admin' })).statusCode).toBe(403);
    expect((await make({ name: 'more', role: 'service' })).statusCode).toBe(403);
    expect((await make({ name: 'less', role: 'service', permissions: ['study:read'] })).statusCode).toBe(201);
  });

  it('ends when it is revoked, and on its day', async () => {
    const revoked = await makeKey({ name: 'revoked', role: 'service' });
    await admin.ask('DELETE', `/api/v1/api-keys/${revoked.id}`);
    expect(await counts(app, revoked.key)).toBe(false);
    const expires_at = new Date(app.deps.now().getTime() + HOUR_MS).toISOString();
    const expiring = await makeKey({ name: 'expiring', role: 'service', expires_at });
    expect(await counts(app, expiring.key)).toBe(true);
    await app.drain(HOUR_MS);
    expect(await counts(app, expiring.key)).toBe(false);
    const over = await (await asAdmin()).ask('POST', '/api/v1/api-keys', { name: 'over', role: 'service', expires_at });
    expect(over.statusCode).toBe(400);
  });

  it('shows when it was used last, to the minute', async () => {
    const { key, id } = await makeKey({ name: 'used', role: 'service' });
    const lastUse = async () =>
      (await (await asAdmin()).ask('GET', '/api/v1/api-keys')).json().items.find((item: { id: string }) => item.id === id).last_used_at;
    expect(await lastUse()).toBeNull();
    const at = app.deps.now().toISOString();
    expect(await counts(app, key)).toBe(true);
    expect(await lastUse()).toBe(at);
    await app.drain(30_000);
    await counts(app, key);
    expect(await lastUse()).toBe(at);
    await app.drain(31_000);
    await counts(app, key);
    expect(await lastUse()).toBe(app.deps.now().toISOString());
  });

  it('has a limit of its own', async () => {
    const limited = await openTestApp({ env: { ISOCENTER_RATE_LIMITS: '' } });
    try {
      const made = await limited.inject({
        method: 'POST',
        url: '/api/v1/api-keys',
        payload: { name: 'slow', role: 'service', requests_per_hour: 3 },
      });
      const ask = () => askWith(limited, made.json().key, { url: '/api/v1/studies' });
      const codes: number[] = [];
      for (let index = 0; index < 4; index += 1) codes.push((await ask()).statusCode);
      expect(codes).toEqual([200, 200, 200, 429]);
      expect((await ask()).headers['retry-after']).toBeDefined();
    } finally {
      await limited.close();
    }
  });
});

describe('a share link', () => {
  const share = async (body: object = {}) =>
    (await (await asAdmin()).ask('POST', '/api/v1/shares', { study_instance_uid: STUDY, ...body })).json();
  const open = (token: string, password?: string) =>
    app.http.inject({ method: 'POST', url: '/api/v1/auth/share', payload: { token, ...(password === undefined ? {} : { password }) } });
  const look = async (session: string, url: string) => (await askWith(app, session, { url })).statusCode;

  it('shows one study, its images and nothing of anything else', async () => {
    const link = await share({ note: 'for the referring practice' });
    expect(link.url).toBe(`http://localhost:80/share#token=${link.token}`);
    const opened = await open(link.token);
    expect(opened.json()).toMatchObject({ study_instance_uid: STUDY, report_id: null, token_type: 'Bearer' });
    expect(opened.headers['set-cookie']).toMatch(/HttpOnly.*SameSite=Strict/);
    const session = opened.json().access_token;
    expect(await look(session, `/api/v1/studies/${STUDY}`)).toBe(200);
    expect(await look(session, `/dicom-web/studies/${STUDY}/metadata`)).toBe(200);
    expect(await look(session, `/dicom-web/studies/${STUDY}/series/${STUDY}.1/instances/${STUDY}.1.1/frames/1`)).toBe(200);
    expect(await look(session, `/api/v1/studies/${OTHER}`)).toBe(404);
    expect(await look(session, `/dicom-web/studies/${OTHER}/metadata`)).toBe(404);
    const listed = (await askWith(app, session, { url: '/api/v1/studies' })).json().items;
    expect(listed.map(({ study_instance_uid }: { study_instance_uid: string }) => study_instance_uid)).toEqual([STUDY]);
    for (const url of [
      '/api/v1/users',
      '/api/v1/shares',
      '/api/v1/auth/profile',
      '/api/v1/auth/sessions',
      '/api/v1/patients',
      '/api/v1/audit',
    ])
      expect([403, 404]).toContain(await look(session, url));
    expect((await askWith(app, session, { url: '/api/v1/auth/whoami' })).json()).toMatchObject({
      kind: 'share',
      id: link.id,
      permissions: ['study:read', 'report:read'],
      study_instance_uid: STUDY,
      idle_seconds: 15 * 60,
    });
  });

  it('shows signed reports and no draft', async () => {
    const draft = await app.call(draftReport, { params: { study_instance_uid: STUDY }, body: {} });
    const session = (await open((await share()).token)).json().access_token;
    expect(await look(session, `/api/v1/reports/${draft.id}`)).toBe(404);
    const early = await admin.ask('POST', '/api/v1/shares', { study_instance_uid: STUDY, report_id: draft.id });
    expect(early.statusCode).toBe(409);
    const { write, sign } = signingOf(draft);
    await admin.ask('PUT', `/api/v1/reports/${draft.id}`, write);
    const signed = await admin.ask('POST', `/api/v1/reports/${draft.id}/sign`, sign);
    expect(signed.statusCode).toBe(200);
    expect(await look(session, `/api/v1/reports/${draft.id}`)).toBe(200);
    const only = (await open((await share({ report_id: draft.id })).token)).json();
    expect(only.report_id).toBe(draft.id);
    expect(await look(only.access_token, `/api/v1/reports/${draft.id}`)).toBe(200);
    expect(await look(only.access_token, `/api/v1/studies/${STUDY}`)).toBe(403);
    expect(await look(only.access_token, `/dicom-web/studies/${STUDY}/metadata`)).toBe(403);
  });

  it('with a password opens with it alone; guessing it is stopped', async () => {
    const link = await share({ password: 'told on the phone' });
    expect(link.has_password).toBe(true);
    expect((await open(link.token)).statusCode).toBe(401);
    expect((await open(link.token, 'told on the phone')).statusCode).toBe(200);
    const codes: number[] = [];
    for (let index = 0; index < 9; index += 1) codes.push((await open(link.token, `guess number ${index}`)).statusCode);
    expect(codes).toEqual([...Array<number>(8).fill(401), 429]);
  });

  it('ends when it is revoked, at once for who looks through it, and after its time', async () => {
    const link = await share({ hours: 2 });
    const session = (await open(link.token)).json().access_token;
    await admin.ask('DELETE', `/api/v1/shares/${link.id}`);
    expect(await counts(app, session)).toBe(false);
    expect((await open(link.token)).statusCode).toBe(401);
    const short = await share({ hours: 1 });
    await app.drain(50 * 60_000);
    const opened = (await open(short.token)).json();
    expect(opened.expires_at).toBe(short.expires_at);
    await app.drain(11 * 60_000);
    expect(await counts(app, opened.access_token)).toBe(false);
    expect((await open(short.token)).statusCode).toBe(401);
  });

  it('is listed with how often it was opened, and never with its secret', async () => {
    const link = await share();
    await open(link.token);
    await open(link.token);
    const response = await admin.ask('GET', `/api/v1/shares?study_instance_uid=${STUDY}`);
    expect(response.body).not.toContain(link.token);
    expect(response.json().items.find(({ id }: { id: string }) => id === link.id)).toMatchObject({ uses: 2 });
  });

  it('cannot be made by who may not share, or for what is not there', async () => {
    const technician = await signIn(app, await addPerson(app, 'technician'));
    expect((await technician.ask('POST', '/api/v1/shares', { study_instance_uid: STUDY })).statusCode).toBe(403);
    const absent = await (await asAdmin()).ask('POST', '/api/v1/shares', { study_instance_uid: '2.25.404' });
    expect(absent.statusCode).toBe(404);
    expect((await open(`shr_${'A'.repeat(43)}`)).statusCode).toBe(401);
  });
});
