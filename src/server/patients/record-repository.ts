import type { Selectable } from 'kysely';
import type { RecordEntry, RecordKind } from '../../contract/patient-record.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';
import { entryOf } from './record-queries.ts';
import { termsOfEntry } from './record-terms.ts';

export type EntryRow = Selectable<Tables['record_entry']>;

/** Rows of one insert: SQLite and PostgreSQL take some ten thousand parameters. */
const ROWS_AT_A_TIME = 200;
const TERMS_AT_A_TIME = 1_000;

export async function findEntry(db: Db | Tx, patientKey: string, id: string): Promise<RecordEntry | undefined> {
  const row = await db.selectFrom('record_entry').selectAll().where('patient_key', '=', patientKey).where('id', '=', id).executeTakeFirst();
  return row && entryOf(row);
}

/** In order of kind and id, which is the order in which they were recorded. @param page `after` is the last of the page before */
export async function listEntries(
  db: Db,
  patientKey: string,
  { kind, after, limit }: { kind?: RecordKind | undefined; after?: { kind: string; id: string } | undefined; limit: number },
): Promise<RecordEntry[]> {
  let query = db.selectFrom('record_entry').selectAll().where('patient_key', '=', patientKey);
  if (kind) query = query.where('kind', '=', kind);
  if (after)
    query = query.where(({ or, and, eb }) =>
      or([eb('kind', '>', after.kind as RecordKind), and([eb('kind', '=', after.kind as RecordKind), eb('id', '>', after.id)])]),
    );
  const rows = await query.orderBy('kind').orderBy('id').limit(limit).execute();
  return rows.map(entryOf);
}

/** What came from elsewhere, by the name that it has there, and every entry by its id. */
export async function listSourcedEntries(tx: Tx, patientKey: string): Promise<Map<string, RecordEntry>> {
  const rows = await tx.selectFrom('record_entry').selectAll().where('patient_key', '=', patientKey).execute();
  return new Map(
    rows
      .map(entryOf)
      .flatMap((entry): [string, RecordEntry][] => [
        [entry.id, entry],
        ...(entry.source_id === null ? [] : [[entry.source_id, entry] as [string, RecordEntry]]),
      ]),
  );
}

/** Inserts entries, with what they are found by. */
export async function insertEntries(tx: Tx, rows: readonly EntryRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_A_TIME)
    await tx
      .insertInto('record_entry')
      .values(rows.slice(start, start + ROWS_AT_A_TIME))
      .execute();
  await insertRecordTerms(tx, rows);
}

/** Puts `next` in the place of `held`, unless that is another by now. @returns whether it did */
export async function replaceEntry(tx: Tx, held: EntryRow, next: EntryRow): Promise<boolean> {
  let query = tx.updateTable('record_entry').set(next);
  for (const column of Object.keys(held) as (keyof EntryRow)[]) query = query.where(column, 'is not distinct from', held[column]);
  const { numUpdatedRows } = await query.executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return false;
  await tx.deleteFrom('record_term').where('entry_id', '=', next.id).execute();
  await insertRecordTerms(tx, [next]);
  return true;
}

async function insertRecordTerms(tx: Tx, entries: readonly EntryRow[]): Promise<void> {
  const rows = entries.flatMap((row) =>
    termsOfEntry(entryOf(row)).map((term) => ({ term, patient_key: row.patient_key, entry_id: row.id })),
  );
  for (let start = 0; start < rows.length; start += TERMS_AT_A_TIME)
    await tx
      .insertInto('record_term')
      .values(rows.slice(start, start + TERMS_AT_A_TIME))
      .execute();
}

/** @returns whether there was one */
export async function deleteEntry(tx: Tx, patientKey: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('record_entry')
    .where('patient_key', '=', patientKey)
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

export function rowOfEntry(patientKey: string, { codes, details, ...entry }: RecordEntry): EntryRow {
  return { ...entry, patient_key: patientKey, codes: JSON.stringify(codes), details: JSON.stringify(details) };
}
