import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresMissing, startPostgres } from '../test/postgres.ts';
import { type ServerProcess, signInTo, startServerOn } from '../test/server.ts';
import { addressOf, openLoadClient, requestBytes } from './load.ts';
import type { BenchRow } from './row.ts';
import { percentile } from './statistics.ts';

// How answers grow with what is held: the same questions at several sizes, on both databases, behind a real server.

/** Requests of each kind that are measured, after a tenth as many that are not; the first percentile has to have more than one. */
const REQUESTS = 400;
const LIMIT_MS = 20;

/** What is asked: a path for a number, different for different numbers. `held`: what `growTo` returned. */
export type Question = { name: string; path: (number: number, held: number) => string };
/** A database that rows are written to past the server, which is not running meanwhile. */
export type Growing = {
  /** Adds until there are so many of what the sizes count; returns how many questions may be asked about. */
  growTo(size: number): Promise<number>;
  close(): Promise<void>;
};
export type Growth = {
  /** What the sizes count. */
  of: string;
  sizes: readonly number[];
  questions: readonly Question[];
  openSqlite(path: string): Growing;
  openPostgres(url: string): Promise<Growing>;
};

/** One latency for each question, size and database, in milliseconds; the limit holds at the largest size. */
export async function benchAsking(growth: Growth): Promise<BenchRow[]> {
  const rows = rowsOf(growth, 'SQLite', await onSqlite(growth));
  return postgresMissing ? rows : [...rows, ...rowsOf(growth, 'PostgreSQL', await onPostgres(growth))];
}

type Figures = { p50: number; p99: number };
type ServerOptions = Parameters<typeof startServerOn>[0];

async function onSqlite(growth: Growth): Promise<Figures[][]> {
  const dataDir = await mkdtemp(join(tmpdir(), `isocenter-bench-${growth.of}-`));
  try {
    // The first start makes the tables and the administrator.
    await withServer({ dataDir }, async () => undefined);
    return await measure(growth, growth.openSqlite(join(dataDir, 'isocenter.db')), { dataDir });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function onPostgres(growth: Growth): Promise<Figures[][]> {
  const postgres = await startPostgres();
  const dataDir = await mkdtemp(join(tmpdir(), `isocenter-bench-${growth.of}-`));
  try {
    const { url, database } = await postgres.openDatabase({ migrated: false });
    await database.close();
    const options = { dataDir, env: { DATABASE_URL: url } };
    await withServer(options, async () => undefined);
    return await measure(growth, await growth.openPostgres(url), options);
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Latencies of every question at every size. */
async function measure({ of, sizes, questions }: Growth, growing: Growing, options: ServerOptions): Promise<Figures[][]> {
  const figures: Figures[][] = [];
  for (const size of sizes) {
    const from = performance.now();
    const held = await growing.growTo(size);
    console.log(`${size} ${of} after ${((performance.now() - from) / 1000).toFixed(0)} s`);
    const ofSize = await withServer(options, (server, session) => askAll(server, session, { questions, held }));
    figures.push(ofSize);
    console.log(ofSize.map(({ p50, p99 }, index) => `  ${questions[index]?.name}: ${p50.toFixed(1)}, ${p99.toFixed(1)} ms`).join('\n'));
  }
  await growing.close();
  return figures;
}

type Session = { authorization: string };

async function askAll(
  server: ServerProcess,
  session: Session,
  { questions, held }: { questions: readonly Question[]; held: number },
): Promise<Figures[]> {
  const client = openLoadClient();
  try {
    const figures: Figures[] = [];
    for (const { path } of questions) {
      const requests = Array.from({ length: REQUESTS }, (_, number) => requestBytes('GET', path(number, held), session));
      const load = { ...addressOf(server.url), requests, concurrency: 1 };
      await client.send({ ...load, count: REQUESTS / 10 });
      const { latenciesMs } = await client.send({ ...load, count: REQUESTS });
      figures.push({ p50: percentile(latenciesMs, 0.5), p99: percentile(latenciesMs, 0.99) });
    }
    return figures;
  } finally {
    client.close();
  }
}

async function withServer<T>(options: ServerOptions, use: (server: ServerProcess, session: Session) => Promise<T>): Promise<T> {
  // One client asks as fast as it is answered, which is more than any caller may.
  const env = { ISOCENTER_RATE_LIMITS: 'off', ...options.env };
  const server = await startServerOn({ ...options, env });
  try {
    return await use(server, await signInTo(server));
  } finally {
    await server.stop();
  }
}

function rowsOf({ of, sizes, questions }: Growth, database: string, figures: Figures[][]): BenchRow[] {
  const label = (size: number | undefined): string => `${(size ?? 0).toLocaleString('en')} ${of}`;
  return questions.flatMap(({ name }, index) => {
    const all = figures.map((ofSize) => ofSize[index] ?? { p50: Number.NaN, p99: Number.NaN });
    const [first, last] = [all[0], all.at(-1)];
    if (!first || !last) return [];
    const note = all.map(({ p50, p99 }, size) => `${label(sizes[size])} p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}`).join('; ');
    const peer = { name: `p99 at ${label(sizes[0])}`, value: first.p99 };
    return [
      { name: `${name}, ${database}, p99 at ${label(sizes.at(-1))}`, value: last.p99, unit: 'ms', target: `< ${LIMIT_MS}`, peer, note },
    ];
  });
}
