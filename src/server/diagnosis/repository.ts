import type { Selectable, Updateable } from 'kysely';
import type { AgentName } from '../../contract/agents.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import { type AgentRow, type DiagnosisRow, findDiagnosis, type ImageRow } from './queries.ts';

export type CommentRow = Selectable<Tables['diagnosis_comment']>;
export type StepRow = Selectable<Tables['diagnosis_step']>;

/** @throws {AppError} `diagnosis-not-found` */
export async function getDiagnosis(db: Db | Tx, id: string): Promise<DiagnosisRow> {
  const row = await findDiagnosis(db, id);
  if (!row) throw new AppError('diagnosis-not-found', `No diagnosis ${id}`);
  return row;
}

/**
 * Holds a diagnosis to the end of the transaction, so that of two steps at once the second sees the first.
 *
 * @throws {AppError} `diagnosis-not-found`
 */
export async function lockDiagnosis(tx: Tx, id: string): Promise<DiagnosisRow> {
  // Writing a row to itself locks it in both databases.
  await tx
    .updateTable('diagnosis')
    .set(({ ref }) => ({ version: ref('version') }))
    .where('id', '=', id)
    .execute();
  return getDiagnosis(tx, id);
}

export async function insertDiagnosis(tx: Tx, row: DiagnosisRow): Promise<void> {
  await tx.insertInto('diagnosis').values(row).execute();
}

export async function updateDiagnosisRow(tx: Tx, id: string, change: Updateable<Tables['diagnosis']>): Promise<void> {
  await tx.updateTable('diagnosis').set(change).where('id', '=', id).execute();
}

export async function insertImages(tx: Tx, rows: readonly ImageRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('diagnosis_image')
    .values([...rows])
    .onConflict((conflict) => conflict.columns(['diagnosis_id', 'study_instance_uid', 'sop_instance_uid']).doNothing())
    .execute();
}

export async function insertAgentRows(tx: Tx, rows: readonly AgentRow[]): Promise<void> {
  await tx
    .insertInto('agent_report')
    .values([...rows])
    .execute();
}

/** Changes an agent's row for as long as it is at this run. @returns whether it is */
export async function updateAgentRow(
  tx: Tx,
  { diagnosis_id, agent, run_key }: Pick<AgentRow, 'diagnosis_id' | 'agent' | 'run_key'>,
  change: Updateable<Tables['agent_report']>,
): Promise<boolean> {
  const updated = await tx
    .updateTable('agent_report')
    .set(change)
    .where('diagnosis_id', '=', diagnosis_id)
    .where('agent', '=', agent)
    .where('run_key', '=', run_key)
    .executeTakeFirst();
  return updated.numUpdatedRows > 0n;
}

/** Appends a step to the timeline of a diagnosis that the transaction holds. */
export async function insertStep(tx: Tx, row: Omit<StepRow, 'number'>): Promise<void> {
  const { last } = await tx
    .selectFrom('diagnosis_step')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('diagnosis_id', '=', row.diagnosis_id)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('diagnosis_step')
    .values({ ...row, number: (last ?? 0) + 1 })
    .execute();
}

export async function listSteps(db: Db, diagnosisId: string): Promise<StepRow[]> {
  return db.selectFrom('diagnosis_step').selectAll().where('diagnosis_id', '=', diagnosisId).orderBy('number').execute();
}

export async function countAtWork(tx: Tx): Promise<number> {
  const { count } = await tx
    .selectFrom('diagnosis')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('status', '=', 'processing')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Those that wait, in the order in which they are to begin. */
export async function listWaiting(tx: Tx, limit: number): Promise<DiagnosisRow[]> {
  return tx
    .selectFrom('diagnosis')
    .selectAll()
    .where('status', '=', 'pending')
    .orderBy('urgency', 'desc')
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Diagnoses that are at work, or that have work to begin. */
export async function listOpenIds(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('diagnosis').select('id').where('status', '=', 'processing').orderBy('id').execute();
  return rows.map(({ id }) => id);
}

/** Rows of an agent in diagnoses that are at work. */
export async function listRowsOfAgent(db: Db | Tx, agent: AgentName): Promise<AgentRow[]> {
  return db
    .selectFrom('agent_report')
    .innerJoin('diagnosis', 'diagnosis.id', 'agent_report.diagnosis_id')
    .selectAll('agent_report')
    .where('agent_report.agent', '=', agent)
    .where('diagnosis.status', 'in', ['pending', 'processing'])
    .where('agent_report.status', 'in', ['ready', 'processing'])
    .execute();
}

/** Ended runs of an agent, the latest first. */
export async function listLastRuns(db: Db, agent: AgentName, limit: number): Promise<AgentRow[]> {
  return db
    .selectFrom('agent_report')
    .selectAll()
    .where('agent', '=', agent)
    .where('status', 'in', ['complete', 'error'])
    .where('finished_at', 'is not', null)
    .orderBy('finished_at', 'desc')
    .limit(limit)
    .execute();
}

export async function countRuns(db: Db, agent: AgentName): Promise<number> {
  const { count } = await db
    .selectFrom('agent_report')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('agent', '=', agent)
    .where('status', 'in', ['complete', 'error'])
    .executeTakeFirstOrThrow();
  return Number(count);
}
