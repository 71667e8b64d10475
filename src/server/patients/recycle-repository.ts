import type { Selectable } from 'kysely';
import { parseColumn } from '../platform/json.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { type Tables, TENANT_TABLES, type TenantTable } from '../platform/schema.ts';

export type RecycledRow = Selectable<Tables['recycled']>;
/** A row of whatever table. */
export type AnyRow = Readonly<Record<string, string | number | null>>;
export type KeptRow = { table: TenantTable; row: AnyRow };

/** Rows read and written at once. */
const PAGE = 200;
/** Tells what happened, also after a deletion. */
const STAYING: ReadonlySet<TenantTable> = new Set(['event', 'recycled', 'retention_hold', 'erasure']);

const tablesBy = (by: string): TenantTable[] =>
  Object.entries(TENANT_TABLES).flatMap(([table, key]) => (key === by && !STAYING.has(table as TenantTable) ? [table as TenantTable] : []));
/** Every table that tells of a study, parents first. */
const STUDY_TABLES = tablesBy('study_instance_uid');
/** Every table that tells of a patient and not of one study. */
const PATIENT_TABLES = tablesBy('patient_key');
/** Of tables about two patients, the column of the second. */
const SECOND: readonly [TenantTable, string][] = [
  ['patient_match', 'other_key'],
  ['patient_merge', 'source_key'],
];

export async function findPatient(db: Db | Tx, id: string): Promise<Selectable<Tables['patient']> | undefined> {
  return db.selectFrom('patient').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function listStudiesOfPatient(db: Db | Tx, patientKey: string): Promise<Selectable<Tables['study']>[]> {
  return db.selectFrom('study').selectAll().where('patient_key', '=', patientKey).orderBy('study_instance_uid').execute();
}

export async function findStudy(db: Db | Tx, studyInstanceUid: string): Promise<Selectable<Tables['study']> | undefined> {
  return db.selectFrom('study').selectAll().where('study_instance_uid', '=', studyInstanceUid).executeTakeFirst();
}

/** Everything that is kept of a study, parents before children. */
export async function* rowsOfStudy(db: Db | Tx, studyInstanceUid: string): AsyncGenerator<KeptRow> {
  for (const table of STUDY_TABLES) {
    if (table === 'instance') yield* instancesOfStudy(db, studyInstanceUid);
    else yield* kept(table, await rowsWhere(db, table, ['study_instance_uid', studyInstanceUid]));
  }
}

/** The record of a patient, and those that were merged into it. */
export async function* rowsOfPatient(db: Db | Tx, patientKey: string): AsyncGenerator<KeptRow> {
  yield* kept('patient', await rowsWhere(db, 'patient', ['id', patientKey]));
  yield* kept('patient', await rowsWhere(db, 'patient', ['merged_into', patientKey]));
}

/** What is kept of a patient besides the record and the studies. */
export async function* rowsAboutPatient(db: Db | Tx, patientKey: string): AsyncGenerator<KeptRow> {
  const keys = [patientKey, ...(await mergedKeys(db, patientKey))];
  for (const table of PATIENT_TABLES) for (const key of keys) yield* kept(table, await rowsWhere(db, table, ['patient_key', key]));
  for (const [table, column] of SECOND) for (const key of keys) yield* kept(table, await rowsWhere(db, table, [column, key]));
}

/** Deletes everything of a study, children before parents. */
export async function deleteStudyRows(tx: Tx, studyInstanceUid: string): Promise<void> {
  for (const table of STUDY_TABLES.toReversed()) await deleteWhere(tx, table, ['study_instance_uid', studyInstanceUid]);
}

export async function deleteEvents(tx: Tx, studyInstanceUid: string): Promise<void> {
  await tx.deleteFrom('event').where('study_instance_uid', '=', studyInstanceUid).execute();
}

/** Deletes everything of a patient who has no studies any more. */
export async function deletePatientRows(tx: Tx, patientKey: string): Promise<void> {
  const keys = [patientKey, ...(await mergedKeys(tx, patientKey))];
  for (const table of PATIENT_TABLES.toReversed()) for (const key of keys) await deleteWhere(tx, table, ['patient_key', key]);
  for (const [table, column] of SECOND) for (const key of keys) await deleteWhere(tx, table, [column, key]);
  await tx.deleteFrom('patient').where('id', 'in', keys).execute();
}

/** Gives what has come back of a record that was merged meanwhile to the record that it was merged into. */
export async function followMerges(tx: Tx, patientKey: string): Promise<void> {
  const keys = await mergedKeys(tx, patientKey);
  if (keys.length > 0) await tx.updateTable('study').set({ patient_key: patientKey }).where('patient_key', 'in', keys).execute();
}

async function mergedKeys(db: Db | Tx, patientKey: string): Promise<string[]> {
  const rows = await db.selectFrom('patient').select('id').where('merged_into', '=', patientKey).execute();
  return rows.map(({ id }) => id);
}

export async function insertRecycled(tx: Tx, row: RecycledRow): Promise<void> {
  await tx.insertInto('recycled').values(row).execute();
}

/** Keeps rows for their return, in the order in which they come. @returns the blobs that they name */
export async function keepRows(tx: Tx, recycledId: string, rows: AsyncIterable<KeptRow>): Promise<ReadonlySet<string>> {
  const blobs = new Set<string>();
  let page: Selectable<Tables['recycled_row']>[] = [];
  let number = 0;
  const flush = async (): Promise<void> => {
    if (page.length > 0) await tx.insertInto('recycled_row').values(page).execute();
    page = [];
  };
  for await (const { table, row } of rows) {
    for (const key of blobKeysOf(row)) blobs.add(key);
    page.push({ recycled_id: recycledId, number: number++, table_name: table, content: JSON.stringify(row) });
    if (page.length === PAGE) await flush();
  }
  await flush();
  for (const blob_key of blobs) await tx.insertInto('recycled_blob').values({ recycled_id: recycledId, blob_key }).execute();
  return blobs;
}

/** Puts kept rows back; what has come again in the meantime stays as it came. */
export async function putRowsBack(tx: Tx, recycledId: string): Promise<void> {
  for (let after = -1; ; ) {
    const page = await tx
      .selectFrom('recycled_row')
      .selectAll()
      .where('recycled_id', '=', recycledId)
      .where('number', '>', after)
      .orderBy('number')
      .limit(PAGE)
      .execute();
    for (const [table, rows] of runsOf(page)) {
      await tx
        .insertInto(asAny(table))
        .values(rows.map((row) => parseColumn<Selectable<Tables[AnyTable]>>(row.content)))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    const last = page.at(-1);
    if (page.length < PAGE || !last) return;
    after = last.number;
  }
}

export async function findRecycled(db: Db | Tx, id: string): Promise<RecycledRow | undefined> {
  return db.selectFrom('recycled').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Newest first. @param page `before` is the last of the page before */
export async function listRecycled(db: Db, { before, limit }: { before?: RecycledRow | undefined; limit: number }): Promise<RecycledRow[]> {
  let query = db.selectFrom('recycled').selectAll();
  if (before) {
    query = query.where(({ or, and, eb }) =>
      or([eb('deleted_at', '<', before.deleted_at), and([eb('deleted_at', '=', before.deleted_at), eb('id', '<', before.id)])]),
    );
  }
  return query.orderBy('deleted_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

export async function listDueForPurge(db: Db, now: string): Promise<RecycledRow[]> {
  return db.selectFrom('recycled').selectAll().where('purge_after', '<=', now).orderBy('id').execute();
}

export async function listRecycledOfPatient(db: Db | Tx, patientKey: string): Promise<RecycledRow[]> {
  return db.selectFrom('recycled').selectAll().where('patient_key', '=', patientKey).orderBy('id').execute();
}

export async function listRecycledBlobs(db: Db | Tx, recycledId: string): Promise<string[]> {
  const rows = await db.selectFrom('recycled_blob').select('blob_key').where('recycled_id', '=', recycledId).execute();
  return rows.map(({ blob_key }) => blob_key);
}

/** With its rows; their blobs may go then. */
export async function deleteRecycled(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('recycled').where('id', '=', id).execute();
}

/** Content that a row names, whatever its table. */
export function blobKeysOf(row: AnyRow): string[] {
  return Object.entries(row).flatMap(([column, value]) => (column.endsWith('blob_key') && typeof value === 'string' ? [value] : []));
}

async function* instancesOfStudy(db: Db | Tx, studyInstanceUid: string): AsyncGenerator<KeptRow> {
  for (let after = ''; ; ) {
    const page = await db
      .selectFrom('instance')
      .selectAll()
      .where('study_instance_uid', '=', studyInstanceUid)
      .where('sop_instance_uid', '>', after)
      .orderBy('sop_instance_uid')
      .limit(PAGE)
      .execute();
    yield* kept('instance', page);
    const last = page.at(-1);
    if (page.length < PAGE || !last) return;
    after = last.sop_instance_uid;
  }
}

/** Stands for a table that is known by name only: what is read, written and deleted through it is never looked into. */
type AnyTable = 'setting';
function asAny(table: TenantTable): AnyTable {
  return table as AnyTable;
}

async function rowsWhere(db: Db | Tx, table: TenantTable, [column, value]: [string, string]): Promise<AnyRow[]> {
  const { ref } = db.dynamic;
  return db.selectFrom(asAny(table)).selectAll().where(ref<string>(column), '=', value).execute();
}

async function deleteWhere(tx: Tx, table: TenantTable, [column, value]: [string, string]): Promise<void> {
  const { ref } = tx.dynamic;
  await tx.deleteFrom(asAny(table)).where(ref<string>(column), '=', value).execute();
}

function* kept(table: TenantTable, rows: readonly AnyRow[]): Generator<KeptRow> {
  for (const row of rows) yield { table, row };
}

/** Neighbors of the same table, together. */
function runsOf(page: Selectable<Tables['recycled_row']>[]): [TenantTable, Selectable<Tables['recycled_row']>[]][] {
  const runs: [TenantTable, Selectable<Tables['recycled_row']>[]][] = [];
  for (const row of page) {
    const run = runs.at(-1);
    if (run?.[0] === row.table_name) run[1].push(row);
    // Written by `keepRows` from the list of tables.
    else runs.push([row.table_name as TenantTable, [row]]);
  }
  return runs;
}
