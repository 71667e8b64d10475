import { loadModelPackages, type ModelPackage } from '../src/inference/model-package.ts';
import { multipart } from '../test/app.ts';
import { type ServerProcess, signInTo, startServer } from '../test/server.ts';
import { openBareLoop } from './bare-loop-peer.ts';
import { addressOf, type LoadClient, openLoadClient, requestBytes } from './load.ts';
import { openPictures } from './pictures.ts';
import { cpuSecondsOf } from './process-figures.ts';
import type { BenchRow } from './row.ts';
import { median, percentile } from './statistics.ts';

const WORKERS = 2;
const MODEL = 'cxr-pneumonia';
const PICTURES = 32;
/** Odd, so that the median is a round that was measured. */
const ROUNDS = 9;
const PICTURES_PER_ROUND = 240;
const CONCURRENCY = 8;
const SINGLE_REQUESTS = 100;

type Requests = { host: string; port: number; requests: Uint8Array[] };
type Round = { bareSeconds: number; bareCpu: number; ourSeconds: number; ourCpu: number };

/**
 * `POST /api/v1/predict` of a real server, multipart in and JSON out, each answer kept in the database, against onnxruntime in as many
 * threads that runs the same two networks on ready tensors and does nothing else: the ratio holds all that a server adds.
 */
export async function benchPredict(): Promise<BenchRow[]> {
  const { jpegs, modelsDir, source, close } = await openPictures(PICTURES);
  const packages = await loadModelPackages(modelsDir);
  const server = await startServer({
    ISOCENTER_RATE_LIMITS: 'off',
    // The same pictures again and again: what is measured is the networks, not the memory of their answers.
    ISOCENTER_CACHE_BYTES: '0',
    ISOCENTER_INFERENCE_WORKERS: String(WORKERS),
    ISOCENTER_MODELS_DIR: modelsDir,
  });
  const client = openLoadClient();
  try {
    const to = { ...addressOf(server.url), requests: await evaluatedRequests(server, jpegs) };
    const rounds = await compare(server, client, { to, networks: networksOf(packages) });
    const { latenciesMs } = await client.send({ ...to, count: SINGLE_REQUESTS, concurrency: 1 });
    return [...throughputRows(rounds, source), ...latencyRows(latenciesMs)];
  } finally {
    client.close();
    await server.stop();
    await close();
  }
}

function networksOf(packages: ModelPackage[]): ModelPackage[] {
  const model = packages.find(({ card }) => card.id === MODEL);
  const gate = packages.find(({ card }) => card.id === model?.card.accepts.gate?.model);
  if (!model || !gate) throw new Error(`There is no package ${MODEL} with its gate`);
  return [gate, model];
}

/** A request for each picture; those on which not both networks run would flatter us and are left out. */
async function evaluatedRequests(server: ServerProcess, jpegs: Uint8Array[]): Promise<Uint8Array[]> {
  const session = await signInTo(server);
  const requests: Uint8Array[] = [];
  for (const [index, bytes] of jpegs.entries()) {
    const { payload, headers } = multipart([{ name: `radiograph-${index}.jpeg`, bytes, type: 'image/jpeg' }]);
    const response = await fetch(`${server.url}/api/v1/predict`, {
      method: 'POST',
      headers: { ...session, ...headers },
      body: new Uint8Array(payload),
    });
    // The declared answer of the endpoint.
    const { abstained } = (await response.json()) as { abstained: boolean };
    if (abstained === false) requests.push(requestBytes('POST', '/api/v1/predict', { ...session, ...headers }, payload));
  }
  if (requests.length === 0) throw new Error('The server evaluated none of the pictures');
  return requests;
}

/** Both sides in turn; the first round, which loads and compiles, does not count. */
async function compare(
  server: ServerProcess,
  client: LoadClient,
  { to, networks }: { to: Requests; networks: ModelPackage[] },
): Promise<Round[]> {
  const bare = openBareLoop(networks, { threads: WORKERS });
  const rounds: Round[] = [];
  for (let index = 0; index <= ROUNDS; index += 1) {
    const from = performance.now();
    const cpuFrom = process.cpuUsage();
    await bare.run(PICTURES_PER_ROUND);
    const bareSeconds = (performance.now() - from) / 1000;
    const { user, system } = process.cpuUsage(cpuFrom);
    const ourCpuFrom = cpuSecondsOf(server.process.pid ?? 0);
    const { seconds } = await client.send({ ...to, count: PICTURES_PER_ROUND, concurrency: CONCURRENCY });
    const ourCpu = cpuSecondsOf(server.process.pid ?? 0) - ourCpuFrom;
    rounds.push({ bareSeconds, bareCpu: (user + system) / 1e6, ourSeconds: seconds, ourCpu });
  }
  await bare.close();
  return rounds.slice(1);
}

function throughputRows(rounds: Round[], source: string): BenchRow[] {
  const over = (figure: (round: Round) => number): number => median(rounds.map(figure));
  return [
    {
      name: 'POST /api/v1/predict',
      value: PICTURES_PER_ROUND / over(({ ourSeconds }) => ourSeconds),
      unit: '1/s',
      target: '>= 0.85',
      peer: {
        name: 'bare onnxruntime, gate and model on ready tensors',
        value: PICTURES_PER_ROUND / over(({ bareSeconds }) => bareSeconds),
      },
      ratio: over(({ bareSeconds, ourSeconds }) => bareSeconds / ourSeconds),
      note: `${WORKERS} workers, ${CONCURRENCY} kept connections, ${source}; median of ${ROUNDS} rounds of ${PICTURES_PER_ROUND}, in turn with the peer's ${WORKERS} threads; the client is a process of its own on the same CPUs, writes ready bytes and reads only status and length`,
    },
    {
      name: 'CPU time of the server for a picture',
      value: (over(({ ourCpu }) => ourCpu) / PICTURES_PER_ROUND) * 1000,
      unit: 'ms',
      peer: { name: 'bare onnxruntime', value: (over(({ bareCpu }) => bareCpu) / PICTURES_PER_ROUND) * 1000 },
      ratio: over(({ bareCpu, ourCpu }) => bareCpu / ourCpu),
      note: "same rounds; the peer's CPU time over ours, which busy neighbors disturb less",
    },
  ];
}

function latencyRows(latenciesMs: number[]): BenchRow[] {
  const note = `${SINGLE_REQUESTS} requests, one after the other`;
  return [
    { name: 'POST /api/v1/predict, p50', value: percentile(latenciesMs, 0.5), unit: 'ms', note },
    { name: 'POST /api/v1/predict, p95', value: percentile(latenciesMs, 0.95), unit: 'ms', target: '<= 500', note },
  ];
}
