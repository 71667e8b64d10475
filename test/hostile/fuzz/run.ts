import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { Target } from './corpus.ts';
import { type FuzzOrder, type FuzzReport, SHARED } from './fuzz-order.ts';

// node test/hostile/fuzz/run.ts [--count 1000000] [--seed N] [--target pdu,part10,data-set] [--corpus FOLDER] [--out FOLDER]
// Mutates conversations, files and data sets, led by coverage. Prints crashes, hangs and the peak of memory; exit status 1 for any of the first
// two. Inputs that did it are kept in the folder that is named.

/** An input that takes longer hangs. */
const HANG_MS = 5_000;
/** What a thread may hold: what goes beyond is a crash. */
const MAX_HEAP_MB = 512;
const LOOK_MS = 250;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '20240229' },
    target: { type: 'string', default: 'pdu,part10,data-set' },
    corpus: { type: 'string' },
    out: { type: 'string' },
  },
});
const targets = values.target.split(',') as Target[];
const each = Math.ceil(Number(values.count) / targets.length);
const found = { inputs: 0, crashes: new Map<string, number>(), hangs: 0 };
let peakRss = 0;

for (const target of targets) await fuzz(target);
const mib = Math.round(peakRss / 2 ** 20);
say(`${found.inputs} inputs, ${found.crashes.size} kinds of crash, ${found.hangs} hangs over ${HANG_MS} ms, peak of memory ${mib} MiB`);
process.exitCode = found.crashes.size + found.hangs > 0 ? 1 : 0;

/** All inputs of one target; a thread that hangs or runs out of memory is replaced, and goes on with other inputs. */
async function fuzz(target: Target): Promise<void> {
  let done = 0;
  for (let round = 0; done < each; round += 1) done += await runThread(target, { seed: Number(values.seed) + round, count: each - done });
  found.inputs += done;
}

/** Returns how many inputs it tried. */
function runThread(target: Target, { seed, count }: { seed: number; count: number }): Promise<number> {
  const shared = new SharedArrayBuffer(SHARED.headBytes + SHARED.inputBytes);
  const order: FuzzOrder = { target, seed, count, folder: values.corpus, shared };
  const words = new Int32Array(shared, 0, 2);
  const present = (): Uint8Array => new Uint8Array(shared).slice(SHARED.headBytes, SHARED.headBytes + Atomics.load(words, SHARED.length));
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  let last = { count: -1, at: performance.now() };
  const look = setInterval(() => {
    peakRss = Math.max(peakRss, process.memoryUsage.rss());
    const now = { count: Atomics.load(words, SHARED.count), at: performance.now() };
    if (now.count !== last.count) last = now;
    else if (now.count > 0 && now.at - last.at > HANG_MS) {
      found.hangs += 1;
      keep(`${target}-hang`, present());
      void worker.terminate();
    }
  }, LOOK_MS);
  worker.on('message', (report: FuzzReport) => {
    if (report.kind === 'crash') crashed(target, Buffer.from(report.input, 'base64'), report.message);
    else
      say(
        `${target}: ${report.done} inputs, ${report.corpus} kept, ${report.blocks} blocks of code, slowest ${report.slowestMs.toFixed(1)} ms`,
      );
  });
  worker.on('error', (error) => crashed(target, present(), error instanceof Error ? (error.stack ?? error.message) : String(error)));
  return new Promise((resolve) => {
    worker.on('exit', () => {
      clearInterval(look);
      resolve(Math.max(1, Math.min(count, Atomics.load(words, SHARED.count))));
    });
  });
}

/** Crashes in the same place are one kind. */
function crashed(target: Target, input: Uint8Array, message: string): void {
  const kind = message.split('\n').slice(0, 3).join(' | ');
  const times = (found.crashes.get(kind) ?? 0) + 1;
  found.crashes.set(kind, times);
  if (times > 1) return;
  complain(`${target} crash: ${message}\n  input: ${Buffer.from(input).toString('base64').slice(0, 400)}`);
  keep(`${target}-crash`, input);
}

function keep(name: string, input: Uint8Array): void {
  if (values.out === undefined) return;
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, `${name}-${createHash('sha256').update(input).digest('hex').slice(0, 16)}.bin`), input);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
