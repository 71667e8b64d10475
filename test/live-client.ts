import type { FastifyInstance } from 'fastify';
import { WebSocket } from 'ws';
import type { ControlMessage, EventMessage } from '../src/contract/events.ts';

export type LiveMessage = EventMessage | ControlMessage;
export type TestSocket = {
  socket: WebSocket;
  /** Everything that came, in order. */
  messages: LiveMessage[];
  /** Waits for the next message of a type, after those that were waited for before. */
  next(type: string): Promise<LiveMessage>;
  send(message: unknown): void;
  /** Numbers of the events that came. */
  seqs(): number[];
  /** Code with which it was closed. */
  closed: Promise<number>;
};

/** Lets the server listen on a free loopback port; returns its address. */
export async function listenOn(http: FastifyInstance): Promise<string> {
  return http.listen({ host: '127.0.0.1', port: 0 });
}

/** Opens a WebSocket. @throws {Error} with the status, if the server refuses */
export async function openSocket(base: string, path: string, headers: Record<string, string>): Promise<TestSocket> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}${path}`, { headers });
  const messages: LiveMessage[] = [];
  const waiting: (() => void)[] = [];
  let read = 0;
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    for (const wake of waiting.splice(0)) wake();
  });
  const closed = new Promise<number>((resolve) => socket.once('close', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  socket.on('error', () => {});
  return {
    socket,
    messages,
    next: async (type) => {
      for (;;) {
        const message = messages[read];
        if (message === undefined) await new Promise<void>((resolve) => waiting.push(resolve));
        else {
          read += 1;
          if (message.type === type) return message;
        }
      }
    },
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    seqs: () => messages.flatMap((message) => ('topic' in message ? [message.seq] : [])),
    closed,
  };
}
