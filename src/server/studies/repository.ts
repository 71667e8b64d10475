import { sql } from 'kysely';
import { appendEvent } from '../events/append-event.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { columnsOf, prepared } from '../platform/prepared.ts';
import type { InstanceRow, StudyRow } from './queries.ts';

const INSTANCE_ROW = [
  'sop_instance_uid',
  'series_instance_uid',
  'study_instance_uid',
  'sop_class_uid',
  'transfer_syntax_uid',
  'instance_number',
  'number_of_frames',
  'rows',
  'columns',
  'bits_allocated',
  'window_center',
  'window_width',
  'pixel_offset',
  'pixel_length',
  'is_derived',
  'blob_key',
  'blob_size',
  'dicom_json',
  'created_at',
] as const;

export async function findHeldInstance(tx: Tx, sopInstanceUid: string): Promise<{ blob_key: string } | undefined> {
  return (await selectHeldInstance(tx, { uid: sopInstanceUid }))[0];
}
const selectHeldInstance = prepared<Tx, { uid: string }, { blob_key: string }>((tx, value) =>
  tx.selectFrom('instance').select('blob_key').where('sop_instance_uid', '=', value('uid')),
);

/** Digest of the file that came for an instance which is stored in another transfer syntax now. */
export async function findOriginalDigest(tx: Tx, sopInstanceUid: string): Promise<string | undefined> {
  const original = await tx.selectFrom('original_file').select('digest').where('sop_instance_uid', '=', sopInstanceUid).executeTakeFirst();
  return original?.digest;
}

type StudyPatient = { patient_key: string; patient_id: string; issuer: string };

export async function findStudyPatient(tx: Tx, studyInstanceUid: string): Promise<StudyPatient | undefined> {
  return (await selectStudyPatient(tx, { uid: studyInstanceUid }))[0];
}
const selectStudyPatient = prepared<Tx, { uid: string }, StudyPatient>((tx, value) =>
  tx
    .selectFrom('study')
    .innerJoin('patient', 'patient.id', 'study.patient_key')
    .select(['study.patient_key', 'patient.patient_id', 'patient.issuer'])
    .where('study.study_instance_uid', '=', value('uid')),
);

export async function insertInstance(tx: Tx, row: InstanceRow): Promise<void> {
  await insertInstanceRow(tx, row);
}
const insertInstanceRow = prepared<Tx, InstanceRow, unknown>((tx, value) =>
  tx.insertInto('instance').values(columnsOf(value, INSTANCE_ROW)),
);

type Source = { study_instance_uid: string; ae_title: string; created_at: string };

/** Keeps by whose association objects of a study came; said again it changes nothing. */
export async function putSource(tx: Tx, source: Source): Promise<void> {
  await insertSource(tx, source);
}
const insertSource = prepared<Tx, Source, unknown>((tx, value) =>
  tx
    .insertInto('study_source')
    .values(columnsOf(value, ['study_instance_uid', 'ae_title', 'created_at']))
    .onConflict((conflict) => conflict.columns(['study_instance_uid', 'ae_title']).doNothing()),
);

/** Marks the study as growing and tells of it. */
export async function touchStudy(tx: Tx, studyInstanceUid: string, at: string): Promise<void> {
  await updateTouchedStudy(tx, { uid: studyInstanceUid, at });
  await appendEvent(tx, { type: 'instance_stored', study_instance_uid: studyInstanceUid, at });
}
const updateTouchedStudy = prepared<Tx, { uid: string; at: string }, unknown>((tx, value) =>
  tx
    .updateTable('study')
    .set({
      status: 'receiving',
      analysis_status: sql`case when analysis_status = 'none' then 'queued' else analysis_status end`,
      updated_at: value('at'),
    })
    .where('study_instance_uid', '=', value('uid')),
);

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
  const [instance, analysis, report, document, recycled] = await Promise.all([
    db.selectFrom('instance').select('blob_key').where('blob_key', '=', key).limit(1).executeTakeFirst(),
    db.selectFrom('analysis').select('id').where('heatmap_blob_key', '=', key).limit(1).executeTakeFirst(),
    db.selectFrom('report').select('id').where('pdf_blob_key', '=', key).limit(1).executeTakeFirst(),
    db.selectFrom('patient_document').select('id').where('blob_key', '=', key).limit(1).executeTakeFirst(),
    db.selectFrom('recycled_blob').select('blob_key').where('blob_key', '=', key).limit(1).executeTakeFirst(),
  ]);
  return Boolean(instance ?? analysis ?? report ?? document ?? recycled);
}
