import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { addPerson, signIn } from '../identity-parts.ts';

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => app.close());

const asAdmin = (method: 'GET' | 'POST', url: string) => app.inject({ method, url });

describe('emergency access', () => {
  const study = '2.25.901';
  beforeAll(async () => {
    const bytes = secondaryCapture({ study, series: `${study}.1`, instance: `${study}.1.1`, patientId: 'EMERGENCY' });
    await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }]);
  });

  it('shows a doctor a study that is not assigned, for its time, with reason, notice and audit', async () => {
    const person = await addPerson(app, 'doctor');
    const client = await signIn(app, person);
    const see = async () => (await client.ask('GET', `/api/v1/studies/${study}`)).statusCode;
    expect(await see()).toBe(404);
    const wanted = { reason: 'Unconscious in the emergency room', study_instance_uid: study, minutes: 10 };
    const opened = await client.ask('POST', '/api/v1/break-glass', wanted);
    expect(opened.json()).toMatchObject({ user_id: person.id, username: person.username, study_instance_uid: study, ended_at: null });
    expect(await see()).toBe(200);
    expect((await client.ask('POST', '/api/v1/break-glass', wanted)).statusCode).toBe(409);
    const notices = await app.deps.db.selectFrom('event').selectAll().where('type', '=', 'break_glass').execute();
    expect(notices).toMatchObject([{ topic: 'security', study_instance_uid: study }]);
    const [told] = (await asAdmin('GET', '/api/v1/break-glass')).json().items;
    expect(told).toMatchObject({ reason: wanted.reason, username: person.username });
    const { items } = (await asAdmin('GET', '/api/v1/audit?limit=50')).json();
    expect(items).toContainEqual(
      expect.objectContaining({ operation: 'POST /api/v1/break-glass', purpose: 'ETREAT', study_instance_uid: study, actor_id: person.id }),
    );
    await app.drain(11 * 60_000);
    expect(await see()).toBe(404);
    const [ended] = (await asAdmin('GET', '/api/v1/break-glass')).json().items;
    expect(ended.ended_at).toBe(ended.expires_at);
  });

  it('ends early, leaves regular assignments, and is not for others', async () => {
    const person = await addPerson(app, 'doctor');
    const client = await signIn(app, person);
    const { patient_key } = await app.deps.db
      .selectFrom('study')
      .select('patient_key')
      .where('study_instance_uid', '=', study)
      .executeTakeFirstOrThrow();
    const wanted = { reason: 'Unconscious in the emergency room', patient_id: patient_key };
    const opened = await client.ask('POST', '/api/v1/break-glass', wanted);
    expect(opened.body).toContain(patient_key);
    const { id } = opened.json();
    expect((await client.ask('GET', `/api/v1/studies/${study}`)).statusCode).toBe(200);
    const other = await signIn(app, await addPerson(app, 'doctor'));
    expect((await other.ask('DELETE', `/api/v1/break-glass/${id}`)).statusCode).toBe(404);
    expect((await client.ask('DELETE', `/api/v1/break-glass/${id}`)).statusCode).toBe(200);
    expect((await client.ask('GET', `/api/v1/studies/${study}`)).statusCode).toBe(404);
    const technician = await signIn(app, await addPerson(app, 'technician'));
    expect((await technician.ask('POST', '/api/v1/break-glass', wanted)).statusCode).toBe(403);
    expect((await client.ask('POST', '/api/v1/break-glass', { reason: wanted.reason })).statusCode).toBe(400);
    expect((await client.ask('POST', '/api/v1/break-glass', { ...wanted, reason: 'short' })).statusCode).toBe(400);
  });
});
