import type { Erasure } from '../../contract/privacy.ts';
import { patientPseudonym } from '../audit/patient-pseudonym.ts';
import type { Cache } from '../cache/cache.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { BlobStore, Db, TenantJobs, Tx } from '../platform/ports.ts';
import { openText, sealText } from '../platform/sealed-text.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import { dropBlobs } from '../studies/sweep-blobs.ts';
import {
  type ErasureRow,
  findErasure,
  findErasureOf,
  insertApproval,
  insertErasure,
  listApprovals,
  listErasureRows,
  updateErasure,
} from './privacy-repository.ts';
import {
  blobKeysOf,
  deleteEvents,
  deletePatientRows,
  deleteRecycled,
  deleteStudyRows,
  findPatient,
  listRecycledBlobs,
  listRecycledOfPatient,
  listStudiesOfPatient,
  rowsAboutPatient,
  rowsOfPatient,
  rowsOfStudy,
} from './recycle-repository.ts';
import { refuseOnHold } from './retention-holds.ts';

/** Different persons who have to agree; whoever asked may be one of them. */
const APPROVALS_NEEDED = 2;

export type ErasureDeps = { db: Db; keys: TenantKeys; jobs: TenantJobs; now: () => Date; tenant_id: string; pseudonymKey: Uint8Array };

/**
 * Asks for an erasure; nothing happens until two persons have approved it.
 *
 * @throws {AppError} `patient-not-found`, `on-hold`, `wrong-state` if one is under way
 */
export async function requestErasure(
  deps: ErasureDeps,
  { patientKey, reason, principal }: { patientKey: string; reason: string; principal: Principal },
): Promise<Erasure> {
  const at = deps.now();
  const id = newId(at);
  const row: ErasureRow = {
    id,
    patient_key: patientKey,
    pseudonym: patientPseudonym(deps.pseudonymKey, deps.tenant_id, patientKey),
    reason: sealText(deps.keys, placeOf(id), reason),
    status: 'requested',
    requested_by: principal.user_id,
    requested_at: at.toISOString(),
    finished_at: null,
    study_count: null,
    instance_count: null,
  };
  await deps.db.transaction().execute(async (tx) => {
    const isInBin = (await listRecycledOfPatient(tx, patientKey)).length > 0;
    if (!isInBin && !(await findPatient(tx, patientKey))) throw new AppError('patient-not-found', `No patient ${patientKey}`);
    await refuseOnHold(tx, patientKey);
    if (await findErasureOf(tx, patientKey)) throw new AppError('wrong-state', 'An erasure of this patient is under way');
    await insertErasure(tx, row);
    tellAudit(tx, { patient_id: patientKey });
  });
  return { ...row, reason, approvals: [] };
}

/**
 * Adds a person's approval. With the second person's, the erasure is carried out in the background.
 *
 * @throws {AppError} `not-found`, `forbidden` for a key instead of a person, `wrong-state` unless it waits for approval
 */
export async function approveErasure(deps: ErasureDeps, { id, principal }: { id: string; principal: Principal }): Promise<Erasure> {
  if (principal.kind !== 'user') throw new AppError('forbidden', 'A person approves an erasure, not a key');
  const row = await deps.db.transaction().execute(async (tx) => {
    const held = await requireWaiting(tx, id);
    await refuseOnHold(tx, held.patient_key);
    await insertApproval(tx, { erasure_id: id, user_id: principal.user_id, approved_at: deps.now().toISOString() });
    tellAudit(tx, { patient_id: held.patient_key });
    const status: ErasureRow['status'] = (await listApprovals(tx, id)).length >= APPROVALS_NEEDED ? 'approved' : 'requested';
    await updateErasure(tx, id, { status });
    if (status === 'approved') await deps.jobs.enqueue(tx, 'erase-patient', { erasure_id: id }, { key: id });
    return { ...held, status };
  });
  return erasureOf(deps, row);
}

/** @throws {AppError} `not-found`, `wrong-state` once two have approved */
export async function refuseErasure(deps: ErasureDeps, { id }: { id: string }): Promise<Erasure> {
  const row = await deps.db.transaction().execute(async (tx) => {
    const held = await requireWaiting(tx, id);
    const change = { status: 'refused' as const, patient_key: null, finished_at: deps.now().toISOString() };
    await updateErasure(tx, id, change);
    tellAudit(tx, { patient_id: held.patient_key });
    return { ...held, ...change };
  });
  return erasureOf(deps, row);
}

export async function listErasures(
  deps: Pick<ErasureDeps, 'db' | 'keys'>,
  page: { before?: string | undefined; limit: number },
): Promise<Erasure[]> {
  return Promise.all((await listErasureRows(deps.db, page)).map((row) => erasureOf(deps, row)));
}

/**
 * Carries an approved erasure out: every row and file of the patient, also in the recycle bin. What is left is the erasure itself, which
 * does not say who it was, and the audit trail, which knows a pseudonym. Can be repeated after a crash.
 *
 * @throws {AppError} `on-hold` if somebody has placed a hold since
 */
export async function erasePatient(
  deps: ErasureDeps & { blobs: BlobStore; cache: Pick<Cache, 'forget'> },
  erasureId: string,
): Promise<void> {
  const blobs = await deps.db.transaction().execute(async (tx) => {
    const erasure = await findErasure(tx, erasureId);
    if (erasure?.status !== 'approved' || erasure.patient_key === null) return [];
    await refuseOnHold(tx, erasure.patient_key);
    return await eraseRows(tx, { ...deps, erasureId, patientKey: erasure.patient_key });
  });
  await dropBlobs(deps, blobs);
  // What was worked out before holds no more; nor shall it lie there for the rest of its hour.
  await deps.cache.forget(deps.tenant_id);
}

async function eraseRows(
  tx: Tx,
  { now, erasureId, patientKey }: { now: () => Date; erasureId: string; patientKey: string },
): Promise<Set<string>> {
  const blobs = new Set<string>();
  const studies = await listStudiesOfPatient(tx, patientKey);
  const recycled = await listRecycledOfPatient(tx, patientKey);
  const uids = new Set(studies.map(({ study_instance_uid }) => study_instance_uid));
  for (const { id, study_instance_uid } of recycled) {
    for (const key of await listRecycledBlobs(tx, id)) blobs.add(key);
    if (study_instance_uid !== null) uids.add(study_instance_uid);
    await deleteRecycled(tx, id);
  }
  for (const rows of [rowsOfPatient(tx, patientKey), rowsAboutPatient(tx, patientKey)])
    for await (const { row } of rows) for (const key of blobKeysOf(row)) blobs.add(key);
  for (const uid of uids) {
    for await (const { row } of rowsOfStudy(tx, uid)) for (const key of blobKeysOf(row)) blobs.add(key);
    await deleteStudyRows(tx, uid);
    await deleteEvents(tx, uid);
  }
  await deletePatientRows(tx, patientKey);
  const counts = {
    study_count: studies.length + recycled.reduce((sum, { study_count }) => sum + study_count, 0),
    instance_count: [...studies, ...recycled].reduce((sum, { instance_count }) => sum + instance_count, 0),
  };
  await updateErasure(tx, erasureId, { status: 'done', patient_key: null, finished_at: now().toISOString(), ...counts });
  tellAudit(tx, { patient_id: patientKey, details: { studies: counts.study_count, instances: counts.instance_count } });
  return blobs;
}

async function requireWaiting(tx: Tx, id: string): Promise<ErasureRow & { patient_key: string }> {
  const row = await findErasure(tx, id);
  if (!row) throw new AppError('not-found', `No erasure ${id}`);
  const { patient_key } = row;
  if (row.status !== 'requested' || patient_key === null) throw new AppError('wrong-state', `This erasure is ${row.status}`);
  return { ...row, patient_key };
}

async function erasureOf({ db, keys }: Pick<ErasureDeps, 'db' | 'keys'>, row: ErasureRow): Promise<Erasure> {
  const approvals = (await listApprovals(db, row.id)).map(({ user_id, approved_at }) => ({ user_id, approved_at }));
  return { ...row, reason: await openText(keys, placeOf(row.id), row.reason), approvals };
}

function placeOf(id: string) {
  return { table: 'erasure', column: 'reason', row: id };
}
