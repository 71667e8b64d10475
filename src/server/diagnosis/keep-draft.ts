import { Value } from 'typebox/value';
import { type DiagnosisDraft, DiagnosisDraftContent, DRAFT_DAYS } from '../../contract/diagnosis-drafts.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db } from '../platform/ports.ts';
import { openText, sealText } from '../platform/sealed-text.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import { type DraftRow, deleteDraft, deleteDraftsBefore, findDraftId, hasDraftBefore, listDrafts, putDraft } from './draft-repository.ts';
import { findPatientIdentity } from './image-queries.ts';

export type DraftDeps = { db: Db; keys: TenantKeys; now: () => Date };
type Place = { userId: string; patientKey: string };

const KEEP_MS = DRAFT_DAYS * 86_400_000;

/** A person's drafts, the latest first. What is too old, or was written by a version that put it together otherwise, is left out. */
export async function readDrafts({ db, keys, now }: DraftDeps, userId: string): Promise<DiagnosisDraft[]> {
  const rows = await listDrafts(db, userId, oldestKept(now()));
  const drafts = await Promise.all(rows.map(async (row) => draftOf(row, JSON.parse(await openText(keys, placeOf(row.id), row.content)))));
  return drafts.filter(({ content }) => Value.Check(DiagnosisDraftContent, content));
}

/** Takes the place of the one for the same patient. @throws {AppError} `patient-not-found` */
export async function keepDraft(
  { db, keys, now }: DraftDeps,
  { userId, patientKey }: Place,
  content: DiagnosisDraftContent,
): Promise<DiagnosisDraft> {
  return db.transaction().execute(async (tx) => {
    const patient = await findPatientIdentity(tx, patientKey);
    if (!patient) throw new AppError('patient-not-found', 'No such patient');
    const at = now();
    const id = (await findDraftId(tx, { userId, patientKey })) ?? newId(at);
    const sealed = sealText(keys, placeOf(id), JSON.stringify(content));
    const row = { id, user_id: userId, patient_key: patientKey, content: sealed, updated_at: at.toISOString() };
    await putDraft(tx, row);
    tellAudit(tx, { patient_id: patientKey });
    return draftOf({ ...row, patient_name: patient.name }, content);
  });
}

/** @returns whether there was one */
export async function dropDraft({ db }: { db: Db }, { userId, patientKey }: Place): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    tellAudit(tx, { patient_id: patientKey });
    return deleteDraft(tx, { userId, patientKey });
  });
}

/** Deletes what nobody has touched for `DRAFT_DAYS`. */
export async function pruneDrafts({ db, now }: { db: Db; now: () => Date }): Promise<void> {
  const before = oldestKept(now());
  // No entry in the audit trail for nights in which nothing goes.
  if (await hasDraftBefore(db, before)) await db.transaction().execute((tx) => deleteDraftsBefore(tx, before));
}

function draftOf(row: DraftRow, content: DiagnosisDraftContent): DiagnosisDraft {
  const { patient_key, patient_name, updated_at } = row;
  return { patient_key, patient_name, content, updated_at, expires_at: new Date(Date.parse(updated_at) + KEEP_MS).toISOString() };
}

function oldestKept(at: Date): string {
  return new Date(at.getTime() - KEEP_MS).toISOString();
}

function placeOf(row: string): { table: string; column: string; row: string } {
  return { table: 'diagnosis_draft', column: 'content', row };
}
