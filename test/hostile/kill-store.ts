import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openTenant } from '../../src/cli/open-tenant.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { readConfig } from '../../src/server/config.ts';
import { registerPeer } from '../../src/server/dimse/manage-peers.ts';
import { findInstance } from '../../src/server/studies/queries.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { PEER } from '../dicom-node.ts';
import { associate, store } from '../dicom-peer.ts';

// node test/hostile/kill-store.ts [--kills 30] [--seed N]
// Kills the whole server with SIGKILL while four associations store, again and again, and then looks for every object that it acknowledged: its
// row, and its bytes by their hash and against what was sent. Exit status 1 if one is missing or another.

const ASSOCIATIONS = 4;
const STUDIES = 50;
/** Successes between two kills, at most. */
const UP_TO = 80;
const COMMAND = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

const { values } = parseArgs({ options: { kills: { type: 'string', default: '30' }, seed: { type: 'string', default: '54321' } } });
const kills = Number(values.kills);
let random = Number(values.seed);
const dataDir = await mkdtemp(join(tmpdir(), 'isocenter-kill-'));
const environment = { ISOCENTER_DATA_DIR: dataDir, ISOCENTER_INFERENCE_WORKERS: '1' };
const acknowledged = new Set<number>();
let number = 0;
try {
  await withStore((deps) => registerPeer(deps, { ae_title: PEER, host: '127.0.0.1', port: 1 }));
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = acknowledged.size;
    await storeUntilKilled(before + 1 + chance(UP_TO));
    say(`kill ${kill} of ${kills}: ${acknowledged.size - before} acknowledged since the one before`);
  }
  const lost = await withStore(listLost);
  say(`${acknowledged.size} acknowledged in ${kills} runs, ${lost.length} missing or damaged`);
  for (const one of lost.slice(0, 10)) complain(`missing: object ${one}`);
  process.exitCode = lost.length > 0 || acknowledged.size < kills ? 1 : 0;
} finally {
  await rm(dataDir, { recursive: true, force: true });
}

type Deps = Awaited<ReturnType<typeof openTenant>>;

async function withStore<T>(run: (deps: Deps) => Promise<T>): Promise<T> {
  const deps = await openTenant('default', readConfig(environment));
  try {
    return await run(deps);
  } finally {
    await deps.close();
  }
}

async function storeUntilKilled(until: number): Promise<void> {
  const { child, port } = await start();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const clients = Array.from({ length: ASSOCIATIONS }, async () => {
    const association = await associate(port);
    while (association.isOpen()) {
      const mine = ++number;
      const response = await store(association, object(mine)).catch(() => undefined);
      if (response?.head.status === 0) acknowledged.add(mine);
      // At whatever the others are.
      if (acknowledged.size >= until) child.kill('SIGKILL');
    }
  });
  await Promise.all(clients);
  await ended;
}

/** The server as anybody starts it, on free ports. */
async function start(): Promise<{ child: ChildProcess; port: number }> {
  const ports = { ISOCENTER_PORT: '0', ISOCENTER_DICOM_PORT: '0', ISOCENTER_LOG_LEVEL: 'silent' };
  const env = { PATH: process.env['PATH'], ...environment, ...ports };
  const child = spawn(process.execPath, [COMMAND, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const port = /are taken on \S+:(\d+)/.exec(output)?.[1];
      if (port) resolve({ child, port: Number(port) });
    });
    child.once('exit', () => reject(new Error(`The server ended:\n${output}`)));
  });
}

function object(index: number): Uint8Array {
  const study = index % STUDIES;
  const names = { study: uid(89, study), series: uid(89, study, 1), instance: uid(89, study, 1, index) };
  return secondaryCapture({ ...names, patientId: `KILL-${study}`, seed: index, rows: 128, columns: 128 });
}

async function listLost({ db, blobs }: Deps): Promise<number[]> {
  const lost: number[] = [];
  for (const index of acknowledged) {
    const row = await findInstance(db, uid(89, index % STUDIES, 1, index));
    // Reading checks the hash.
    const bytes = row && (await blobs.read(row.blob_key).catch(() => undefined));
    const [held, sent] = [bytes && parsePart10(bytes).dataSet['7FE00010']?.bytes, parsePart10(object(index)).dataSet['7FE00010']?.bytes];
    if (!held || !sent || Buffer.compare(held, sent) !== 0) lost.push(index);
  }
  return lost;
}

function chance(bound: number): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((random / 2 ** 32) * bound);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
