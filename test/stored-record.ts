import type { RecordEntry } from '../src/contract/patient-record.ts';
import type { TestApp } from './app.ts';

/** Puts entries into the record of the patient of a study. Returns the patient's key. */
export async function storeRecord(app: TestApp, { study, entries }: { study: string; entries: readonly RecordEntry[] }): Promise<string> {
  const { db } = app.deps;
  const { patient_key } = await db
    .selectFrom('study')
    .select('patient_key')
    .where('study_instance_uid', '=', study)
    .executeTakeFirstOrThrow();
  for (const { codes, details, ...entry } of entries) {
    const row = { ...entry, patient_key, codes: JSON.stringify(codes), details: JSON.stringify(details) };
    await db.insertInto('record_entry').values(row).execute();
  }
  return patient_key;
}
