import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresMissing, startPostgres } from '../test/postgres.ts';
import { type ServerProcess, signInTo, startServerOn } from '../test/server.ts';
import { type Archive, openPostgresArchive, openSqliteArchive } from './archive-fill.ts';
import { accessionOf, patientOf, stationOf, studyRows } from './archive-rows.ts';
import { addressOf, openLoadClient, requestBytes } from './load.ts';
import type { BenchRow } from './row.ts';
import { percentile } from './statistics.ts';

const SIZES = (process.env['ISOCENTER_BENCH_INSTANCES'] ?? '1000,100000,2000000').split(',').map(Number);
/** Requests of each kind that are measured, after a tenth as many that are not; the first percentile has to have more than one. */
const REQUESTS = 400;
const LIMIT_MS = 20;

/** What is asked: a path for a number, different for different numbers. `studies` are held. */
type Question = { name: string; path: (number: number, studies: number) => string };
type Figures = { p50: number; p99: number };

const spread = (number: number, studies: number): number => (number * 7_919) % studies;
const patient = (number: number, studies: number) => patientOf(Math.floor((spread(number, studies) * 2) / 3));
const uidOf = (number: number, studies: number): string => String(studyRows(spread(number, studies)).study['study_instance_uid']);

const QUESTIONS: Question[] = [
  { name: 'QIDO, the newest 100 studies', path: () => '/dicom-web/studies?limit=100' },
  {
    name: 'QIDO, accession number',
    path: (number, studies) => `/dicom-web/studies?AccessionNumber=${accessionOf(spread(number, studies))}`,
  },
  { name: 'QIDO, patient ID', path: (number, studies) => `/dicom-web/studies?PatientID=${patient(number, studies).id}` },
  {
    name: 'QIDO, beginning of a name',
    path: (number, studies) =>
      `/dicom-web/studies?limit=100&PatientName=${encodeURIComponent(patient(number, studies).family.slice(0, 4))}*`,
  },
  {
    name: 'QIDO, part of a name (OHIF)',
    path: (number, studies) =>
      `/dicom-web/studies?limit=101&fuzzymatching=true&PatientName=*${encodeURIComponent(patient(number, studies).family.slice(1, 4))}*`,
  },
  {
    name: 'QIDO, studies of a day by modality',
    path: (number, studies) => {
      const { study_date, modalities } = studyRows(spread(number, studies)).study;
      return `/dicom-web/studies?limit=100&ModalitiesInStudy=${modalities}&StudyDate=${study_date}`;
    },
  },
  {
    name: 'QIDO, studies of a year by modality',
    path: (number) => `/dicom-web/studies?limit=100&ModalitiesInStudy=${number % 2 ? 'MR' : 'CT'}&StudyDate=20150101-20151231`,
  },
  { name: 'QIDO, series of a study', path: (number, studies) => `/dicom-web/studies/${uidOf(number, studies)}/series` },
  { name: 'QIDO, 100 instances of a study', path: (number, studies) => `/dicom-web/studies/${uidOf(number, studies)}/instances?limit=100` },
  { name: 'QIDO, 100 series by station', path: (number) => `/dicom-web/series?limit=100&StationName=${stationOf(number)}` },
  { name: 'study list, first page', path: () => '/api/v1/studies?limit=50' },
  {
    name: 'study list, search box',
    path: (number, studies) => `/api/v1/studies?limit=50&q=${encodeURIComponent(searchWords(number, studies))}`,
  },
];

/** What somebody types: a name, a part of an accession number, a name with a kind of study. */
function searchWords(number: number, studies: number): string {
  const { family, given } = patient(number, studies);
  if (number % 3 === 0) return `${given} ${family}`;
  return number % 3 === 1 ? accessionOf(spread(number, studies)).slice(4) : `${family.slice(0, 5)} chest`;
}

/** How searches and the study list grow with what is held, on both databases, behind a real server. */
export async function benchGrowth(): Promise<BenchRow[]> {
  const rows = rowsOf('SQLite', await onSqlite());
  return postgresMissing ? rows : [...rows, ...rowsOf('PostgreSQL', await onPostgres())];
}

async function onSqlite(): Promise<Figures[][]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'isocenter-bench-growth-'));
  try {
    // The first start makes the tables and the administrator.
    await withServer({ dataDir }, async () => undefined);
    return await measure(openSqliteArchive(join(dataDir, 'isocenter.db')), { dataDir });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function onPostgres(): Promise<Figures[][]> {
  const postgres = await startPostgres();
  const dataDir = await mkdtemp(join(tmpdir(), 'isocenter-bench-growth-'));
  try {
    const { url, database } = await postgres.openDatabase({ migrated: false });
    await database.close();
    const options = { dataDir, env: { DATABASE_URL: url } };
    await withServer(options, async () => undefined);
    return await measure(await openPostgresArchive(url), options);
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

type ServerOptions = Parameters<typeof startServerOn>[0];

/** Latencies of every question at every size. */
async function measure(archive: Archive, options: ServerOptions): Promise<Figures[][]> {
  const figures: Figures[][] = [];
  for (const size of SIZES) {
    const from = performance.now();
    const studies = await archive.growTo(size);
    console.log(`${size} instances in ${studies} studies after ${((performance.now() - from) / 1000).toFixed(0)} s`);
    figures.push(await withServer(options, (server, session) => askAll(server, session, studies)));
    console.log(
      figures
        .at(-1)
        ?.map(({ p50, p99 }, index) => `  ${QUESTIONS[index]?.name}: ${p50.toFixed(1)}, ${p99.toFixed(1)} ms`)
        .join('\n'),
    );
  }
  await archive.close();
  return figures;
}

async function askAll(server: ServerProcess, session: { authorization: string }, studies: number): Promise<Figures[]> {
  const client = openLoadClient();
  try {
    const figures: Figures[] = [];
    for (const { path } of QUESTIONS) {
      const requests = Array.from({ length: REQUESTS }, (_, number) => requestBytes('GET', path(number, studies), session));
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
  const label = (size: number | undefined): string => `${(size ?? 0).toLocaleString('en')} instances`;
  return QUESTIONS.flatMap(({ name }, index) => {
    const all = figures.map((ofSize) => ofSize[index] ?? { p50: Number.NaN, p99: Number.NaN });
    const last = all.at(-1);
    const first = all[0];
    if (!first || !last) return [];
    const grown = all.map(({ p50, p99 }, size) => `${label(SIZES[size])} p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}`).join('; ');
    const peer = { name: `p99 at ${label(SIZES[0])}`, value: first.p99 };
    return [
      {
        name: `${name}, ${database}, p99 at ${label(SIZES.at(-1))}`,
        value: last.p99,
        unit: 'ms',
        target: `< ${LIMIT_MS}`,
        peer,
        note: grown,
      },
    ];
  });
}
