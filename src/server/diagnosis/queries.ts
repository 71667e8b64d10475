import type { Selectable } from 'kysely';
import { AGENTS, type AgentName, type AgentState } from '../../contract/agents.ts';
import type { Diagnosis, Progress } from '../../contract/diagnosis.ts';
import { hasEnded } from '../agents/agent-graph.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type DiagnosisRow = Selectable<Tables['diagnosis']>;
export type AgentRow = Selectable<Tables['agent_report']>;
export type ImageRow = Selectable<Tables['diagnosis_image']>;

export type DiagnosisQuery = {
  limit?: number;
  patient_key?: string;
  status?: DiagnosisRow['status'];
  priority?: DiagnosisRow['priority'];
  study_instance_uid?: string;
  created_by?: string;
  from?: string;
  to?: string;
};

export async function findDiagnosis(db: Db | Tx, id: string): Promise<DiagnosisRow | undefined> {
  return db.selectFrom('diagnosis').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The newest first. @param after instant and id of the last of the page before */
export async function listDiagnosisRows(db: Db, filter: DiagnosisQuery, after?: readonly [string, string]): Promise<DiagnosisRow[]> {
  const { limit = 50, patient_key, status, priority, created_by, from, to, study_instance_uid: study } = filter;
  let query = db.selectFrom('diagnosis').selectAll();
  const equal = { patient_key, status, priority, created_by };
  for (const [column, value] of Object.entries(equal) as [keyof typeof equal, string | undefined][])
    if (value !== undefined) query = query.where(column, '=', value);
  if (from !== undefined) query = query.where('created_at', '>=', new Date(from).toISOString());
  if (to !== undefined) query = query.where('created_at', '<', new Date(to).toISOString());
  if (study !== undefined) {
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('diagnosis_image')
          .select('diagnosis_image.diagnosis_id')
          .whereRef('diagnosis_image.diagnosis_id', '=', 'diagnosis.id')
          .where('diagnosis_image.study_instance_uid', '=', study),
      ),
    );
  }
  if (after) {
    const [at, id] = after;
    query = query.where(({ or, and, eb }) => or([eb('created_at', '<', at), and([eb('created_at', '=', at), eb('id', '<', id)])]));
  }
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

export async function listImages(db: Db | Tx, ids: readonly string[]): Promise<ImageRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('diagnosis_image')
    .selectAll()
    .where('diagnosis_id', 'in', ids)
    .orderBy('added_at')
    .orderBy('study_instance_uid')
    .orderBy('sop_instance_uid')
    .execute();
}

export async function listAgentRows(db: Db | Tx, ids: readonly string[]): Promise<AgentRow[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('agent_report').selectAll().where('diagnosis_id', 'in', ids).execute();
  return rows.toSorted((a, b) => AGENTS.indexOf(a.agent) - AGENTS.indexOf(b.agent));
}

/** Diagnoses with their images and their progress. */
export async function describeDiagnoses(db: Db | Tx, rows: readonly DiagnosisRow[]): Promise<Diagnosis[]> {
  const ids = rows.map(({ id }) => id);
  const [images, agents] = [await listImages(db, ids), await listAgentRows(db, ids)];
  return rows.map((row) =>
    diagnosisOf(row, {
      images: images.filter(({ diagnosis_id }) => diagnosis_id === row.id),
      agents: agents.filter(({ diagnosis_id }) => diagnosis_id === row.id),
    }),
  );
}

export async function describeDiagnosis(db: Db | Tx, row: DiagnosisRow): Promise<Diagnosis> {
  const [images, agents] = [await listImages(db, [row.id]), await listAgentRows(db, [row.id])];
  return diagnosisOf(row, { images, agents });
}

/** V-03: `processing` while images and record are read, `analysis` while what they say is judged. Pure. */
export function progressOf(status: DiagnosisRow['status'], agents: readonly AgentRow[]): Progress {
  if (status === 'completed')
    return { percentage: 100, current_stage: 'complete', stages_completed: ['upload', 'processing', 'analysis', 'complete'] };
  const shares = agents.map((row) => (hasEnded(row.status) ? 100 : row.status === 'processing' ? row.progress : 0));
  // Only what is completed is at 100.
  const percentage = Math.min(99, Math.floor(shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length)));
  if (status === 'pending') return { percentage, current_stage: 'upload', stages_completed: [] };
  const isRead = agents.every(({ agent, status: of }) => (agent !== 'monai' && agent !== 'history') || hasEnded(of));
  return isRead
    ? { percentage, current_stage: 'analysis', stages_completed: ['upload', 'processing'] }
    : { percentage, current_stage: 'processing', stages_completed: ['upload'] };
}

export function agentStateOf(row: AgentRow): AgentState {
  const { agent, status, outcome, reason, progress, failures, started_at, finished_at, duration_ms } = row;
  const processing_time = duration_ms === null ? null : duration_ms / 1_000;
  return { agent, status, outcome, reason, progress, accuracy: null, failures, processing_time, started_at, finished_at };
}

/** Agents that ended without an answer, and why. */
export function missingOf(agents: readonly AgentRow[]): { agent: AgentName; reason: string }[] {
  return agents
    .filter(({ status, outcome }) => status === 'error' || outcome === 'not_evaluable')
    .map(({ agent, reason }) => ({ agent, reason: reason ?? 'no reason is known' }));
}

function diagnosisOf(row: DiagnosisRow, { images, agents }: { images: readonly ImageRow[]; agents: readonly AgentRow[] }): Diagnosis {
  const { symptoms, vital_signs, planned_exam, ai_config, urgency: _, ...rest } = row;
  return {
    ...rest,
    patient_data: {
      symptoms: parseColumn(symptoms),
      vital_signs: parseColumn(vital_signs),
      planned_exam: planned_exam === null ? null : parseColumn(planned_exam),
    },
    images: images.map(({ study_instance_uid, sop_instance_uid }) => ({ study_instance_uid, sop_instance_uid: sop_instance_uid || null })),
    ai_config: parseColumn(ai_config),
    progress: progressOf(row.status, agents),
  };
}
