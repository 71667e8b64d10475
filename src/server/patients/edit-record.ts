import { createHash } from 'node:crypto';
import type { RecordEntry } from '../../contract/patient-record.ts';
import type { NewRecordEntry } from '../../contract/patients.ts';
import { appendEvent } from '../events/append-event.ts';
import { tellAudit } from '../platform/acting-scope.ts';
import { AppError, type FieldError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { requireTexts } from './person.ts';
import { deleteEntry, findEntry, insertEntries, replaceEntry, rowOfEntry } from './record-repository.ts';
import { lostRace, requireMatch, requirePatient } from './save-patient.ts';

/** A date or instant, as exact as it is known (a part of ISO 8601, as FHIR R4 dateTime has it). */
export const DATE_TIME =
  /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00)))?)?)?$/;

type RecordDeps = { db: Db; now: () => Date };
type Place = { patientKey: string; entryId: string };

/** @throws {AppError} `patient-not-found`, `invalid-request` with the fields */
export async function addEntry({ db, now }: RecordDeps, patientKey: string, body: NewRecordEntry): Promise<RecordEntry> {
  requireEntry(body);
  return db.transaction().execute(async (tx) => {
    await requirePatient(tx, patientKey);
    const at = now();
    const entry: RecordEntry = {
      id: newId(at),
      ...contentOf(body),
      source: 'person',
      source_id: null,
      recorded_at: at.toISOString(),
    };
    await insertEntries(tx, [rowOfEntry(patientKey, entry)]);
    await tellChange(tx, { patientKey, entryId: entry.id, at: entry.recorded_at });
    return entry;
  });
}

/**
 * Writes an entry anew. What was imported is a person's from then on: the next import leaves it as it is.
 *
 * @throws {AppError} `not-found`, `precondition-required`, `precondition-failed`, `invalid-request` with the fields
 */
export async function changeEntry(
  { db, now }: RecordDeps,
  { patientKey, entryId }: Place,
  { body, ifMatch }: { body: NewRecordEntry; ifMatch: string | undefined },
): Promise<RecordEntry> {
  requireEntry(body);
  return db.transaction().execute(async (tx) => {
    const held = await requireEntryOf(tx, { patientKey, entryId });
    requireMatch(ifMatch, entryTag(held));
    const { id, source_id } = held;
    const next: RecordEntry = { id, ...contentOf(body), source: 'person', source_id, recorded_at: now().toISOString() };
    if (!(await replaceEntry(tx, rowOfEntry(patientKey, held), rowOfEntry(patientKey, next)))) throw lostRace();
    await tellChange(tx, { patientKey, entryId, at: next.recorded_at });
    return next;
  });
}

/** @throws {AppError} `not-found` */
export async function removeEntry({ db, now }: RecordDeps, place: Place): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await deleteEntry(tx, place.patientKey, place.entryId))) throw noEntry(place.entryId);
    await tellChange(tx, { ...place, at: now().toISOString() });
  });
}

/** @throws {AppError} `not-found` */
export async function requireEntryOf(db: Db | Tx, { patientKey, entryId }: Place): Promise<RecordEntry> {
  const held = await findEntry(db, patientKey, entryId);
  if (!held) throw noEntry(entryId);
  return held;
}

/** What an entry says, as `If-Match` names it. */
export function entryTag(entry: RecordEntry): string {
  const values = Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1));
  return `"${createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32)}"`;
}

function noEntry(id: string): AppError {
  return new AppError('not-found', `No entry ${id} in this record`);
}

async function tellChange(tx: Tx, { patientKey, entryId, at }: Place & { at: string }): Promise<void> {
  tellAudit(tx, { patient_id: patientKey });
  await appendEvent(tx, { type: 'record_changed', at, ids: { patient_key: patientKey, entry_id: entryId } });
}

type Content = Omit<RecordEntry, 'id' | 'source' | 'source_id' | 'recorded_at'>;

function contentOf({ kind, codes = [], text, status = 'unknown', details = {}, ...rest }: NewRecordEntry): Content {
  const { started_at = null, ended_at = null, value = null, unit = null, value_text = null } = rest;
  return { kind, codes, text: text.normalize('NFC').trim(), status, started_at, ended_at, value, unit, value_text, details };
}

function requireEntry({ text, started_at, ended_at, value_text, unit, details }: NewRecordEntry): void {
  requireTexts({ text, value_text, unit }, 'body');
  requireTexts(details ?? {}, 'body/details');
  const errors: FieldError[] = [];
  if (text.trim() === '') errors.push({ field: 'body/text', message: 'is empty' });
  for (const [name, date] of Object.entries({ started_at, ended_at }))
    if (date && !DATE_TIME.test(date)) errors.push({ field: `body/${name}`, message: 'a date or instant of ISO 8601' });
  if (started_at && ended_at && isAfter(started_at, ended_at)) errors.push({ field: 'body/ended_at', message: 'is before it began' });
  if (errors.length > 0) throw new AppError('invalid-request', 'Some fields are not valid', { fields: errors });
}

/** As far as both are known: `2019-05` is not after `2019`. */
function isAfter(a: string, b: string): boolean {
  const days = Math.min(a.length, b.length, 10);
  return a.slice(0, days) > b.slice(0, days);
}
