import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endSlowBodies } from '../../src/server/platform/slow-bodies.ts';
import { openTestApp, type TestApp } from '../app.ts';

const SHORT_MS = 40;
const NEVER_MS = 600_000;

describe('an oversized body', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(async () => app.close());

  const login = (body: string): object => ({
    method: 'POST',
    url: '/api/v1/auth/login',
    payload: body,
    headers: { 'content-type': 'application/json' },
  });

  it('is refused before it is read, and the next request is answered', async () => {
    const body = JSON.stringify({ username: 'reader', password: 'x'.repeat(2_000_000) });
    expect((await app.http.inject(login(body))).statusCode).toBe(413);
    expect((await app.http.inject({ url: '/livez' })).statusCode).toBe(200);
  });

  it('that does not tell its length is cut where it becomes too large', async () => {
    await app.http.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.http.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    const head =
      'POST /api/v1/auth/login HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    socket.write(head);
    const piece = ' '.repeat(0x10000);
    for (let index = 0; index < 20; index += 1) socket.write(`10000\r\n${piece}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('of braces within braces costs an answer and nothing else', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    expect((await app.http.inject(login(deep))).statusCode).toBe(400);
    expect((await app.http.inject(login(`{"username":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`))).statusCode).toBe(400);
  });
});

/** Until the connection is over; the other side may end it by a reset, for which `once` would reject. */
async function closed(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  socket.resume();
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}

describe('a slow body', () => {
  let http: FastifyInstance;
  const open = async (limits: { wholeMs: number; stallMs: number }): Promise<Socket> => {
    http = Fastify({ requestTimeout: 0 });
    endSlowBodies(http, { streamed: new Set(['multipart/form-data']), ...limits });
    http.addContentTypeParser('multipart/form-data', (_request, _payload, done) => done(null));
    http.post('/', async (request) => {
      let size = 0;
      for await (const piece of request.raw) size += (piece as Buffer).length;
      return { size };
    });
    http.post('/json', async () => ({}));
    await http.listen({ host: '127.0.0.1', port: 0 });
    return connect((http.server.address() as AddressInfo).port, '127.0.0.1');
  };
  const head = (path: string, type: string): string =>
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: 100\r\n\r\n`;

  it('of JSON has its connection ended, however it drips', async () => {
    const socket = await open({ wholeMs: SHORT_MS, stallMs: NEVER_MS });
    socket.write(`${head('/json', 'application/json')}{`);
    const drip = setInterval(() => socket.write(' '), SHORT_MS / 8);
    await closed(socket);
    clearInterval(drip);
    await http.close();
  });

  it('of an upload has its connection ended when nothing more comes', async () => {
    const socket = await open({ wholeMs: NEVER_MS, stallMs: SHORT_MS });
    socket.write(`${head('/', 'multipart/form-data')}some of it`);
    await closed(socket);
    await http.close();
  });

  it('of an upload that goes on is taken, however long it takes', async () => {
    const socket = await open({ wholeMs: SHORT_MS, stallMs: NEVER_MS });
    socket.write(head('/', 'multipart/form-data'));
    let left = 100;
    const drip = setInterval(() => {
      if (left > 0) socket.write('x');
      left -= 1;
    }, 1);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    clearInterval(drip);
    expect(answer.toString()).toContain('{"size":100}');
    socket.destroy();
    await http.close();
  });
});
