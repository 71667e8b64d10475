import type { Selectable } from 'kysely';
import type { RecordEntry } from '../../contract/patient-record.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

/** The structured record of a patient, oldest first within each kind. */
export async function listRecordEntries(db: Db, patientKey: string): Promise<RecordEntry[]> {
  const rows = await db
    .selectFrom('record_entry')
    .selectAll()
    .where('patient_key', '=', patientKey)
    .orderBy('kind')
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return rows.map(entryOf);
}

/** What is known of the patient's conditions, allergies and medications. */
export async function listHistory(db: Db | Tx, patientKey: string): Promise<RecordEntry[]> {
  const rows = await db
    .selectFrom('record_entry')
    .selectAll()
    .where('patient_key', '=', patientKey)
    .where('kind', 'in', ['condition', 'allergy', 'medication'])
    .orderBy('kind')
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return rows.map(entryOf);
}

/** A row as the contract has it. */
export function entryOf({ patient_key: _, codes, details, ...row }: Selectable<Tables['record_entry']>): RecordEntry {
  return { ...row, codes: parseColumn(codes), details: parseColumn(details) };
}
