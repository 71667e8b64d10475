import type { Selectable, Updateable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type PatientRow = Selectable<Tables['patient']>;
export type AliasRow = Selectable<Tables['patient_identity']>;

/** Terms and names of one insert. */
const ROWS_AT_A_TIME = 500;

export async function findPatientRow(db: Db | Tx, id: string): Promise<PatientRow | undefined> {
  return db.selectFrom('patient').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function insertPatient(tx: Tx, row: PatientRow): Promise<void> {
  await tx.insertInto('patient').values(row).execute();
}

/** Changes the row unless somebody else has since `version`. @returns whether it was changed */
export async function updatePatientRow(
  tx: Tx,
  { id, version }: Pick<PatientRow, 'id' | 'version'>,
  change: Updateable<Tables['patient']>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('patient')
    .set({ ...change, version: version + 1 })
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Another record that is in use with the same number of the same issuer. */
export async function findPatientByNumber(
  db: Db | Tx,
  { patient_id, issuer, except }: Pick<PatientRow, 'patient_id' | 'issuer'> & { except?: string },
): Promise<PatientRow | undefined> {
  return db
    .selectFrom('patient')
    .selectAll()
    .where('patient_id', '=', patient_id)
    .where('issuer', '=', issuer)
    .where('merged_into', 'is', null)
    .where('id', '<>', except ?? '')
    .limit(1)
    .executeTakeFirst();
}

export async function listAliases(db: Db | Tx, patientKey: string): Promise<AliasRow[]> {
  return db.selectFrom('patient_identity').selectAll().where('patient_key', '=', patientKey).orderBy('identity_key').execute();
}

/** @returns whether the identity was free */
export async function insertAlias(tx: Tx, row: AliasRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('patient_identity')
    .values(row)
    .onConflict((conflict) => conflict.column('identity_key').doNothing())
    .executeTakeFirstOrThrow();
  return Boolean(numInsertedOrUpdatedRows);
}

export async function findAlias(tx: Tx, identityKey: string): Promise<AliasRow | undefined> {
  return tx.selectFrom('patient_identity').selectAll().where('identity_key', '=', identityKey).executeTakeFirst();
}

export async function deleteAlias(tx: Tx, identityKey: string): Promise<void> {
  await tx.deleteFrom('patient_identity').where('identity_key', '=', identityKey).execute();
}

/** Puts other words in place of those by which the patient was found. */
export async function replaceTerms(tx: Tx, patientKey: string, terms: readonly string[]): Promise<void> {
  await tx.deleteFrom('patient_term').where('patient_key', '=', patientKey).execute();
  for (let start = 0; start < terms.length; start += ROWS_AT_A_TIME)
    await tx
      .insertInto('patient_term')
      .values(terms.slice(start, start + ROWS_AT_A_TIME).map((term) => ({ term, patient_key: patientKey })))
      .execute();
}

export async function listStudyUids(db: Db | Tx, patientKey: string): Promise<string[]> {
  const rows = await db.selectFrom('study').select('study_instance_uid').where('patient_key', '=', patientKey).execute();
  return rows.map(({ study_instance_uid }) => study_instance_uid);
}
