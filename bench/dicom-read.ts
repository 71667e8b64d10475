import { equal } from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { Instance, Source } from './archive-files.ts';
import type { Stored } from './dicom-store.ts';
import { type LoadClient, requestBytes } from './load.ts';
import type { Archive } from './orthanc.ts';
import type { BenchRow } from './row.ts';
import { median } from './statistics.ts';

/** Odd, so that the median is a round that was measured. */
const ROUNDS = 7;
const JSON_TYPE = 'application/dicom+json';
const FILES = 'multipart/related; type="application/dicom"; transfer-syntax=*';
const FRAME = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
/** Attributes that name the server or its way of writing. */
const OF_THE_SERVER = new Set(['00081190', '00080005']);

/** What is asked, one after the other, of both: every path in turn. */
type Question = { name: string; accept: string; paths: string[]; count: number; target: string };
/** Median latency of each round, in milliseconds. */
type Latencies = { ours: number[]; theirs: number[] };

/** Searches and retrievals of what both archives hold, in turn and in changing order; p50 of requests one after the other. */
export async function compareReading([ours, theirs]: [Archive, Archive], stored: Stored, http: LoadClient): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const question of questionsAbout(stored)) {
    await requireSameAnswer(question, ours, theirs);
    const latencies: Latencies = { ours: [], theirs: [] };
    for (let round = 0; round <= ROUNDS; round += 1) {
      for (const archive of round % 2 === 0 ? [ours, theirs] : [theirs, ours]) {
        const requests = question.paths.map((path) => requestBytes('GET', path, { ...archive.headers, accept: question.accept }));
        const { latenciesMs } = await http.send({
          host: archive.host,
          port: archive.httpPort,
          requests,
          count: question.count,
          concurrency: 1,
        });
        if (round > 0) latencies[archive === ours ? 'ours' : 'theirs'].push(median(latenciesMs));
      }
    }
    rows.push(rowOf(question, latencies));
  }
  for (const [source, series] of stored.series) rows.push(await compareWithLoopback(ours, { source, series }, http));
  return rows;
}

function questionsAbout({ series }: Stored): Question[] {
  const [[, some = []] = []] = series;
  const [first] = some;
  if (!first) throw new Error('Nothing is stored');
  const number = first.study.split('.')[2] ?? '';
  const search = (name: string, paths: string[]): Question => ({
    name: `QIDO-RS, ${name}`,
    accept: JSON_TYPE,
    paths,
    count: 40,
    target: '>= 5',
  });
  return [
    search('100 studies', ['/dicom-web/studies?limit=100']),
    search('by accession number', [`/dicom-web/studies?AccessionNumber=ACC${number}`]),
    // Unescaped: Orthanc does not decode what it searches for.
    search('by name with a wildcard', [`/dicom-web/studies?PatientName=*N${number[0]}*`]),
    // Of all studies, so that both tell of study and series, too.
    search('100 instances of a series', [`/dicom-web/instances?SeriesInstanceUID=${first.series}&limit=100`]),
    ...[...series].flatMap(([source, instances]) => retrievals(source, instances)),
  ];
}

function retrievals({ name }: Source, instances: Instance[]): Question[] {
  const [first] = instances;
  if (!first) throw new Error('Nothing is stored');
  const each = (end: string): string[] => instances.map((instance) => `${seriesPath(instance)}/instances/${instance.sop}${end}`);
  const target = '>= 2';
  return [
    { name: `frame, ${name}`, accept: FRAME, paths: each('/frames/1'), count: 100, target },
    { name: `series of ${instances.length} files, ${name}`, accept: FILES, paths: [seriesPath(first)], count: 5, target },
    {
      name: `metadata of a series of ${instances.length}, ${name}`,
      accept: JSON_TYPE,
      paths: [`${seriesPath(first)}/metadata`],
      count: 20,
      target,
    },
    { name: `rendered JPEG, ${name}`, accept: 'image/jpeg', paths: each('/rendered'), count: 50, target },
    { name: `rendered PNG, ${name}`, accept: 'image/png', paths: each('/rendered'), count: 50, target },
  ];
}

function seriesPath({ study, series }: Instance): string {
  return `/dicom-web/studies/${study}/series/${series}`;
}

type Json = Record<string, { vr: string; Value?: unknown[] }>;

/** Both answer with success; a search of ours gives every attribute that theirs gives, with the same values. @throws {Error} otherwise */
async function requireSameAnswer({ name, accept, paths }: Question, ours: Archive, theirs: Archive): Promise<void> {
  const ask = async ({ host, httpPort, headers, name: who }: Archive): Promise<Response> => {
    const response = await fetch(`http://${host}:${httpPort}${paths[0]}`, { headers: { ...headers, accept } });
    if (!response.ok) throw new Error(`${who} answers ${name} with ${response.status}: ${await response.text()}`);
    return response;
  };
  const [mine, peers] = [await ask(ours), await ask(theirs)];
  if (accept !== JSON_TYPE) {
    await Promise.all([mine.arrayBuffer(), peers.arrayBuffer()]);
    return;
  }
  // DICOM JSON by the media type.
  const [ourItems, theirItems] = [(await mine.json()) as Json[], (await peers.json()) as Json[]];
  equal(ourItems.length, theirItems.length, `${name}: as many results`);
  const byUids = new Map(ourItems.map((item) => [uidsOf(item), item]));
  for (const theirItem of theirItems) {
    const item = byUids.get(uidsOf(theirItem));
    // With a limit, the archives may choose others of many.
    if (!item && paths[0]?.includes('limit=')) continue;
    for (const [tag, { vr, Value }] of Object.entries(theirItem)) {
      if (OF_THE_SERVER.has(tag) || Value === undefined || Value.length === 0 || vr === 'SQ') continue;
      const given = item?.[tag]?.Value;
      equal(JSON.stringify(given?.map(plain)), JSON.stringify(Value.map(plain)), `${name}: attribute ${tag}`);
    }
  }
}

/** Numbers may be told as text or number (PS3.18 F.2.2). */
function plain(value: unknown): unknown {
  return typeof value === 'number' || (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)))
    ? Number(value)
    : value;
}

function uidsOf(item: Json): string {
  return ['0020000D', '0020000E', '00080018'].map((tag) => String(item[tag]?.Value?.[0] ?? '')).join(' ');
}

/** The bytes of a whole series against as many from the memory of a bare server, over the same connection of the same client. */
async function compareWithLoopback(
  ours: Archive,
  { source, series }: { source: Source; series: Instance[] },
  http: LoadClient,
): Promise<BenchRow> {
  const [first] = series;
  const bytes = series.reduce((sum, { part10 }) => sum + part10.length, 0);
  const child = fork(new URL('./loopback-server.ts', import.meta.url));
  const port = Number(await new Promise((resolve) => child.once('message', resolve)));
  const bare = { host: '127.0.0.1', port, requests: [requestBytes('GET', `/${bytes}`, {})], count: 5, concurrency: 1 };
  const path = first ? seriesPath(first) : '';
  const own = {
    host: ours.host,
    port: ours.httpPort,
    requests: [requestBytes('GET', path, { ...ours.headers, accept: FILES })],
    count: 5,
    concurrency: 1,
  };
  const rates: { ours: number; bare: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const rate = async (load: typeof bare): Promise<number> => bytes / median((await http.send(load)).latenciesMs) / 1000;
    rates.push({ ours: await rate(own), bare: await rate(bare) });
  }
  child.disconnect();
  const counted = rates.slice(1);
  return {
    name: `bandwidth of a series, ${source.name}`,
    value: median(counted.map((round) => round.ours)),
    unit: 'MB/s',
    target: '>= 0.8',
    peer: { name: 'bare node:http from memory', value: median(counted.map((round) => round.bare)) },
    ratio: median(counted.map((round) => round.ours / round.bare)),
    note: `${(bytes / 1e6).toFixed(0)} MB; median of ${ROUNDS} rounds of 5; instead of twice Orthanc's speed`,
  };
}

function rowOf({ name, count, target }: Question, { ours, theirs }: Latencies): BenchRow {
  return {
    name,
    value: median(ours),
    unit: 'ms',
    target,
    peer: { name: 'Orthanc', value: median(theirs) },
    ratio: median(ours.map((value, round) => (theirs[round] ?? Number.NaN) / value)),
    note: `p50 of ${count} requests, one after the other; median of ${ROUNDS} rounds, in turn`,
  };
}
