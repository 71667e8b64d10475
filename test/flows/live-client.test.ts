import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type EventMessage, type EventType, listEvents } from '../../src/contract/events.ts';
import { appendEvent } from '../../src/server/events/append-event.ts';
import { type LiveConnection, type LiveDeps, type LiveState, openLiveConnection } from '../../src/web/live/connection.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { secondaryCapture } from '../builders.ts';
import { addPerson, signIn } from '../identity-parts.ts';
import { listenOn } from '../live-client.ts';

const STUDY = '2.25.7101';
const OTHER = '2.25.7102';

let app: TestApp;
let base: string;
let authorization: string;
/** What a proxy between does: nothing, or it lets no WebSocket through. */
let socketsPass = true;
const open = new Set<WebSocket>();

beforeAll(async () => {
  app = await openTestApp();
  base = await listenOn(app.http);
  authorization = `Bearer ${(await signIn(app, await addPerson(app, 'radiologist'))).access}`;
  for (const study of [STUDY, OTHER]) {
    const bytes = secondaryCapture({ study, series: `${study}.1`, instance: `${study}.1.1`, patientId: 'LIVE' });
    await app.upload('/api/v1/studies', [{ name: 'a.dcm', bytes }]);
  }
});
afterAll(async () => {
  for (const socket of open) socket.terminate();
  await app.close();
});

function connect(over: Partial<LiveDeps> = {}): LiveConnection {
  return openLiveConnection({
    openSocket: ({ opened, told, closed }) => {
      const socket = new WebSocket(`${base.replace('http', 'ws')}${socketsPass ? '/ws/events' : '/nothing'}`, {
        headers: { authorization },
      });
      open.add(socket);
      socket.on('open', opened);
      socket.on('message', (data) => told(String(data)));
      socket.on('error', () => {});
      socket.on('close', closed);
      return { send: (text) => socket.send(text), close: () => socket.close() };
    },
    poll: (since) => app.call(listEvents, { query: { since, limit: 2 } }),
    wasAnswered: () => true,
    hasSession: async () => true,
    random: () => 0,
    backoff: { firstMs: 2, mostMs: 4 },
    pingMs: 60_000,
    pollMs: 2,
    ...over,
  });
}

/** What a listener was told, and a way to wait for it. */
function listen() {
  const events: EventMessage[] = [];
  let missed = 0;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  return {
    events,
    missed: () => missed,
    types: () => events.map(({ type }) => type),
    listener: {
      take: (event: EventMessage) => {
        events.push(event);
        wake();
      },
      missed: () => {
        missed += 1;
        wake();
      },
    },
    until: (isSo: () => boolean) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!isSo()) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

function reached(connection: LiveConnection, state: LiveState): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (connection.state() !== state) return;
      stop();
      resolve();
    };
    const stop = connection.subscribe(look);
    look();
  });
}

async function tell(type: EventType, study = STUDY): Promise<void> {
  const at = app.deps.now().toISOString();
  await app.deps.db.transaction().execute((tx) => appendEvent(tx, { type, at, study_instance_uid: study }));
}

function cut(): void {
  for (const socket of open) socket.terminate();
  open.clear();
}

describe('the live connection of the web app', () => {
  it('a room that nothing is known of yet is loaded anew once it is heard, and then told of each change', async () => {
    const connection = connect();
    const heard = listen();
    connection.join(`study:${STUDY}`, heard.listener);
    await heard.until(() => heard.missed() === 1);
    expect(connection.state()).toBe('connected');
    await tell('study_labeled', OTHER);
    await tell('study_labeled');
    await tell('study_complete');
    await heard.until(() => heard.events.length === 2);
    expect(heard.types()).toEqual(['study_labeled', 'study_complete']);
    expect(heard.missed()).toBe(1);
    cut();
  });

  it('after a lost connection each missed event comes once, in order, to every room', async () => {
    const connection = connect();
    const [all, one] = [listen(), listen()];
    connection.join('all', all.listener);
    connection.join(`study:${STUDY}`, one.listener);
    await Promise.all([all, one].map((heard) => heard.until(() => heard.missed() === 1)));
    socketsPass = false;
    const lost = reached(connection, 'reconnecting');
    cut();
    await lost;
    await tell('study_labeled');
    await tell('study_labeled', OTHER);
    await tell('study_complete');
    socketsPass = true;
    await reached(connection, 'connected');
    await tell('study_restored');
    await Promise.all([all.until(() => all.events.length === 4), one.until(() => one.events.length === 3)]);
    expect(all.types()).toEqual(['study_labeled', 'study_labeled', 'study_complete', 'study_restored']);
    expect(one.types()).toEqual(['study_labeled', 'study_complete', 'study_restored']);
    expect([all.missed(), one.missed()]).toEqual([1, 1]);
    cut();
  });

  it('a room that is entered from the list of everything has missed nothing: it is not loaded twice', async () => {
    const connection = connect();
    const [all, one] = [listen(), listen()];
    const leave = connection.join('all', all.listener);
    await all.until(() => all.missed() === 1);
    leave();
    connection.join(`study:${STUDY}`, one.listener);
    await tell('study_complete');
    await one.until(() => one.events.length === 1);
    expect(one.missed()).toBe(0);
    expect(all.events).toEqual([]);
    cut();
  });

  it('where no WebSocket gets through, events are asked for, page after page, and told once', async () => {
    const connection = connect();
    const heard = listen();
    connection.join('all', heard.listener);
    await heard.until(() => heard.missed() === 1);
    socketsPass = false;
    cut();
    await reached(connection, 'polling');
    for (let index = 0; index < 5; index++) await tell('study_labeled');
    await heard.until(() => heard.events.length === 5);
    socketsPass = true;
    await reached(connection, 'connected');
    await tell('study_complete');
    await heard.until(() => heard.events.length === 6);
    expect(new Set(heard.events.map(({ seq }) => seq)).size).toBe(6);
    expect(heard.missed()).toBe(1);
    cut();
  });

  it('a socket that nobody answers on is given up, and another is opened', async () => {
    let sockets = 0;
    const connection = connect({
      pingMs: 4,
      openSocket: ({ opened, closed }) => {
        sockets += 1;
        setImmediate(opened);
        return { send: () => {}, close: () => setImmediate(() => closed(1006)) };
      },
    });
    const heard = listen();
    connection.join('all', heard.listener);
    await reached(connection, 'connected');
    await reached(connection, 'reconnecting');
    await reached(connection, 'connected');
    expect(sockets).toBe(2);
    connection.setOnline(false);
  });

  it('without a network it rests, and comes back with it', async () => {
    const connection = connect();
    const heard = listen();
    connection.join('all', heard.listener);
    await heard.until(() => heard.missed() === 1);
    connection.setOnline(false);
    expect(connection.state()).toBe('offline');
    await tell('study_labeled');
    connection.setOnline(true);
    await heard.until(() => heard.events.length === 1);
    expect(heard.missed()).toBe(1);
    connection.setOnline(false);
  });
});
