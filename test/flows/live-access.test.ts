import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEvent } from '../../src/server/events/append-event.ts';
import { createTenant } from '../../src/server/tenants/create-tenant.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, type Person, PHRASE, signIn } from '../identity-parts.ts';
import { listenOn, openSocket, type TestSocket } from '../live-client.ts';

/** RFC 6455 7.4.2: 4000 and above are the application's own. */
const SESSION_ENDED = 4401;
let app: TestApp;
let base: string;
const sockets: TestSocket[] = [];

// Nothing is closed here by the heartbeat: it comes after these tests.
beforeAll(async () => {
  app = await openTestApp({ env: { ISOCENTER_LIVE_HEARTBEAT_SECONDS: '300' } });
  base = await listenOn(app.http);
});
afterAll(async () => {
  for (const { socket } of sockets) socket.terminate();
  await app.close();
});

async function listen(token: string): Promise<TestSocket> {
  const socket = await openSocket(base, '/ws/events?rooms=all', { authorization: `Bearer ${token}` });
  sockets.push(socket);
  await socket.next('joined');
  return socket;
}

async function enter(role: 'admin' | 'radiologist'): Promise<{ person: Person; socket: TestSocket } & Awaited<ReturnType<typeof signIn>>> {
  const person = await addPerson(app, role);
  const client = await signIn(app, person);
  return { ...client, person, socket: await listen(client.access) };
}

/** Has come to an open connection when everything before it has been told or passed over. */
async function tellMark(tenant?: string): Promise<void> {
  const { db } = tenant ? await app.deps.scope(tenant) : app.deps;
  const at = app.deps.now().toISOString();
  await db.transaction().execute((tx) => appendEvent(tx, { type: 'study_complete', at, study_instance_uid: '2.25.8100' }));
}

describe('a live connection ends with what it rests on, at once', () => {
  it('when its session is signed out, and those of others stay', async () => {
    const [one, other] = [await enter('radiologist'), await enter('radiologist')];
    await one.ask('POST', '/api/v1/auth/logout');
    expect(await one.socket.closed).toBe(SESSION_ENDED);
    await tellMark();
    await other.socket.next('study_complete');
    expect(other.socket.messages.map(({ type }) => type)).not.toContain('access_changed');
  });

  it('when the person ends it from another session, which stays', async () => {
    const one = await enter('radiologist');
    const second = await signIn(app, one.person);
    const kept = await listen(second.access);
    await second.ask('DELETE', '/api/v1/auth/sessions');
    expect(await one.socket.closed).toBe(SESSION_ENDED);
    await tellMark();
    await kept.next('study_complete');
  });

  it('when the password is changed elsewhere', async () => {
    const one = await enter('radiologist');
    const second = await signIn(app, one.person);
    await second.ask('POST', '/api/v1/auth/password', { current_password: PHRASE, new_password: 'walnut harbor tulip minute' });
    expect(await one.socket.closed).toBe(SESSION_ENDED);
  });

  it('when an administrator signs the person out, or deactivates the account with its keys', async () => {
    const admin = await enter('admin');
    const [one, other] = [await enter('radiologist'), await enter('admin')];
    const made = await other.ask('POST', '/api/v1/api-keys', { name: 'listener', role: 'service' });
    const machine = await listen(made.json().key);
    await admin.ask('DELETE', `/api/v1/users/${one.person.id}/sessions`);
    expect(await one.socket.closed).toBe(SESSION_ENDED);
    await admin.ask('PATCH', `/api/v1/users/${other.person.id}`, { is_active: false });
    expect(await Promise.all([other.socket.closed, machine.closed])).toEqual([SESSION_ENDED, SESSION_ENDED]);
    await tellMark();
    await admin.socket.next('study_complete');
  });

  it('when its key is ended', async () => {
    const admin = await enter('admin');
    const { id, key } = (await admin.ask('POST', '/api/v1/api-keys', { name: 'listener', role: 'service' })).json();
    const machine = await listen(key);
    await admin.ask('DELETE', `/api/v1/api-keys/${id}`);
    expect(await machine.closed).toBe(SESSION_ENDED);
  });

  it('when its tenant is suspended', async () => {
    await createTenant(app.deps, { id: 'left', name: 'Left' });
    const client = await signIn(app, await addPerson(app, 'radiologist', { tenant: 'left' }));
    const socket = await listen(client.access);
    await app.inject({ method: 'PATCH', url: '/api/v1/tenants/left', payload: { is_active: false } });
    expect(await socket.closed).toBe(SESSION_ENDED);
  });

  it('and nothing is told to it that was committed after the end', async () => {
    const one = await enter('radiologist');
    const told = one.socket.messages.length;
    const left = one.ask('POST', '/api/v1/auth/logout');
    await left;
    await tellMark();
    expect(await one.socket.closed).toBe(SESSION_ENDED);
    expect(one.socket.messages.slice(told)).toEqual([]);
  });

  it('and whose role has changed is heard as what it is now', async () => {
    const admin = await enter('admin');
    const one = await enter('admin');
    await admin.ask('PATCH', `/api/v1/users/${one.person.id}`, { role: 'technician' });
    one.socket.send({ type: 'join', room: 'security' });
    expect(await one.socket.next('error')).toMatchObject({ code: 'forbidden' });
  });
});
