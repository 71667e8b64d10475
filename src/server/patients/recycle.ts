import type { RecycledItem } from '../../contract/recycle-bin.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { BlobStore, Db, TenantJobs, Tx } from '../platform/ports.ts';
import { recountStudies } from '../studies/recount-studies.ts';
import { dropBlobs } from '../studies/sweep-blobs.ts';
import {
  deletePatientRows,
  deleteRecycled,
  deleteStudyRows,
  findPatient,
  findRecycled,
  findStudy,
  followMerges,
  insertRecycled,
  type KeptRow,
  keepRows,
  listDueForPurge,
  listRecycledBlobs,
  listStudiesOfPatient,
  putRowsBack,
  type RecycledRow,
  rowsAboutPatient,
  rowsOfPatient,
  rowsOfStudy,
} from './recycle-repository.ts';
import { refuseOnHold } from './retention-holds.ts';

const DAY_MS = 86_400_000;

export type RecycleDeps = { db: Db; jobs: TenantJobs; now: () => Date; recycleDays: number };

/**
 * Moves a study with everything about it to the recycle bin: for everybody else it is gone. Its files stay until it is purged.
 *
 * @throws {AppError} `study-not-found`, `on-hold`
 */
export async function recycleStudy(deps: RecycleDeps, studyInstanceUid: string, userId: string): Promise<RecycledItem> {
  const item = await deps.db.transaction().execute(async (tx) => {
    const study = await findStudy(tx, studyInstanceUid);
    if (!study) throw new AppError('study-not-found', `No study ${studyInstanceUid}`);
    return moveToBin(tx, { ...deps, patientKey: study.patient_key, studyInstanceUid, userId });
  });
  await deps.jobs.cancel('analyze-study', studyInstanceUid);
  return item;
}

/** Moves a patient with all studies to the recycle bin. @throws {AppError} `patient-not-found`, `on-hold` */
export async function recyclePatient(deps: RecycleDeps, patientKey: string, userId: string): Promise<RecycledItem> {
  const { item, studies } = await deps.db.transaction().execute(async (tx) => {
    const held = await listStudiesOfPatient(tx, patientKey);
    return { item: await moveToBin(tx, { ...deps, patientKey, userId }), studies: held };
  });
  for (const { study_instance_uid } of studies) await deps.jobs.cancel('analyze-study', study_instance_uid);
  return item;
}

/**
 * Puts back what was deleted. What has been stored anew in the meantime stays as it is now, joined by the rest.
 *
 * @returns the studies that are there again
 * @throws {AppError} `not-found`
 */
export async function restoreRecycled({ db, now }: Pick<RecycleDeps, 'db' | 'now'>, id: string): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    const item = await requireRecycled(tx, id);
    await putRowsBack(tx, id);
    await followMerges(tx, item.patient_key);
    await deleteRecycled(tx, id);
    const studies =
      item.study_instance_uid !== null
        ? [item.study_instance_uid]
        : (await listStudiesOfPatient(tx, item.patient_key)).map(({ study_instance_uid }) => study_instance_uid);
    await recountStudies(tx, studies);
    const at = now().toISOString();
    for (const study_instance_uid of studies) await appendEvent(tx, { type: 'study_restored', study_instance_uid, at });
    tellAudit(tx, { patient_id: item.patient_key, details: { studies: studies.length } });
    return studies;
  });
}

/** Removes what is in the bin for good, with its files. @throws {AppError} `not-found`, `on-hold` */
export async function purgeRecycled({ db, blobs, now }: { db: Db; blobs: BlobStore; now: () => Date }, id: string): Promise<void> {
  const keys = await db.transaction().execute(async (tx) => {
    const item = await requireRecycled(tx, id);
    await refuseOnHold(tx, item.patient_key);
    const named = await listRecycledBlobs(tx, id);
    await deleteRecycled(tx, id);
    tellAudit(tx, { patient_id: item.patient_key, details: { studies: item.study_count, instances: item.instance_count } });
    return named;
  });
  await dropBlobs({ db, blobs, now }, keys);
}

/** Removes what has been in the bin for its time; what is on hold stays. Returns how many. */
export async function purgeDue(deps: { db: Db; blobs: BlobStore; now: () => Date }): Promise<number> {
  let purged = 0;
  for (const { id } of await listDueForPurge(deps.db, deps.now().toISOString())) {
    try {
      await purgeRecycled(deps, id);
      purged += 1;
    } catch (error) {
      if (!(error instanceof AppError && (error.kind === 'on-hold' || error.kind === 'not-found'))) throw error;
    }
  }
  return purged;
}

export function recycledItem(row: RecycledRow): RecycledItem {
  return { ...row };
}

type Move = RecycleDeps & { patientKey: string; studyInstanceUid?: string; userId: string };

async function moveToBin(tx: Tx, { patientKey, studyInstanceUid, userId, now, recycleDays }: Move): Promise<RecycledItem> {
  const patient = await findPatient(tx, patientKey);
  if (!patient) throw new AppError('patient-not-found', `No patient ${patientKey}`);
  await refuseOnHold(tx, patientKey);
  const held = await listStudiesOfPatient(tx, patientKey);
  const studies = studyInstanceUid === undefined ? held : held.filter((study) => study.study_instance_uid === studyInstanceUid);
  const at = now();
  const item = {
    id: newId(at),
    study_instance_uid: studyInstanceUid ?? null,
    patient_key: patientKey,
    patient_id: patient.patient_id,
    patient_name: patient.name,
    study_count: studies.length,
    instance_count: studies.reduce((sum, { instance_count }) => sum + instance_count, 0),
    deleted_by: userId,
    deleted_at: at.toISOString(),
    purge_after: new Date(at.getTime() + recycleDays * DAY_MS).toISOString(),
  };
  await insertRecycled(tx, item);
  const uids = studies.map(({ study_instance_uid }) => study_instance_uid);
  await keepRows(tx, item.id, rowsOf(tx, patientKey, { uids, whole: studyInstanceUid === undefined }));
  for (const study_instance_uid of uids) {
    await deleteStudyRows(tx, study_instance_uid);
    await appendEvent(tx, { type: 'study_deleted', study_instance_uid, at: item.deleted_at });
  }
  if (studyInstanceUid === undefined) await deletePatientRows(tx, patientKey);
  tellAudit(tx, { patient_id: patientKey, details: { studies: item.study_count, instances: item.instance_count } });
  return item;
}

/** The record comes along with a single study as well: it may be gone when the study returns. */
async function* rowsOf(tx: Tx, patientKey: string, { uids, whole }: { uids: string[]; whole: boolean }): AsyncGenerator<KeptRow> {
  yield* rowsOfPatient(tx, patientKey);
  for (const uid of uids) yield* rowsOfStudy(tx, uid);
  if (whole) yield* rowsAboutPatient(tx, patientKey);
}

async function requireRecycled(tx: Tx, id: string): Promise<RecycledRow> {
  const item = await findRecycled(tx, id);
  if (!item) throw new AppError('not-found', `Nothing with the id ${id} is in the recycle bin`);
  return item;
}
