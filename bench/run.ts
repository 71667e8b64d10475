import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { busySecondsOfMachine, cpuSecondsOfTree, ownCpuSeconds } from './process-figures.ts';
import { describeRun, sectionOf, type TopicRun, tableOf, withSection } from './results.ts';
import type { BenchRow } from './row.ts';
import { TOPICS } from './topics.ts';

// npm run bench [topic…]: runs the topics one after the other and keeps what they measured in RESULTS.md.

/** Between two looks at what the topic's processes have used. */
const LOOK_MS = 1_000;
const RESULTS = new URL('./RESULTS.md', import.meta.url);

const asked = process.argv.slice(2);
const unknown = asked.filter((topic) => !(topic in TOPICS));
if (unknown.length > 0) {
  process.stderr.write(`Unknown topic: ${unknown.join(', ')}. Known: ${Object.keys(TOPICS).join(', ')}\n`);
  process.exit(2);
}

for (const topic of asked.length > 0 ? asked : Object.keys(TOPICS)) {
  const run = describeRun(new Date());
  console.log(`\n${topic}: ${run}`);
  const done = await runTopic(topic);
  if (done.rows.length === 0) {
    process.exitCode = 1;
    continue;
  }
  console.log(tableOf(done));
  const text = existsSync(RESULTS) ? await readFile(RESULTS, 'utf8') : '';
  await writeFile(RESULTS, withSection(text, topic, sectionOf(topic, run, done)));
}

/** What the topic's process measured; no rows if it failed, which it has said on its standard error by then. */
async function runTopic(topic: string): Promise<TopicRun> {
  const from = { at: performance.now(), busy: busySecondsOfMachine(), own: ownCpuSeconds() };
  const child = fork(new URL('./run-topic.ts', import.meta.url), [topic]);
  let rows: BenchRow[] = [];
  // `run-topic.ts` sends nothing else.
  child.on('message', (message) => {
    rows = message as BenchRow[];
  });
  // The processes of a browser end without being waited for: what they used is seen only while they run.
  let used = 0;
  const looking = setInterval(() => {
    if (child.pid !== undefined) used = Math.max(used, cpuSecondsOfTree(child.pid));
  }, LOOK_MS);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearInterval(looking);
  const seconds = ((performance.now() - from.at) / 1000) * availableParallelism();
  const byOthers = busySecondsOfMachine() - from.busy - Math.max(used, ownCpuSeconds() - from.own);
  return { rows: code === 0 ? rows : [], disturbance: Math.max(0, byOthers / seconds) };
}
