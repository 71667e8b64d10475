import type { RecordEntry } from '../../contract/patient-record.ts';
import type { NewPatient } from '../../contract/patients.ts';
import type { FhirImport } from '../../contract/patients-fhir.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Tx } from '../platform/ports.ts';
import { identityKey } from '../studies/patient-identity.ts';
import { componentForms, searchFormOf, writtenName } from '../studies/patient-name.ts';
import type { PatientSource } from './fhir-patient.ts';
import { partsOfText, personNameOf, sexOf } from './person.ts';
import { malformed, type ReadBundle, readBundle, type SourcedFact } from './read-bundle.ts';
import { deleteEntry, insertEntries, listSourcedEntries, replaceEntry, rowOfEntry } from './record-repository.ts';
import { findAlias, findPatientByNumber, findPatientRow, type PatientRow } from './repository.ts';
import { createPatientIn, type PatientDeps, requirePatient } from './save-patient.ts';

type Import = { principal: Principal; json: unknown; issuer?: string };

/**
 * Takes a bundle into the record of the patient that it is about: who has the same number, name and birth date, or is made.
 *
 * Idempotent: a resource that was taken before changes its facts, and nothing if it is the same.
 *
 * @throws {AppError} `invalid-request` with FHIR paths, `wrong-state` if the number is that of somebody with another name or birth date
 */
export async function importPatient(deps: PatientDeps, { principal, json, issuer = '' }: Import): Promise<FhirImport> {
  const bundle = readBundle(json, issuer);
  const { patient } = bundle;
  if (!patient) throw malformed([{ field: 'Bundle.entry', message: 'has no Patient' }]);
  return deps.db.transaction().execute(async (tx) => {
    const held = await findMeant(tx, patient);
    const row = held ?? (await withPaths(patient, () => createPatientIn(tx, deps, { principal, body: patient.body })));
    return { ...(await takeFacts(tx, deps, { row, bundle })), created: held === undefined };
  });
}

/**
 * Takes a bundle into the record of a patient who is known.
 *
 * @throws {AppError} `patient-not-found`, `invalid-request` with FHIR paths, `wrong-state` if the patient of the bundle has another birth
 * date or the record was merged
 */
export async function importRecord(
  deps: PatientDeps,
  { patientKey, json }: { patientKey: string } & Pick<Import, 'json'>,
): Promise<FhirImport> {
  return deps.db.transaction().execute(async (tx) => {
    const row = await requirePatient(tx, patientKey);
    const bundle = readBundle(json, '');
    if (row.merged_into !== null) throw new AppError('wrong-state', 'The record was merged into another, which is the one to add to');
    const born = bundle.patient?.body.date_of_birth?.replaceAll('-', '');
    if (born && row.birth_date && born !== row.birth_date)
      throw new AppError('wrong-state', 'The patient of the bundle was born on another day than this one', {
        fields: [{ field: bundle.patient?.paths['body/date_of_birth'] ?? 'Bundle', message: 'is another day than the record has' }],
      });
    return { ...(await takeFacts(tx, deps, { row, bundle })), created: false };
  });
}

/** The record that the patient of a bundle means. @throws {AppError} `wrong-state` if it may be that of somebody else */
async function findMeant(tx: Tx, { body, paths }: PatientSource): Promise<PatientRow | undefined> {
  const identity = await withPaths({ body, paths }, async () => identityOf(body));
  const key = identityKey(identity);
  const alias = await findAlias(tx, key);
  const meant = await findPatientRow(tx, alias?.patient_key ?? key);
  if (meant && meant.merged_into === null) return meant;
  if (await findPatientByNumber(tx, identity))
    throw new AppError(
      'wrong-state',
      'The number is that of a record with another name or birth date; import into that record by its own path',
      {
        fields: [{ field: paths['body/patient_id'] ?? 'Bundle', message: 'is the number of a record with another name or birth date' }],
      },
    );
  return undefined;
}

function identityOf({ patient_id, issuer = '', name, name_parts, date_of_birth, gender }: NewPatient) {
  const person = personNameOf(name_parts ?? partsOfText(name ?? ''), 'body/name_parts');
  const { alphabetic, ideographic, phonetic } = componentForms(person);
  return {
    patient_id,
    issuer,
    name: writtenName(person),
    name_search: searchFormOf(person),
    name_alphabetic: alphabetic,
    name_ideographic: ideographic,
    name_phonetic: phonetic,
    birth_date: date_of_birth?.replaceAll('-', '') ?? null,
    sex: sexOf(gender ?? null),
  };
}

/** What is wrong with a field of the record, said of the element that it came from. */
async function withPaths<T>({ paths }: PatientSource, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid-request') throw error;
    throw malformed(
      error.fields.map(({ field, message }) => ({
        field: Object.entries(paths).find(([own]) => field.startsWith(own))?.[1] ?? field,
        message,
      })),
    );
  }
}

type Counts = Pick<FhirImport, 'added' | 'changed' | 'unchanged' | 'removed'>;

async function takeFacts(
  tx: Tx,
  { now }: Pick<PatientDeps, 'now'>,
  { row, bundle }: { row: PatientRow; bundle: ReadBundle },
): Promise<Omit<FhirImport, 'created'>> {
  const at = now();
  const held = await listSourcedEntries(tx, row.id);
  const counts: Counts = { added: 0, changed: 0, unchanged: 0, removed: 0 };
  const added: RecordEntry[] = [];
  for (const sourced of bundle.facts) {
    const known = held.get(sourced.sourceId) ?? held.get(ownId(sourced));
    if (!known) added.push(entryOf(sourced, { id: newId(at), at }));
    else if (await changeFact(tx, { patientKey: row.id, known, next: entryOf(sourced, { id: known.id, at }) })) counts.changed += 1;
    else counts.unchanged += 1;
  }
  await insertEntries(
    tx,
    added.map((entry) => rowOfEntry(row.id, entry)),
  );
  counts.added = added.length;
  const said = new Set(bundle.facts.map(({ sourceId }) => sourceId));
  for (const { id, source, source_id } of new Set(held.values())) {
    // Of a resource of the bundle, and no longer said by it. What a person has changed since stays.
    const isTakenBack = source === 'fhir' && source_id !== null && bundle.bases.has(source_id.split('#')[0] ?? '') && !said.has(source_id);
    if (isTakenBack && (await deleteEntry(tx, row.id, id))) counts.removed += 1;
  }
  tellAudit(tx, { patient_id: row.id, details: { ...counts } });
  await appendEvent(tx, { type: 'record_imported', at: at.toISOString(), ids: { patient_key: row.id }, data: { ...counts } });
  return { patient_key: row.id, ...counts, ignored: bundle.ignored };
}

/** Of what this server has given out itself, the id of the entry. */
function ownId({ base }: SourcedFact): string {
  return base.slice(base.indexOf('/') + 1);
}

function entryOf({ fact, sourceId }: SourcedFact, { id, at }: { id: string; at: Date }): RecordEntry {
  return { id, ...fact, source: 'fhir', source_id: sourceId, recorded_at: at.toISOString() };
}

async function changeFact(
  tx: Tx,
  { patientKey, known, next }: { patientKey: string; known: RecordEntry; next: RecordEntry },
): Promise<boolean> {
  if (known.source !== 'fhir' || known.source_id !== next.source_id) return false;
  const [before, after] = [rowOfEntry(patientKey, known), rowOfEntry(patientKey, { ...next, recorded_at: known.recorded_at })];
  const isSame = (Object.keys(after) as (keyof typeof after)[]).every((column) => after[column] === before[column]);
  if (isSame) return false;
  if (!(await replaceEntry(tx, before, rowOfEntry(patientKey, next))))
    throw new AppError('precondition-failed', 'Somebody has changed the record meanwhile; import again');
  return true;
}
