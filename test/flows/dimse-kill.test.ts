import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTenant } from '../../src/cli/open-tenant.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { readConfig } from '../../src/server/config.ts';
import { findInstance } from '../../src/server/studies/queries.ts';
import { secondaryCapture, uid } from '../builders.ts';
import { associate, store } from '../dicom-peer.ts';

/** Kills of the server; 30 for the requirement. */
const KILLS = Number(process.env['DIMSE_KILLS'] ?? 5);
const ASSOCIATIONS = 4;
const SERVER = fileURLToPath(new URL('../dicom-server.ts', import.meta.url));

describe('a DICOM node that is killed while four associations store', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'isocenter-dimse-kill-'));
  });
  afterAll(async () => {
    await rm(dataDir, { recursive: true, force: true });
  });

  it(`holds whole everything that it answered with Success, after ${KILLS} kills`, { timeout: 900_000 }, async () => {
    const acknowledged = new Set<number>();
    let number = 0;
    let random = 54_321;
    const chance = (): number => {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      return random / 2 ** 32;
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { child, port } = await start(dataDir);
      const until = acknowledged.size + 1 + Math.floor(chance() * 60);
      const clients = Array.from({ length: ASSOCIATIONS }, async () => {
        const association = await associate(port);
        while (association.isOpen()) {
          number += 1;
          const mine = number;
          const response = await store(association, object(mine)).catch(() => undefined);
          if (response?.head.status === 0) acknowledged.add(mine);
          // At whatever the others are: after a number of successes that differs from kill to kill.
          if (acknowledged.size >= until) child.kill('SIGKILL');
        }
      });
      await Promise.all(clients);
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS);
    await expectHeld(dataDir, acknowledged);
  });
});

function object(number: number): Uint8Array {
  const names = { study: uid(80, number % 50), series: uid(80, number % 50, 1), instance: uid(80, number % 50, 1, number) };
  return secondaryCapture({ ...names, patientId: `KILL-${number % 50}`, seed: number, rows: 128, columns: 128 });
}

async function expectHeld(dataDir: string, numbers: Iterable<number>): Promise<void> {
  const deps = await openTenant('default', readConfig({ ISOCENTER_DATA_DIR: dataDir, ISOCENTER_INFERENCE_WORKERS: '1' }));
  try {
    for (const number of numbers) {
      const sent = parsePart10(object(number)).dataSet;
      const row = await findInstance(deps.db, uid(80, number % 50, 1, number));
      expect(row, `instance ${number}`).toBeDefined();
      // Reading checks the hash.
      const held = parsePart10(await deps.blobs.read(row?.blob_key ?? ''));
      expect(held.dataSet).toEqual(sent);
    }
  } finally {
    await deps.close();
  }
}

async function start(dataDir: string): Promise<{ child: ChildProcess; port: number }> {
  const env = { PATH: process.env['PATH'], ISOCENTER_DATA_DIR: dataDir, ISOCENTER_DICOM_PORT: '0', ISOCENTER_INFERENCE_WORKERS: '1' };
  const child = spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const port = /listens on (\d+)/.exec(output)?.[1];
      if (port) resolve({ child, port: Number(port) });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`The node ended:\n${output}`)));
  });
}
