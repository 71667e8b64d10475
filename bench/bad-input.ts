import { multipart, type UploadFile } from '../test/app.ts';
import { badFiles, nestedSequences } from '../test/bad-files.ts';
import { type ServerProcess, signInTo, startServer } from '../test/server.ts';
import { zipOf } from '../test/zip.ts';
import { memoryOf } from './process-figures.ts';
import type { BenchRow } from './row.ts';
import { percentile } from './statistics.ts';

const SECONDS = 20;
const SENDERS = 4;
/** A health check every this many milliseconds, whether or not the last was answered. */
const EVERY_MS = 20;

/** Health and memory of a real server while bad files of every kind come in without a pause. */
export async function benchBadInput(): Promise<BenchRow[]> {
  const server = await startServer();
  try {
    const session = await signInTo(server);
    const files: UploadFile[] = badFiles.map(({ name, bytes }) => ({ name, bytes: bytes() }));
    files.push({ name: 'deep.dcm', bytes: nestedSequences(200_000) });
    files.push({ name: 'bomb.zip', bytes: zipOf([{ name: 'zeros.dcm', bytes: Buffer.alloc(300_000_000), deflate: true }]) });
    const until = Date.now() + SECONDS * 1000;
    const senders = Array.from({ length: SENDERS }, (_, index) => sendUntil(server, { session, files, until, first: index }));
    const latencies = await askHealth(server, until);
    const sent = (await Promise.all(senders)).reduce((sum, count) => sum + count, 0);
    const note = `${sent} bad files from ${SENDERS} senders in ${SECONDS} s, ${latencies.length} questions`;
    return [
      { name: 'GET /api/health, p99 under bad files', value: percentile(latencies, 0.99), unit: 'ms', target: '< 100', note },
      { name: 'GET /api/health, slowest under bad files', value: Math.max(...latencies), unit: 'ms', target: '< 100', note },
      { name: 'Peak RSS under bad files', value: memoryOf(server.process.pid ?? 0).peak, unit: 'MB', target: '< 500', note },
    ];
  } finally {
    await server.stop();
  }
}

type Sending = { session: { authorization: string }; files: UploadFile[]; until: number; first: number };

async function sendUntil(server: ServerProcess, { session, files, until, first }: Sending): Promise<number> {
  let count = 0;
  for (let index = first; Date.now() < until; index += 1) {
    const file = files[index % files.length];
    if (!file) continue;
    const { payload, headers } = multipart([file]);
    const response = await fetch(`${server.url}/api/v1/studies`, {
      method: 'POST',
      headers: { ...session, ...headers },
      body: new Uint8Array(payload),
    });
    await response.arrayBuffer();
    if (response.status < 400 || response.status > 499) throw new Error(`${file.name} was answered with ${response.status}`);
    count += 1;
  }
  return count;
}

/** Latencies in milliseconds. */
async function askHealth(server: ServerProcess, until: number): Promise<number[]> {
  const latencies: number[] = [];
  const asked: Promise<void>[] = [];
  while (Date.now() < until) {
    const from = performance.now();
    asked.push(
      fetch(`${server.url}/api/health`).then(async (response) => {
        await response.arrayBuffer();
        latencies.push(performance.now() - from);
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  await Promise.all(asked);
  return latencies;
}
