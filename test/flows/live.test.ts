import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EventType, LiveEvent, listEvents } from '../../src/contract/events.ts';
import { appendEvent } from '../../src/server/events/append-event.ts';
import { pruneEvents } from '../../src/server/events/prune-events.ts';
import { findLastSeq } from '../../src/server/events/repository.ts';
import { messageOf } from '../../src/server/events/sight.ts';
import { deleteEvents } from '../../src/server/patients/recycle-repository.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { addPerson, signIn } from '../identity-parts.ts';
import { listenOn, openSocket, type TestSocket } from '../live-client.ts';

const STUDY = '2.25.7001';
let app: TestApp;
let base: string;
let bearer: Record<string, string>;
const sockets: TestSocket[] = [];

beforeAll(async () => {
  app = await openTestApp({ env: { ISOCENTER_LIVE_HEARTBEAT_SECONDS: '1' } });
  base = await listenOn(app.http);
  bearer = await bearerOf('radiologist');
  const bytes = secondaryCapture({ study: STUDY, series: `${STUDY}.1`, instance: `${STUDY}.1.1`, patientId: 'LIVE' });
  await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }]);
});
afterAll(async () => {
  for (const { socket } of sockets) socket.terminate();
  await app.close();
});

async function bearerOf(role: 'radiologist' | 'doctor' | 'admin' | 'researcher'): Promise<Record<string, string>> {
  return { authorization: `Bearer ${(await signIn(app, await addPerson(app, role))).access}` };
}

async function open(path: string, headers = bearer): Promise<TestSocket> {
  const socket = await openSocket(base, path, headers);
  sockets.push(socket);
  return socket;
}

async function tell(type: EventType, about: { study?: string; diagnosis_id?: string } = { study: STUDY }): Promise<void> {
  const { study, diagnosis_id } = about;
  await app.deps.db.transaction().execute((tx) =>
    appendEvent(tx, {
      type,
      at: app.deps.now().toISOString(),
      ...(study ? { study_instance_uid: study } : {}),
      ...(diagnosis_id ? { diagnosis_id } : {}),
    }),
  );
}

async function tellMany(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await tell('study_labeled');
}

async function allSeqs(since: number): Promise<number[]> {
  return (await app.call(listEvents, { query: { since, limit: 1000 } })).items.map(({ seq }) => seq);
}

describe('live events (W-01 to W-05)', () => {
  it('tells each change once, in order, as it is committed', async () => {
    const since = await findLastSeq(app.deps.systemDb);
    const client = await open('/ws/events?rooms=all');
    await client.next('joined');
    await tellMany(20);
    await tell('study_complete');
    expect(await client.next('study_complete')).toMatchObject({ topic: `study:${STUDY}`, data: { study_instance_uid: STUDY } });
    expect(client.seqs()).toEqual(await allSeqs(since));
  });

  it('gives who comes back what was missed, without a gap or a double, also while more is written', async () => {
    const first = await open('/ws/events?rooms=all');
    await first.next('joined');
    const since = await findLastSeq(app.deps.systemDb);
    first.socket.terminate();
    await tellMany(450);
    const writing = tellMany(50);
    const again = await open(`/ws/events?rooms=all&since=${since}`);
    await writing;
    await tell('study_complete');
    await again.next('study_complete');
    expect(again.seqs()).toEqual(await allSeqs(since));
    expect(again.seqs()).toHaveLength(501);
  });

  it('tells nobody who comes back what was erased meanwhile, though every process had told it', async () => {
    const first = await open('/ws/events?rooms=all');
    await first.next('joined');
    const since = await findLastSeq(app.deps.systemDb);
    await tell('study_labeled', { study: '2.25.7003' });
    await tell('study_labeled');
    await tell('study_complete');
    await first.next('study_complete');
    expect(first.seqs()).toHaveLength(3);
    await app.deps.db.transaction().execute((tx) => deleteEvents(tx, '2.25.7003'));
    const again = await open(`/ws/events?rooms=all&since=${since}`);
    await again.next('study_complete');
    expect(again.seqs()).toEqual(first.seqs().slice(1));
    first.socket.terminate();
  });

  it('keeps rooms apart: what is told in one is not heard in another, and rooms are joined and left', async () => {
    const [analysis, diagnosis, events] = await Promise.all([open('/ws/analysis'), open('/ws/diagnosis/d-1'), open('/ws/events')]);
    await Promise.all([analysis.next('joined'), diagnosis.next('joined')]);
    events.send({ type: 'join', room: 'study:2.25.7002' });
    await events.next('joined');
    await tell('analysis_started');
    await tell('agent_status', { diagnosis_id: 'd-1' });
    await tell('agent_status', { diagnosis_id: 'd-2' });
    await tell('study_complete', { study: '2.25.7002' });
    await events.next('study_complete');
    events.send({ type: 'leave', room: 'study:2.25.7002' });
    await events.next('left');
    await tell('study_complete', { study: '2.25.7002' });
    await tell('analysis_complete');
    await analysis.next('analysis_complete');
    events.send({ type: 'ping' });
    await events.next('pong');
    diagnosis.send({ type: 'ping' });
    await diagnosis.next('pong');
    const typesOf = ({ messages }: TestSocket) => messages.filter((message) => 'topic' in message).map(({ type }) => type);
    expect(typesOf(analysis)).toEqual(['analysis_started', 'agent_status', 'agent_status', 'analysis_complete']);
    expect(typesOf(diagnosis)).toEqual(['agent_status']);
    expect(typesOf(events)).toEqual(['study_complete']);
  });

  it('tells of a room that is joined late what happened there since', async () => {
    const since = await findLastSeq(app.deps.systemDb);
    await tell('study_labeled', { study: '2.25.7003' });
    await tell('study_complete', { study: '2.25.7003' });
    const client = await open('/ws/events');
    client.send({ type: 'join', room: 'study:2.25.7003', since });
    await client.next('joined');
    await tell('study_restored', { study: '2.25.7003' });
    await client.next('study_restored');
    expect(client.messages.map(({ type }) => type)).toEqual(['study_labeled', 'study_complete', 'joined', 'study_restored']);
  });

  it('tells a doctor of assigned studies alone, from the moment of the assignment', async () => {
    const person = await addPerson(app, 'doctor');
    const { access } = await signIn(app, person);
    const client = await open('/ws/events?rooms=all', { authorization: `Bearer ${access}` });
    await client.next('joined');
    await tell('study_labeled');
    // Diagnoses are for every doctor: when this one is heard, the one before it has been passed over.
    await tell('agent_status', { diagnosis_id: 'd-3' });
    await client.next('agent_status');
    await app.deps.db
      .insertInto('study_assignment')
      .values({ study_instance_uid: STUDY, user_id: person.id, created_at: app.deps.now().toISOString() })
      .execute();
    await tell('study_complete');
    await client.next('study_complete');
    expect(client.messages.map(({ type }) => type)).toEqual(['joined', 'agent_status', 'study_complete']);
    const behind = await open('/ws/events?rooms=all&since=1', { authorization: `Bearer ${access}` });
    await tell('study_restored');
    await behind.next('study_restored');
    const topics = new Set(behind.messages.flatMap((message) => ('topic' in message ? [message.topic] : [])));
    expect([...topics].filter((topic) => !topic.startsWith('diagnosis:'))).toEqual([`study:${STUDY}`]);
  });

  it('closes a connection whose session has ended', async () => {
    const client = await signIn(app, await addPerson(app, 'radiologist'));
    const socket = await open('/ws/events?rooms=all', { authorization: `Bearer ${client.access}` });
    await socket.next('joined');
    expect((await client.ask('POST', '/api/v1/auth/logout')).statusCode).toBeLessThan(300);
    expect(await socket.closed).toBe(4401);
  });

  it('says what is gone, and goes on with what is new', async () => {
    const since = await findLastSeq(app.deps.systemDb);
    const client = await open(`/ws/events?rooms=all&since=${since + 1_000}`);
    expect(await client.next('gone')).toEqual({ type: 'gone', seq: since });
    await tell('study_complete');
    expect(await client.next('study_complete')).toMatchObject({ topic: `study:${STUDY}` });
    const polled = await app.inject({ url: `/api/v1/events?since=${since + 1_000}` });
    expect([polled.statusCode, polled.json().type]).toEqual([410, 'urn:isocenter:error:events-gone']);
  });
});

describe('live events without a WebSocket', () => {
  it('streams them as Server-Sent Events, and goes on after the last id', async () => {
    const since = await findLastSeq(app.deps.systemDb);
    await tellMany(3);
    const stopping = new AbortController();
    const headers = { ...bearer, 'last-event-id': String(since) };
    const answer = await fetch(`${base}/api/v1/events/stream?rooms=all`, { headers, signal: stopping.signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    await tell('study_complete');
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('study_complete')) break;
    }
    stopping.abort();
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(await allSeqs(since));
  });

  it('gives them by polling, by topic', async () => {
    const since = await findLastSeq(app.deps.systemDb);
    await tell('study_labeled', { study: '2.25.7004' });
    await tell('study_complete', { study: '2.25.7005' });
    const page = await app.call(listEvents, { query: { since, topic: 'study:2.25.7005' } });
    expect(page.items).toMatchObject([{ type: 'study_complete', data: { study_instance_uid: '2.25.7005' } }]);
    expect(page).toMatchObject({ done: true, last: page.items[0]?.seq });
  });
});

describe('what is told', () => {
  it('is how far an upload has come (V-10)', async () => {
    const bytes = secondaryCapture({ study: '2.25.7006', series: '2.25.7006.1', instance: '2.25.7006.1.1', patientId: 'LIVE' });
    const tus = { 'tus-resumable': '1.0.0' };
    const made = await app.inject({ method: 'POST', url: '/api/v1/uploads', headers: { ...tus, 'upload-length': String(bytes.length) } });
    const url = String(made.headers['location']);
    const client = await open(`/ws/events?rooms=upload:${url.split('/').at(-1)}`);
    await client.next('joined');
    for (const [from, to] of [
      [0, 100],
      [100, bytes.length],
    ] as const) {
      const headers = { ...tus, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(from) };
      await app.inject({ method: 'PATCH', url, headers, payload: Buffer.from(bytes.subarray(from, to)) });
    }
    const total = bytes.length;
    const progress = Math.floor(10_000 / total);
    expect(await client.next('upload_progress')).toMatchObject({ data: { received: 100, total, progress, stage: 'upload' } });
    expect(await client.next('upload_progress')).toMatchObject({ data: { received: total, total, progress: 100, stage: 'complete' } });
  });

  it('is one of the events of the contract, for everything that the program has written so far', async () => {
    await app.drain();
    const rows = await app.deps.db.selectFrom('event').selectAll().where('study_instance_uid', '=', STUDY).execute();
    const written = rows.map(messageOf).filter(({ data }) => Object.keys(data).length > 0);
    expect(new Set(written.map(({ type }) => type)).size).toBeGreaterThan(4);
    for (const message of written) expect(Value.Check(LiveEvent, message), JSON.stringify(message)).toBe(true);
  });

  it('is kept for its time, and then said to be gone', async () => {
    const client = await open('/ws/events');
    const last = await findLastSeq(app.deps.systemDb);
    const later = () => new Date(app.deps.now().getTime() + 31 * 86_400_000);
    await pruneEvents({ systemDb: app.deps.systemDb, now: later, retentionDays: 30 });
    const polled = await app.inject({ url: '/api/v1/events?since=1' });
    expect(polled.statusCode).toBe(410);
    expect(polled.json().detail).toContain(`from number ${last + 1}`);
    client.send({ type: 'join', room: 'all', since: 1 });
    expect(await client.next('gone')).toEqual({ type: 'gone', seq: last });
    // From the oldest, and from the last that there was, nothing is missing.
    for (const since of [0, last]) expect((await app.call(listEvents, { query: { since } })).items).toEqual([]);
    await tell('study_complete');
    expect(await client.next('study_complete')).toMatchObject({ topic: `study:${STUDY}` });
  });
});
