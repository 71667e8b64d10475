import { fork } from 'node:child_process';
import type { ClosedLoad, LoadOrder, LoadResult, OpenLoad } from './load-generator.ts';

/** The load generator, a process of its own. One load at a time. */
export type LoadClient = {
  /** Sends everything and waits for the answers. @throws {Error} if an answer was not a success */
  send(load: Omit<ClosedLoad, 'kind'>): Promise<LoadResult>;
  /** Sends at a fixed rate until the returned function is called, which waits for the last answer. */
  start(load: Omit<OpenLoad, 'kind'>): () => Promise<LoadResult>;
  close(): void;
};

export function openLoadClient(): LoadClient {
  const child = fork(new URL('./load-generator.ts', import.meta.url), { serialization: 'advanced' });
  const order = (message: LoadOrder): void => void child.send(message);
  let waiting: PromiseWithResolvers<LoadResult> | undefined;
  // The child sends nothing else.
  child.on('message', (message) => waiting?.resolve(message as LoadResult));
  child.on('exit', (code) => waiting?.reject(new Error(`The load generator ended with ${code}`)));
  const nextResult = async (): Promise<LoadResult> => {
    waiting = Promise.withResolvers();
    const result = await waiting.promise;
    if (result.wrong > 0) throw new Error(`${result.wrong} of ${result.latenciesMs.length} answers were not a success`);
    return result;
  };
  return {
    send: (load) => {
      order({ kind: 'closed', ...load });
      return nextResult();
    },
    start: (load) => {
      order({ kind: 'open', ...load });
      const result = nextResult();
      return () => {
        order({ kind: 'stop' });
        return result;
      };
    },
    close: () => child.disconnect(),
  };
}

/** A request as the bytes that go over the connection. */
export function requestBytes(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Uint8Array = new Uint8Array(),
): Uint8Array {
  const lines = Object.entries({ host: 'localhost', ...headers, 'content-length': String(body.byteLength) });
  return Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`),
    body,
  ]);
}

export function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
