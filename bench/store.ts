import { close, fdatasync, open, write } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openTenant, type TenantDeps } from '../src/cli/open-tenant.ts';
import { readConfig } from '../src/server/config.ts';
import { storeInstance } from '../src/server/studies/store-instance.ts';
import { multipart } from '../test/app.ts';
import { signInTo, startServer } from '../test/server.ts';
import { ctSlice } from './ct-slices.ts';
import { addressOf, type LoadClient, openLoadClient, requestBytes } from './load.ts';
import type { BenchRow } from './row.ts';
import { median } from './statistics.ts';

const CONCURRENCY = 8;
/** Odd, so that the median is a round that was measured. */
const ROUNDS = 7;
/** What a network or a file hands over at a time. */
const PIECE_BYTES = 65_536;
/** Sides of square 16-bit slices, and how many are stored in a round. */
const SIZES = [
  { side: 512, label: '526 kB', count: 128 },
  { side: 158, label: '51 kB', count: 400 },
];

const openFile = promisify(open);
const writeFile = promisify(write);
const syncFile = promisify(fdatasync);
const closeFile = promisify(close);

type Round = { raw: number; inProcess: number; http: number };
type Parts = { folder: string; deps: TenantDeps; http: (files: Uint8Array[]) => Promise<number> };

/**
 * `storeInstance`, in process and behind multipart uploads to a real server, against the least that can make the same bytes durable:
 * open, write, fdatasync, close, with as many at a time on the same disk. Ours hashes, parses, indexes, queues the analysis and syncs
 * names, too.
 */
export async function benchStore(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-bench-store-'));
  const deps = await openTenant('default', readConfig({ ISOCENTER_DATA_DIR: join(folder, 'data'), ISOCENTER_STUDY_QUIET_MS: '3600000' }));
  const server = await startServer({ ISOCENTER_RATE_LIMITS: 'off', ISOCENTER_STUDY_QUIET_MS: '3600000' });
  const client = openLoadClient();
  try {
    const http = uploader(client, addressOf(server.url), await signInTo(server));
    const rows: BenchRow[] = [];
    for (const size of SIZES) rows.push(...rowsOf(size, await compare({ folder, deps, http }, size)));
    return rows;
  } finally {
    client.close();
    await server.stop();
    await deps.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** All three in turn on the same bytes; the first round, which compiles and makes folders, does not count. */
async function compare({ folder, deps, http }: Parts, { side, count }: { side: number; count: number }): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let index = 0; index <= ROUNDS; index += 1) {
    const study = side * 100 + index;
    const files = Array.from({ length: count }, (_, instance) => ctSlice({ study, instance, side }));
    const raw = join(folder, `raw-${study}`);
    await mkdir(raw);
    rounds.push({
      raw: await secondsOf(files, (file, at) => writeRaw(join(raw, `${at}.dcm`), file)),
      inProcess: await secondsOf(files, async (file) => void (await storeInstance(deps, inPieces(file)))),
      http: await http(files),
    });
    await rm(raw, { recursive: true });
  }
  return rounds.slice(1);
}

async function secondsOf(files: Uint8Array[], work: (file: Uint8Array, index: number) => Promise<void>): Promise<number> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < files.length) {
      const index = next++;
      await work(files[index] ?? new Uint8Array(), index);
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return (performance.now() - from) / 1000;
}

async function writeRaw(path: string, bytes: Uint8Array): Promise<void> {
  const fd = await openFile(path, 'wx');
  await writeFile(fd, bytes);
  await syncFile(fd);
  await closeFile(fd);
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

/** Sends each file as a request of its own, and says how long all took. */
function uploader(client: LoadClient, to: { host: string; port: number }, session: Record<string, string>): Parts['http'] {
  return async (files) => {
    const requests = files.map((bytes, index) => {
      const { payload, headers } = multipart([{ name: `${index}.dcm`, bytes }]);
      return requestBytes('POST', '/api/v1/studies', { ...session, ...headers }, payload);
    });
    return (await client.send({ ...to, requests, count: files.length, concurrency: CONCURRENCY })).seconds;
  };
}

function rowsOf({ label, count }: { label: string; count: number }, rounds: Round[]): BenchRow[] {
  const rate = (seconds: (round: Round) => number): number => count / median(rounds.map(seconds));
  const peer = { name: 'open, write, fdatasync, close', value: rate(({ raw }) => raw) };
  const note = `${CONCURRENCY} at a time; median of ${ROUNDS} rounds of ${count}, in turn on the same bytes`;
  return [
    {
      name: `storeInstance, CT slices of ${label}, SQLite`,
      value: rate(({ inProcess }) => inProcess),
      unit: '1/s',
      target: '>= 0.5',
      peer,
      ratio: median(rounds.map(({ raw, inProcess }) => raw / inProcess)),
      note,
    },
    {
      name: `POST /api/v1/studies, one slice of ${label} a request`,
      value: rate(({ http }) => http),
      unit: '1/s',
      peer,
      ratio: median(rounds.map(({ raw, http }) => raw / http)),
      note: `${note}; server and client are processes of their own`,
    },
  ];
}
