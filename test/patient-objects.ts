import { newId } from '../src/server/platform/ids.ts';
import type { Scope } from '../src/server/platform/scope.ts';

const AT = '2030-01-01T00:00:00.000Z';

/** Ids of a fact in the record of a patient, of a document, of a merge, and of a pair that may be one person. */
export type PatientObjects = Record<'entry' | 'document' | 'merge' | 'match', string>;
type Of = { patient_key: string; owner: string; blob_key: string };

/** One of each of a patient; `owner` stands in whatever text there is. */
export async function makePatientObjects({ db }: Pick<Scope, 'db'>, { patient_key, owner, blob_key }: Of): Promise<PatientObjects> {
  const [entry, document] = [newId(), newId()];
  const unknown = { started_at: null, ended_at: null, value: null, unit: null, value_text: null, source_id: null };
  const said = { kind: 'condition', codes: '[]', text: owner, status: 'active', details: '{}', source: 'person' } as const;
  await db
    .insertInto('record_entry')
    .values({ ...unknown, ...said, id: entry, patient_key, recorded_at: AT })
    .execute();
  const nowhere = { category: null, document_date: null, study_instance_uid: null, sop_instance_uid: null };
  const file = { title: owner, media_type: 'text/plain', size: owner.length, blob_key } as const;
  await db
    .insertInto('patient_document')
    .values({ ...nowhere, ...file, id: document, patient_key, uploaded_by: owner, created_at: AT })
    .execute();
  const [merge, match] = [newId(), newId()];
  const [merged, similar] = [newId(), newId()];
  const person = { patient_id: owner, issuer: '', name: owner, name_search: owner.toLowerCase() };
  const unsaid = { name_alphabetic: null, name_ideographic: null, name_phonetic: null, birth_date: null, sex: null };
  const dates = { created_at: AT, updated_at: AT };
  await db
    .insertInto('patient')
    .values([
      { ...person, ...unsaid, ...dates, id: merged, merged_into: patient_key },
      { ...person, ...unsaid, ...dates, id: similar },
    ])
    .execute();
  const moved = JSON.stringify({ rows: {}, records: [] });
  const times = { merged_by: owner, merged_at: AT, undone_by: null, undone_at: null };
  await db
    .insertInto('patient_merge')
    .values({ id: merge, patient_key, source_key: merged, moved, ...times })
    .execute();
  const undecided = { status: 'open', decided_by: null, decided_at: null, created_at: AT } as const;
  await db
    .insertInto('patient_match')
    .values({ id: match, patient_key, other_key: similar, rule: 'same-number', ...undecided })
    .execute();
  return { entry, document, merge, match };
}
