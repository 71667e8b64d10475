import { setTimeout } from 'node:timers/promises';
import { loadModelPackages, type ModelPackage } from '../src/inference/model-package.ts';
import { evaluatePicture } from '../src/inference/pipeline.ts';
import { type ModelPool, openModelPool } from '../src/inference/pool.ts';
import { openBareLoop, type Peer } from './bare-loop-peer.ts';
import { drawPicture } from './pictures.ts';
import type { BenchRow } from './row.ts';
import { median, percentile } from './statistics.ts';

const WORKERS = 2;
/** Odd, so that the median is a round that was measured. */
const ROUNDS = 7;
const PICTURES_PER_ROUND = 160;
/** Requests in flight: what keeps two threads busy without a queue that hides the pool's own cost. */
const IN_FLIGHT = 4;
const MODEL = 'cxr-pneumonia';
const LAG_TICK_MS = 5;

/**
 * The pool against bare onnxruntime loops in as many threads, in the same run, round by round in turn:
 * - one network in both;
 * - a JPEG through decoding, gate, model and interpretation, against the two networks alone, and against the two networks with the same
 *   decoding and preparation.
 *
 * And how late timers fire in the caller's thread while all threads compute.
 *
 * @throws {Error} if `models/` lacks the package
 */
export async function benchInference(): Promise<BenchRow[]> {
  const packages = (await loadModelPackages(new URL('../models/', import.meta.url).pathname)).map(withoutVeto);
  const model = findPackage(packages, MODEL);
  const gate = findPackage(packages, model.card.accepts.gate?.model ?? MODEL);
  const pool = await openModelPool({ packages, workers: WORKERS });
  const jpeg = await drawPicture();
  const dims = dimsOf(model);
  const tensor = new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(0.5);

  const runs = await compare(openBareLoop([model], { threads: WORKERS }), () => inFlight(() => pool.run(MODEL, tensor.slice(), dims)));
  const networks = await compare(openBareLoop([gate, model], { threads: WORKERS }), () => evaluateAll(pool, jpeg));
  const lagMs: number[] = [];
  const pictures = await compare(openBareLoop([gate, model], { threads: WORKERS, picture: jpeg }), () =>
    watchLag(lagMs, () => evaluateAll(pool, jpeg)),
  );
  await pool.close();
  return [
    ...rowsOf(runs, 'pool.run', 'bare loop of the model on a prepared tensor', '>= 0.95'),
    ...rowsOf(networks, 'evaluatePicture', 'bare loop of gate and model on prepared tensors'),
    ...rowsOf(pictures, 'evaluatePicture', 'bare loop that decodes, prepares and runs gate and model', '>= 0.85'),
    {
      name: 'event loop lag p99 during evaluatePicture',
      value: percentile(lagMs, 0.99),
      unit: 'ms',
      target: '< 10',
      note: `n=${lagMs.length}`,
    },
  ];
}

function rowsOf({ peer, ours, ratio, cpuRatio }: Comparison, name: string, peerName: string, target?: string): BenchRow[] {
  const note = `${WORKERS} threads, median of ${ROUNDS} rounds of ${PICTURES_PER_ROUND}, in turn with the loop`;
  return [
    { name: peerName, value: peer, unit: '1/s', note },
    { name, value: ours, unit: '1/s', note },
    { name: `${name} / ${peerName}`, value: ratio, unit: 'ratio', note: 'median of the ratio in each round', ...(target && { target }) },
    { name: `${name} / ${peerName}, by CPU time`, value: cpuRatio, unit: 'ratio', note: 'CPU seconds of the loop over ours' },
  ];
}

function findPackage(packages: ModelPackage[], id: string): ModelPackage {
  const found = packages.find(({ card }) => card.id === id);
  if (!found) throw new Error(`models/ has no package '${id}'`);
  return found;
}

/** The drawn picture is no radiograph: lets it through the gate, so that both networks run on it. */
function withoutVeto(one: ModelPackage): ModelPackage {
  const { gate } = one.card.accepts;
  const accepts = { ...one.card.accepts, gate: gate && { ...gate, min_probability: 0 } };
  return { ...one, card: { ...one.card, accepts, out_of_distribution: null } };
}

function dimsOf({ card }: ModelPackage): number[] {
  return [1, 1, card.input.height, card.input.width];
}

/** Throughputs in 1/s and their ratio, and the ratio of CPU time, which busy neighbours disturb less. */
type Comparison = { peer: number; ours: number; ratio: number; cpuRatio: number };
type Cost = { seconds: number; cpuSeconds: number };

/** Both sides in turn; the first round, which loads and compiles, does not count. */
async function compare(peer: Peer, ours: () => Promise<void>): Promise<Comparison> {
  const costs: { peer: Cost; ours: Cost }[] = [];
  for (let round = 0; round <= ROUNDS; round++)
    costs.push({ peer: await costOf(() => peer.run(PICTURES_PER_ROUND)), ours: await costOf(ours) });
  await peer.close();
  const counted = costs.slice(1);
  return {
    peer: PICTURES_PER_ROUND / median(counted.map((round) => round.peer.seconds)),
    ours: PICTURES_PER_ROUND / median(counted.map((round) => round.ours.seconds)),
    ratio: median(counted.map((round) => round.peer.seconds / round.ours.seconds)),
    cpuRatio: median(counted.map((round) => round.peer.cpuSeconds / round.ours.cpuSeconds)),
  };
}

async function costOf(work: () => Promise<void>): Promise<Cost> {
  const start = performance.now();
  const cpu = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

async function evaluateAll(pool: ModelPool, jpeg: Uint8Array): Promise<void> {
  await inFlight(async () => {
    const { status } = await evaluatePicture(pool, MODEL, jpeg, {});
    if (status !== 'succeeded') throw new Error('Both networks must run on every picture');
  });
}

/** Calls `work` once for each picture of a round, `IN_FLIGHT` at a time. */
async function inFlight(work: () => Promise<unknown>): Promise<void> {
  let left = PICTURES_PER_ROUND;
  const lane = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

async function watchLag(lagMs: number[], work: () => Promise<void>): Promise<void> {
  let isRunning = true;
  const watch = async () => {
    while (isRunning) {
      const due = performance.now() + LAG_TICK_MS;
      await setTimeout(LAG_TICK_MS);
      lagMs.push(Math.max(0, performance.now() - due));
    }
  };
  const watching = watch();
  await work();
  isRunning = false;
  await watching;
}
