import type { DiagnosisPriority, DiagnosisStatus } from '../../contract/diagnosis.ts';
import type { Db } from '../platform/ports.ts';

/** How many diagnoses there are of each state and priority. */
export async function countDiagnoses(db: Db): Promise<{ status: DiagnosisStatus; priority: DiagnosisPriority; count: number }[]> {
  const rows = await db
    .selectFrom('diagnosis')
    .select(({ fn }) => ['status', 'priority', fn.countAll<number>().as('count')])
    .groupBy(['status', 'priority'])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** Completed diagnoses of which an agent ended in error. */
export async function countPartial(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('diagnosis')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('status', '=', 'completed')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('agent_report')
          .select('agent_report.agent')
          .whereRef('agent_report.diagnosis_id', '=', 'diagnosis.id')
          .where('agent_report.status', '=', 'error'),
      ),
    )
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Seconds from start to completion of the latest diagnoses. */
export async function listDurations(db: Db, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('diagnosis')
    .select(['started_at', 'completed_at'])
    .where('status', '=', 'completed')
    .orderBy('created_at', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap(({ started_at, completed_at }) =>
    started_at === null || completed_at === null ? [] : [(Date.parse(completed_at) - Date.parse(started_at)) / 1_000],
  );
}
