import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENTS } from '../../src/contract/agents.ts';
import type { Diagnosis } from '../../src/contract/diagnosis.ts';
import type { TimelineEntry } from '../../src/contract/diagnosis-work.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { type ServerProcess, signInTo, startServerOn } from '../server.ts';

/** Kills of the server: few by default, as many as asked for with `DIAGNOSIS_KILLS=30`. */
const KILLS = Number(process.env['DIAGNOSIS_KILLS'] ?? 4);
const ENV = { ISOCENTER_STUDY_QUIET_MS: '3600000', ISOCENTER_INFERENCE_WORKERS: '1', ISOCENTER_MAX_CONCURRENT_ANALYSIS: '2' };
const PICTURE = readFileSync(fileURLToPath(new URL('../../models/cxr-pneumonia/golden/shapes-1.png', import.meta.url)));
const DIAGNOSES = 3;

type Session = { authorization: string };

describe('a server that is killed while diagnoses are at work', () => {
  let dataDir: string;
  let running: ServerProcess | undefined;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'isocenter-diagnosis-kill-'));
  });
  afterAll(async () => {
    await running?.kill();
    await rm(dataDir, { recursive: true, force: true });
  });

  it(`completes every diagnosis, with each agent's work done once, after ${KILLS} kills`, { timeout: 600_000 }, async () => {
    const ids: string[] = [];
    let session: Session | undefined;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = await startServerOn({ dataDir, env: ENV });
      running = server;
      session ??= await signInTo(server);
      for (let number = 0; number < DIAGNOSES; number += 1) ids.push(await begin(server, session, `KILL-${kill}-${number}`));
      // A different moment each time: from the first step of the first one to the last of the third.
      await new Promise((resolve) => setTimeout(resolve, (kill * 97) % 400));
      await server.kill();
    }
    const server = await startServerOn({ dataDir, env: ENV });
    running = server;
    session = await signInTo(server);
    for (const id of ids) await expectDoneOnce(server, session, id);
    await server.stop();
  });
});

describe.skipIf(postgresMissing)('two processes on PostgreSQL (needs PostgreSQL binaries)', () => {
  let dataDir: string;
  let postgres: PostgresServer | undefined;
  const servers: ServerProcess[] = [];
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'isocenter-diagnosis-two-'));
    postgres = await startPostgres();
  });
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()));
    await postgres?.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it("do each agent's work once, and one takes over what the other was at when it was killed", { timeout: 300_000 }, async () => {
    const database = await postgres?.openDatabase({ migrated: false });
    await database?.db.destroy();
    const options = { dataDir, env: { ...ENV, DATABASE_URL: database?.url ?? '' } };
    const first = await startServerOn(options);
    servers.push(first);
    const session = await signInTo(first);
    const second = await startServerOn(options);
    servers.push(second);
    const ids: string[] = [];
    for (let number = 0; number < 2 * DIAGNOSES; number += 1) ids.push(await begin(number % 2 ? first : second, session, `TWO-${number}`));
    await first.kill();
    for (const id of ids) await expectDoneOnce(second, session, id);
  });
});

/** Waits for the end of a diagnosis, and looks whether each step of it was made once. */
async function expectDoneOnce(server: ServerProcess, session: Session, id: string): Promise<void> {
  await completed(server, session, id);
  const { items } = await get<{ items: TimelineEntry[] }>(server, session, `/${id}/timeline`);
  const count = (type: string, actor?: string): number =>
    items.filter((step) => step.type === type && (actor === undefined || step.actor === actor)).length;
  expect([count('created'), count('started'), count('completed')], id).toEqual([1, 1, 1]);
  expect(
    AGENTS.map((agent) => count('agent_ended', agent)),
    id,
  ).toEqual([1, 1, 1, 1]);
  expect(items.map(({ number }) => number)).toEqual(items.map((_, index) => index + 1));
}

async function begin({ url }: ServerProcess, session: Session, patientId: string): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ modality: 'DX', body_part: 'CHEST', patient_id: patientId })) form.append(name, value);
  form.append('file', new Blob([new Uint8Array(PICTURE)]), 'film.png');
  const uploaded = await fetch(`${url}/api/v1/images/upload`, { method: 'POST', headers: session, body: form });
  const { items } = (await uploaded.json()) as { items: { study_instance_uid: string }[] };
  const study = items[0]?.study_instance_uid ?? '';
  const made = await fetch(`${url}/api/v1/diagnosis/new`, {
    method: 'POST',
    headers: { ...session, 'content-type': 'application/json' },
    body: JSON.stringify({ study_instance_uids: [study] }),
  });
  expect(made.status).toBe(201);
  return ((await made.json()) as Diagnosis).id;
}

async function completed(server: ServerProcess, session: Session, id: string): Promise<void> {
  const until = Date.now() + 120_000;
  for (;;) {
    const { status } = await get<Diagnosis>(server, session, `/${id}`);
    if (status === 'completed') return;
    if (Date.now() > until) throw new Error(`The diagnosis ${id} never ended: ${status}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function get<T>({ url }: ServerProcess, session: Session, path: string): Promise<T> {
  const response = await fetch(`${url}/api/v1/diagnosis${path}`, { headers: session });
  expect(response.status, path).toBe(200);
  return (await response.json()) as T;
}
