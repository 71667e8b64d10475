import type { PatientMerge } from '../../contract/patients-merge.ts';
import type { DicomJson } from '../../dicom/dicom-json.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { TenantTable } from '../platform/schema.ts';
import { identityKey, patientOfAttributes } from '../studies/patient-identity.ts';
import { retermStudies } from '../studies/reterm-studies.ts';
import { updatePair } from './match-repository.ts';
import {
  claimRecords,
  findMerge,
  insertMerge,
  listMergedInto,
  listStudiesSince,
  type MergeRow,
  type Moved,
  markUndone,
  moveAll,
  moveRows,
  updateMergedInto,
} from './merge-repository.ts';
import { pairOf } from './note-matches.ts';
import { findErasureOf } from './privacy-repository.ts';
import { findPatientRow, insertAlias, type PatientRow, replaceTerms } from './repository.ts';
import { requirePatient, retermPatient } from './save-patient.ts';

export type MergeDeps = { db: Db; now: () => Date };
type Merge = { patientKey: string; into: string; userId: string };
/** What has moved, and which records were merged into the source before. */
type Content = { rows: Moved; records: string[] };

/**
 * Merges a record into another: everything of it, its numbers and what arrives under its identity from now on. The other's own words stay;
 * facts that both have from the same source are not doubled.
 *
 * @throws {AppError} `patient-not-found`, `invalid-request` if `into` is none or the same, `wrong-state` if one of them is merged already or
 * being erased
 */
export async function mergePatients({ db, now }: MergeDeps, merge: Merge): Promise<PatientMerge> {
  return db.transaction().execute((tx) => mergeIn(tx, now(), merge));
}

/** The same as part of something larger. */
export async function mergeIn(tx: Tx, at: Date, { patientKey, into, userId }: Merge): Promise<PatientMerge> {
  const source = await requireFree(tx, await requirePatient(tx, patientKey));
  const target = await requireTarget(tx, into, patientKey);
  if (!(await claimRecords(tx, [source.id, target.id]))) throw new AppError('wrong-state', 'One of the records was merged just now');
  const merged_at = at.toISOString();
  // What arrives under its present identity goes to the other, also where that identity was its own id.
  const { patient_id, issuer } = source;
  await insertAlias(tx, { identity_key: identityKey(source), patient_key: source.id, patient_id, issuer, created_at: merged_at });
  const records = (await listMergedInto(tx, source.id)).map(({ id }) => id);
  const rows = await moveAll(tx, { from: source.id, to: target.id });
  await updateMergedInto(tx, [source.id, ...records], target.id);
  await replaceTerms(tx, source.id, []);
  await retermPatient(tx, target);
  await retermStudies(tx, rows.study ?? [], target);
  const row: MergeRow = {
    id: newId(at),
    patient_key: target.id,
    source_key: source.id,
    moved: JSON.stringify({ rows, records } satisfies Content),
    merged_by: userId,
    merged_at,
    undone_by: null,
    undone_at: null,
  };
  await insertMerge(tx, row);
  await updatePair(tx, pairOf(source.id, target.id), { status: 'accepted', decided_by: userId, decided_at: merged_at });
  await tell(tx, { row, type: 'patient_merged', at: merged_at, studies: rows.study ?? [] });
  return mergeOf(row);
}

/**
 * Takes two records apart again. What had moved goes back, and studies that have arrived under the identity of the source since. What people
 * have written since stays where they wrote it.
 *
 * @throws {AppError} `not-found`, `wrong-state` if it was undone already, or the record that stayed was merged itself since
 */
export async function undoMerge(
  { db, now }: MergeDeps,
  { patientKey, mergeId, userId }: { patientKey: string; mergeId: string; userId: string },
): Promise<PatientMerge> {
  return db.transaction().execute(async (tx) => {
    const row = await findMerge(tx, patientKey, mergeId);
    if (!row) throw new AppError('not-found', `No merge ${mergeId} of this patient`);
    const target = await requireFree(tx, await requirePatient(tx, row.patient_key));
    if (!(await claimRecords(tx, [target.id]))) throw new AppError('wrong-state', 'The record was merged just now');
    const source = await findPatientRow(tx, row.source_key);
    const undone = { undone_by: userId, undone_at: now().toISOString() };
    if (!source || !(await markUndone(tx, mergeId, undone))) throw new AppError('wrong-state', 'The merge was undone already');
    const { rows, records } = parseColumn<Content>(row.moved);
    const arrived = await studiesOfIdentities(tx, row, new Set(rows.patient_identity));
    const back: Moved = { ...rows, study: [...new Set([...(rows.study ?? []), ...arrived])] };
    for (const [table, keys] of Object.entries(back) as [TenantTable, string[]][])
      await moveRows(tx, table, { keys, from: target.id, to: source.id });
    await updateMergedInto(tx, [source.id], null);
    await updateMergedInto(tx, records, source.id);
    const free: PatientRow = { ...source, merged_into: null };
    for (const record of [free, target]) await retermPatient(tx, record);
    await retermStudies(tx, back.study ?? [], free);
    // They were held to be one person once: somebody has said since that they are not.
    await updatePair(tx, pairOf(source.id, target.id), { status: 'dismissed', decided_by: userId, decided_at: undone.undone_at });
    await tell(tx, { row, type: 'patient_unmerged', at: undone.undone_at, studies: back.study ?? [] });
    return mergeOf({ ...row, ...undone });
  });
}

/** A row as the contract has it: how many have moved, and not which. */
export function mergeOf({ moved, ...row }: MergeRow): PatientMerge {
  const { rows } = parseColumn<Content>(moved);
  return { ...row, moved: Object.fromEntries(Object.entries(rows).map(([table, keys]) => [table, keys.length])) };
}

async function requireFree(tx: Tx, row: PatientRow): Promise<PatientRow> {
  if (row.merged_into !== null) throw new AppError('wrong-state', 'The record was merged into another');
  if (await findErasureOf(tx, row.id)) throw new AppError('wrong-state', 'An erasure of the patient is under way');
  return row;
}

async function requireTarget(tx: Tx, into: string, patientKey: string): Promise<PatientRow> {
  const target = into === patientKey ? undefined : await findPatientRow(tx, into);
  if (target) return requireFree(tx, target);
  throw new AppError('invalid-request', 'Some fields are not valid', {
    fields: [{ field: 'body/into', message: 'must be the record of another patient' }],
  });
}

/** Studies of the record that have come since the merge with one of the identities. */
async function studiesOfIdentities(tx: Tx, row: MergeRow, identities: ReadonlySet<string>): Promise<string[]> {
  const since = await listStudiesSince(tx, row.patient_key, row.merged_at);
  return since
    .filter(({ study_instance_uid, attributes }) =>
      identities.has(patientOfAttributes(parseColumn<DicomJson>(attributes), study_instance_uid).id),
    )
    .map(({ study_instance_uid }) => study_instance_uid);
}

type Telling = { row: MergeRow; type: 'patient_merged' | 'patient_unmerged'; at: string; studies: readonly string[] };

async function tell(tx: Tx, { row, type, at, studies }: Telling): Promise<void> {
  const { id, patient_key, source_key } = row;
  tellAudit(tx, { patient_id: patient_key, details: { merge: id, studies: studies.length } });
  for (const study_instance_uid of studies) await appendEvent(tx, { type: 'study_moved', study_instance_uid, at });
  await appendEvent(tx, { type, at, ids: { patient_key, source_key } });
}
