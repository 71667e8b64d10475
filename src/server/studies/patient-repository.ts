import type { Selectable } from 'kysely';
import type { Tx } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import type { Tables } from '../platform/schema.ts';
import { termsOfPatient } from './patient-terms.ts';
import type { RecordIdentity } from './record-terms.ts';

export type PatientFields = Pick<
  Selectable<Tables['patient']>,
  'id' | 'patient_id' | 'issuer' | 'name' | 'name_search' | 'name_alphabetic' | 'name_ideographic' | 'name_phonetic' | 'birth_date' | 'sex'
>;
export type KeptPatient = {
  key: string;
  isNew: boolean;
  /** What the record says, where the identity came to it by another name. */
  record?: RecordIdentity;
};

/** Inserts the patient of a new study unless that identity is known. @returns the record that the identity means */
export async function keepPatient(tx: Tx, patient: PatientFields, at: string): Promise<KeptPatient> {
  const [known] = await selectAlias(tx, { key: patient.id });
  if (known) return { key: known.id, isNew: false, record: known };
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('patient')
    .values({ ...patient, created_at: at, updated_at: at })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  if (!numInsertedOrUpdatedRows) return { key: patient.id, isNew: false };
  await insertPatientTerms(tx, patient.id, termsOfPatient(patient.name, [patient.patient_id]));
  return { key: patient.id, isNew: true };
}
const selectAlias = prepared<Tx, { key: string }, RecordIdentity & { id: string }>((tx, value) =>
  tx
    .selectFrom('patient_identity')
    .innerJoin('patient', 'patient.id', 'patient_identity.patient_key')
    .select(['patient.id', 'patient.patient_id', 'patient.name', 'patient.birth_date', 'patient.sex'])
    .where('patient_identity.identity_key', '=', value('key')),
);

/** Whether objects with that ID are known to be of the patient, though the record says another one. */
export async function isKnownAs(tx: Tx, { key, patientId, issuer }: { key: string; patientId: string; issuer: string }): Promise<boolean> {
  const alias = await tx
    .selectFrom('patient_identity')
    .select('identity_key')
    .where('patient_key', '=', key)
    .where('patient_id', '=', patientId)
    .where('issuer', '=', issuer)
    .limit(1)
    .executeTakeFirst();
  return alias !== undefined;
}

async function insertPatientTerms(tx: Tx, patientKey: string, terms: readonly string[]): Promise<void> {
  if (terms.length === 0) return;
  await tx
    .insertInto('patient_term')
    .values(terms.map((term) => ({ term, patient_key: patientKey })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
