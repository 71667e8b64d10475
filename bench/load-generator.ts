import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { openAnswerReader } from './answer-reader.ts';

// The client of the benchmarks, in a process of its own: it sends ready bytes over kept connections and reads of an answer only its
// status and length, so that it takes as little of the CPUs as a client can.

/** Whole HTTP/1.1 requests as bytes, headers included; sent in turn. */
export type Load = { host: string; port: number; requests: Uint8Array[] };
/** `count` requests, `concurrency` at a time, each sent when an answer has come. */
export type ClosedLoad = Load & { kind: 'closed'; count: number; concurrency: number };
/** One request every `everyMs`, sent when it is due whether or not others are answered, until told to stop. */
export type OpenLoad = Load & { kind: 'open'; everyMs: number };
export type LoadOrder = ClosedLoad | OpenLoad | { kind: 'stop' };
/** From the first byte sent to the last byte received, of each request in order of its answer. `wrong` counts what was not 2xx. */
export type LoadResult = { seconds: number; latenciesMs: number[]; wrong: number };

type Connection = { send(request: Uint8Array): Promise<number>; isOpen(): boolean; close(): void };

let running: { stop: boolean } = { stop: false };

// The parent sends only orders.
process.on('message', async (order: LoadOrder) => {
  if (order.kind === 'stop') {
    running.stop = true;
    return;
  }
  running = { stop: false };
  const from = performance.now();
  const result = order.kind === 'closed' ? await runClosed(order) : await runOpen(order, running);
  process.send?.({ ...result, seconds: (performance.now() - from) / 1000 } satisfies LoadResult);
});
process.on('disconnect', () => process.exit(0));

async function runClosed({ requests, count, concurrency, ...to }: ClosedLoad): Promise<Omit<LoadResult, 'seconds'>> {
  const latenciesMs: number[] = [];
  let wrong = 0;
  let next = 0;
  const lane = async (): Promise<void> => {
    const connection = await openConnection(to);
    while (next < count) {
      const request = requests[next++ % requests.length] ?? new Uint8Array();
      const from = performance.now();
      const status = await connection.send(request);
      latenciesMs.push(performance.now() - from);
      if (status < 200 || status >= 300) wrong += 1;
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return { latenciesMs, wrong };
}

async function runOpen({ requests, everyMs, ...to }: OpenLoad, state: { stop: boolean }): Promise<Omit<LoadResult, 'seconds'>> {
  const latenciesMs: number[] = [];
  const idle: Connection[] = [];
  const pending = new Set<Promise<void>>();
  let wrong = 0;
  const ask = async (request: Uint8Array): Promise<void> => {
    // A server may close what was idle for long.
    while (idle.at(-1)?.isOpen() === false) idle.pop();
    const connection = idle.pop() ?? (await openConnection(to));
    const from = performance.now();
    const status = await connection.send(request);
    latenciesMs.push(performance.now() - from);
    if (status < 200 || status >= 300) wrong += 1;
    idle.push(connection);
  };
  const start = performance.now();
  for (let sent = 0; !state.stop; sent += 1) {
    await delay(Math.max(0, start + sent * everyMs - performance.now()));
    const asked = ask(requests[sent % requests.length] ?? new Uint8Array()).finally(() => pending.delete(asked));
    pending.add(asked);
  }
  await Promise.all(pending);
  for (const connection of idle) connection.close();
  return { latenciesMs, wrong };
}

/** One request at a time; resolves to the status when the body is there. A connection that the server closed is opened again. */
async function openConnection(to: { host: string; port: number }): Promise<Connection> {
  let socket = await connected(to);
  let reader = openAnswerReader();
  let answered: (status: number) => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;

  const listen = (): void => {
    socket.on('data', (chunk: Buffer) => {
      const status = reader.push(chunk);
      if (status !== undefined) answered(status);
    });
    socket.on('error', (error) => failed(error));
    socket.on('close', () => {
      const status = reader.end();
      if (status === undefined) failed(new Error('The server closed the connection'));
      else answered(status);
    });
  };
  listen();
  return {
    send: async (request) => {
      if (!socket.writable) {
        socket = await connected(to);
        reader = openAnswerReader();
        listen();
      }
      return new Promise((resolve, reject) => {
        answered = resolve;
        failed = reject;
        socket.write(request);
      });
    },
    isOpen: () => socket.writable,
    close: () => socket.destroy(),
  };
}

async function connected({ host, port }: { host: string; port: number }): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}
