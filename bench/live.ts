import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { appendEvent } from '../src/server/events/append-event.ts';
import type { Db } from '../src/server/platform/ports.ts';
import { type PostgresDatabase, postgresMissing, startPostgres } from '../test/postgres.ts';
import { type ServerProcess, signInTo, startServer, startServerOn } from '../test/server.ts';
import { type Heard, type ListenersProcess, openListeners, sharedNow, type Written } from './live-clients.ts';
import type { Door } from './live-socket.ts';
import { busySecondsOfMachine, cpuSecondsOf, memoryOf } from './process-figures.ts';
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
  return [...soak, ...(await measureIdle())];
}

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
  const clients = openListeners();
  try {
    await clients.order({ kind: 'doors', doors: doors() });
    // A tenth hears everything, the others a study each.
    const rooms = Array.from({ length: CLIENTS }, (_, index) => (index % 10 === 0 ? 'all' : `study:2.25.${index % ROOMS}`));
    await clients.order({ kind: 'listen', rooms });
    await clients.order({ kind: 'reset' });
    const cpu = cpuOf(clients.pid, servers);
    const written: Written[] = [];
    const until = performance.now() + SECONDS * 1_000;
    const writing = Array.from({ length: WRITERS }, () => write(database.db, written, until));
    const cutting = cutSome(clients, until);
    await delay(SECONDS * 400);
    const killed = servers[1];
    cpu.ended(killed);
    servers[1] = undefined;
    await killed?.kill();
    await clients.order({ kind: 'doors', doors: doors() });
    await delay(2_000);
    await start(1);
    await clients.order({ kind: 'doors', doors: doors() });
    await Promise.all([...writing, cutting]);
    const spent = cpu.spent();
    const expected = await expectedOf(database.db);
    await untilHeard(clients, expected);
    const heard = await clients.order({ kind: 'finish', expected: Object.fromEntries(expected), written });
    return rowsOf({ heard, events: expected.get('all')?.length ?? 0, written, spent });
  } finally {
    clients.close();
  }
}

/** What each room was told. */
async function expectedOf(db: Db): Promise<Map<string, number[]>> {
  const events = await db.selectFrom('event').select(['seq', 'topic']).orderBy('seq').execute();
  const expected = new Map(
    ['all', ...Array.from({ length: ROOMS }, (_, room) => `study:2.25.${room}`)].map((room) => [room, [] as number[]]),
  );
  for (const { seq, topic } of events) for (const room of ['all', topic]) expected.get(room)?.push(seq);
  return expected;
}

/** Transactions of one or two events that end in another order than they began. When each was about to commit is noted by the study's number. */
async function write(db: Db, written: Written[], until: number): Promise<void> {
  while (performance.now() < until) {
    const made: number[] = [];
    let asked = 0;
    await db.transaction().execute(async (tx) => {
      for (let count = Math.random() < 0.3 ? 2 : 1; count > 0; count--) {
        const serial = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER);
        made.push(serial);
        const study_instance_uid = `2.25.${Math.floor(Math.random() * ROOMS)}`;
        await appendEvent(tx, { type: 'study_labeled', at: new Date().toISOString(), study_instance_uid, data: { serial } });
        await delay(Math.random() * 10);
      }
      asked = sharedNow();
    });
    const acknowledged = sharedNow();
    const rows = await db.selectFrom('event').select(['seq', 'payload']).orderBy('seq', 'desc').limit(20).execute();
    for (const { seq, payload } of rows)
      if (made.includes((JSON.parse(payload) as { serial: number }).serial)) written.push({ seq, asked, acknowledged });
    await delay(PAUSE_MS * (0.5 + Math.random()));
  }
}

async function cutSome(clients: ListenersProcess, until: number): Promise<void> {
  while (performance.now() < until) {
    await clients.order({ kind: 'cut', share: CUT_SHARE });
    await delay(1_000);
  }
}

async function untilHeard(clients: ListenersProcess, expected: ReadonlyMap<string, number[]>): Promise<void> {
  const giveUpAt = performance.now() + SETTLE_MS;
  while (performance.now() < giveUpAt) {
    const { lasts } = await clients.order({ kind: 'lasts' });
    if (lasts.every(({ room, last }) => last >= (expected.get(room)?.at(-1) ?? 0))) return;
    await delay(50);
  }
}

/** CPU seconds of a run, by who spent them. */
type Spent = { clients: number; servers: number; writers: number; all: number; available: number };

function cpuOf(clients: number, servers: Cluster['servers']) {
  const of = (server: ServerProcess | undefined): number => (server ? cpuSecondsOf(server.process.pid ?? 0) : 0);
  const all = (): number => servers.reduce((sum, server) => sum + of(server), 0);
  const read = () => ({ clients: cpuSecondsOf(clients), servers: all(), writers: cpuSecondsOf(process.pid), all: busySecondsOfMachine() });
  const [from, start] = [performance.now(), read()];
  let ended = 0;
  return {
    /** Just before its end: afterwards nobody knows. */
    ended: (server: ServerProcess | undefined): void => {
      ended += of(server);
    },
    spent: (): Spent => {
      const now = read();
      return {
        clients: now.clients - start.clients,
        servers: now.servers + ended - start.servers,
        writers: now.writers - start.writers,
        all: now.all - start.all,
        available: ((performance.now() - from) / 1_000) * availableParallelism(),
      };
    },
  };
}

function rowsOf({ heard, events, written, spent }: { heard: Heard; events: number; written: Written[]; spent: Spent }): BenchRow[] {
  const commits = written.map(({ asked, acknowledged }) => acknowledged - asked);
  const note = `${CLIENTS} clients, 2 processes, one of them killed; ${events} events, heard ${heard.heard} times, ${heard.reconnects} reconnects`;
  const share = (seconds: number): string => `${((100 * seconds) / spent.available).toFixed(0)} %`;
  const of = `of the CPUs the clients took ${share(spent.clients)}, the two servers ${share(spent.servers)}, the writers ${share(spent.writers)}, everything together ${share(spent.all)}; the clients' own event loop was up to ${heard.loopP99.toFixed(1)} ms late (p99)`;
  const ms = 'ms';
  return [
    { name: 'events lost', value: heard.lost, unit: '', target: '<= 0', note },
    { name: 'events heard twice', value: heard.doubled, unit: '', target: '<= 0' },
    { name: 'events out of order', value: heard.disordered, unit: '', target: '<= 0' },
    { name: 'clients told that something was left out', value: heard.told, unit: '', target: '<= 0' },
    {
      name: 'commit to client, p50',
      value: heard.delays.p50,
      unit: ms,
      note: 'of clients that were there, from the acknowledgment of the commit',
    },
    { name: 'commit to client, p99', value: heard.delays.p99, unit: ms, target: '< 50', note: of },
    { name: 'commit to the first client, p50', value: heard.firsts.p50, unit: ms },
    { name: 'commit to the first client, p99', value: heard.firsts.p99, unit: ms },
    { name: 'the commits themselves, p50', value: percentile(commits, 0.5), unit: ms },
    { name: 'the commits themselves, p99', value: percentile(commits, 0.99), unit: ms },
  ];
}

async function measureIdle(): Promise<BenchRow[]> {
  const server = await startServer({ ISOCENTER_RATE_LIMITS: 'off' });
  const clients = openListeners();
  try {
    const session = await signInTo(server);
    const before = memoryOf(server.process.pid ?? 0).now;
    for (let opened = 0; opened < IDLE; opened += OF_ONE_KEY) {
      await clients.order({ kind: 'doors', doors: [{ url: server.url, headers: await keyOf(server, session) }] });
      await clients.order({ kind: 'idle', path: '/ws/analysis', count: Math.min(OF_ONE_KEY, IDLE - opened) });
    }
    await delay(5_000);
    const { now } = memoryOf(server.process.pid ?? 0);
    const each = ((now - before) * 1_000) / IDLE;
    return [
      { name: `RSS with ${IDLE} idle connections`, value: now, unit: 'MB', target: '< 500', note: `${before.toFixed(0)} MB before them` },
      { name: 'RSS of an idle connection', value: each, unit: 'kB', target: '< 25' },
    ];
  } finally {
    clients.close();
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
