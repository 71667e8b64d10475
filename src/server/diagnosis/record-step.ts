import type { DiagnosisStep } from '../../contract/events.ts';
import { appendEvent } from '../events/append-event.ts';
import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/ports.ts';
import { type AgentRow, agentStateOf, type DiagnosisRow, listAgentRows, progressOf } from './queries.ts';
import { insertStep } from './repository.ts';

export type Step = {
  type: DiagnosisStep;
  /** A person's name, an agent, or `coordinator`. */
  actor: string;
  at: Date;
  /** Numbers, ids and closed words; never what is said of the patient. */
  data?: Record<string, unknown>;
};

/** Writes a step of the timeline and the event that tells of it, in the transaction of the change, which holds the diagnosis. */
export async function recordStep(tx: Tx, { id, patient_key }: DiagnosisRow, { type, actor, at, data = {} }: Step): Promise<void> {
  const when = at.toISOString();
  await insertStep(tx, { id: newId(at), diagnosis_id: id, patient_key, at: when, type, actor, data: JSON.stringify(data) });
  await appendEvent(tx, { type: `diagnosis_${type}`, at: when, diagnosis_id: id, data });
}

/** V-01: how far an agent is. */
export async function tellAgent(tx: Tx, row: AgentRow, at: Date): Promise<void> {
  const { agent, status, progress, accuracy, processing_time } = agentStateOf(row);
  const data = { agent, status: { status, progress, accuracy, processing_time } };
  await appendEvent(tx, { type: 'agent_status', at: at.toISOString(), diagnosis_id: row.diagnosis_id, data });
}

/** V-03: how far the diagnosis is. */
export async function tellProgress(tx: Tx, { id, status }: Pick<DiagnosisRow, 'id' | 'status'>, at: Date): Promise<void> {
  const { percentage: progress, current_stage: stage } = progressOf(status, await listAgentRows(tx, [id]));
  await appendEvent(tx, { type: 'analysis_progress', at: at.toISOString(), diagnosis_id: id, data: { progress, stage } });
}
