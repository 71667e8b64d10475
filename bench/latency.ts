import { fork } from 'node:child_process';
import { multipart } from '../test/app.ts';
import { type ServerProcess, signInTo, startServer } from '../test/server.ts';
import { addressOf, type LoadClient, openLoadClient, requestBytes } from './load.ts';
import { openPictures } from './pictures.ts';
import type { BenchRow } from './row.ts';
import { median, percentile } from './statistics.ts';

const WORKERS = 2;
/** Odd, so that the median is a round that was measured. */
const ROUNDS = 5;
const STUDIES_PER_ROUND = 60;
/** All questions together come 125 times a second: what some screens and a monitor ask. */
const EVERY_MS = 8;
const POLL_MS = 200;

type Session = { authorization: string };
type Parts = { server: ServerProcess; session: Session; work: LoadClient; jpegs: Uint8Array[] };
/** What is asked. `limit` is the target of the 99th percentile; none for the peer. */
type Question = { name: string; limit?: string; url: string; path: string };

/**
 * How long reads take while every model thread is busy with studies: all are said complete at once, and until the last is analyzed
 * questions come at a fixed rate, whether or not earlier ones are answered. Each round also asks a bare `node:http` server that answers
 * a constant, in a process of its own: what the machine itself makes a request wait just then.
 */
export async function benchLatency(): Promise<BenchRow[]> {
  const { jpegs, modelsDir, close } = await openPictures(STUDIES_PER_ROUND);
  const server = await startServer({
    ISOCENTER_RATE_LIMITS: 'off',
    ISOCENTER_INFERENCE_WORKERS: String(WORKERS),
    ISOCENTER_MODELS_DIR: modelsDir,
    ISOCENTER_STUDY_QUIET_MS: '3600000',
  });
  const bare = await openBareServer();
  const work = openLoadClient();
  try {
    const parts = { server, session: await signInTo(server), work, jpegs };
    const first = await uploadStudies(parts, 0);
    await analyze(parts, first);
    const questions = questionsAbout(server.url, bare.url, first[0] ?? '');
    const rounds: number[][][] = [];
    for (let round = 1; round <= ROUNDS; round += 1) rounds.push(await askDuringAnalysis(parts, questions, round));
    return rowsOf(questions, rounds);
  } finally {
    work.close();
    bare.close();
    await server.stop();
    await close();
  }
}

/** Latencies of each question in the order of the questions, in milliseconds. */
async function askDuringAnalysis(parts: Parts, questions: Question[], round: number): Promise<number[][]> {
  const studies = await uploadStudies(parts, round);
  const everyMs = EVERY_MS * questions.length;
  const probes = questions.map(({ url, path }) => {
    const probe = openLoadClient();
    return { probe, stop: probe.start({ ...addressOf(url), requests: [requestBytes('GET', path, parts.session)], everyMs }) };
  });
  await analyze(parts, studies);
  return Promise.all(
    probes.map(async ({ probe, stop }) => {
      const { latenciesMs } = await stop();
      probe.close();
      return latenciesMs;
    }),
  );
}

function questionsAbout(url: string, bareUrl: string, study: string): Question[] {
  return [
    { name: 'bare node:http server', url: bareUrl, path: '/' },
    { name: 'GET /api/health', limit: '< 10', url, path: '/api/health' },
    { name: 'GET /api/v1/studies (50 a page)', limit: '< 50', url, path: '/api/v1/studies?limit=50' },
    { name: 'GET /api/v1/studies/:uid', limit: '< 50', url, path: `/api/v1/studies/${study}` },
    { name: 'GET /api/v1/studies/:uid/findings', limit: '< 50', url, path: `/api/v1/studies/${study}/findings` },
  ];
}

/** Pictures that each make a study of their own, as each has another patient ID; returns their UIDs. */
async function uploadStudies({ server, session, work, jpegs }: Parts, round: number): Promise<string[]> {
  const requests = Array.from({ length: STUDIES_PER_ROUND }, (_, index) => {
    const file = { name: `${index}.jpeg`, bytes: jpegs[index % jpegs.length] ?? new Uint8Array(), type: 'image/jpeg' };
    const { payload, headers } = multipart([file], { patient_id: `BENCH-${round}-${index}`, modality: 'DX', body_part: 'CHEST' });
    return requestBytes('POST', '/api/v1/images/upload', { ...session, ...headers }, payload);
  });
  await work.send({ ...addressOf(server.url), requests, count: requests.length, concurrency: 4 });
  const listed = await fetch(`${server.url}/api/v1/studies?limit=${STUDIES_PER_ROUND}`, { headers: session });
  // The declared answer of the endpoint: newest first.
  const { items } = (await listed.json()) as { items: { study_instance_uid: string }[] };
  return items.map(({ study_instance_uid }) => study_instance_uid);
}

/** Says all complete and waits until no job is left. */
async function analyze({ server, session, work }: Parts, studies: string[]): Promise<void> {
  const requests = studies.map((study) => requestBytes('POST', `/api/v1/studies/${study}/complete`, session));
  await work.send({ ...addressOf(server.url), requests, count: requests.length, concurrency: 4 });
  for (;;) {
    const response = await fetch(`${server.url}/api/v1/system/status`, { headers: session });
    // The declared answer of the endpoint.
    const { jobs } = (await response.json()) as { jobs: { waiting: number; running: number; dead: number } };
    if (jobs.dead > 0) throw new Error(`${jobs.dead} analyses failed`);
    if (jobs.waiting + jobs.running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function openBareServer(): Promise<{ url: string; close(): void }> {
  const child = fork(new URL('./bare-server.ts', import.meta.url));
  const port = await new Promise((resolve) => child.once('message', resolve));
  return { url: `http://127.0.0.1:${port}`, close: () => child.disconnect() };
}

function rowsOf(questions: Question[], rounds: number[][][]): BenchRow[] {
  const over = (index: number, share: number): number => median(rounds.map((round) => percentile(round[index] ?? [], share)));
  const asked = rounds.reduce((sum, round) => sum + (round[0]?.length ?? 0), 0);
  const note = `while ${STUDIES_PER_ROUND} studies are analyzed by ${WORKERS} workers; median of ${ROUNDS} rounds, ${asked} of each question in all`;
  const slowest = Math.max(...questions.map(({ limit }, index) => (limit ? over(index, 0.99) : 0)));
  const ofEach = questions.flatMap(({ name, limit }, index): BenchRow[] => {
    if (!limit) return [];
    return [
      { name: `${name}, p50`, value: over(index, 0.5), unit: 'ms', peer: { name: 'bare node:http', value: over(0, 0.5) }, note },
      {
        name: `${name}, p99`,
        value: over(index, 0.99),
        unit: 'ms',
        target: limit,
        peer: { name: 'bare node:http', value: over(0, 0.99) },
        note,
      },
    ];
  });
  return [...ofEach, { name: 'the slowest of these (N-01), p99', value: slowest, unit: 'ms', target: '< 200', note }];
}
