import type { Selectable, Updateable } from 'kysely';
import type { Deidentification, DeidentificationOptions } from '../../contract/deidentification.ts';
import { AppError } from '../platform/errors.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type DeidentificationRow = Selectable<Tables['deidentification']>;

export async function insertDeidentification(tx: Tx, row: DeidentificationRow): Promise<void> {
  await tx.insertInto('deidentification').values(row).execute();
}

export async function updateDeidentification(tx: Tx, id: string, change: Updateable<Tables['deidentification']>): Promise<void> {
  await tx.updateTable('deidentification').set(change).where('id', '=', id).execute();
}

/** @throws {AppError} `not-found` */
export async function getDeidentification(db: Db | Tx, id: string): Promise<DeidentificationRow> {
  const row = await db.selectFrom('deidentification').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw new AppError('not-found', `No de-identification ${id}`);
  return row;
}

export async function listDeidentifications(db: Db, studyInstanceUid: string): Promise<Deidentification[]> {
  const rows = await db
    .selectFrom('deidentification')
    .selectAll()
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(deidentificationOf);
}

export function deidentificationOf(row: DeidentificationRow): Deidentification {
  const { patient_id: _, secret: __, report_blob_key: ___, ...rest } = row;
  return {
    ...rest,
    options: parseColumn<DeidentificationOptions>(row.options),
    refused: parseColumn<Deidentification['refused']>(row.refused),
  };
}

/** An object as it is stored. */
export type StoredObject = { sop_instance_uid: string; series_instance_uid: string; blob_key: string };

/** The objects of a study, by series and number. */
export async function listObjects(db: Db, studyInstanceUid: string): Promise<StoredObject[]> {
  return db
    .selectFrom('instance')
    .select(['sop_instance_uid', 'series_instance_uid', 'blob_key'])
    .where('study_instance_uid', '=', studyInstanceUid)
    .orderBy('series_instance_uid')
    .orderBy('instance_number')
    .orderBy('sop_instance_uid')
    .execute();
}

/** Studies of the tenant, for exports of all. */
export async function listStudyUids(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('study').select('study_instance_uid').orderBy('study_instance_uid').execute();
  return rows.map(({ study_instance_uid }) => study_instance_uid);
}

export async function findPseudonymKey(db: Db | Tx, id: string): Promise<string | undefined> {
  return (await db.selectFrom('pseudonym_key').select('secret').where('id', '=', id).executeTakeFirst())?.secret;
}

/** Keeps the first that is offered. */
export async function insertPseudonymKey(db: Db | Tx, row: Selectable<Tables['pseudonym_key']>): Promise<void> {
  await db
    .insertInto('pseudonym_key')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}
