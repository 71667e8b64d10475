import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secondaryCapture, uid } from '../builders.ts';
import { type ServerProcess, signInTo, startServerOn } from '../server.ts';

/** Kills of the server, and uploads in flight at a time. */
const KILLS = 50;
const CLIENTS = 4;
const ENV = { ISOCENTER_STUDY_QUIET_MS: '0', ISOCENTER_INFERENCE_WORKERS: '1' };

type Sent = { sop: string; study: string; sha256: string };

describe('a server that is killed during upload and analysis', () => {
  let dataDir: string;
  let running: ServerProcess | undefined;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'isocenter-kill-'));
  });
  afterAll(async () => {
    await running?.kill();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('holds everything that it acknowledged, each exactly once, after 50 kills', { timeout: 600_000 }, async () => {
    const acknowledged = new Map<string, Sent>();
    let number = 0;
    let session: { authorization: string } | undefined;
    let random = 12_345;
    const chance = (): number => {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      return random / 2 ** 32;
    };

    for (let kill = 0; kill < KILLS; kill += 1) {
      const server = await startServerOn({ dataDir, env: ENV });
      running = server;
      session ??= await signInTo(server);
      let alive = true;
      const before = acknowledged.size;
      const signedIn = session;
      const clients = Array.from({ length: CLIENTS }, async () => {
        while (alive) {
          number += 1;
          const sent = await send(server, signedIn, number).catch(() => undefined);
          if (sent) acknowledged.set(sent.sop, sent);
        }
      });
      // A different moment each time, from the first answer to deep in the analysis of many studies.
      while (acknowledged.size === before && server.process.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
      await new Promise((resolve) => setTimeout(resolve, chance() * 300));
      await server.kill();
      alive = false;
      await Promise.all(clients);
    }

    expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS);
    const server = await startServerOn({ dataDir, env: ENV });
    running = server;
    session = await signInTo(server);
    for (const { sop, study, sha256 } of acknowledged.values()) {
      const file = await fetch(`${server.url}/api/v1/instances/${sop}/file`, { headers: session });
      expect(file.status, sop).toBe(200);
      expect(
        createHash('sha256')
          .update(new Uint8Array(await file.arrayBuffer()))
          .digest('hex'),
      ).toBe(sha256);
      const detail = await waitForAnalysis(server, session, study);
      expect(detail.instance_count).toBe(1);
      const { items } = await getJson(server, session, `/api/v1/studies/${study}/analysis`);
      const perModel = Map.groupBy(items as { model_id: string; status: string }[], ({ model_id }) => model_id);
      expect(perModel.size).toBeGreaterThan(0);
      for (const [model, runs] of perModel) expect(runs.length, `${model} on ${study}`).toBe(1);
    }
    await server.stop();
  });
});

async function send(server: ServerProcess, session: Record<string, string>, number: number): Promise<Sent | undefined> {
  const study = uid(7, number);
  const bytes = secondaryCapture({
    study,
    series: uid(7, number, 1),
    instance: uid(7, number, 1, 1),
    patientId: `KILL-${number}`,
    seed: number,
    rows: 64,
    columns: 64,
  });
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), 'one.dcm');
  const response = await fetch(`${server.url}/api/v1/studies`, { method: 'POST', headers: session, body: form });
  if (!response.ok) return undefined;
  const result = (await response.json()) as { items: { sop_instance_uid: string }[] };
  const sop = result.items[0]?.sop_instance_uid ?? '';
  return { sop, study, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function waitForAnalysis(server: ServerProcess, session: Record<string, string>, study: string): Promise<{ instance_count: number }> {
  const until = Date.now() + 120_000;
  for (;;) {
    const detail = await getJson(server, session, `/api/v1/studies/${study}`);
    if (['succeeded', 'abstained', 'failed'].includes(String(detail['analysis_status'])))
      return { instance_count: Number(detail['instance_count']) };
    if (Date.now() > until) throw new Error(`The analysis of ${study} never ended: ${detail['analysis_status']}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function getJson(server: ServerProcess, session: Record<string, string>, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${server.url}${path}`, { headers: session });
  expect(response.status, path).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}
