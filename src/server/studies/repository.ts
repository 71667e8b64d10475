import { type Selectable, sql } from 'kysely';
import type { Identity } from '../../dicom/identity.ts';
import { appendEvent } from '../events/append-event.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import { componentForms } from './patient-name.ts';
import type { InstanceRow, StudyRow } from './queries.ts';

export type PatientFields = Pick<
  Selectable<Tables['patient']>,
  'id' | 'patient_id' | 'issuer' | 'name' | 'name_search' | 'name_alphabetic' | 'name_ideographic' | 'name_phonetic' | 'birth_date' | 'sex'
>;
export type ArrivalRows = { patient: PatientFields; identity: Identity; isSynthetic: boolean; row: InstanceRow };

export async function findHeldInstance(tx: Tx, sopInstanceUid: string): Promise<{ blob_key: string } | undefined> {
  return tx.selectFrom('instance').select('blob_key').where('sop_instance_uid', '=', sopInstanceUid).executeTakeFirst();
}

export async function findStudyPatient(tx: Tx, studyInstanceUid: string): Promise<{ patient_id: string; issuer: string } | undefined> {
  return tx
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(['patient.patient_id', 'patient.issuer'])
    .where('study.study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirst();
}

export async function findSeriesStudy(tx: Tx, seriesInstanceUid: string): Promise<string | undefined> {
  const series = await tx
    .selectFrom('series')
    .select('study_instance_uid')
    .where('series_instance_uid', '=', seriesInstanceUid)
    .executeTakeFirst();
  return series?.study_instance_uid;
}

export async function insertInstance(tx: Tx, row: InstanceRow): Promise<void> {
  await tx.insertInto('instance').values(row).execute();
}

/** Inserts whatever of patient, study and series of an instance is not there yet; what is there keeps its first values. */
export async function insertParents(tx: Tx, { patient, identity, isSynthetic, row }: ArrivalRows): Promise<void> {
  const created_at = row.created_at;
  await tx
    .insertInto('patient')
    .values({ ...patient, created_at, updated_at: created_at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await tx
    .insertInto('study')
    .values({
      study_instance_uid: row.study_instance_uid,
      patient_key: patient.id,
      accession_number: identity.accessionNumber ?? null,
      study_id: identity.studyId ?? null,
      study_date: identity.studyDate ?? null,
      study_time: identity.studyTime ?? null,
      description: identity.studyDescription ?? null,
      referring_physician: identity.referringPhysician?.Alphabetic ?? null,
      referring_physician_form: componentForms(identity.referringPhysician).alphabetic,
      is_synthetic: isSynthetic ? 1 : 0,
      status: 'receiving',
      analysis_status: 'none',
      created_at,
      updated_at: created_at,
    })
    .onConflict((conflict) => conflict.column('study_instance_uid').doNothing())
    .execute();
  await tx
    .insertInto('series')
    .values({
      series_instance_uid: row.series_instance_uid,
      study_instance_uid: row.study_instance_uid,
      modality: identity.modality ?? 'OT',
      series_number: identity.seriesNumber ?? null,
      description: identity.seriesDescription ?? null,
      body_part: identity.bodyPart ?? null,
      view_position: identity.viewPosition ?? null,
      created_at,
    })
    .onConflict((conflict) => conflict.column('series_instance_uid').doNothing())
    .execute();
}

/** Marks the study as growing and tells of it. */
export async function touchStudy(tx: Tx, studyInstanceUid: string, at: string): Promise<void> {
  await tx
    .updateTable('study')
    .set({
      status: 'receiving',
      analysis_status: sql`case when analysis_status = 'none' then 'queued' else analysis_status end`,
      updated_at: at,
    })
    .where('study_instance_uid', '=', studyInstanceUid)
    .execute();
  await appendEvent(tx, { type: 'instance_stored', study_instance_uid: studyInstanceUid, at });
}

export async function updateStudyStatus(
  tx: Db | Tx,
  studyInstanceUid: string,
  change: Partial<Pick<StudyRow, 'status' | 'analysis_status'>>,
  at: string,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('study')
    .set({ ...change, updated_at: at })
    .where('study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Whether any row names the blob. */
export async function isBlobNamed(db: Db, key: string): Promise<boolean> {
  const [instance, analysis, report] = await Promise.all([
    db.selectFrom('instance').select('blob_key').where('blob_key', '=', key).limit(1).executeTakeFirst(),
    db.selectFrom('analysis').select('id').where('heatmap_blob_key', '=', key).limit(1).executeTakeFirst(),
    db.selectFrom('report').select('id').where('pdf_blob_key', '=', key).limit(1).executeTakeFirst(),
  ]);
  return Boolean(instance ?? analysis ?? report);
}
