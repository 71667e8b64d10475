import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENTS, type AgentName, listAgents, restartAgent } from '../../src/contract/agents.ts';
import * as contract from '../../src/contract/diagnosis.ts';
import { getDiagnosisResults } from '../../src/contract/diagnosis-results.ts';
import { getDiagnosisTimeline } from '../../src/contract/diagnosis-work.ts';
import type { Agents } from '../../src/server/agents/agent.ts';
import { openAgents } from '../../src/server/agents/agents.ts';
import { resumeDiagnoses } from '../../src/server/diagnosis/coordinate.ts';
import { runAgent } from '../../src/server/diagnosis/run-agent.ts';
import { jobHandlers } from '../../src/server/handlers.ts';
import type { JobHandlers } from '../../src/server/platform/ports.ts';
import { openTestApp, type TestApp } from '../app.ts';
import { diagnosisParts } from '../diagnosis-parts.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';

const HOUR_MS = 3_600_000;

describe.each([
  { database: 'SQLite', missing: undefined },
  { database: 'PostgreSQL', missing: postgresMissing },
])('the coordinator on $database', ({ database, missing }) => {
  describe.skipIf(missing)(missing ?? 'with agents that do as they like', () => {
    let postgres: PostgresServer | undefined;
    let app: TestApp;
    let limits: Record<AgentName, number>;
    let number = 0;
    const { studyOf, begin } = diagnosisParts(() => app);
    beforeAll(async () => {
      postgres = database === 'PostgreSQL' ? await startPostgres() : undefined;
      const env = { ISOCENTER_MAX_CONCURRENT_ANALYSIS: '1', ISOCENTER_AGENT_TIME_LIMITS: 'history=5, research=0.5' };
      app = await openTestApp({ env, ...(postgres ? { databaseUrl: (await postgres.openDatabase({ migrated: false })).url } : {}) });
      limits = { ...app.deps.config.agentTimeLimits };
    });
    afterAll(async () => {
      await app.close();
      await postgres?.stop();
    });

    const patient = async (): Promise<string> => {
      number += 1;
      return (await studyOf(number, `COORDINATED-${number}`)).patient;
    };
    /** The server's own jobs, with some of the agents replaced. */
    const handlersWith = (agents: Partial<Agents>): JobHandlers => ({
      ...jobHandlers({ ...app.deps, jobs: app.jobs }),
      'run-agent': async ({ payload, signal }) =>
        runAgent({ ...app.deps, limits, agents: { ...openAgents(app.deps), ...agents } }, payload, signal),
    });
    /** Runs everything that is due within the next hours, pauses between tries included. */
    const drainWith = async (agents: Partial<Agents>): Promise<void> => {
      for (let hours = 1; hours <= 4; hours += 1)
        await app.jobs.drain(handlersWith(agents), new Date(app.deps.now().getTime() + hours * HOUR_MS));
    };
    /** Which of the diagnoses began first. */
    const startedFirst = async (ids: string[]): Promise<string | undefined> => {
      const events = await app.deps.db.selectFrom('event').select('topic').where('type', '=', 'diagnosis_started').orderBy('seq').execute();
      return events.map(({ topic }) => topic.replace('diagnosis:', '')).find((id) => ids.includes(id));
    };
    const statusOf = (id: string) => app.call(contract.getDiagnosisStatus, { params: { id } });

    it('knows the limits that are configured', () => {
      expect(limits).toEqual({ monai: 600_000, history: 5_000, drug_checker: 60_000, research: 500 });
    });

    it.each(AGENTS)('completes without %s when it fails every time, and says what is missing (A-01)', async (agent) => {
      const { id } = await begin({ patient_key: await patient() });
      let tries = 0;
      await drainWith({
        [agent]: async () => {
          tries += 1;
          throw new Error("out of order, and this text is nobody else's business");
        },
      });
      const { status, missing, agents } = await statusOf(id);
      expect([status, tries]).toEqual(['completed', 3]);
      expect(missing).toContainEqual({ agent, reason: 'Given up after 3 tries: It failed (Error)' });
      expect(agents.find((one) => one.agent === agent)).toMatchObject({ status: 'error', failures: 3 });
      expect(agents.filter((one) => one.agent !== agent).every((one) => one.status === 'complete')).toBe(true);
      expect(await app.call(getDiagnosisResults, { params: { id } })).toMatchObject({ status: 'partial' });
    });

    it('tries again after a pause, and forgets a failure that was overcome', async () => {
      const { id } = await begin({ patient_key: await patient() });
      const own = openAgents(app.deps);
      let tries = 0;
      await drainWith({
        history: async (...args) => {
          tries += 1;
          if (tries < 3) throw new Error('not yet');
          return own.history(...args);
        },
      });
      const { status, agents } = await statusOf(id);
      expect([status, agents.find(({ agent }) => agent === 'history')]).toMatchObject(['completed', { status: 'complete', failures: 2 }]);
    });

    it('leaves an agent behind that hangs and does not heed its signal', async () => {
      limits.research = 30;
      const { id } = await begin({ patient_key: await patient() });
      await drainWith({ research: () => new Promise(() => {}) });
      limits.research = 500;
      const { status, missing } = await statusOf(id);
      expect(status).toBe('completed');
      expect(missing).toContainEqual({
        agent: 'research',
        reason: 'Given up after 3 tries: The agent research did not answer within 0.03 s',
      });
    });

    it('lets agents begin only after those that they need', async () => {
      await begin({ patient_key: await patient() });
      const order: string[] = [];
      const own = openAgents(app.deps);
      const noting = Object.fromEntries(
        AGENTS.map((agent) => [
          agent,
          async (...args: Parameters<Agents['monai']>) => {
            order.push(agent);
            return own[agent](...args);
          },
        ]),
      ) as Agents;
      await drainWith(noting);
      expect(order.slice(0, 2).sort()).toEqual(['history', 'monai']);
      expect(order.slice(2).sort()).toEqual(['drug_checker', 'research']);
    });

    it('lets an emergency overtake, and no more be at work than may (N-06)', async () => {
      const key = await patient();
      const ids: string[] = [];
      for (const priority of ['routine', 'routine', 'urgent', 'emergency'] as const)
        ids.push((await begin({ patient_key: key, priority })).id);
      let atOnce = 0;
      const own = openAgents(app.deps);
      await drainWith({
        history: async (...args) => {
          const rows = await app.deps.db.selectFrom('diagnosis').select('id').where('status', '=', 'processing').execute();
          atOnce = Math.max(atOnce, rows.length);
          return own.history(...args);
        },
      });
      expect(atOnce).toBe(1);
      const events = await app.deps.db
        .selectFrom('event')
        .select(['topic'])
        .where('type', '=', 'diagnosis_started')
        .orderBy('seq')
        .execute();
      const order = events.map(({ topic }) => ids.indexOf(topic.replace('diagnosis:', ''))).filter((index) => index >= 0);
      expect(order.slice(0, 2)).toEqual([3, 2]);
      expect(order.slice(2).sort()).toEqual([0, 1]);
    });

    it('lets a diagnosis that waits overtake once it is found to be urgent', async () => {
      const key = await patient();
      const ids = [(await begin({ patient_key: key })).id, (await begin({ patient_key: key })).id];
      const url = `/api/v1/diagnosis/${ids[1]}`;
      const changed = await app.inject({ method: 'PUT', url, headers: { 'if-match': '"1"' }, payload: { priority: 'emergency' } });
      expect(changed.json()).toMatchObject({ priority: 'emergency', version: 2 });
      await drainWith({});
      expect(await startedFirst(ids)).toBe(ids[1]);
    });

    it('stops what runs when a diagnosis is cancelled, and throws away what it comes to', async () => {
      const { id } = await begin({ patient_key: await patient() });
      let aborted = false;
      const own = openAgents(app.deps);
      await drainWith({
        history: async (input, run) => {
          if (input.diagnosis_id !== id) return own.history(input, run);
          await app.call(contract.cancelDiagnosis, { params: { id } });
          aborted = run.signal.aborted;
          return own.history(input, run);
        },
      });
      expect(aborted).toBe(true);
      const { status, agents } = await statusOf(id);
      expect(status).toBe('cancelled');
      expect(agents.find(({ agent }) => agent === 'history')).toMatchObject({ finished_at: null });
      expect(agents.find(({ agent }) => agent === 'drug_checker')).toMatchObject({ status: 'ready', started_at: null });
    });

    it('begins anew when images or models change while an agent is at work, and throws away what it comes to', async () => {
      number += 1;
      const { patient: key, study } = await studyOf(number, `COORDINATED-${number}`);
      const { id } = await begin({ patient_key: key, study_instance_uids: [study] });
      const own = openAgents(app.deps);
      const seen: string[] = [];
      await drainWith({
        monai: async (input, run) => {
          seen.push(input.ai_config.analysis_depth);
          if (seen.length > 1) return own.monai(input, run);
          const url = `/api/v1/diagnosis/${id}`;
          const payload = { ai_config: { analysis_depth: 'quick' } };
          const changed = await app.inject({ method: 'PUT', url, headers: { 'if-match': '"1"' }, payload });
          expect(changed.statusCode).toBe(200);
          expect(run.signal.aborted).toBe(true);
          return own.monai(input, run);
        },
      });
      expect(seen).toEqual(['standard', 'quick']);
      const reports = await app.call(contract.getDiagnosisAgents, { params: { id } });
      expect(reports.monai.report?.left_out.map(({ model_id }) => model_id)).toEqual(['ct-lung']);
      expect((await statusOf(id)).status).toBe('completed');
    });

    it('restarts an agent without losing its queue (E-48)', async () => {
      const { id } = await begin({ patient_key: await patient() });
      let tries = 0;
      let restarted = 0;
      const own = openAgents(app.deps);
      await drainWith({
        history: async (input, run) => {
          tries += 1;
          if (tries > 1) return own.history(input, run);
          const health = await app.call(listAgents, {});
          expect(health.items.find(({ agent }) => agent === 'history')).toMatchObject({ status: 'processing', running: 1 });
          ({ restarted } = await app.call(restartAgent, { params: { agent: 'history' } }));
          expect(run.signal.aborted).toBe(true);
          throw run.signal.reason;
        },
      });
      expect([restarted, tries]).toEqual([1, 2]);
      const { status, agents } = await statusOf(id);
      expect(status).toBe('completed');
      expect(agents.every(({ failures }) => failures === 0)).toBe(true);
      const { items } = await app.call(getDiagnosisTimeline, { params: { id } });
      expect(items.map(({ type }) => type)).toContain('agent_restarted');
    });

    it('takes up an agent whose job was lost, and only then', async () => {
      const { id } = await begin({ patient_key: await patient() });
      await drainWith({});
      // As a process leaves it that goes in the middle, and whose job is gone.
      const { db } = app.deps;
      await db
        .updateTable('agent_report')
        .set({ status: 'processing', outcome: null })
        .where('diagnosis_id', '=', id)
        .where('agent', '=', 'history')
        .execute();
      await db.updateTable('diagnosis').set({ status: 'processing', completed_at: null }).where('id', '=', id).execute();
      expect(await resumeDiagnoses(app.deps, limits)).toBe(0);
      const later = () => new Date(app.deps.now().getTime() + HOUR_MS);
      expect(await resumeDiagnoses({ ...app.deps, now: later }, limits)).toBe(1);
      let runs = 0;
      const own = openAgents(app.deps);
      await drainWith({
        history: async (...args) => {
          runs += 1;
          return own.history(...args);
        },
      });
      expect([(await statusOf(id)).status, runs]).toEqual(['completed', 1]);
    });
  });
});
