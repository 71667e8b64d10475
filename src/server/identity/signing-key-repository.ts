import type { Selectable } from 'kysely';
import type { SystemDb } from '../platform/ports.ts';
import type { SystemTables } from '../platform/schema.ts';

export type SigningKeyRow = Selectable<SystemTables['signing_key']>;

/** Keys that something may still be signed with, the newest first. */
export async function listSigningKeys(db: SystemDb, now: string): Promise<SigningKeyRow[]> {
  return db.selectFrom('signing_key').selectAll().where('verifies_until', '>', now).orderBy('created_at', 'desc').orderBy('kid').execute();
}

/** Adds a key and deletes those that nothing is signed with any more. */
export async function insertSigningKey(db: SystemDb, key: SigningKeyRow): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.insertInto('signing_key').values(key).execute();
    await tx.deleteFrom('signing_key').where('verifies_until', '<=', key.created_at).execute();
  });
}
