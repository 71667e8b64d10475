import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { appendEvent } from '../src/server/events/append-event.ts';
import type { Db } from '../src/server/platform/ports.ts';
import { type PostgresDatabase, postgresMissing, startPostgres } from '../test/postgres.ts';
import { type ServerProcess, signInTo, startServer, startServerOn } from '../test/server.ts';
import { type Door, openIdle, openSoakClient, type SoakClient } from './live-clients.ts';
import { memoryOf } from './process-figures.ts';
import type { BenchRow } from './row.ts';
import { percentile } from './statistics.ts';

/** `LIVE_CLIENTS`, `LIVE_SECONDS`, `LIVE_IDLE` ask for other sizes. */
const CLIENTS = Number(process.env['LIVE_CLIENTS'] ?? 1_000);
const SECONDS = Number(process.env['LIVE_SECONDS'] ?? 60);
const IDLE = Number(process.env['LIVE_IDLE'] ?? 10_000);
/** Idle connections of one API key: fewer than one may have. */
const OF_ONE_KEY = 1_500;
const ROOMS = 50;
const WRITERS = 4;
/** Between two transactions of a writer. */
const PAUSE_MS = 40;
/** Connections that are cut without a word in a second, of a hundred. */
const CUT_SHARE = 0.02;
/** For the last events to arrive, after clients have come back. */
const SETTLE_MS = 20_000;

/** Whether clients in rooms of two server processes hear everything once and in order, while connections and a process end; and how soon. */
export async function benchLive(): Promise<BenchRow[]> {
  if (postgresMissing) throw new Error(postgresMissing);
  const soak = await soakTwoServers();
  return [...soak, await measureIdle()];
}

/** By number: when the commit was asked for, and when it was acknowledged. */
type Written = Map<number, { asked: number; acknowledged: number }>;
type Cluster = { database: PostgresDatabase; servers: (ServerProcess | undefined)[]; start(index: number): Promise<void>; doors(): Door[] };

async function soakTwoServers(): Promise<BenchRow[]> {
  const postgres = await startPostgres();
  const dataDir = await mkdtemp(join(tmpdir(), 'isocenter-soak-'));
  const database = await postgres.openDatabase();
  const cluster = await openCluster(database, dataDir);
  try {
    return await soak(cluster);
  } finally {
    await Promise.all(cluster.servers.map((server) => server?.stop()));
    await database.close();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function openCluster(database: PostgresDatabase, dataDir: string): Promise<Cluster> {
  const env = { DATABASE_URL: database.url, ISOCENTER_ROLE: 'api', ISOCENTER_RATE_LIMITS: 'off', ISOCENTER_LIVE_HEARTBEAT_SECONDS: '5' };
  const servers: Cluster['servers'] = [];
  const start = async (index: number): Promise<void> => {
    servers[index] = await startServerOn({ dataDir, env });
  };
  await start(0);
  const first = servers[0];
  if (!first) throw new Error('The server did not start');
  const headers = await signInTo(first);
  await start(1);
  return { database, servers, start, doors: () => servers.flatMap((server) => (server ? [{ url: server.url, headers }] : [])) };
}

async function soak({ database, servers, start, doors }: Cluster): Promise<BenchRow[]> {
  const pickDoor = (): Door => {
    const open = doors();
    const door = open[Math.floor(Math.random() * open.length)];
    if (!door) throw new Error('No server runs');
    return door;
  };
  // A tenth hears everything, the others a study each.
  const roomOf = (index: number): string => (index % 10 === 0 ? 'all' : `study:2.25.${index % ROOMS}`);
  const clients = Array.from({ length: CLIENTS }, (_, index) => openSoakClient(roomOf(index), 0, pickDoor));
  await delay(Math.max(3_000, CLIENTS * 3));
  const written: Written = new Map();
  const until = performance.now() + SECONDS * 1_000;
  const writing = Array.from({ length: WRITERS }, () => write(database.db, written, until));
  const cutting = cutSome(clients, until);
  await delay(SECONDS * 400);
  const killed = servers[1];
  servers[1] = undefined;
  await killed?.kill();
  await delay(2_000);
  await start(1);
  await Promise.all([...writing, cutting]);
  const events = await database.db.selectFrom('event').select(['seq', 'topic']).orderBy('seq').execute();
  const expected = new Map(
    ['all', ...Array.from({ length: ROOMS }, (_, room) => `study:2.25.${room}`)].map((room) => [room, [] as number[]]),
  );
  for (const { seq, topic } of events) for (const room of ['all', topic]) expected.get(room)?.push(seq);
  await untilHeard(clients, expected);
  for (const client of clients) client.close();
  return rowsOf(clients, expected, written);
}

/** Transactions of one or two events that end in another order than they began. When each was about to commit is noted by the study's number. */
async function write(db: Db, written: Written, until: number): Promise<void> {
  while (performance.now() < until) {
    const made: number[] = [];
    let committing = 0;
    await db.transaction().execute(async (tx) => {
      for (let count = Math.random() < 0.3 ? 2 : 1; count > 0; count--) {
        const serial = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
        made.push(serial);
        const study_instance_uid = `2.25.${Math.floor(Math.random() * ROOMS)}`;
        await appendEvent(tx, { type: 'study_labeled', at: new Date().toISOString(), study_instance_uid, data: { serial } });
        await delay(Math.random() * 10);
      }
      committing = performance.now();
    });
    const acknowledged = performance.now();
    const rows = await db.selectFrom('event').select(['seq', 'payload']).orderBy('seq', 'desc').limit(50).execute();
    for (const { seq, payload } of rows)
      if (made.includes((JSON.parse(payload) as { serial: number }).serial)) written.set(seq, { asked: committing, acknowledged });
    await delay(PAUSE_MS * (0.5 + Math.random()));
  }
}

async function cutSome(clients: readonly SoakClient[], until: number): Promise<void> {
  while (performance.now() < until) {
    for (const client of clients) if (Math.random() < CUT_SHARE) client.cut();
    await delay(1_000);
  }
}

async function untilHeard(clients: readonly SoakClient[], expected: ReadonlyMap<string, number[]>): Promise<void> {
  const giveUpAt = performance.now() + SETTLE_MS;
  while (performance.now() < giveUpAt) {
    if (clients.every(({ room, heard }) => (heard.at(-1)?.seq ?? 0) >= (expected.get(room)?.at(-1) ?? 0))) return;
    await delay(50);
  }
}

function rowsOf(clients: readonly SoakClient[], expected: ReadonlyMap<string, number[]>, written: Written): BenchRow[] {
  const figures = { lost: 0, doubled: 0, disordered: 0, heard: 0 };
  const delays: number[] = [];
  for (const { room, heard } of clients) {
    const seqs = heard.map(({ seq }) => seq);
    const unique = new Set(seqs);
    figures.heard += seqs.length;
    figures.doubled += seqs.length - unique.size;
    figures.lost += (expected.get(room) ?? []).filter((seq) => !unique.has(seq)).length;
    figures.disordered += seqs.filter((seq, index) => seq < (seqs[index - 1] ?? 0)).length;
    for (const { seq, at, joinedAt } of heard) {
      const commit = written.get(seq);
      // Who was away hears later what happened meanwhile. A client may hear of a commit before its writer does.
      if (commit && commit.asked > joinedAt) delays.push(Math.max(0, at - commit.acknowledged));
    }
  }
  const commits = [...written.values()].map(({ asked, acknowledged }) => acknowledged - asked);
  const reconnects = clients.reduce((sum, client) => sum + client.reconnects, 0);
  const told = clients.reduce((sum, client) => sum + client.told, 0);
  const events = expected.get('all')?.length ?? 0;
  const note = `${clients.length} clients, 2 processes, one of them killed; ${events} events, heard ${figures.heard} times, ${reconnects} reconnects`;
  return [
    { name: 'events lost', value: figures.lost, unit: '', target: '<= 0', note },
    { name: 'events heard twice', value: figures.doubled, unit: '', target: '<= 0' },
    { name: 'events out of order', value: figures.disordered, unit: '', target: '<= 0' },
    { name: 'clients told that something was left out', value: told, unit: '', target: '<= 0' },
    {
      name: 'commit to client, p50',
      value: percentile(delays, 0.5),
      unit: 'ms',
      note: 'of clients that were there, from the acknowledgment of the commit',
    },
    { name: 'commit to client, p99', value: percentile(delays, 0.99), unit: 'ms', target: '< 50' },
    { name: 'the commits themselves, p50', value: percentile(commits, 0.5), unit: 'ms' },
    { name: 'the commits themselves, p99', value: percentile(commits, 0.99), unit: 'ms' },
  ];
}

async function measureIdle(): Promise<BenchRow> {
  const server = await startServer({ ISOCENTER_RATE_LIMITS: 'off' });
  try {
    const session = await signInTo(server);
    const closing: (() => void)[] = [];
    for (let opened = 0; opened < IDLE; opened += OF_ONE_KEY) {
      const door = { url: server.url, headers: await keyOf(server, session) };
      closing.push(await openIdle(door, Math.min(OF_ONE_KEY, IDLE - opened)));
    }
    await delay(5_000);
    const { now } = memoryOf(server.process.pid ?? 0);
    for (const close of closing) close();
    return { name: `RSS with ${IDLE} idle connections`, value: now, unit: 'MB', target: '< 500' };
  } finally {
    await server.stop();
  }
}

async function keyOf({ url }: ServerProcess, session: Record<string, string>): Promise<Record<string, string>> {
  const headers = { ...session, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'idle', role: 'service', permissions: ['event:read'] });
  const answer = await fetch(`${url}/api/v1/api-keys`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`No key: ${answer.status} ${await answer.text()}`);
  const { key } = (await answer.json()) as { key: string };
  return { 'x-api-key': key };
}
