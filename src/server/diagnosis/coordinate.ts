import { AGENTS, type AgentName } from '../../contract/agents.ts';
import type { DiagnosisPriority } from '../../contract/diagnosis.ts';
import { AGENT_NEEDS, hasEnded, readyAgents } from '../agents/agent-graph.ts';
import { appendEvent } from '../events/append-event.ts';
import { newId } from '../platform/ids.ts';
import type { Db, TenantJobs, Tx } from '../platform/ports.ts';
import { type AgentRow, type DiagnosisRow, listAgentRows, missingOf } from './queries.ts';
import { readResults } from './read-results.ts';
import { recordStep, tellAgent, tellProgress } from './record-step.ts';
import { countAtWork, insertAgentRows, listOpenIds, listWaiting, lockDiagnosis, updateAgentRow, updateDiagnosisRow } from './repository.ts';

export type CoordinatorDeps = { db: Db; jobs: TenantJobs; now: () => Date };

/** The most urgent first; above what analyzes by itself, and an emergency above all else. */
export const URGENCY: Readonly<Record<DiagnosisPriority, number>> = { routine: 5, urgent: 50, emergency: 90 };
/** To let a diagnosis begin is quick, and the most urgent may be the one. */
const ADMIT_PRIORITY = 100;
/** Tries of an agent; between them its job pauses. */
export const MAX_TRIES = 3;
/** A step that has not come for so much longer than an agent may take was lost. */
const LOST_AFTER_MS = 60_000;

/** Asks for the next diagnoses to begin. One such job runs at a time in a tenant, so that no two count at once. */
export async function askToAdmit(tx: Tx, { jobs }: Pick<CoordinatorDeps, 'jobs'>): Promise<void> {
  await jobs.enqueue(tx, 'admit-diagnoses', {}, { key: 'diagnoses', priority: ADMIT_PRIORITY });
}

/** Lets waiting diagnoses begin, the most urgent first, until as many are at work as may be (N-06). Returns how many began. */
export async function admitDiagnoses(deps: CoordinatorDeps & { maxConcurrent: number }): Promise<number> {
  return deps.db.transaction().execute(async (tx) => {
    const room = deps.maxConcurrent - (await countAtWork(tx));
    if (room <= 0) return 0;
    const waiting = await listWaiting(tx, room);
    for (const row of waiting) await begin(tx, deps, row);
    return waiting.length;
  });
}

/** Rows of the agents of a diagnosis that nobody has begun. */
export function freshAgents({ id, patient_key }: Pick<DiagnosisRow, 'id' | 'patient_key'>, at: Date): AgentRow[] {
  return AGENTS.map((agent) => ({ id: newId(at), diagnosis_id: id, agent, patient_key, ...freshRun(at) }));
}

export async function insertAgents(tx: Tx, row: DiagnosisRow, at: Date): Promise<void> {
  await insertAgentRows(tx, freshAgents(row, at));
}

/** Puts agents back to their beginning; what runs for them now comes to nothing. */
export async function resetAgents(tx: Tx, diagnosisId: string, agents: readonly AgentName[], at: Date): Promise<void> {
  for (const row of await listAgentRows(tx, [diagnosisId])) {
    if (!agents.includes(row.agent)) continue;
    const fresh = freshRun(at);
    await updateAgentRow(tx, row, fresh);
    await tellAgent(tx, { ...row, ...fresh }, at);
  }
}

/** Enqueues those of the agents that may begin; all that may unless told. A job that waits already is not doubled. */
export async function enqueueAgents(tx: Tx, { jobs }: CoordinatorDeps, row: DiagnosisRow, only?: readonly AgentName[]): Promise<void> {
  const agents = await listAgentRows(tx, [row.id]);
  const ready = readyAgents(new Map(agents.map(({ agent, status }) => [agent, status])));
  for (const { agent, run_key } of agents)
    if (ready.includes(agent) && (only?.includes(agent) ?? true)) await enqueueRun(tx, { jobs }, row, { agent, run_key });
}

/** Enqueues a run, whatever the state of its agent. */
export async function enqueueRun(
  tx: Tx,
  { jobs }: Pick<CoordinatorDeps, 'jobs'>,
  { id, urgency }: Pick<DiagnosisRow, 'id' | 'urgency'>,
  { agent, run_key }: Pick<AgentRow, 'agent' | 'run_key'>,
): Promise<void> {
  const payload = { diagnosis_id: id, agent, run_key };
  await jobs.enqueue(tx, 'run-agent', payload, { key: runKeyOf(id, agent), priority: urgency, maxAttempts: MAX_TRIES });
}

/** The key of an agent's job. */
export function runKeyOf(diagnosisId: string, agent: AgentName): string {
  return `${diagnosisId}/${agent}`;
}

/** An agent of the locked diagnosis has ended: what waited for it begins, and after the last the diagnosis is complete. */
export async function advance(tx: Tx, deps: CoordinatorDeps, row: DiagnosisRow, ended: AgentName): Promise<void> {
  const agents = await listAgentRows(tx, [row.id]);
  if (agents.every(({ status }) => hasEnded(status))) return await complete(tx, deps, row, agents);
  const unlocked = AGENTS.filter((agent) => AGENT_NEEDS[agent].includes(ended));
  await enqueueAgents(tx, deps, row, unlocked);
  await tellProgress(tx, row, deps.now());
}

/**
 * Takes up what was lost: agents whose job is gone get another. For a schedule; changes nothing where all is well. Returns how many.
 *
 * @param limits milliseconds that each agent may take
 */
export async function resumeDiagnoses(deps: CoordinatorDeps, limits: Readonly<Record<AgentName, number>>): Promise<number> {
  let resumed = 0;
  for (const id of await listOpenIds(deps.db)) {
    resumed += await deps.db.transaction().execute(async (tx) => {
      const row = await lockDiagnosis(tx, id);
      if (row.status !== 'processing') return 0;
      const agents = await listAgentRows(tx, [id]);
      const ready = readyAgents(new Map(agents.map(({ agent, status }) => [agent, status])));
      const lost = agents.filter(
        ({ agent, status, updated_at }) =>
          (status === 'processing' || ready.includes(agent)) &&
          Date.parse(updated_at) + limits[agent] + LOST_AFTER_MS < deps.now().getTime(),
      );
      for (const agent of lost) await enqueueRun(tx, deps, row, agent);
      return lost.length;
    });
  }
  await deps.db.transaction().execute(async (tx) => {
    if ((await listWaiting(tx, 1)).length > 0) await askToAdmit(tx, deps);
  });
  return resumed;
}

async function begin(tx: Tx, deps: CoordinatorDeps, { id }: DiagnosisRow): Promise<void> {
  const row = await lockDiagnosis(tx, id);
  if (row.status !== 'pending') return;
  const at = deps.now();
  const begun = { ...row, status: 'processing' as const, started_at: at.toISOString(), updated_at: at.toISOString() };
  await updateDiagnosisRow(tx, id, { status: begun.status, started_at: begun.started_at, updated_at: begun.updated_at });
  await recordStep(tx, begun, { type: 'started', actor: 'coordinator', at, data: { priority: row.priority } });
  await tellProgress(tx, begun, at);
  await enqueueAgents(tx, deps, begun);
}

async function complete(tx: Tx, deps: CoordinatorDeps, row: DiagnosisRow, agents: readonly AgentRow[]): Promise<void> {
  const at = deps.now();
  const done = { ...row, status: 'completed' as const, completed_at: at.toISOString(), updated_at: at.toISOString() };
  await updateDiagnosisRow(tx, row.id, { status: done.status, completed_at: done.completed_at, updated_at: done.updated_at });
  const missing = missingOf(agents).map(({ agent }) => agent);
  await recordStep(tx, done, { type: 'completed', actor: 'coordinator', at, data: { missing } });
  await tellProgress(tx, done, at);
  const results = await readResults(tx, done);
  // V-04: what was found is for those who look it up; the event has ids and numbers.
  const told = {
    primary_diagnosis: results.primary_diagnosis?.finding_ids[0] ?? null,
    confidence: results.confidence,
    findings: results.findings.map(({ finding_id }) => finding_id),
  };
  await appendEvent(tx, { type: 'analysis_complete', at: done.completed_at, diagnosis_id: row.id, data: { results: told } });
  await askToAdmit(tx, deps);
}

function freshRun(at: Date): Omit<AgentRow, 'id' | 'diagnosis_id' | 'agent' | 'patient_key'> {
  return {
    run_key: newId(at),
    status: 'ready',
    outcome: null,
    reason: null,
    progress: 0,
    failures: 0,
    report: null,
    started_at: null,
    finished_at: null,
    duration_ms: null,
    updated_at: at.toISOString(),
  };
}
