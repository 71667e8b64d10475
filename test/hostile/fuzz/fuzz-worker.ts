import { parentPort, workerData } from 'node:worker_threads';
import { seedsOf } from './corpus.ts';
import { openCoverage } from './coverage.ts';
import { enter } from './enter.ts';
import { type FuzzOrder, type FuzzReport, SHARED } from './fuzz-order.ts';
import { mutate, openRandom } from './mutate.ts';

/** Inputs between two looks at what has run: a look costs as much as some inputs. */
const BATCH = 32;
const REPORT_EVERY = 20_000;
const MAX_CORPUS = 4_000;

const { target, seed, count, folder, shared } = workerData as FuzzOrder;
const words = new Int32Array(shared, 0, 2);
const place = new Uint8Array(shared, SHARED.headBytes, SHARED.inputBytes);
const random = openRandom(seed);
const coverage = await openCoverage(['/src/dicom/', '/src/server/dimse/']);
const corpus = seedsOf(target, folder);
let slowestMs = 0;

const pick = (): Uint8Array => corpus[random(corpus.length)] ?? new Uint8Array();

function attempt(input: Uint8Array): void {
  place.set(input);
  Atomics.store(words, SHARED.length, input.length);
  Atomics.add(words, SHARED.count, 1);
  const from = performance.now();
  try {
    enter(target, input, random);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ kind: 'crash', input: Buffer.from(input).toString('base64'), message });
  }
  slowestMs = Math.max(slowestMs, performance.now() - from);
}

function tell(report: FuzzReport): void {
  parentPort?.postMessage(report);
}

for (const input of corpus) attempt(input);
await coverage.hasGrown();
for (let done = 0; done < count; done += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, count - done) }, () => mutate(pick(), pick(), random));
  for (const input of batch) attempt(input);
  // What led to code that had not run before is mutated further.
  if (await coverage.hasGrown()) {
    for (const input of batch) {
      if (corpus.length < MAX_CORPUS) corpus.push(input);
      else corpus[random(MAX_CORPUS)] = input;
    }
  }
  if (done % REPORT_EVERY < BATCH) tell({ kind: 'progress', done, corpus: corpus.length, blocks: coverage.blocks(), slowestMs });
}
tell({ kind: 'progress', done: count, corpus: corpus.length, blocks: coverage.blocks(), slowestMs });
await coverage.stop();
