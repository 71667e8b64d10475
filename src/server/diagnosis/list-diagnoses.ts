import type { Diagnosis, ListedDiagnosis } from '../../contract/diagnosis.ts';
import { displayName } from '../patients/person.ts';
import { readPair, writeCursor } from '../platform/cursor.ts';
import type { Db } from '../platform/ports.ts';
import { listPatientNames } from './image-queries.ts';
import { type DiagnosisQuery, describeDiagnoses, listDiagnosisRows } from './queries.ts';

export type DiagnosisPage = { items: Diagnosis[]; next_cursor: string | null };

/** A page of diagnoses, the newest first. @throws {AppError} `invalid-request` for a cursor that is none */
export async function pageOfDiagnoses(db: Db, { cursor, ...query }: DiagnosisQuery & { cursor?: string }): Promise<DiagnosisPage> {
  const { limit = 50 } = query;
  // One more than asked for tells whether there are more.
  const rows = await listDiagnosisRows(db, { ...query, limit: limit + 1 }, readPair(cursor));
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last ? writeCursor([last.created_at, last.id]) : null;
  return { items: await describeDiagnoses(db, shown), next_cursor: next };
}

/** The same with who the patients are. @throws {AppError} `invalid-request` for a cursor that is none */
export async function pageWithPatients(
  db: Db,
  query: DiagnosisQuery & { cursor?: string },
): Promise<{ items: ListedDiagnosis[]; next_cursor: string | null }> {
  const { items, next_cursor } = await pageOfDiagnoses(db, query);
  const patients = await listPatientNames(db, [...new Set(items.map(({ patient_key }) => patient_key))]);
  const byKey = new Map(patients.map(({ id, patient_id, name }) => [id, { patient_id, name: displayName(name) }]));
  return { items: items.map((item) => ({ ...item, patient: byKey.get(item.patient_key) ?? null })), next_cursor };
}
