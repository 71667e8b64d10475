import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEvent } from '../../src/server/events/append-event.ts';
import { createTenant } from '../../src/server/tenants/create-tenant.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { addPerson, signIn } from '../identity-parts.ts';
import { listenOn, openSocket, type TestSocket } from '../live-client.ts';

const PAGE = 'https://portal.example';
const OTHER = 'other-clinic';
let app: TestApp;
let base: string;
let cookie: string;
let token: string;
const sockets: TestSocket[] = [];

beforeAll(async () => {
  app = await openTestApp({ env: { ISOCENTER_LIVE_HEARTBEAT_SECONDS: '1', ISOCENTER_CORS_ORIGINS: PAGE } });
  base = await listenOn(app.http);
  await createTenant(app.deps, { id: OTHER, name: 'Other' });
  const client = await signIn(app, await addPerson(app, 'radiologist'));
  cookie = `isocenter_session=${client.cookie}`;
  token = client.access;
});
afterAll(async () => {
  for (const { socket } of sockets) socket.terminate();
  await app.close();
});

async function open(path: string, headers: Record<string, string>): Promise<TestSocket> {
  const socket = await openSocket(base, path, headers);
  sockets.push(socket);
  return socket;
}

const bearer = () => ({ authorization: `Bearer ${token}` });

/** Events of some kilobytes. */
async function tellLarge(count: number, study: string): Promise<void> {
  const data = { progress: 50, stage: 'analysis', note: 'x'.repeat(16_000) };
  for (let told = 0; told < count; told += 100) {
    await app.deps.db.transaction().execute(async (tx) => {
      for (let index = 0; index < Math.min(100, count - told); index++)
        await appendEvent(tx, { type: 'analysis_progress', at: app.deps.now().toISOString(), study_instance_uid: study, data });
    });
  }
}

describe('who may listen', () => {
  it.each([
    ['/ws/events?rooms=all', {}, '401'],
    ['/ws/analysis', {}, '401'],
    ['/ws/system', { authorization: 'Bearer nonsense' }, '401'],
    ['/ws/events?rooms=everything', { authorization: '' }, '400'],
    ['/ws/diagnosis/..%2F..', { authorization: '' }, '400'],
    ['/ws/events?since=-1', { authorization: '' }, '400'],
    ['/ws/events?rooms=security', { authorization: '' }, '403'],
    ['/ws/system?', { authorization: '', origin: 'https://evil.example' }, '403'],
    ['/livez', { authorization: '' }, '200'],
  ])('%s with %o is answered %s', async (path, headers, status) => {
    const sent = { ...headers, ...('authorization' in headers && headers.authorization === '' ? bearer() : {}) };
    await expect(openSocket(base, path, sent as Record<string, string>)).rejects.toThrow(status);
  });

  it('takes the cookie from a page of its own, and from no other', async () => {
    const own = await open('/ws/events?rooms=all', { cookie, origin: base });
    await own.next('joined');
    await expect(openSocket(base, '/ws/events?rooms=all', { cookie, origin: 'https://evil.example' })).rejects.toThrow('403');
    await expect(openSocket(base, '/ws/events?rooms=all', { cookie, origin: 'null' })).rejects.toThrow('403');
    // Of an allowed origin the token counts, and the cookie does not.
    await expect(openSocket(base, '/ws/events?rooms=all', { cookie, origin: PAGE })).rejects.toThrow('401');
    await (await open('/ws/events?rooms=all', { ...bearer(), origin: PAGE })).next('joined');
  });

  it('has nothing for who may read no events', async () => {
    const { access } = await signIn(app, await addPerson(app, 'researcher'));
    const headers = { authorization: `Bearer ${access}` };
    for (const path of ['/ws/events?rooms=all', '/ws/events', '/ws/analysis', '/ws/system', '/ws/diagnosis/1'])
      await expect(openSocket(base, path, headers)).rejects.toThrow('403');
    expect((await fetch(`${base}/api/v1/events/stream`, { headers })).status).toBe(403);
    expect((await fetch(`${base}/api/v1/events/stream`)).status).toBe(401);
  });

  it("tells nothing of another tenant, whatever room is named, and nothing of what is the administrators'", async () => {
    const client = await open('/ws/events?rooms=all', bearer());
    await client.next('joined');
    for (const room of ['study:2.25.9', 'diagnosis:d-9', 'security']) client.send({ type: 'join', room, since: 0 });
    await client.next('joined');
    await client.next('joined');
    expect(await client.next('error')).toMatchObject({ code: 'forbidden' });
    const { db } = await app.deps.scope(OTHER);
    const at = app.deps.now().toISOString();
    await db.transaction().execute(async (tx) => {
      await appendEvent(tx, { type: 'study_complete', at, study_instance_uid: '2.25.9' });
      await appendEvent(tx, { type: 'agent_status', at, diagnosis_id: 'd-9' });
    });
    await app.deps.db.transaction().execute((tx) => appendEvent(tx, { type: 'study_labeled', at, study_instance_uid: '2.25.10' }));
    await client.next('study_labeled');
    const late = await open('/ws/events?since=0&rooms=study:2.25.9,diagnosis:d-9,all', bearer());
    await late.next('study_labeled');
    for (const { messages } of [client, late])
      expect(messages.filter((message) => 'topic' in message && /2\.25\.9|d-9|security/.test(message.topic))).toEqual([]);
  });
});

describe('what clients send', () => {
  it('closes for a message that is too large', async () => {
    const client = await open('/ws/events', bearer());
    client.send('x'.repeat(5_000));
    expect(await client.closed).toBe(1009);
  });

  it('answers what it does not understand, and closes for a flood', async () => {
    const client = await open('/ws/events', bearer());
    for (const message of ['', '{', '[]', 'null', '{"type":"join"}', '{"type":"join","room":"study:a"}', '{"type":"eval"}']) {
      client.send(message);
      expect(await client.next('error')).toMatchObject({ code: 'invalid-request' });
    }
    client.socket.send(Buffer.from([0xff, 0xfe]), { binary: true });
    expect(await client.next('error')).toMatchObject({ code: 'invalid-request' });
    for (let index = 0; index < 300; index++) client.send({ type: 'ping' });
    expect(await client.closed).toBe(1008);
  });

  it('lets nobody be in more rooms than a hundred', async () => {
    const client = await open('/ws/events', bearer());
    for (let index = 0; index < 101; index++) client.send({ type: 'join', room: `study:2.25.${index}` });
    expect(await client.next('error')).toMatchObject({ code: 'too-many-requests' });
  });

  it.each(['/livez', '/ws/system', '/nowhere', '/livez\r\norigin: https://evil.example'])(
    'leaves no connection open that asked %s to become a socket',
    async (line) => {
      const { port } = new URL(base);
      const [path, ...more] = line.split('\r\n');
      const head = [`GET ${path} HTTP/1.1`, `host: 127.0.0.1:${port}`, ...more, 'connection: upgrade', 'upgrade: websocket'];
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(`${[...head, 'sec-websocket-version: 13', 'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='].join('\r\n')}\r\n\r\n`);
      socket.resume();
      await new Promise((resolve) => socket.once('close', resolve));
    },
  );
});

/** Events of `tellLarge` that are less than what may wait for a reader. */
const AT_A_TIME = 40;

describe('who reads slowly', () => {
  it('is told what was left out, and goes on with what is new', async () => {
    const study = '2.25.20';
    const client = await open(`/ws/events?rooms=study:${study}`, bearer());
    await client.next('joined');
    client.socket.pause();
    const quick = await open(`/ws/events?rooms=study:${study}`, bearer());
    await quick.next('joined');
    // No more at a time than the limit lets wait, or the quick one would be too slow as well on a busy machine.
    const tellBoth = async (count: number, known: number): Promise<void> => {
      for (let told = AT_A_TIME; told <= count; told += AT_A_TIME) {
        await tellLarge(AT_A_TIME, study);
        while (quick.seqs().length < known + told) await quick.next('analysis_progress');
      }
    };
    await tellBoth(1_000, 0);
    client.socket.resume();
    const digest = await client.next('digest');
    await tellBoth(80, 1_000);
    const last = async () => (await client.next('analysis_progress')) as { seq: number };
    const all = () => quick.seqs();
    for (let next = await last(); next.seq !== all().at(-1); ) next = await last();
    const { after, seq } = digest as { after: number; seq: number };
    expect(client.seqs()).toEqual(all().filter((number) => number <= after || number > seq));
    expect(after).toBeLessThan(seq);
  });

  it('and never reads is dropped; until then no more waits for it than the limit', async () => {
    const study = '2.25.21';
    const client = await open(`/ws/events?rooms=study:${study}`, bearer());
    await client.next('joined');
    const [served] = [...app.http.websocketServer.clients].slice(-1);
    client.socket.pause();
    const gone = new Promise((resolve) => served?.once('close', resolve));
    await tellLarge(1_500, study);
    expect(served?.bufferedAmount).toBeLessThan(1_048_576 + 200 * 17_000);
    await gone;
    client.socket.resume();
  });
});

describe('a server that stops', () => {
  it('says so to who listens, and does not wait for who does not answer', async () => {
    const own = await openTestApp();
    const address = await listenOn(own.http);
    const { access } = await signIn(own, await addPerson(own, 'radiologist'));
    const headers = { authorization: `Bearer ${access}` };
    const listening = await openSocket(address, '/ws/events?rooms=all', headers);
    const silent = await openSocket(address, '/ws/analysis', headers);
    silent.socket.pause();
    const stream = await fetch(`${address}/api/v1/events/stream`, { headers });
    await listening.next('joined');
    const closed = own.close();
    expect(await listening.closed).toBe(1001);
    await stream.text();
    await closed;
    silent.socket.terminate();
  });
});
