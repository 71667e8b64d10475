import type { RetentionHold } from '../../contract/privacy.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { openText, sealText } from '../platform/sealed-text.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import { countActiveHolds, findHold, type HoldRow, insertHold, listHoldRows, updateHold } from './privacy-repository.ts';
import { findPatient } from './recycle-repository.ts';

export type HoldDeps = { db: Db; keys: TenantKeys; now: () => Date };

/** @throws {AppError} `on-hold` while a hold forbids to delete anything of the patient */
export async function refuseOnHold(tx: Tx, patientKey: string): Promise<void> {
  if ((await countActiveHolds(tx, patientKey)) > 0)
    throw new AppError('on-hold', 'A retention hold forbids to delete anything of this patient; release it first');
}

/** @throws {AppError} `patient-not-found` */
export async function placeHold(
  { db, keys, now }: HoldDeps,
  { patientKey, reason, userId }: { patientKey: string; reason: string; userId: string },
): Promise<RetentionHold> {
  const id = newId(now());
  const row = {
    id,
    patient_key: patientKey,
    reason: sealText(keys, placeOf(id), reason),
    placed_by: userId,
    placed_at: now().toISOString(),
    released_by: null,
    released_at: null,
  };
  await db.transaction().execute(async (tx) => {
    if (!(await findPatient(tx, patientKey))) throw new AppError('patient-not-found', `No patient ${patientKey}`);
    await insertHold(tx, row);
  });
  return { ...row, reason };
}

export async function listHolds(deps: HoldDeps, patientKey: string): Promise<RetentionHold[]> {
  return Promise.all((await listHoldRows(deps.db, patientKey)).map((row) => holdOf(deps, row)));
}

/** A hold that was released stays so. @throws {AppError} `not-found` */
export async function releaseHold(deps: HoldDeps, { id, userId }: { id: string; userId: string }): Promise<RetentionHold> {
  const row = await deps.db.transaction().execute(async (tx) => {
    const held = await findHold(tx, id);
    if (!held) throw new AppError('not-found', `No hold ${id}`);
    if (held.released_at !== null) return held;
    const change = { released_by: userId, released_at: deps.now().toISOString() };
    await updateHold(tx, id, change);
    return { ...held, ...change };
  });
  return holdOf(deps, row);
}

async function holdOf({ keys }: HoldDeps, row: HoldRow): Promise<RetentionHold> {
  return { ...row, reason: await openText(keys, placeOf(row.id), row.reason) };
}

function placeOf(id: string) {
  return { table: 'retention_hold', column: 'reason', row: id };
}
