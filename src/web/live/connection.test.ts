import { expect, it } from 'vitest';
import { type LiveDeps, openLiveConnection, type SocketHandlers } from './connection.ts';

const LISTENER = { take: () => {}, missed: () => {} };
const SESSION_ENDED = 4401;

/** Sockets that open when the test says so, before a server that knows a session or none. */
function openDoor(knowsSession: boolean): { deps: LiveDeps; opened: SocketHandlers[]; closed: () => number } {
  const opened: SocketHandlers[] = [];
  let closed = 0;
  const deps: LiveDeps = {
    openSocket: (handlers) => {
      opened.push(handlers);
      return { send: () => {}, close: () => (closed += 1) };
    },
    poll: async () => ({ items: [], last: 0, done: true }),
    wasAnswered: () => true,
    hasSession: async () => knowsSession,
    random: () => 0,
    backoff: { firstMs: 0, mostMs: 0 },
    pingMs: 1_000_000,
    pollMs: 1_000_000,
  };
  return { deps, opened, closed: () => closed };
}

it('a session that is over is not knocked for again, until somebody joins anew', async () => {
  const { deps, opened } = openDoor(false);
  const connection = openLiveConnection(deps);
  connection.join('all', LISTENER);
  opened[0]?.opened();
  opened[0]?.closed(SESSION_ENDED);
  await new Promise((resolve) => setImmediate(resolve));
  expect(opened).toHaveLength(1);
  connection.end();
  expect(connection.state()).toBe('idle');
  connection.join('all', LISTENER)();
  expect(opened).toHaveLength(2);
  connection.end();
});

it('whose session has only changed, or who lost the connection, comes back', async () => {
  for (const code of [SESSION_ENDED, 1006]) {
    const { deps, opened } = openDoor(true);
    const connection = openLiveConnection(deps);
    connection.join('all', LISTENER);
    opened[0]?.opened();
    opened[0]?.closed(code);
    await expect.poll(() => opened.length).toBe(2);
    connection.end();
  }
});

it('who ends it hears nothing more, and an older connection that closes then brings nothing back', async () => {
  const { deps, opened, closed } = openDoor(true);
  const connection = openLiveConnection(deps);
  let heard = 0;
  connection.join('all', { take: () => (heard += 1), missed: () => (heard += 1) });
  opened[0]?.opened();
  connection.end();
  expect(closed()).toBe(1);
  const before = heard;
  opened[0]?.told(JSON.stringify({ type: 'study_complete', topic: 'study:1', seq: 1, at: '', data: {} }));
  opened[0]?.closed(1000);
  await new Promise((resolve) => setImmediate(resolve));
  expect([heard, opened.length]).toEqual([before, 1]);
});
