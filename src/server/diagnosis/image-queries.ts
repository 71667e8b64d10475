import type { Db, Tx } from '../platform/ports.ts';

type Owned = { study_instance_uid: string; patient_key: string };

/** Whose the studies are that exist. */
export async function listStudyOwners(db: Db | Tx, studies: readonly string[]): Promise<Owned[]> {
  if (studies.length === 0) return [];
  return db.selectFrom('study').select(['study_instance_uid', 'patient_key']).where('study_instance_uid', 'in', studies).execute();
}

/** Whose the instances are that exist. */
export async function listInstanceOwners(db: Db | Tx, instances: readonly string[]): Promise<(Owned & { sop_instance_uid: string })[]> {
  if (instances.length === 0) return [];
  return db
    .selectFrom('instance')
    .innerJoin('study', 'study.study_instance_uid', 'instance.study_instance_uid')
    .select(['instance.sop_instance_uid', 'instance.study_instance_uid', 'study.patient_key'])
    .where('instance.sop_instance_uid', 'in', instances)
    .execute();
}

export type BoundInstance = {
  study_instance_uid: string;
  series_instance_uid: string;
  sop_instance_uid: string;
  modality: string;
  body_part: string | null;
};

/** The instances that a diagnosis is about, by study, series and number. */
export async function listBoundInstances(db: Db, diagnosisId: string): Promise<BoundInstance[]> {
  return db
    .selectFrom('instance')
    .innerJoin('series', 'series.series_instance_uid', 'instance.series_instance_uid')
    .select([
      'instance.study_instance_uid',
      'instance.series_instance_uid',
      'instance.sop_instance_uid',
      'series.modality',
      'series.body_part',
    ])
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('diagnosis_image')
          .select('diagnosis_image.diagnosis_id')
          .where('diagnosis_image.diagnosis_id', '=', diagnosisId)
          .whereRef('diagnosis_image.study_instance_uid', '=', 'instance.study_instance_uid')
          .where(({ or, eb, ref }) =>
            or([
              eb('diagnosis_image.sop_instance_uid', '=', ''),
              eb('diagnosis_image.sop_instance_uid', '=', ref('instance.sop_instance_uid')),
            ]),
          ),
      ),
    )
    .orderBy('instance.study_instance_uid')
    .orderBy('series.series_number')
    .orderBy('instance.instance_number')
    .orderBy('instance.sop_instance_uid')
    .limit(5_000)
    .execute();
}

export type BoundPatient = { patient_id: string; issuer: string; name: string; birth_date: string | null; sex: string | null };

export async function findPatientIdentity(db: Db | Tx, patientKey: string): Promise<BoundPatient | undefined> {
  return db
    .selectFrom('patient')
    .select(['patient_id', 'issuer', 'name', 'birth_date', 'sex'])
    .where('id', '=', patientKey)
    .executeTakeFirst();
}

export async function listPatientNames(db: Db, keys: readonly string[]): Promise<{ id: string; patient_id: string; name: string }[]> {
  if (keys.length === 0) return [];
  return db.selectFrom('patient').select(['id', 'patient_id', 'name']).where('id', 'in', keys).execute();
}
