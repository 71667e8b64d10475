import type { Selectable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import type { SystemTables, Tables } from '../platform/schema.ts';

export type OneTimeLinkRow = Selectable<Tables['one_time_link']>;
export type RegistrationRow = Selectable<Tables['registration']>;

export async function insertOneTimeLink(tx: Db | Tx, link: OneTimeLinkRow): Promise<void> {
  await tx.insertInto('one_time_link').values(link).execute();
}

/** By the digest of its secret, whichever the tenant, if its tenant is active; used and old ones too. */
export async function findOneTimeLink(db: SystemDb, secretHash: string): Promise<Selectable<SystemTables['one_time_link']> | undefined> {
  return db
    .selectFrom('one_time_link')
    .innerJoin('tenant', 'tenant.id', 'one_time_link.tenant_id')
    .selectAll('one_time_link')
    .where('one_time_link.secret_hash', '=', secretHash)
    .where('tenant.is_active', '=', 1)
    .executeTakeFirst();
}

/** Whether it was used up just now: of two calls at once, one only. */
export async function spendOneTimeLink(tx: Tx, id: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('one_time_link')
    .set({ used_at: at })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', at)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

/** Invitations that still work, the newest first. */
export async function listInvitations(db: Db, now: string): Promise<OneTimeLinkRow[]> {
  return db
    .selectFrom('one_time_link')
    .selectAll()
    .where('kind', '=', 'invitation')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** Whether there was such an invitation that nobody had used. */
export async function deleteInvitation(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('one_time_link')
    .where('id', '=', id)
    .where('kind', '=', 'invitation')
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return Number(numDeletedRows) > 0;
}

/** Makes void what was issued to an account before. */
export async function deleteLinksOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('one_time_link').where('user_id', '=', userId).execute();
}

/** Makes void what an account has invited others with. */
export async function deleteInvitationsOf(tx: Tx, createdBy: string): Promise<void> {
  await tx
    .deleteFrom('one_time_link')
    .where('kind', '=', 'invitation')
    .where('created_by', '=', createdBy)
    .where('used_at', 'is', null)
    .execute();
}

export async function deleteOldLinks(tx: Tx, before: string): Promise<void> {
  await tx.deleteFrom('one_time_link').where('expires_at', '<', before).execute();
}

export async function insertRegistration(tx: Tx, registration: RegistrationRow): Promise<void> {
  await tx.insertInto('registration').values(registration).execute();
}

export async function countRegistrations(db: Db | Tx): Promise<number> {
  const { count } = await db
    .selectFrom('registration')
    .select((query) => query.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The oldest first, each with whether an account has the user name by now. */
export async function listRegistrations(db: Db, limit: number): Promise<(RegistrationRow & { taken_by: string | null })[]> {
  return db
    .selectFrom('registration')
    .leftJoin('app_user', 'app_user.username', 'registration.username')
    .selectAll('registration')
    .select('app_user.id as taken_by')
    .orderBy('registration.created_at')
    .orderBy('registration.id')
    .limit(limit)
    .execute();
}

export async function findRegistration(db: Db | Tx, id: string): Promise<RegistrationRow | undefined> {
  return db.selectFrom('registration').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Whether there was one. */
export async function deleteRegistration(tx: Db | Tx, id: string): Promise<boolean> {
  return Number((await tx.deleteFrom('registration').where('id', '=', id).executeTakeFirst()).numDeletedRows) > 0;
}

export async function deleteOldRegistrations(tx: Tx, before: string): Promise<void> {
  await tx.deleteFrom('registration').where('created_at', '<', before).execute();
}
