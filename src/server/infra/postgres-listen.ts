import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const RECONNECT_MS = 1_000;

export type Listener = { close(): Promise<void> };

/**
 * Listens on a channel over a connection of its own, which must lead to the server itself: a transaction pooler in between drops what
 * was listened to. Calls `onNotify` for each notification, and once after each (re)connect, because some may have been missed.
 */
export function listen(url: string, channel: string, on: { notify(): void; error(error: unknown): void }): Listener {
  const closing = new AbortController();
  const session = async () => {
    const client = new pg.Client({ connectionString: url, application_name: 'isocenter-listen', keepAlive: true });
    const ended = new Promise<void>((resolve) => {
      client.once('end', resolve);
      closing.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    client.on('error', on.error);
    client.on('notification', on.notify);
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      on.notify();
      await ended;
    } finally {
      await client.end().catch(() => {});
    }
  };
  const run = async () => {
    while (!closing.signal.aborted) {
      await session().catch(on.error);
      await delay(RECONNECT_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    close: async () => {
      closing.abort();
      await running;
    },
  };
}
