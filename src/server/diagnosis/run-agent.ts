import type { AgentName, AgentReports } from '../../contract/agents.ts';
import type { Agent, AgentAnswer, AgentInput, Agents } from '../agents/agent.ts';
import { AGENT_NEEDS, hasEnded } from '../agents/agent-graph.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Tx } from '../platform/ports.ts';
import { advance, type CoordinatorDeps, MAX_TRIES } from './coordinate.ts';
import { type AgentRow, type DiagnosisRow, findDiagnosis, listAgentRows, listImages } from './queries.ts';
import { recordStep, tellAgent, tellProgress } from './record-step.ts';
import { lockDiagnosis, updateAgentRow } from './repository.ts';

/** Progress is told in steps of so many percent: each is a write. */
const TOLD_STEP = 10;

export type RunAgentDeps = CoordinatorDeps & { agents: Agents; limits: Readonly<Record<AgentName, number>> };
export type RunRequest = { diagnosis_id: string; agent: AgentName; run_key: string };

type Work = { diagnosis: DiagnosisRow; row: AgentRow };

/**
 * One try of an agent. What it comes to, its step, its event and the jobs of those after it commit together; a run that was ended,
 * cancelled or begun anew in the meantime changes nothing, so that a job which comes twice does nothing twice.
 *
 * A try that fails or takes too long throws, to be tried again after a pause; the last one leaves the agent in error, and the diagnosis
 * goes on without it.
 */
export async function runAgent(deps: RunAgentDeps, request: RunRequest, signal: AbortSignal): Promise<void> {
  const work = await deps.db.transaction().execute((tx) => take(tx, deps, request));
  if (!work) return;
  const from = performance.now();
  try {
    const answer = await perform(deps, work, signal);
    await deps.db.transaction().execute((tx) => keep(tx, deps, request, { answer, durationMs: performance.now() - from }));
  } catch (error) {
    // Cancelled, or the process stops: not the agent's fault.
    if (signal.aborted) throw error;
    const isOver = await deps.db.transaction().execute((tx) => fail(tx, deps, request, error));
    if (!isOver) throw error;
  }
}

/** The locked diagnosis and the row of the agent, if it is still at this run. */
async function locked(tx: Tx, request: RunRequest): Promise<Work | undefined> {
  // A patient who was deleted took the diagnosis along.
  if (!(await findDiagnosis(tx, request.diagnosis_id))) return undefined;
  const diagnosis = await lockDiagnosis(tx, request.diagnosis_id);
  const row = (await listAgentRows(tx, [diagnosis.id])).find(({ agent }) => agent === request.agent);
  const isOurs = row?.run_key === request.run_key && !hasEnded(row.status) && diagnosis.status === 'processing';
  return isOurs ? { diagnosis, row } : undefined;
}

async function take(tx: Tx, deps: RunAgentDeps, request: RunRequest): Promise<Work | undefined> {
  const work = await locked(tx, request);
  if (!work) return undefined;
  const at = deps.now();
  const change = { status: 'processing' as const, progress: 0, started_at: at.toISOString(), updated_at: at.toISOString() };
  await updateAgentRow(tx, work.row, change);
  const row = { ...work.row, ...change };
  await tellAgent(tx, row, at);
  await tellProgress(tx, work.diagnosis, at);
  return { ...work, row };
}

async function perform(deps: RunAgentDeps, { diagnosis, row }: Work, signal: AbortSignal): Promise<AgentAnswer<AgentName>> {
  const input = await inputOf(deps, diagnosis, row.agent);
  const limitMs = deps.limits[row.agent];
  const agent: Agent<AgentName> = deps.agents[row.agent];
  let told = 0;
  return withinLimit({ signal, limitMs, agent: row.agent }, (limited) =>
    agent(input, {
      signal: limited,
      isLastTry: row.failures + 1 >= MAX_TRIES,
      onProgress: (percentage) => {
        if (percentage < told + TOLD_STEP) return;
        told = percentage;
        // What is told on the way may be lost; the end of the run is what counts.
        void tellWay(deps, row, percentage).catch(() => undefined);
      },
    }),
  );
}

/** Tells on the way how far an agent is. */
async function tellWay(deps: RunAgentDeps, row: AgentRow, percentage: number): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const work = await locked(tx, row);
    if (!work || work.row.progress >= percentage) return;
    const at = deps.now();
    const change = { progress: percentage, updated_at: at.toISOString() };
    await updateAgentRow(tx, row, change);
    await tellAgent(tx, { ...work.row, ...change }, at);
    await tellProgress(tx, work.diagnosis, at);
  });
}

/** An agent that does not heed its signal is left behind: what it comes to later is thrown away. @throws {AppError} `unavailable` */
async function withinLimit<T>(
  { signal, limitMs, agent }: { signal: AbortSignal; limitMs: number; agent: AgentName },
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  const either = AbortSignal.any([signal, limit]);
  either.throwIfAborted();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (): void =>
    reject(signal.aborted ? signal.reason : new AppError('unavailable', `The agent ${agent} did not answer within ${limitMs / 1_000} s`));
  either.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([run(either), stopped]);
  } finally {
    either.removeEventListener('abort', stop);
  }
}

async function inputOf({ db }: RunAgentDeps, diagnosis: DiagnosisRow, agent: AgentName): Promise<AgentInput> {
  const images = Map.groupBy(await listImages(db, [diagnosis.id]), ({ study_instance_uid }) => study_instance_uid);
  const studies = [...images].map(([study_instance_uid, rows]) => {
    const named = rows.map(({ sop_instance_uid }) => sop_instance_uid);
    return { study_instance_uid, sop_instance_uids: named.includes('') ? [] : named };
  });
  const needed = (await listAgentRows(db, [diagnosis.id])).filter((row) => AGENT_NEEDS[agent].includes(row.agent) && row.report !== null);
  const reports = Object.fromEntries(needed.map((row) => [row.agent, parseColumn(row.report ?? 'null')])) as Partial<AgentReports>;
  return {
    diagnosis_id: diagnosis.id,
    patient_key: diagnosis.patient_key,
    symptoms: parseColumn(diagnosis.symptoms),
    planned_exam: diagnosis.planned_exam === null ? null : parseColumn(diagnosis.planned_exam),
    ai_config: parseColumn(diagnosis.ai_config),
    studies,
    reports,
  };
}

async function keep(
  tx: Tx,
  deps: RunAgentDeps,
  request: RunRequest,
  { answer, durationMs }: { answer: AgentAnswer<AgentName>; durationMs: number },
): Promise<void> {
  const work = await locked(tx, request);
  if (!work) return;
  const { outcome, reason, report } = answer;
  const change = { status: 'complete' as const, outcome, reason, report: JSON.stringify(report), progress: 100, duration_ms: durationMs };
  await end(tx, deps, work, change);
}

/** @returns whether it was the last try */
async function fail(tx: Tx, deps: RunAgentDeps, request: RunRequest, error: unknown): Promise<boolean> {
  const work = await locked(tx, request);
  if (!work) return true;
  const failures = work.row.failures + 1;
  const reason = error instanceof AppError ? error.message : `It failed (${error instanceof Error ? error.name : 'unknown error'})`;
  if (failures >= MAX_TRIES) {
    await end(tx, deps, work, { status: 'error', failures, reason: `Given up after ${failures} tries: ${reason}` });
    return true;
  }
  const at = deps.now();
  const change = { status: 'ready' as const, failures, reason, progress: 0, updated_at: at.toISOString() };
  await updateAgentRow(tx, work.row, change);
  await recordStep(tx, work.diagnosis, { type: 'agent_failed', actor: work.row.agent, at, data: { failures } });
  await tellAgent(tx, { ...work.row, ...change }, at);
  return false;
}

async function end(
  tx: Tx,
  deps: RunAgentDeps,
  { diagnosis, row }: Work,
  change: Partial<AgentRow> & Pick<AgentRow, 'status'>,
): Promise<void> {
  const at = deps.now();
  const ended = { ...change, finished_at: at.toISOString(), updated_at: at.toISOString() };
  await updateAgentRow(tx, row, ended);
  const data = { status: change.status, outcome: change.outcome ?? null };
  await recordStep(tx, diagnosis, { type: 'agent_ended', actor: row.agent, at, data });
  await tellAgent(tx, { ...row, ...ended }, at);
  await advance(tx, deps, diagnosis, row.agent);
}
