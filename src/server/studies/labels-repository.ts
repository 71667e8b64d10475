import type { Insertable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export async function labelsOf(db: Db | Tx, studyInstanceUid: string): Promise<string[]> {
  const rows = await db
    .selectFrom('study_label')
    .select('label')
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('label')
    .execute();
  return rows.map(({ label }) => label);
}

export async function putLabel(tx: Tx, row: Insertable<Tables['study_label']>): Promise<void> {
  await tx
    .insertInto('study_label')
    .values(row)
    .onConflict((conflict) => conflict.columns(['study_instance_uid', 'label']).doNothing())
    .execute();
}

export async function takeLabel(tx: Tx, studyInstanceUid: string, label: string): Promise<void> {
  await tx.deleteFrom('study_label').where('study_instance_uid', '=', studyInstanceUid).where('label', '=', label).execute();
}

export async function hasStudy(db: Db | Tx, studyInstanceUid: string): Promise<boolean> {
  const row = await db
    .selectFrom('study')
    .select('study_instance_uid')
    .where('study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirst();
  return row !== undefined;
}
