import { AGENTS, type AgentHealth, type AgentName } from '../../contract/agents.ts';
import { AGENT_NEEDS } from '../agents/agent-graph.ts';
import type { Db } from '../platform/ports.ts';
import { type CoordinatorDeps, enqueueRun, resetAgents, runKeyOf } from './coordinate.ts';
import { findDiagnosis, listAgentRows } from './queries.ts';
import { recordStep } from './record-step.ts';
import { countRuns, listLastRuns, listRowsOfAgent, lockDiagnosis } from './repository.ts';

/** Runs that the mean is taken of. */
const TIMED = 100;

type Limits = Readonly<Record<AgentName, number>>;

/** The state of each agent of a tenant (E-47). */
export async function readAgentHealth(db: Db, limits: Limits): Promise<AgentHealth[]> {
  return Promise.all(AGENTS.map((agent) => healthOf(db, agent, limits[agent])));
}

/**
 * Restarts an agent: what it is at is aborted and begins anew, as if it had not been tried; what waits for it stays where it is (E-48).
 *
 * @returns how many of its runs were aborted
 */
export async function restartAgent(deps: CoordinatorDeps, agent: AgentName, actor: string): Promise<number> {
  const atWork = (await listRowsOfAgent(deps.db, agent)).filter(({ status, failures }) => status === 'processing' || failures > 0);
  let restarted = 0;
  for (const { diagnosis_id: id } of atWork) {
    await deps.jobs.cancel('run-agent', runKeyOf(id, agent));
    // If the process ends here, `resumeDiagnoses` takes the run up.
    restarted += await deps.db.transaction().execute(async (tx) => {
      if (!(await findDiagnosis(tx, id))) return 0;
      const diagnosis = await lockDiagnosis(tx, id);
      const row = (await listAgentRows(tx, [id])).find((one) => one.agent === agent);
      if (diagnosis.status !== 'processing' || (row?.status !== 'processing' && row?.status !== 'ready')) return 0;
      const at = deps.now();
      await resetAgents(tx, id, [agent], at);
      await recordStep(tx, diagnosis, { type: 'agent_restarted', actor, at, data: { agent } });
      for (const fresh of await listAgentRows(tx, [id])) if (fresh.agent === agent) await enqueueRun(tx, deps, diagnosis, fresh);
      return 1;
    });
  }
  return restarted;
}

async function healthOf(db: Db, agent: AgentName, limitMs: number): Promise<AgentHealth> {
  const [open, last, runs] = [await listRowsOfAgent(db, agent), await listLastRuns(db, agent, TIMED), await countRuns(db, agent)];
  const running = open.filter(({ status }) => status === 'processing').length;
  const [newest] = last;
  const times = last.flatMap(({ status, duration_ms }) => (status === 'complete' && duration_ms !== null ? [duration_ms / 1_000] : []));
  return {
    agent,
    status: running > 0 ? 'processing' : newest?.status === 'error' ? 'error' : 'ready',
    running,
    waiting: open.length - running,
    needs: [...AGENT_NEEDS[agent]],
    time_limit_s: limitMs / 1_000,
    last_run:
      newest?.finished_at != null ? { diagnosis_id: newest.diagnosis_id, status: newest.status, finished_at: newest.finished_at } : null,
    mean_processing_time: times.length > 0 ? times.reduce((sum, value) => sum + value, 0) / times.length : null,
    runs,
  };
}
