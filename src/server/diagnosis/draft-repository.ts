import type { Insertable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type DraftRow = { patient_key: string; patient_name: string | null; updated_at: string };

/** A person's drafts that were touched since `since`, the latest first; `content` is sealed. */
export async function listDrafts(db: Db, userId: string, since: string): Promise<(DraftRow & { id: string; content: string })[]> {
  return db
    .selectFrom('diagnosis_draft')
    .innerJoin('patient', 'patient.id', 'diagnosis_draft.patient_key')
    .select([
      'diagnosis_draft.id',
      'diagnosis_draft.patient_key',
      'diagnosis_draft.content',
      'diagnosis_draft.updated_at',
      'patient.name as patient_name',
    ])
    .where('diagnosis_draft.user_id', '=', userId)
    .where('patient.merged_into', 'is', null)
    .where('diagnosis_draft.updated_at', '>=', since)
    .orderBy('diagnosis_draft.updated_at', 'desc')
    .orderBy('diagnosis_draft.id')
    .execute();
}

export async function findDraftId(tx: Tx, { userId, patientKey }: { userId: string; patientKey: string }): Promise<string | undefined> {
  const row = await tx
    .selectFrom('diagnosis_draft')
    .select('id')
    .where('user_id', '=', userId)
    .where('patient_key', '=', patientKey)
    .executeTakeFirst();
  return row?.id;
}

/** New, or in place of the one with its id. */
export async function putDraft(tx: Tx, { id, ...row }: Insertable<Tables['diagnosis_draft']>): Promise<void> {
  await tx
    .insertInto('diagnosis_draft')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

/** @returns whether there was one */
export async function deleteDraft(tx: Tx, { userId, patientKey }: { userId: string; patientKey: string }): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('diagnosis_draft')
    .where('user_id', '=', userId)
    .where('patient_key', '=', patientKey)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function hasDraftBefore(db: Db, before: string): Promise<boolean> {
  const row = await db.selectFrom('diagnosis_draft').select('id').where('updated_at', '<', before).limit(1).executeTakeFirst();
  return row !== undefined;
}

export async function deleteDraftsBefore(tx: Tx, before: string): Promise<void> {
  await tx.deleteFrom('diagnosis_draft').where('updated_at', '<', before).execute();
}
