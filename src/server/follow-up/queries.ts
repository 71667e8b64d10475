import type { Db, Tx } from '../platform/ports.ts';

export type TrackedRow = { id: string; text: string; due_to: string | null; status: 'open' | 'done' | 'dismissed' };
export type AdvisedStudy = { study_date: string | null; created_at: string; modalities: string[]; birth_date: string | null };

/** Of all studies of a patient. */
export async function listFollowUpsOfPatient(db: Db | Tx, patientKey: string): Promise<TrackedRow[]> {
  return db
    .selectFrom('follow_up')
    .innerJoin('study', 'study.study_instance_uid', 'follow_up.study_instance_uid')
    .select(['follow_up.id', 'follow_up.text', 'follow_up.due_to', 'follow_up.status'])
    .where('study.patient_key', '=', patientKey)
    .orderBy('follow_up.id')
    .execute();
}

export async function findAdvisedStudy(db: Db | Tx, studyInstanceUid: string): Promise<AdvisedStudy | undefined> {
  const row = await db
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(['study.study_date', 'study.created_at', 'study.modalities', 'patient.birth_date'])
    .where('study.study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirst();
  return row && { ...row, modalities: row.modalities.split(',').filter(Boolean) };
}
