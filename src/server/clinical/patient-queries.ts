import type { ReportSections } from '../../contract/reports.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';

export type PatientFacts = { birth_date: string | null; sex: string | null };
export type PatientStudy = {
  study_instance_uid: string;
  study_date: string | null;
  description: string | null;
  modalities: string[];
  body_parts: string[];
};
export type SignedReport = { id: string; study_instance_uid: string; signed_at: string | null; impression: string };

/** Studies of one patient that are taken into a history, the newest first. */
const MAX_STUDIES = 500;

/** Birth date (`YYYYMMDD`) and sex (DICOM) of a patient's record. */
export async function findPatientFacts(db: Db | Tx, patientKey: string): Promise<PatientFacts | undefined> {
  return db.selectFrom('patient').select(['birth_date', 'sex']).where('id', '=', patientKey).executeTakeFirst();
}

export async function findPatientOfStudy(db: Db | Tx, studyInstanceUid: string): Promise<string | undefined> {
  const row = await db.selectFrom('study').select('patient_key').where('study_instance_uid', '=', studyInstanceUid).executeTakeFirst();
  return row?.patient_key;
}

/** With the body parts of their series. */
export async function listPatientStudies(db: Db | Tx, patientKey: string): Promise<PatientStudy[]> {
  const studies = await db
    .selectFrom('study')
    .select(['study_instance_uid', 'study_date', 'description', 'modalities'])
    .where('patient_key', '=', patientKey)
    .orderBy('study_moment', 'desc')
    .limit(MAX_STUDIES)
    .execute();
  const parts = await db
    .selectFrom('series')
    .innerJoin('study', 'study.study_instance_uid', 'series.study_instance_uid')
    .select(['series.study_instance_uid', 'series.body_part'])
    .where('study.patient_key', '=', patientKey)
    .where('series.body_part', 'is not', null)
    .execute();
  const byStudy = Map.groupBy(parts, ({ study_instance_uid }) => study_instance_uid);
  return studies.map(({ modalities, ...study }) => ({
    ...study,
    modalities: modalities.split(',').filter(Boolean),
    body_parts: [...new Set((byStudy.get(study.study_instance_uid) ?? []).flatMap(({ body_part }) => body_part ?? []))],
  }));
}

/** Of each study of the patient the newest signed version. */
export async function listSignedReports(db: Db | Tx, patientKey: string): Promise<SignedReport[]> {
  const rows = await db
    .selectFrom('report')
    .innerJoin('study', 'study.study_instance_uid', 'report.study_instance_uid')
    .select(['report.id', 'report.study_instance_uid', 'report.signed_at', 'report.sections'])
    .where('study.patient_key', '=', patientKey)
    .where('report.status', '=', 'final')
    .orderBy('report.version', 'desc')
    .execute();
  const newest = [...new Map(rows.reverse().map((row) => [row.study_instance_uid, row])).values()];
  return newest.map(({ sections, ...row }) => ({ ...row, impression: parseColumn<ReportSections>(sections).impression }));
}

/** The DICOM JSON of one object of each series: what says why the study was asked for. */
export async function listFirstObjects(db: Db | Tx, studyInstanceUid: string): Promise<string[]> {
  const rows = await db
    .selectFrom('instance')
    .select(['series_instance_uid', 'dicom_json'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .where(({ eb, selectFrom }) =>
      eb(
        'sop_instance_uid',
        'in',
        selectFrom('instance as first')
          .select(({ fn }) => fn.min('first.sop_instance_uid').as('uid'))
          .where('first.study_instance_uid', '=', studyInstanceUid)
          .groupBy('first.series_instance_uid'),
      ),
    )
    .execute();
  return rows.map(({ dicom_json }) => dicom_json);
}
