import type { Selectable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type DocumentRow = Selectable<Tables['patient_document']>;

export async function insertDocument(tx: Tx, row: DocumentRow): Promise<void> {
  await tx.insertInto('patient_document').values(row).execute();
}

export async function findDocument(db: Db | Tx, patientKey: string, id: string): Promise<DocumentRow | undefined> {
  return db.selectFrom('patient_document').selectAll().where('patient_key', '=', patientKey).where('id', '=', id).executeTakeFirst();
}

/** Newest first. @param page `before` is the id of the last of the page before */
export async function listDocumentRows(
  db: Db,
  patientKey: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<DocumentRow[]> {
  const query = db.selectFrom('patient_document').selectAll().where('patient_key', '=', patientKey);
  // Ids are in order of time.
  return (before === undefined ? query : query.where('id', '<', before)).orderBy('id', 'desc').limit(limit).execute();
}

export async function deleteDocumentRow(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('patient_document').where('id', '=', id).execute();
}

/** All documents of a patient. */
export async function* rowsOfDocuments(db: Db, patientKey: string): AsyncGenerator<DocumentRow> {
  yield* await db.selectFrom('patient_document').selectAll().where('patient_key', '=', patientKey).orderBy('id').execute();
}
