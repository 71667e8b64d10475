import type { Selectable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import type { SystemTables, Tables } from '../platform/schema.ts';

export type ApiKeyRow = Selectable<Tables['api_key']>;

export async function insertApiKey(tx: Db | Tx, key: ApiKeyRow): Promise<void> {
  await tx.insertInto('api_key').values(key).execute();
}

export async function listApiKeys(db: Db): Promise<ApiKeyRow[]> {
  return db.selectFrom('api_key').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc').execute();
}

export async function findApiKey(db: Db | Tx, id: string): Promise<ApiKeyRow | undefined> {
  return db.selectFrom('api_key').selectAll().where('id', '=', id).executeTakeFirst();
}

/** By how it begins, whichever the tenant, if its tenant is active. */
export async function findApiKeyByPrefix(db: SystemDb, prefix: string): Promise<Selectable<SystemTables['api_key']> | undefined> {
  return db
    .selectFrom('api_key')
    .innerJoin('tenant', 'tenant.id', 'api_key.tenant_id')
    .selectAll('api_key')
    .where('api_key.prefix', '=', prefix)
    .where('tenant.is_active', '=', 1)
    .executeTakeFirst();
}

/** Ends a key; when it was ended first stays. */
export async function revokeApiKey(db: Db | Tx, id: string, at: string): Promise<void> {
  await db.updateTable('api_key').set({ revoked_at: at }).where('id', '=', id).where('revoked_at', 'is', null).execute();
}

/** Returns the ids of those that it ended. */
export async function revokeApiKeysOf(tx: Tx, userId: string, at: string): Promise<string[]> {
  const ended = await tx
    .updateTable('api_key')
    .set({ revoked_at: at })
    .where('created_by', '=', userId)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute();
  return ended.map(({ id }) => id);
}

export async function touchApiKey(db: SystemDb, { tenant_id, id }: { tenant_id: string; id: string }, at: string): Promise<void> {
  await db.updateTable('api_key').set({ last_used_at: at }).where('tenant_id', '=', tenant_id).where('id', '=', id).execute();
}
