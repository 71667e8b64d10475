import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type ClamavOptions, openClamav } from '../../src/server/infra/clamav.ts';
import { inPieces, keysOf, openFolderBlobs } from './blobs-contract.ts';
import { type ClamdServer, EICAR, openClamd } from './clamd.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: Parameters<typeof openClamd>[0] = {}): Promise<ClamdServer> {
  const server = await openClamd(options);
  closing.push(server.close);
  return server;
}
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-clamav-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
const scanner = ({ address }: { address: string }, options: Partial<ClamavOptions> = {}) =>
  openClamav({ address, whenDown: 'refuse', ...options });
const collect = async (content: AsyncIterable<Uint8Array>) => {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
};

test('clean content passes as it was, over TCP and over a Unix socket, and the scanner has seen all of it', async () => {
  const servers = [await start(), ...(process.platform === 'win32' ? [] : [await start({ path: join(await newFolder(), 'clamd.ctl') })])];
  for (const server of servers) {
    for (const size of [0, 1, 65_536, 3_000_000]) {
      const content = randomBytes(size);
      const passed = await collect(scanner(server)(inPieces(content, 1_500_000)));
      expect(passed.equals(content)).toBe(true);
      expect(server.received().equals(content)).toBe(true);
    }
  }
});

test('infected content is refused with the name of what was found, and a store that was taking it keeps nothing', async () => {
  const server = await start();
  const blobs = await openFolderBlobs(await newFolder());
  const infected = Buffer.concat([randomBytes(200_000), EICAR, randomBytes(200_000)]);
  await expect(blobs.put(scanner(server)(inPieces(infected)))).rejects.toMatchObject({
    kind: 'infected',
    message: 'The virus scanner found Eicar-Signature',
  });
  expect(await keysOf(blobs)).toEqual([]);
});

test('pieces whose memory is used again reach the scanner and the reader as they were', async () => {
  const server = await start();
  const buffer = Buffer.alloc(100_000);
  const source = async function* () {
    for (let value = 0; value < 20; value++) yield buffer.fill(value);
  };
  const passed = new Set<number>();
  for await (const piece of scanner(server)(source())) for (const value of new Set(piece)) passed.add(value);
  expect([...passed]).toEqual(Array.from({ length: 20 }, (_, value) => value));
  expect([...new Set(server.received())]).toEqual(Array.from({ length: 20 }, (_, value) => value));
});

test('a scanner that is down, mute or out of its limit refuses content, or lets it pass with a note, as configured', async () => {
  const gone = await openClamd();
  await gone.close();
  const broken = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => broken.close(() => resolve())));
  const address = broken.address();
  const mute = { address: `127.0.0.1:${typeof address === 'object' ? address?.port : ''}` };
  const content = randomBytes(2_000_000);
  for (const [server, reason] of [
    [gone, 'ECONNREFUSED'],
    [mute, /no answer|ECONNRESET|EPIPE/],
    [await start({ limit: 1_000_000 }), /size limit exceeded. ERROR|ECONNRESET|EPIPE/],
    [{ address: join(await newFolder(), 'none.ctl') }, 'ENOENT'],
  ] as const) {
    await expect(collect(scanner(server)(inPieces(content)))).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(reason),
    });
    const skipped: string[] = [];
    const passed = await collect(scanner(server, { whenDown: 'accept', onSkipped: (why) => skipped.push(why) })(inPieces(content)));
    expect(passed.equals(content)).toBe(true);
    expect(skipped).toEqual([expect.stringMatching(reason)]);
  }
});

test('a reader who stops early, and a source that breaks, close the session', async () => {
  const server = await start();
  for await (const _ of scanner(server)(inPieces(randomBytes(500_000)))) break;
  const broken = async function* () {
    yield randomBytes(10);
    throw new Error('the connection broke');
  };
  await expect(collect(scanner(server)(broken()))).rejects.toThrow('the connection broke');
  // A new session works.
  expect((await collect(scanner(server)(inPieces(Buffer.from('ok'))))).toString()).toBe('ok');
});
