import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DicomJson } from '../../src/dicom/dicom-json.ts';
import { openTestApp, PASSWORD, type TestApp } from '../app.ts';
import { type Channel, newWorkitem, openChannel, performed, send, stateOf, WORKITEMS } from './ups-parts.ts';

const GLOBAL = '1.2.840.10008.5.1.4.34.5';
const FILTERED = `${GLOBAL}.1`;

let app: TestApp;
let headers: Record<string, string>;
const channels: Channel[] = [];
beforeAll(async () => {
  app = await openTestApp();
  const login = await app.http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: { username: 'reader', password: PASSWORD } });
  headers = { authorization: `Bearer ${login.cookies.find(({ name }) => name === 'isocenter_session')?.value}` };
});
afterAll(async () => {
  for (const channel of channels) await channel.close();
  await app.close();
});

const create = (uid: string, more: DicomJson = {}) => send(app, 'POST', `${WORKITEMS}?${uid}`, newWorkitem(more));
const subscribe = (uid: string, aeTitle: string, query = '') =>
  app.inject({ method: 'POST', url: `${WORKITEMS}/${uid}/subscribers/${aeTitle}${query}` });
const unsubscribe = (uid: string, aeTitle: string) => app.inject({ method: 'DELETE', url: `${WORKITEMS}/${uid}/subscribers/${aeTitle}` });

async function listen(aeTitle: string): Promise<Channel> {
  const channel = await openChannel(app.http, aeTitle, headers);
  channels.push(channel);
  return channel;
}

/** Workitem, event type and state of a report. */
const told = (json: DicomJson) => [json['00001000']?.Value?.[0], json['00001002']?.Value?.[0], json['00741000']?.Value?.[0]];

describe('a subscriber of a workitem', () => {
  it('hears how it stands, then of each change, in order', async () => {
    await create('2.25.501');
    const response = await subscribe('2.25.501', 'WATCHER');
    expect(response.statusCode, response.body).toBe(201);
    expect(response.headers['content-location']).toMatch(/^ws:\/\/.*\/dicom-web\/subscribers\/WATCHER$/);
    const channel = await listen('WATCHER');
    const first = await channel.next();
    expect(told(first)).toEqual(['2.25.501', 1, 'SCHEDULED']);
    expect(first['00000002']?.Value).toEqual(['1.2.840.10008.5.1.4.34.6.4']);
    expect(first['00404041']?.Value).toEqual(['READY']);

    await send(app, 'PUT', `${WORKITEMS}/2.25.501/state`, stateOf('IN PROGRESS', '2.25.7'));
    expect(told(await channel.next())).toEqual(['2.25.501', 1, 'IN PROGRESS']);
    await send(app, 'POST', `${WORKITEMS}/2.25.501?2.25.7`, {
      '00741002': { vr: 'SQ', Value: [{ '00741004': { vr: 'DS', Value: [50] } }] },
    });
    const progress = await channel.next();
    expect([told(progress)[1], progress['00741002']?.Value]).toEqual([3, [{ '00741004': { vr: 'DS', Value: [50] } }]]);

    const wish: DicomJson = { '00741238': { vr: 'LT', Value: ['No longer needed'] }, '0074100C': { vr: 'LO', Value: ['Desk'] } };
    expect((await send(app, 'POST', `${WORKITEMS}/2.25.501/cancelrequest`, wish)).statusCode).toBe(202);
    const cancel = await channel.next();
    expect([told(cancel)[1], cancel['00741238']?.Value]).toEqual([2, ['No longer needed']]);
    await send(app, 'POST', `${WORKITEMS}/2.25.501?2.25.7`, performed());
    await send(app, 'PUT', `${WORKITEMS}/2.25.501/state`, stateOf('COMPLETED', '2.25.7'));
    const last = await channel.next();
    expect(told(last)).toEqual(['2.25.501', 1, 'COMPLETED']);
    expect(Number(last['00000110']?.Value?.[0])).toBe(5);
  });

  it('hears nothing more after it ends the subscription', async () => {
    await create('2.25.502');
    await subscribe('2.25.502', 'LEAVER');
    expect((await unsubscribe('2.25.502', 'LEAVER')).statusCode).toBe(200);
    await send(app, 'PUT', `${WORKITEMS}/2.25.502/state`, stateOf('IN PROGRESS', '2.25.7'));
    await create('2.25.503');
    await subscribe('2.25.503', 'LEAVER');
    const channel = await listen('LEAVER');
    expect(told(await channel.next())).toEqual(['2.25.502', 1, 'SCHEDULED']);
    expect(told(await channel.next())).toEqual(['2.25.503', 1, 'SCHEDULED']);
  });

  it('is refused for a workitem that is not there, and a stranger the channel', async () => {
    expect((await subscribe('2.25.404', 'WATCHER')).statusCode).toBe(404);
    expect((await unsubscribe('2.25.404', 'WATCHER')).statusCode).toBe(404);
    expect((await subscribe('2.25.501', 'A%20TITLE%20TOO%20LONG%20FOR%20AE')).statusCode).toBe(400);
    await expect(openChannel(app.http, 'WATCHER', {})).rejects.toThrow('401');
    expect((await app.inject({ url: '/dicom-web/subscribers/WATCHER' })).statusCode).toBe(406);
  });
});

describe('a subscriber of the worklist', () => {
  it('hears of workitems that are there and that come, until it suspends the subscription', async () => {
    expect((await subscribe(GLOBAL, 'ALL_OF_IT')).statusCode).toBe(201);
    const channel = await listen('ALL_OF_IT');
    // Those that are not finished, in the order of the schedule.
    for (const uid of ['2.25.502', '2.25.503']) expect(told(await channel.next())[0]).toBe(uid);
    await create('2.25.601');
    expect(told(await channel.next())).toEqual(['2.25.601', 1, 'SCHEDULED']);
    const suspended = await app.inject({ method: 'POST', url: `${WORKITEMS}/${GLOBAL}/subscribers/ALL_OF_IT/suspend` });
    expect(suspended.statusCode, suspended.body).toBe(200);
    await create('2.25.602');
    await send(app, 'PUT', `${WORKITEMS}/2.25.601/state`, stateOf('IN PROGRESS', '2.25.7'));
    expect(told(await channel.next())).toEqual(['2.25.601', 1, 'IN PROGRESS']);
    expect((await app.inject({ method: 'POST', url: `${WORKITEMS}/${GLOBAL}/subscribers/NOBODY/suspend` })).statusCode).toBe(404);
  });

  it('hears of those alone that its filter names', async () => {
    expect((await subscribe(FILTERED, 'CHOOSER', '?WorklistLabel=CHOSEN')).statusCode).toBe(201);
    expect((await subscribe('2.25.601', 'CHOOSER', '?WorklistLabel=CHOSEN')).statusCode).toBe(400);
    await create('2.25.603');
    await create('2.25.604', { '00741202': { vr: 'LO', Value: ['CHOSEN'] } });
    const channel = await listen('CHOOSER');
    expect(told(await channel.next())[0]).toBe('2.25.604');
  });

  it('hears of what a workitem is assigned to', async () => {
    const station = { '00080100': { vr: 'SH' as const, Value: ['AI-1'] } };
    await send(app, 'POST', `${WORKITEMS}/2.25.604`, { '00404025': { vr: 'SQ', Value: [station] } });
    const channel = channels.at(-1);
    const report = await channel?.next();
    expect([report?.['00001002']?.Value, report?.['00404025']?.Value]).toEqual([[5], [station]]);
  });
});

describe('a finished workitem', () => {
  const DAY = 86_400_000;
  const isThere = async (uid: string) => (await app.inject({ url: `${WORKITEMS}/${uid}` })).statusCode === 200;

  it('is kept for a while, and longer by a deletion lock, until that subscription ends', async () => {
    await create('2.25.701');
    await create('2.25.702');
    await subscribe('2.25.702', 'KEEPER', '?deletionlock=true');
    for (const uid of ['2.25.701', '2.25.702']) expect((await send(app, 'POST', `${WORKITEMS}/${uid}/cancelrequest`)).statusCode).toBe(202);
    const prune = async (days: number): Promise<void> => {
      await app.drain(days * DAY);
      await app.deps.systemDb.transaction().execute((tx) => app.jobs.enqueue(tx, 'prune-workitems', {}));
      await app.drain();
    };
    await prune(1);
    expect([await isThere('2.25.701'), await isThere('2.25.702')]).toEqual([true, true]);
    await prune(30);
    expect([await isThere('2.25.701'), await isThere('2.25.702')]).toEqual([false, true]);
    await unsubscribe('2.25.702', 'KEEPER');
    await prune(1);
    expect(await isThere('2.25.702')).toBe(false);
    expect(await isThere('2.25.602')).toBe(true);
  });
});
