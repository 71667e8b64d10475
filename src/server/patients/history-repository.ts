import type { Selectable } from 'kysely';
import type { RecordEntry, RecordKind } from '../../contract/patient-record.ts';
import type { Db } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import type { DocumentRow } from './document-repository.ts';
import { entryOf } from './record-queries.ts';

/** Where something stands in time; of a study as DICOM writes it, of all else in ISO 8601. */
export type Moment = { id: string; at: string };
export type StudyLine = Pick<
  Selectable<Tables['study']>,
  'study_instance_uid' | 'accession_number' | 'description' | 'modalities' | 'instance_count'
>;
export type ReportLine = Pick<
  Selectable<Tables['report']>,
  'id' | 'study_instance_uid' | 'version' | 'status' | 'signed_by' | 'signed_at'
> & { description: string | null };

export async function entryMoments(db: Db, patientKey: string, kinds: readonly RecordKind[]): Promise<(Moment & { kind: RecordKind })[]> {
  if (kinds.length === 0) return [];
  const rows = await db
    .selectFrom('record_entry')
    .select(['id', 'kind', 'started_at', 'recorded_at'])
    .where('patient_key', '=', patientKey)
    .where('kind', 'in', kinds)
    .execute();
  return rows.map(({ id, kind, started_at, recorded_at }) => ({ id, kind, at: started_at ?? recorded_at }));
}

export async function studyMoments(db: Db, patientKey: string): Promise<Moment[]> {
  return db.selectFrom('study').select(['study_instance_uid as id', 'study_moment as at']).where('patient_key', '=', patientKey).execute();
}

export async function reportMoments(db: Db, patientKey: string): Promise<Moment[]> {
  const rows = await db
    .selectFrom('report')
    .innerJoin('study', 'study.study_instance_uid', 'report.study_instance_uid')
    .select(['report.id', 'report.signed_at', 'report.created_at'])
    .where('study.patient_key', '=', patientKey)
    .execute();
  return rows.map(({ id, signed_at, created_at }) => ({ id, at: signed_at ?? created_at }));
}

export async function documentMoments(db: Db, patientKey: string): Promise<Moment[]> {
  const rows = await db
    .selectFrom('patient_document')
    .select(['id', 'document_date', 'created_at'])
    .where('patient_key', '=', patientKey)
    .execute();
  return rows.map(({ id, document_date, created_at }) => ({ id, at: document_date ?? created_at }));
}

export async function listEntriesOf(db: Db, ids: readonly string[]): Promise<RecordEntry[]> {
  if (ids.length === 0) return [];
  return (await db.selectFrom('record_entry').selectAll().where('id', 'in', ids).execute()).map(entryOf);
}

export async function listStudyLines(db: Db, uids: readonly string[]): Promise<StudyLine[]> {
  if (uids.length === 0) return [];
  return db
    .selectFrom('study')
    .select(['study_instance_uid', 'accession_number', 'description', 'modalities', 'instance_count'])
    .where('study_instance_uid', 'in', uids)
    .execute();
}

export async function listReportLines(db: Db, ids: readonly string[]): Promise<ReportLine[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('report')
    .innerJoin('study', 'study.study_instance_uid', 'report.study_instance_uid')
    .select(['report.id', 'report.study_instance_uid', 'report.version', 'report.status', 'report.signed_by', 'report.signed_at'])
    .select('study.description')
    .where('report.id', 'in', ids)
    .execute();
}

export async function listDocumentsOf(db: Db, ids: readonly string[]): Promise<DocumentRow[]> {
  if (ids.length === 0) return [];
  return db.selectFrom('patient_document').selectAll().where('id', 'in', ids).execute();
}
