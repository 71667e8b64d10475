import type { Selectable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import type { SystemTables, Tables } from '../platform/schema.ts';

export type PasskeyRow = Selectable<Tables['passkey']>;

export async function deletePasskeysOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('passkey').where('user_id', '=', userId).execute();
}

/** Whether it was inserted; false if an account of the installation has it. */
export async function insertPasskey(tx: Tx, passkey: PasskeyRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('passkey')
    .values(passkey)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

/** Whichever the tenant, if its tenant is active. */
export async function findPasskey(db: SystemDb, credentialId: string): Promise<Selectable<SystemTables['passkey']> | undefined> {
  return db
    .selectFrom('passkey')
    .innerJoin('tenant', 'tenant.id', 'passkey.tenant_id')
    .selectAll('passkey')
    .where('passkey.credential_id', '=', credentialId)
    .where('tenant.is_active', '=', 1)
    .executeTakeFirst();
}

/** Of an account, the oldest first. */
export async function listPasskeys(db: Db | Tx, userId: string): Promise<PasskeyRow[]> {
  return db.selectFrom('passkey').selectAll().where('user_id', '=', userId).orderBy('created_at').orderBy('credential_id').execute();
}

/** Whether the account has it. */
export async function renamePasskey(db: Db, { id, userId, name }: { id: string; userId: string; name: string }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('passkey')
    .set({ name })
    .where('credential_id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

/** Whether the account had it. */
export async function deletePasskey(tx: Tx, id: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('passkey')
    .where('credential_id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return Number(numDeletedRows) > 0;
}

/** Writes a use down, if the passkey is as it was looked at: of two uses with one count, one only. */
export async function countPasskeyUse(
  db: Db,
  { credential_id, counter }: Pick<PasskeyRow, 'credential_id' | 'counter'>,
  use: Pick<PasskeyRow, 'counter' | 'backed_up' | 'last_used_at'>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('passkey')
    .set(use)
    .where('credential_id', '=', credential_id)
    .where('counter', '=', counter)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}
