import type { SystemDb, SystemTx } from '../platform/ports.ts';
import type { TenantRow } from './queries.ts';

/** Whether it was inserted; false if its id or its title is taken. */
export async function insertTenant(db: SystemDb | SystemTx, tenant: TenantRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('tenant')
    .values(tenant)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

/** Whether it was changed; false if another one has its title. */
export async function updateTenant(db: SystemDb, { id, name, ae_title, is_active }: TenantRow): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const same = tx.selectFrom('tenant').select('id').where('ae_title', '=', ae_title).where('id', '<>', id);
    if (ae_title !== null && (await same.executeTakeFirst())) return false;
    await tx.updateTable('tenant').set({ name, ae_title, is_active }).where('id', '=', id).execute();
    return true;
  });
}
