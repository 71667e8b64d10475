import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { TenantDeps } from '../src/cli/open-tenant.ts';
import { buildApp } from '../src/server/app.ts';
import { readConfig } from '../src/server/config.ts';
import { type Deps, openDeps } from '../src/server/deps.ts';
import { openSetup } from '../src/server/identity/setup.ts';
import type { AuditTrail } from '../src/server/platform/audit.ts';
import type { Database } from '../src/server/platform/ports.ts';
import { storeInstance } from '../src/server/studies/store-instance.ts';
import { act, openTestTrail, type TestTrail, verifyText } from '../test/audit.ts';
import { secondaryCapture } from '../test/builders.ts';
import { openTestSqlite } from '../test/database.ts';
import { postgresMissing, startPostgres } from '../test/postgres.ts';
import { type LoadClient, openLoadClient, requestBytes } from './load.ts';
import type { BenchRow } from './row.ts';
import { median, percentile } from './statistics.ts';

/** Odd, so that the median is a round that was measured. */
const ROUNDS = 7;
/** Each is read once with and once without the trail: what is read again within a minute is only counted. */
const STUDIES_PER_ROUND = 300;
const CONCURRENCY = 16;
const NOTED = 20_000;
const RECORDED = 2_000;
const WRITERS = 4;

/** A trail that keeps nothing: what the same server does without one. */
const SILENT: AuditTrail = {
  append: async () => undefined,
  record: async () => undefined,
  note: () => undefined,
  requireWritable: () => undefined,
  flush: async () => undefined,
  close: async () => undefined,
};

/** What the audit trail costs who reads, how fast it is written, and how fast an export of it is verified. */
export async function benchAudit(): Promise<BenchRow[]> {
  return [...(await benchReads()), ...(await benchWriting()), ...(await benchPostgres())];
}

type Side = { http: FastifyInstance; port: number };
type Sides = { deps: TenantDeps; on: Side; off: Side; client: LoadClient; headers: Record<string, string> };

/** Two servers in this process on one database, one with the trail and one without, asked in turn by another process. */
async function benchReads(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-bench-audit-'));
  const options = { ISOCENTER_DATA_DIR: folder, ISOCENTER_LOG_LEVEL: 'silent', ISOCENTER_RATE_LIMITS: 'off' };
  const deps = await openDeps(readConfig(options));
  const [audited, silent] = [await buildApp(deps), await buildApp({ ...deps, audit: SILENT })];
  const client = openLoadClient();
  try {
    const headers = await signIn(audited, deps);
    const sides = {
      deps: { ...deps, ...(await deps.scope('default')) },
      on: await listen(audited),
      off: await listen(silent),
      client,
      headers,
    };
    const one = await compare(sides, 1, 0);
    const many = await compare(sides, CONCURRENCY, ROUNDS + 1);
    return [...latencyRows(one), throughputRow(many)];
  } finally {
    client.close();
    await silent.close();
    await audited.close();
    await deps.close();
    await rm(folder, { recursive: true });
  }
}

/** Makes the administrator and opens a session, as a browser does. */
async function signIn(http: FastifyInstance, deps: Deps): Promise<Record<string, string>> {
  const body = { username: 'reader', password: 'correct horse battery staple' };
  const token = await openSetup(deps);
  await http.inject({ method: 'POST', url: '/api/v1/auth/setup', payload: { ...body, token, full_name: 'Reader' } });
  const login = await http.inject({ method: 'POST', url: '/api/v1/auth/login', payload: body });
  return { cookie: login.cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
}

async function listen(http: FastifyInstance): Promise<Side> {
  await http.listen({ host: '127.0.0.1', port: 0 });
  const address = http.server.address();
  return { http, port: typeof address === 'object' && address ? address.port : 0 };
}

type Round = { on: number[]; off: number[]; onSeconds: number; offSeconds: number };

/** The first round, which compiles, does not count. */
async function compare({ deps, on, off, client, headers }: Sides, concurrency: number, from: number): Promise<Round[]> {
  const rounds: Round[] = [];
  for (let round = from; round <= from + ROUNDS; round += 1) {
    const studies = await storeStudies(deps, round);
    const requests = studies.map((uid) => requestBytes('GET', `/api/v1/studies/${uid}`, headers));
    const ask = ({ port }: Side) => client.send({ host: '127.0.0.1', port, requests, count: requests.length, concurrency });
    // In turn, so that what the machine does meanwhile meets both.
    const first = round % 2 === 0 ? await ask(off) : undefined;
    const measured = await ask(on);
    const other = first ?? (await ask(off));
    await deps.audit.flush();
    rounds.push({ on: measured.latenciesMs, off: other.latenciesMs, onSeconds: measured.seconds, offSeconds: other.seconds });
  }
  return rounds.slice(1);
}

async function storeStudies(deps: TenantDeps, round: number): Promise<string[]> {
  const uids = Array.from({ length: STUDIES_PER_ROUND }, (_, index) => `2.25.9.${round + 1}.${index + 1}`);
  await Promise.all(
    uids.map((study) => storeInstance(deps, once(secondaryCapture({ study, series: `${study}.1`, instance: `${study}.1.1` })))),
  );
  return uids;
}

function latencyRows(rounds: Round[]): BenchRow[] {
  const over = (share: number, side: 'on' | 'off'): number => median(rounds.map((round) => percentile(round[side], share)));
  const note = `one after the other; median of ${ROUNDS} rounds of ${STUDIES_PER_ROUND} studies, in turn with the same server without a trail`;
  return [
    {
      name: 'audit adds to GET /api/v1/studies/:uid on SQLite, p50',
      value: median(rounds.map((round) => percentile(round.on, 0.5) - percentile(round.off, 0.5))),
      unit: 'ms',
      target: '<= 1',
      note,
    },
    {
      name: 'GET /api/v1/studies/:uid with audit, p50',
      value: over(0.5, 'on'),
      unit: 'ms',
      peer: { name: 'without', value: over(0.5, 'off') },
      note,
    },
    {
      name: 'GET /api/v1/studies/:uid with audit, p99',
      value: over(0.99, 'on'),
      unit: 'ms',
      peer: { name: 'without', value: over(0.99, 'off') },
      note,
    },
  ];
}

function throughputRow(rounds: Round[]): BenchRow {
  return {
    name: `GET /api/v1/studies/:uid with audit, ${CONCURRENCY} at a time`,
    value: median(rounds.map(({ onSeconds }) => STUDIES_PER_ROUND / onSeconds)),
    unit: '1/s',
    peer: { name: 'without', value: median(rounds.map(({ offSeconds }) => STUDIES_PER_ROUND / offSeconds)) },
    ratio: median(rounds.map(({ onSeconds, offSeconds }) => offSeconds / onSeconds)),
    note: `median of ${ROUNDS} rounds of ${STUDIES_PER_ROUND} studies; the entries are written within the measured time or 20 ms after it`,
  };
}

async function benchWriting(): Promise<BenchRow[]> {
  const { database, close } = await openTestSqlite();
  const test = openTestTrail(database);
  try {
    const noted = await ratesOf(ROUNDS, NOTED, async () => {
      for (let index = 0; index < NOTED; index += 1) test.trail.note('default', entry(index));
      await test.trail.flush();
    });
    const recorded = await ratesOf(ROUNDS, RECORDED, async () => {
      for (let index = 0; index < RECORDED; index += 1) await test.trail.record('default', entry(index));
    });
    return [
      {
        name: 'entries noted and written, SQLite',
        value: median(noted),
        unit: '1/s',
        note: `${ROUNDS} rounds of ${NOTED}, 500 a transaction`,
      },
      {
        name: 'entries recorded one by one, each durable, SQLite',
        value: median(recorded),
        unit: '1/s',
        note: `${ROUNDS} rounds of ${RECORDED}`,
      },
      ...(await benchVerify(test)),
    ];
  } finally {
    await test.trail.close();
    await close();
  }
}

async function benchVerify(test: TestTrail): Promise<BenchRow[]> {
  await test.checkpoint();
  const text = Buffer.from(await test.exportText());
  let entries = 0;
  const rates = await ratesOf(3, 1, async () => {
    const result = await verifyText(text, { publicKey: test.publicKey });
    if (result.problems.length > 0) throw new Error('The export is not intact');
    entries = result.entries;
  });
  return [
    {
      name: 'entries of an export verified',
      value: median(rates) * entries,
      unit: '1/s',
      target: '>= 10000',
      note: `${entries} entries, ${(text.length / 1e6).toFixed(0)} MB, with the public key alone; one thread`,
    },
  ];
}

/** Each writer has connections of its own, as processes have them: they take turns at the end of the tenant's chain. */
async function benchPostgres(): Promise<BenchRow[]> {
  if (postgresMissing) return [];
  const server = await startPostgres();
  const { database, reopen, close } = await server.openDatabase();
  const views: Database[] = [database, ...Array.from({ length: WRITERS - 1 }, () => reopen())];
  const writers = views.map((view) => openTestTrail(view));
  try {
    const rates = await ratesOf(3, RECORDED, async () => {
      await Promise.all(
        writers.map(async ({ trail }, writer) => {
          for (let index = 0; index < RECORDED / WRITERS; index += 1) await trail.record('default', entry(index * WRITERS + writer));
        }),
      );
    });
    const noted = await ratesOf(3, NOTED, async () => {
      await Promise.all(
        writers.map(async ({ trail }, writer) => {
          for (let index = 0; index < NOTED / WRITERS; index += 1) trail.note('default', entry(index * WRITERS + writer));
          await trail.flush();
        }),
      );
    });
    const by = `${WRITERS} writers with connections of their own, one tenant`;
    return [
      {
        name: 'entries recorded one by one, each durable, PostgreSQL',
        value: median(rates),
        unit: '1/s',
        note: `${by}; 3 rounds of ${RECORDED}`,
      },
      {
        name: 'entries noted and written, PostgreSQL',
        value: median(noted),
        unit: '1/s',
        note: `${by}; 3 rounds of ${NOTED}, 500 a transaction`,
      },
    ];
  } finally {
    for (const { trail } of writers) await trail.close();
    for (const view of views.slice(1)) await view.close();
    await close();
    await server.stop();
  }
}

/** Exports are never counted together. */
function entry(index: number) {
  return act({ action: 'export', object: { type: 'instance', id: `1.2.${index}` }, study_instance_uid: '1.2', patient_id: 'patient-1' });
}

async function ratesOf(rounds: number, count: number, work: () => Promise<void>): Promise<number[]> {
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = performance.now();
    await work();
    rates.push(count / ((performance.now() - from) / 1000));
  }
  return rates;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
