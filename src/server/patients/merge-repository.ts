import { type Selectable, sql } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import { type Tables, TENANT_TABLES, type TenantTable } from '../platform/schema.ts';
import type { PatientRow } from './repository.ts';

export type MergeRow = Selectable<Tables['patient_merge']>;
/** The keys of rows, by table. */
export type Moved = Partial<Record<TenantTable, string[]>>;

/** Keys named in one statement. */
const KEYS_AT_A_TIME = 500;
/** Tables with a `patient_key` whose rows belong to a person, whichever record stands for him, besides those that are cut by it. */
const ALSO: readonly TenantTable[] = ['study', 'app_user', 'recycled', 'retention_hold'];
/** Made anew, moved with their facts, about two records, or not finished: what somebody puts together for a record ends with it. */
const NOT_MOVED: ReadonlySet<TenantTable> = new Set([
  'patient_term',
  'record_term',
  'patient_match',
  'patient_merge',
  'diagnosis_draft',
  'erasure',
]);
const KEY_OF: Partial<Record<TenantTable, string>> = { study: 'study_instance_uid', patient_identity: 'identity_key' };

/** Every table whose rows move. A new one that is cut by `patient_key`, and whose key is `id`, is in it by itself. */
const MOVED_TABLES: readonly TenantTable[] = [
  ...new Set([...ALSO, ...Object.entries(TENANT_TABLES).flatMap(([table, by]) => (by === 'patient_key' ? [table as TenantTable] : []))]),
].filter((table) => !NOT_MOVED.has(table));

/** Gives what belongs to one record to another. Facts that the other has from the same source stay. @returns what has moved */
export async function moveAll(tx: Tx, { from, to }: { from: string; to: string }): Promise<Moved> {
  const moved: Moved = {};
  const twice = new Set(await listSourcedTwice(tx, { from, to }));
  for (const table of MOVED_TABLES) {
    const keys = (await keysOf(tx, table, from)).filter((key) => !(table === 'record_entry' && twice.has(key)));
    await moveRows(tx, table, { keys, from, to });
    if (keys.length > 0) moved[table] = keys;
  }
  return moved;
}

/** Moves rows of a table that belong to `from`; facts with what they are found by. */
export async function moveRows(
  tx: Tx,
  table: TenantTable,
  { keys, from, to }: { keys: readonly string[]; from: string; to: string },
): Promise<void> {
  const { ref } = tx.dynamic;
  for (let start = 0; start < keys.length; start += KEYS_AT_A_TIME) {
    const some = keys.slice(start, start + KEYS_AT_A_TIME);
    await tx
      .updateTable(asMoved(table))
      .set({ patient_key: to })
      .where('patient_key', '=', from)
      .where(ref<string>(KEY_OF[table] ?? 'id'), 'in', some)
      .execute();
    if (table !== 'record_entry') continue;
    const found = tx.updateTable('record_term').set({ patient_key: to }).where('patient_key', '=', from);
    await found.where('entry_id', 'in', some).execute();
  }
}

/** Records that were merged into one. */
export async function listMergedInto(db: Db | Tx, patientKey: string): Promise<PatientRow[]> {
  return db.selectFrom('patient').selectAll().where('merged_into', '=', patientKey).orderBy('id').execute();
}

export async function updateMergedInto(tx: Tx, ids: readonly string[], into: string | null): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('patient')
    .set(({ eb, ref }) => ({ merged_into: into, version: eb(ref('version'), '+', 1) }))
    .where('id', 'in', ids)
    .execute();
}

/**
 * Keeps records from being merged by anybody else until the transaction ends; always in the same order, so that two wait for each other
 * and not both.
 *
 * @returns whether none of them is merged
 */
export async function claimRecords(tx: Tx, ids: readonly string[]): Promise<boolean> {
  for (const id of ids.toSorted()) {
    const { numUpdatedRows } = await tx
      .updateTable('patient')
      .set(({ eb, ref }) => ({ version: eb(ref('version'), '+', 1) }))
      .where('id', '=', id)
      .where('merged_into', 'is', null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) return false;
  }
  return true;
}

export async function insertMerge(tx: Tx, row: MergeRow): Promise<void> {
  await tx.insertInto('patient_merge').values(row).execute();
}

export async function findMerge(db: Db | Tx, patientKey: string, id: string): Promise<MergeRow | undefined> {
  return db.selectFrom('patient_merge').selectAll().where('patient_key', '=', patientKey).where('id', '=', id).executeTakeFirst();
}

export async function listMergeRows(db: Db, patientKey: string): Promise<MergeRow[]> {
  return db.selectFrom('patient_merge').selectAll().where('patient_key', '=', patientKey).orderBy('id', 'desc').execute();
}

/** @returns whether it was not undone before */
export async function markUndone(tx: Tx, id: string, undone: { undone_by: string; undone_at: string }): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('patient_merge')
    .set(undone)
    .where('id', '=', id)
    .where('undone_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Studies of a record that came after an instant, with what their objects say of the patient. */
export async function listStudiesSince(
  tx: Tx,
  patientKey: string,
  since: string,
): Promise<{ study_instance_uid: string; attributes: string }[]> {
  return tx
    .selectFrom('study')
    .select(['study_instance_uid', 'attributes'])
    .where('patient_key', '=', patientKey)
    .where('created_at', '>=', since)
    .execute();
}

async function keysOf(tx: Tx, table: TenantTable, patientKey: string): Promise<string[]> {
  const rows = await tx
    .selectFrom(asMoved(table))
    .select(sql<string>`${sql.ref(KEY_OF[table] ?? 'id')}`.as('key'))
    .where('patient_key', '=', patientKey)
    .execute();
  return rows.map(({ key }) => key);
}

async function listSourcedTwice(tx: Tx, { from, to }: { from: string; to: string }): Promise<string[]> {
  const rows = await tx
    .selectFrom('record_entry as own')
    .innerJoin('record_entry as other', (join) =>
      join.onRef('other.source', '=', 'own.source').onRef('other.source_id', '=', 'own.source_id'),
    )
    .select('own.id')
    .where('own.patient_key', '=', from)
    .where('other.patient_key', '=', to)
    .execute();
  return rows.map(({ id }) => id);
}

/** Stands for a table with a `patient_key` that is known by name only. */
function asMoved(table: TenantTable): 'record_entry' {
  return table as 'record_entry';
}
