import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { listInstanceOwners, listStudyOwners } from './image-queries.ts';
import type { ImageRow } from './queries.ts';

type Wanted = { diagnosisId: string; patientKey: string; studies: readonly string[]; instances: readonly string[]; at: string };

/**
 * The studies and images that a diagnosis is to be about; all of them have to be the patient's.
 *
 * @throws {AppError} `study-not-found`, `instance-not-found`; `wrong-state` for what belongs to another patient
 */
export async function chooseImages(db: Db | Tx, { diagnosisId, patientKey, studies, instances, at }: Wanted): Promise<ImageRow[]> {
  const ofStudies = new Map((await listStudyOwners(db, studies)).map((row) => [row.study_instance_uid, row.patient_key]));
  const ofInstances = new Map((await listInstanceOwners(db, instances)).map((row) => [row.sop_instance_uid, row]));
  const own = (owner: string): void => {
    if (owner !== patientKey) throw new AppError('wrong-state', 'An image or study belongs to another patient');
  };
  const row = { diagnosis_id: diagnosisId, patient_key: patientKey, added_at: at };
  const whole = [...new Set(studies)].map((study_instance_uid) => {
    const owner = ofStudies.get(study_instance_uid);
    if (owner === undefined) throw new AppError('study-not-found', `No study ${study_instance_uid}`);
    own(owner);
    return { id: newId(), ...row, study_instance_uid, sop_instance_uid: '' };
  });
  const single = [...new Set(instances)].map((sop_instance_uid) => {
    const owner = ofInstances.get(sop_instance_uid);
    if (!owner) throw new AppError('instance-not-found', `No instance ${sop_instance_uid}`);
    own(owner.patient_key);
    return { id: newId(), ...row, study_instance_uid: owner.study_instance_uid, sop_instance_uid };
  });
  return [...whole, ...single];
}

/** Whose the first of the images is. @throws {AppError} `invalid-request` where none is named, `study-not-found`, `instance-not-found` */
export async function ownerOfImages(
  db: Db,
  { study_instance_uids: [study] = [], images: [instance] = [] }: { study_instance_uids?: readonly string[]; images?: readonly string[] },
): Promise<string> {
  if (study !== undefined) {
    const [owner] = await listStudyOwners(db, [study]);
    if (!owner) throw new AppError('study-not-found', `No study ${study}`);
    return owner.patient_key;
  }
  if (instance === undefined) throw new AppError('invalid-request', 'Name the patient, or a study or image of the patient');
  const [owner] = await listInstanceOwners(db, [instance]);
  if (!owner) throw new AppError('instance-not-found', `No instance ${instance}`);
  return owner.patient_key;
}
