import type { Selectable } from 'kysely';
import type { Db, SystemDb } from '../platform/ports.ts';
import type { SystemTables } from '../platform/schema.ts';
import type { SealedColumn } from './sealed-columns.ts';

export type TenantKeyRow = Selectable<SystemTables['tenant_key']>;

/** The keys of a tenant, newest first. */
export async function listTenantKeys(db: SystemDb, tenantId: string): Promise<TenantKeyRow[]> {
  return db
    .selectFrom('tenant_key')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** Every key that another master key wrapped. */
export async function listWrappedByOthers(db: SystemDb, masterKeyId: string): Promise<TenantKeyRow[]> {
  return db.selectFrom('tenant_key').selectAll().where('master_key_id', '<>', masterKeyId).execute();
}

export async function hasTenantKeys(db: SystemDb): Promise<boolean> {
  return (await db.selectFrom('tenant_key').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** Adds keys; where another process has made the present key of the same purpose meanwhile, that one stays. */
export async function insertTenantKeys(db: SystemDb, rows: TenantKeyRow[]): Promise<void> {
  await db
    .insertInto('tenant_key')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Makes `row` the key that is used from now on, in place of those before. */
export async function replaceDataKey(db: SystemDb, row: TenantKeyRow): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('tenant_key')
      .set({ replaced_at: row.created_at })
      .where('tenant_id', '=', row.tenant_id)
      .where('purpose', '=', 'data')
      .where('replaced_at', 'is', null)
      .execute();
    await tx.insertInto('tenant_key').values(row).execute();
  });
}

export async function updateWrapping(db: SystemDb, { tenant_id, id, wrapped, master_key_id }: TenantKeyRow): Promise<void> {
  await db.updateTable('tenant_key').set({ wrapped, master_key_id }).where('tenant_id', '=', tenant_id).where('id', '=', id).execute();
}

/** Deletes keys that were replaced before an instant; returns how many. */
export async function deleteReplacedKeys(db: SystemDb, tenantId: string, before: string): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('tenant_key')
    .where('tenant_id', '=', tenantId)
    .where('replaced_at', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

export async function deleteTenantKeys(db: SystemDb, tenantId: string): Promise<void> {
  await db.deleteFrom('tenant_key').where('tenant_id', '=', tenantId).execute();
}

export type SealedValue = { row: string; sealed: string };

/** Values of a sealed column with their rows, in order of the rows, after the row `after`. */
export async function listSealedValues(
  db: Db | SystemDb,
  { table, column, row }: SealedColumn<string>,
  page: { after: string; limit: number },
): Promise<SealedValue[]> {
  const { ref } = db.dynamic;
  const rows = await asAny(db)
    .selectFrom(table as AnyTable)
    .select([ref<string>(row), ref<string>(column)])
    .where(ref<string>(column), 'is not', null)
    .where(ref<string>(row), '>', page.after)
    .orderBy(ref<string>(row))
    .limit(page.limit)
    .execute();
  // What is selected by name has no type; the lists of sealed columns say that both are text.
  return (rows as Record<string, unknown>[]).map((found) => ({ row: String(found[row]), sealed: String(found[column]) }));
}

/** Puts `next` in the place of `value`, unless somebody has changed it since. */
export async function updateSealedValue(
  db: Db | SystemDb,
  { table, column, row }: SealedColumn<string>,
  value: SealedValue & { next: string },
): Promise<void> {
  const { ref } = db.dynamic;
  await asAny(db)
    .updateTable(table as AnyTable)
    .set({ [column]: value.next })
    .where(ref<string>(row), '=', value.row)
    .where(ref<string>(column), '=', value.sealed)
    .execute();
}

/** Stands for a table that is known by name only. */
type AnyTable = 'setting';
function asAny(db: Db | SystemDb): Db {
  return db as Db;
}
