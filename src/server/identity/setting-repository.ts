import type { Db, Tx } from '../platform/ports.ts';

export async function findSetting(db: Db | Tx, key: string): Promise<string | undefined> {
  return (await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst())?.value;
}

export async function putSetting(db: Db | Tx, key: string, value: string): Promise<void> {
  await db
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

export async function deleteSetting(db: Db | Tx, key: string): Promise<void> {
  await db.deleteFrom('setting').where('key', '=', key).execute();
}
