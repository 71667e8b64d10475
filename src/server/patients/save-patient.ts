import type { NewPatient, PatientChange } from '../../contract/patients.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { TenantKeys } from '../platform/tenant-keys.ts';
import { identityKey, numberKey } from '../studies/patient-identity.ts';
import { componentForms, searchFormOf, writtenName } from '../studies/patient-name.ts';
import { termsOfPatient } from '../studies/patient-terms.ts';
import { retermStudies } from '../studies/reterm-studies.ts';
import { listMergedInto } from './merge-repository.ts';
import { noteMatches } from './note-matches.ts';
import { birthDateOf, displayName, isoDate, partsOfText, personNameOf, requireNumber, requireTexts, sexOf } from './person.ts';
import {
  deleteAlias,
  findAlias,
  findPatientByNumber,
  findPatientRow,
  insertAlias,
  insertPatient,
  listAliases,
  listStudyUids,
  type PatientRow,
  replaceTerms,
  updatePatientRow,
} from './repository.ts';
import { etagOf, openContact, openEmergency, sealContact, sealEmergency } from './show-patient.ts';

export type PatientDeps = { db: Db; keys: TenantKeys; now: () => Date };

/**
 * Makes the record of a patient. What arrives by DICOM later with the same ID, name and birth date belongs to it.
 *
 * @throws {AppError} `invalid-request` with the fields, `wrong-state` if the number is taken
 */
export async function createPatient(deps: PatientDeps, principal: Principal, body: NewPatient): Promise<PatientRow> {
  return deps.db.transaction().execute((tx) => createPatientIn(tx, deps, { principal, body }));
}

/** The same as part of something larger. */
export async function createPatientIn(
  tx: Tx,
  { keys, now }: Pick<PatientDeps, 'keys' | 'now'>,
  { principal, body }: { principal: Principal; body: NewPatient },
): Promise<PatientRow> {
  if (body.name === undefined && body.name_parts === undefined)
    throw new AppError('invalid-request', 'Some fields are not valid', { fields: [{ field: 'body/name', message: 'is missing' }] });
  const at = now();
  const empty = { ...NOTHING_KNOWN, id: newId(at), created_by: principal.user_id, created_at: at.toISOString() };
  const row = { ...empty, ...changesOf({ keys, now: at }, empty, body), updated_at: empty.created_at };
  await insertPatient(tx, row);
  await takeNumber(tx, row);
  await insertAlias(tx, aliasOf(row, identityKey(row), row.created_at));
  await replaceTerms(tx, row.id, termsOfPatient(row.name, [row.patient_id]));
  await noteMatches(tx, row, at);
  tellAudit(tx, { patient_id: row.id });
  await appendEvent(tx, { type: 'patient_created', at: row.created_at, ids: { patient_key: row.id } });
  return row;
}

/**
 * Changes a patient; what is not named stays.
 *
 * @param ifMatch the ETag of what the change was made from
 * @throws {AppError} `patient-not-found`, `precondition-required` without `ifMatch`, `precondition-failed` if somebody else was first,
 * `invalid-request` with the fields, `wrong-state` if the number is taken or the record was merged
 */
export async function updatePatient(
  { db, keys, now }: PatientDeps,
  { patientKey, body, ifMatch }: { patientKey: string; body: PatientChange; ifMatch: string | undefined },
): Promise<PatientRow> {
  return db.transaction().execute(async (tx) => {
    const held = await requirePatient(tx, patientKey);
    requireMatch(ifMatch, etagOf(held));
    if (held.merged_into !== null) throw new AppError('wrong-state', 'The record was merged into another, which is the one to change');
    const at = now();
    const opened = {
      ...(body.contact_info ? { contact_info: { ...(await openContact(keys, held)), ...body.contact_info } } : {}),
      ...(body.emergency_contact ? { emergency_contact: { ...(await openEmergency(keys, held)), ...body.emergency_contact } } : {}),
    };
    const change = changesOf({ keys, now: at }, held, { ...body, ...opened });
    const next: PatientRow = { ...held, ...change, updated_at: at.toISOString(), version: held.version + 1 };
    const { id: _id, version: _version, ...columns } = next;
    if (!(await updatePatientRow(tx, held, columns))) throw lostRace();
    await followIdentity(tx, held, next);
    tellAudit(tx, { patient_id: next.id, details: { fields: Object.keys(change).join('&') } });
    await appendEvent(tx, { type: 'patient_updated', at: next.updated_at, ids: { patient_key: next.id } });
    return next;
  });
}

/** @throws {AppError} `patient-not-found` */
export async function requirePatient(db: Db | Tx, patientKey: string): Promise<PatientRow> {
  const row = await findPatientRow(db, patientKey);
  if (!row) throw new AppError('patient-not-found', `No patient ${patientKey}`);
  return row;
}

/** @throws {AppError} `precondition-required`, `precondition-failed` */
export function requireMatch(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined) throw new AppError('precondition-required', 'Name the ETag that was read in If-Match');
  const given = ifMatch.split(',').map((tag) => tag.trim());
  if (!given.includes(etag) && !given.includes('*')) throw lostRace();
}

export function lostRace(): AppError {
  return new AppError('precondition-failed', 'Somebody has changed it since it was read; read it again');
}

/** Words, studies and later arrivals follow a record whose number, name or birth date was corrected. */
async function followIdentity(tx: Tx, held: PatientRow, next: PatientRow): Promise<void> {
  const [before, after] = [identityKey(held), identityKey(next)];
  if (numberKey(held) !== numberKey(next)) {
    const own = await findAlias(tx, numberKey(held));
    if (own?.patient_key === held.id) await deleteAlias(tx, numberKey(held));
    await takeNumber(tx, next);
  }
  if (before !== after) {
    // Both: what is sent later may have the old identity or the new.
    await insertAlias(tx, aliasOf(held, before, next.updated_at));
    await insertAlias(tx, aliasOf(next, after, next.updated_at));
    await noteMatches(tx, next, new Date(next.updated_at));
  }
  if (held.name !== next.name || held.patient_id !== next.patient_id) await retermPatient(tx, next);
  if (before !== after || held.sex !== next.sex) await retermStudies(tx, await listStudyUids(tx, next.id), next);
}

/** Lets a record be found by its name and number, by numbers that it had, and by the names of records that were merged into it. */
export async function retermPatient(tx: Tx, { id, name, patient_id }: PatientRow): Promise<void> {
  const numbers = new Set([patient_id, ...(await listAliases(tx, id)).map((alias) => alias.patient_id)]);
  const names = [name, ...(await listMergedInto(tx, id)).map((merged) => merged.name)];
  const terms = names.flatMap((one) => termsOfPatient(one, [...numbers]));
  await replaceTerms(tx, id, [...new Set(terms)]);
}

/** @throws {AppError} `wrong-state` if another record has the number */
async function takeNumber(tx: Tx, row: PatientRow): Promise<void> {
  // First the name of the number, which two who come at once cannot both have; then the records that came by DICOM.
  const isFree = await insertAlias(tx, aliasOf(row, numberKey(row), row.updated_at));
  if (isFree && !(await findPatientByNumber(tx, { ...row, except: row.id }))) return;
  throw new AppError('wrong-state', 'Another record has this number of this issuer', {
    fields: [{ field: 'body/patient_id', message: 'is taken' }],
  });
}

function aliasOf({ id, patient_id, issuer }: PatientRow, key: string, at: string) {
  return { identity_key: key, patient_key: id, patient_id, issuer, created_at: at };
}

const NOTHING_KNOWN: Omit<PatientRow, 'id' | 'created_at' | 'created_by'> = {
  patient_id: '',
  issuer: '',
  name: '',
  name_search: '',
  name_alphabetic: null,
  name_ideographic: null,
  name_phonetic: null,
  birth_date: null,
  sex: null,
  risk_level: null,
  status: 'active',
  contact_info: null,
  emergency_contact: null,
  merged_into: null,
  version: 1,
  updated_at: '',
};

/** The columns that a change names. @throws {AppError} `invalid-request` with the fields */
function changesOf({ keys, now }: { keys: TenantKeys; now: Date }, held: PatientRow, body: PatientChange): Partial<PatientRow> {
  const change: Partial<PatientRow> = { ...nameOf(held, body) };
  if (body.patient_id !== undefined) change.patient_id = requireNumber(body.patient_id, 'body/patient_id');
  if (body.issuer !== undefined) change.issuer = body.issuer.trim() === '' ? '' : requireNumber(body.issuer, 'body/issuer');
  // A date that is known in part, sent back as it was shown, is no change.
  if (body.date_of_birth !== undefined && body.date_of_birth !== isoDate(held.birth_date))
    change.birth_date = body.date_of_birth === null ? null : birthDateOf(body.date_of_birth, { now, field: 'body/date_of_birth' });
  if (body.gender !== undefined) change.sex = sexOf(body.gender);
  if (body.risk_level !== undefined) change.risk_level = body.risk_level;
  if (body.status !== undefined) change.status = body.status;
  if (body.contact_info !== undefined) {
    requireTexts(body.contact_info ?? {}, 'body/contact_info');
    change.contact_info = sealContact(keys, held.id, body.contact_info);
  }
  if (body.emergency_contact !== undefined) {
    requireTexts(body.emergency_contact ?? {}, 'body/emergency_contact');
    change.emergency_contact = sealEmergency(keys, held.id, body.emergency_contact);
  }
  return change;
}

function nameOf(held: PatientRow, { name, name_parts }: PatientChange): Partial<PatientRow> {
  // What was shown, sent back, is no change: its parts are known better.
  const parts = name_parts ?? (name === undefined || name === displayName(held.name) ? undefined : partsOfText(name));
  if (!parts) return {};
  const person = personNameOf(parts, name_parts ? 'body/name_parts' : 'body/name');
  const { alphabetic, ideographic, phonetic } = componentForms(person);
  return {
    name: writtenName(person),
    name_search: searchFormOf(person),
    name_alphabetic: alphabetic,
    name_ideographic: ideographic,
    name_phonetic: phonetic,
  };
}
