import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { termsOfEntry } from '../src/server/patients/record-terms.ts';
import { termsOfPatient } from '../src/server/studies/patient-terms.ts';
import { postgresMissing, startPostgres } from '../test/postgres.ts';
import { type ServerProcess, signInTo, startServerOn } from '../test/server.ts';
import { openPostgresSink, openSqliteSink, owned, type Sink } from './archive-fill.ts';
import { patientOf } from './archive-rows.ts';
import { addressOf, openLoadClient, requestBytes } from './load.ts';
import type { BenchRow } from './row.ts';
import { percentile } from './statistics.ts';

const SIZES = (process.env['ISOCENTER_BENCH_PATIENTS'] ?? '1000,100000,1000000').split(',').map(Number);
/** Requests of each kind that are measured, after a tenth as many that are not; the first percentile has to have more than one. */
const REQUESTS = 400;
const LIMIT_MS = 20;
/** Patients that are written at a time. */
const BATCH = 2_000;
const AT = '2026-01-01T00:00:00.000Z';
const RISKS = ['low', 'medium', 'high', null];
/** Conditions, the first the most frequent: of every second patient, every fourth, and so on. */
const CONDITIONS = [
  'Hypertension',
  'Type 2 diabetes mellitus',
  'Asthma',
  'Chronic kidney disease',
  'Atrial fibrillation',
  'Gout',
  'Sarcoidosis',
];

/** What is asked: a path for a number, different for different numbers. `held` patients are there. */
type Question = { name: string; path: (number: number, held: number) => string };
type Figures = { p50: number; p99: number };

const person = (number: number, held: number) => patientOf((number * 7_919) % held);
const url = (query: Record<string, string>): string => `/api/v1/patients?${new URLSearchParams(query)}`;

const QUESTIONS: Question[] = [
  { name: 'list, first page by name', path: () => url({ limit: '50' }) },
  { name: 'list, newest first', path: () => url({ limit: '50', sort: '-created_at' }) },
  { name: 'list, high risk by name', path: () => url({ limit: '50', risk_level: 'high' }) },
  {
    name: 'list, women born in a year',
    path: (number) => url({ gender: 'female', born_from: `19${10 + (number % 90)}-01-01`, born_to: `19${10 + (number % 90)}-12-31` }),
  },
  { name: 'completion, one letter', path: (number, held) => url({ limit: '10', q: person(number, held).family.slice(0, 1) }) },
  { name: 'completion, three letters', path: (number, held) => url({ limit: '10', q: person(number, held).family.slice(0, 3) }) },
  {
    name: 'completion, given name and beginning of the family name',
    path: (number, held) => {
      const { family, given } = person(number, held);
      return url({ limit: '10', q: `${given} ${family.slice(0, 3)}` });
    },
  },
  { name: 'completion, number', path: (number, held) => url({ limit: '10', q: person(number, held).id.slice(0, 7) }) },
  { name: 'search, number', path: (number, held) => url({ patient_id: person(number, held).id }) },
  { name: 'search, name that nobody has', path: (number) => url({ q: `xq${number}` }) },
  {
    name: 'search, name by date of birth',
    path: (number, held) => url({ q: person(number, held).family, sort: 'date_of_birth' }),
  },
  { name: 'search, condition by name', path: (number) => url({ condition: CONDITIONS[number % CONDITIONS.length] ?? '' }) },
];

/** How lists, search and completion of patients grow with what is held, on both databases, behind a real server. */
export async function benchPatients(): Promise<BenchRow[]> {
  const rows = rowsOf('SQLite', await onSqlite());
  return postgresMissing ? rows : [...rows, ...rowsOf('PostgreSQL', await onPostgres())];
}

async function onSqlite(): Promise<Figures[][]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'isocenter-bench-patients-'));
  try {
    // The first start makes the tables and the administrator.
    await withServer({ dataDir }, async () => undefined);
    return await measure(openSqliteSink(join(dataDir, 'isocenter.db')), { dataDir });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function onPostgres(): Promise<Figures[][]> {
  const postgres = await startPostgres();
  const dataDir = await mkdtemp(join(tmpdir(), 'isocenter-bench-patients-'));
  try {
    const { url: databaseUrl, database } = await postgres.openDatabase({ migrated: false });
    await database.close();
    const options = { dataDir, env: { DATABASE_URL: databaseUrl } };
    await withServer(options, async () => undefined);
    return await measure(await openPostgresSink(databaseUrl), options);
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

type ServerOptions = Parameters<typeof startServerOn>[0];

/** Latencies of every question at every size. */
async function measure(sink: Sink, options: ServerOptions): Promise<Figures[][]> {
  const figures: Figures[][] = [];
  let held = 0;
  for (const size of SIZES) {
    const from = performance.now();
    for (; held < size; held += BATCH) await fill(sink, held, Math.min(size, held + BATCH));
    held = size;
    await sink.settle();
    console.log(`${size} patients after ${((performance.now() - from) / 1000).toFixed(0)} s`);
    const ofSize = await withServer(options, (server, session) => askAll(server, session, size));
    figures.push(ofSize);
    console.log(ofSize.map(({ p50, p99 }, index) => `  ${QUESTIONS[index]?.name}: ${p50.toFixed(1)}, ${p99.toFixed(1)} ms`).join('\n'));
  }
  await sink.close();
  return figures;
}

async function fill(sink: Sink, from: number, to: number): Promise<void> {
  const numbers = Array.from({ length: to - from }, (_, index) => from + index);
  const patients = numbers.map((number) => ({ number, ...patientOf(number) }));
  const entries = patients.flatMap(({ number, row }) => {
    const index = CONDITIONS.findIndex((_, place) => number % 2 ** (place + 1) === 0 && number % 2 ** (place + 2) !== 0);
    const text = CONDITIONS[index];
    if (text === undefined) return [];
    const unsaid = { started_at: null, ended_at: null, value: null, unit: null, value_text: null, source_id: null };
    const said = { kind: 'condition', codes: '[]', text, status: 'active', details: '{}', source: 'person', recorded_at: AT } as const;
    return [{ id: `${row['id']}-1`, patient_key: String(row['id']), ...said, ...unsaid }];
  });
  await sink.insert(
    'patient',
    owned(
      patients.map(({ number, row }) => {
        const created_at = new Date(Date.parse(AT) + number * 1_000).toISOString();
        return { ...row, risk_level: RISKS[number % RISKS.length] ?? null, created_at, updated_at: created_at };
      }),
    ),
  );
  const words = patients.flatMap(({ id, row }) =>
    termsOfPatient(String(row['name']), [id]).map((term) => ({ term, patient_key: String(row['id']) })),
  );
  await sink.insert('patient_term', owned(words));
  if (entries.length === 0) return;
  await sink.insert('record_entry', owned(entries));
  const facts = entries.flatMap(({ id, patient_key, kind, status, text }) =>
    termsOfEntry({ kind, status, codes: [], text }).map((term) => ({ term, patient_key, entry_id: id })),
  );
  await sink.insert('record_term', owned(facts));
}

async function askAll(server: ServerProcess, session: { authorization: string }, held: number): Promise<Figures[]> {
  const client = openLoadClient();
  try {
    const figures: Figures[] = [];
    for (const { path } of QUESTIONS) {
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

async function withServer<T>(
  options: ServerOptions,
  use: (server: ServerProcess, session: { authorization: string }) => Promise<T>,
): Promise<T> {
  // One client asks as fast as it is answered, which is more than any caller may.
  const env = { ISOCENTER_RATE_LIMITS: 'off', ...options.env };
  const server = await startServerOn({ ...options, env });
  try {
    return await use(server, await signInTo(server));
  } finally {
    await server.stop();
  }
}

function rowsOf(database: string, figures: Figures[][]): BenchRow[] {
  const label = (size: number | undefined): string => `${(size ?? 0).toLocaleString('en')} patients`;
  return QUESTIONS.flatMap(({ name }, index) => {
    const all = figures.map((ofSize) => ofSize[index] ?? { p50: Number.NaN, p99: Number.NaN });
    const [first, last] = [all[0], all.at(-1)];
    if (!first || !last) return [];
    const note = all.map(({ p50, p99 }, size) => `${label(SIZES[size])} p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}`).join('; ');
    const peer = { name: `p99 at ${label(SIZES[0])}`, value: first.p99 };
    return [
      { name: `${name}, ${database}, p99 at ${label(SIZES.at(-1))}`, value: last.p99, unit: 'ms', target: `< ${LIMIT_MS}`, peer, note },
    ];
  });
}
