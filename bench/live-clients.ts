import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';

const RETRY_MS = 100;

/** Where to connect to: an address, and the header that lets in. */
export type Door = { url: string; headers: Record<string, string> };
export type SoakClient = {
  room: string;
  /** Number of each event in the order in which it came, when, and since when the client had been in its room. */
  heard: { seq: number; at: number; joinedAt: number }[];
  /** Times that it had to come back. */
  reconnects: number;
  /** Times that it was told to have been too slow, or to have come too late. */
  told: number;
  /** Drops the connection without a word. */
  cut(): void;
  close(): void;
};

/** A client that stays in a room, whatever happens to it: when its connection ends it comes back with the last number that it heard. */
export function openSoakClient(room: string, since: number, pickDoor: () => Door): SoakClient {
  let last = since;
  let socket: WebSocket | undefined;
  let closed = false;
  const client: SoakClient = {
    room,
    heard: [],
    reconnects: 0,
    told: 0,
    cut: () => socket?.terminate(),
    close: () => {
      closed = true;
      socket?.terminate();
    },
  };
  const connect = (): void => {
    const { url, headers } = pickDoor();
    const own = new WebSocket(`${url.replace('http', 'ws')}/ws/events?rooms=${room}&since=${last}`, { headers });
    socket = own;
    let joinedAt = Number.POSITIVE_INFINITY;
    own.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string; topic?: string; seq: number };
      if (message.topic !== undefined) {
        client.heard.push({ seq: message.seq, at: performance.now(), joinedAt });
        last = Math.max(last, message.seq);
      } else if (message.type === 'joined') joinedAt = performance.now();
      else if (message.type === 'digest' || message.type === 'gone') client.told += 1;
    });
    own.on('error', () => {});
    own.on('close', async () => {
      if (closed) return;
      client.reconnects += 1;
      await delay(RETRY_MS * (0.5 + Math.random()));
      if (!closed) connect();
    });
  };
  connect();
  return client;
}

/** Connections that only stay open. Returns what closes them. */
export async function openIdle({ url, headers }: Door, count: number): Promise<() => void> {
  const sockets: WebSocket[] = [];
  for (let opened = 0; opened < count; opened += 50) {
    const batch = Array.from(
      { length: Math.min(50, count - opened) },
      () => new WebSocket(`${url.replace('http', 'ws')}/ws/analysis`, { headers }),
    );
    await Promise.all(
      batch.map(
        (socket) =>
          new Promise<void>((resolve, reject) => {
            socket.once('message', () => resolve());
            socket.once('error', reject);
          }),
      ),
    );
    sockets.push(...batch);
  }
  return () => {
    for (const socket of sockets) socket.terminate();
  };
}
