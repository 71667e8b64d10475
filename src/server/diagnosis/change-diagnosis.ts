import { AGENTS, type AgentName } from '../../contract/agents.ts';
import type { AiConfig, Diagnosis, DiagnosisChange } from '../../contract/diagnosis.ts';
import { withDependents } from '../agents/agent-graph.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Tx } from '../platform/ports.ts';
import { askToAdmit, type CoordinatorDeps, enqueueAgents, enqueueRun, resetAgents, runKeyOf, URGENCY } from './coordinate.ts';
import { type DiagnosisDeps, requireModels } from './create-diagnosis.ts';
import { type DiagnosisRow, describeDiagnosis, findDiagnosis, listAgentRows } from './queries.ts';
import { recordStep } from './record-step.ts';
import { getDiagnosis, lockDiagnosis, updateDiagnosisRow } from './repository.ts';
import { requirePlausible } from './vital-signs.ts';

/**
 * Changes what is known or asked for. Agents that go by what changed begin anew, and those after them; vital signs, threshold and
 * explainability change the results alone.
 *
 * @param version that the caller has seen; undefined: none
 * @throws {AppError} `diagnosis-not-found`, `precondition-required`, `precondition-failed`, `wrong-state` once it is cancelled,
 * `invalid-request`, `model-not-found`, `forbidden`
 */
export async function changeDiagnosis(
  deps: DiagnosisDeps,
  principal: Principal,
  { id, version, change }: { id: string; version: number | undefined; change: DiagnosisChange },
): Promise<Diagnosis> {
  const seen = await getDiagnosis(deps.db, id);
  requireChangeable(seen, version);
  requirePlausible(change.vital_signs ?? {});
  await requireModels(deps, principal, change.ai_config?.models ?? []);
  const changed = changedOf(seen, change);
  const again = agentsToRepeat(seen, changed);
  const diagnosis = await deps.db.transaction().execute(async (tx) => {
    const row = await lockDiagnosis(tx, id);
    requireChangeable(row, version);
    const at = deps.now();
    const fresh = { ...row, ...changed, version: row.version + 1, updated_at: at.toISOString() };
    await updateDiagnosisRow(tx, id, { ...changed, version: fresh.version, updated_at: fresh.updated_at });
    tellAudit(tx, { patient_id: row.patient_key });
    const data = { fields: Object.keys(change), agents: again };
    await recordStep(tx, row, { type: 'changed', actor: principal.full_name, at, data });
    // What waits moves to where its new priority puts it.
    if (change.priority && row.status === 'processing') await enqueueAgents(tx, deps, fresh);
    return describeDiagnosis(tx, await repeatAgents(tx, deps, fresh, again));
  });
  await restartRuns(deps, id, again);
  return diagnosis;
}

/** Puts agents of a locked diagnosis back to their beginning; after the commit, `restartRuns` lets them begin. One that was complete waits for its turn again. */
export async function repeatAgents(tx: Tx, deps: CoordinatorDeps, row: DiagnosisRow, agents: readonly AgentName[]): Promise<DiagnosisRow> {
  if (agents.length === 0) return row;
  await resetAgents(tx, row.id, agents, deps.now());
  if (row.status !== 'completed') return row;
  const waiting = { ...row, status: 'pending' as const, started_at: null, completed_at: null };
  await updateDiagnosisRow(tx, row.id, { status: waiting.status, started_at: null, completed_at: null });
  await askToAdmit(tx, deps);
  return waiting;
}

/**
 * Ends what runs for the former input of agents that were put back, and lets them begin. Safe against others who do the same at once; if
 * the process ends in between, `resumeDiagnoses` takes them up.
 */
export async function restartRuns(deps: CoordinatorDeps, id: string, agents: readonly AgentName[]): Promise<void> {
  if (agents.length === 0) return;
  for (const agent of agents) await deps.jobs.cancel('run-agent', runKeyOf(id, agent));
  await deps.db.transaction().execute(async (tx) => {
    const row = await findDiagnosis(tx, id);
    if (row?.status !== 'processing') return;
    await enqueueAgents(tx, deps, row);
    // What somebody else let begin just before was ended above.
    for (const one of await listAgentRows(tx, [id]))
      if (agents.includes(one.agent) && one.status === 'processing') await enqueueRun(tx, deps, row, one);
  });
}

/**
 * Cancels a diagnosis and stops what runs for it. One that is cancelled already stays so.
 *
 * @throws {AppError} `diagnosis-not-found`, `wrong-state` if it is complete
 */
export async function cancelDiagnosis(deps: CoordinatorDeps, principal: Principal, id: string): Promise<Diagnosis> {
  const cancelled = await deps.db.transaction().execute(async (tx) => {
    if (!(await findDiagnosis(tx, id))) throw new AppError('diagnosis-not-found', `No diagnosis ${id}`);
    const row = await lockDiagnosis(tx, id);
    if (row.status === 'completed') throw new AppError('wrong-state', 'The diagnosis is complete');
    if (row.status === 'cancelled') return describeDiagnosis(tx, row);
    const at = deps.now();
    const change = { status: 'cancelled' as const, version: row.version + 1, updated_at: at.toISOString(), completed_at: at.toISOString() };
    await updateDiagnosisRow(tx, id, change);
    tellAudit(tx, { patient_id: row.patient_key });
    await recordStep(tx, row, { type: 'cancelled', actor: principal.full_name, at });
    await askToAdmit(tx, deps);
    return describeDiagnosis(tx, { ...row, ...change });
  });
  // Whatever still runs finds it cancelled; this makes it stop at once.
  for (const agent of AGENTS) await deps.jobs.cancel('run-agent', runKeyOf(id, agent));
  return cancelled;
}

function requireChangeable(row: DiagnosisRow, version: number | undefined): void {
  if (row.status === 'cancelled') throw new AppError('wrong-state', 'The diagnosis is cancelled');
  if (version === undefined) throw new AppError('precondition-required', 'Say with If-Match which version is changed');
  if (version !== row.version) throw new AppError('precondition-failed', 'The diagnosis was changed since');
}

type Changed = Partial<Pick<DiagnosisRow, 'symptoms' | 'vital_signs' | 'planned_exam' | 'priority' | 'urgency' | 'ai_config'>>;

function changedOf(row: DiagnosisRow, { symptoms, vital_signs, planned_exam, priority, ai_config }: DiagnosisChange): Changed {
  return {
    ...(symptoms ? { symptoms: JSON.stringify(symptoms) } : {}),
    ...(vital_signs ? { vital_signs: JSON.stringify(vital_signs) } : {}),
    ...(planned_exam === undefined ? {} : { planned_exam: planned_exam === null ? null : JSON.stringify(planned_exam) }),
    ...(priority ? { priority, urgency: URGENCY[priority] } : {}),
    ...(ai_config ? { ai_config: JSON.stringify({ ...parseColumn<AiConfig>(row.ai_config), ...ai_config }) } : {}),
  };
}

/** The agents that go by what changed. */
function agentsToRepeat(row: DiagnosisRow, changed: Changed): AgentName[] {
  const differs = (name: keyof Changed): boolean => changed[name] !== undefined && changed[name] !== row[name];
  const runs = ({ models, analysis_depth }: AiConfig): string => JSON.stringify([models.toSorted(), analysis_depth]);
  const [before, after] = [row.ai_config, changed.ai_config ?? row.ai_config].map((text) => runs(parseColumn(text)));
  const touched: AgentName[] = [
    ...(before === after ? [] : (['monai'] as const)),
    ...(differs('planned_exam') ? (['drug_checker'] as const) : []),
    ...(differs('symptoms') ? (['research'] as const) : []),
  ];
  return withDependents(touched);
}
