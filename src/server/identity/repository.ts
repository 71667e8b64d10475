import type { Selectable } from 'kysely';
import type { Profile } from '../../contract/identity.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type UserRow = Selectable<Tables['app_user']>;

export async function countUsers(db: Db | Tx): Promise<number> {
  const { count } = await db
    .selectFrom('app_user')
    .select((query) => query.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export async function insertUser(tx: Tx, user: UserRow): Promise<void> {
  await tx.insertInto('app_user').values(user).execute();
}

export async function findUserByName(db: Db, username: string): Promise<UserRow | undefined> {
  return db.selectFrom('app_user').selectAll().where('username', '=', username).executeTakeFirst();
}

export async function findUserById(db: Db, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('app_user').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function insertSession(tx: Tx, session: Selectable<Tables['session']>): Promise<void> {
  await tx.insertInto('session').values(session).execute();
  await tx.updateTable('app_user').set({ last_login: session.created_at }).where('id', '=', session.user_id).execute();
}

/** The active user of an unexpired session. */
export async function findSessionUser(db: Db, tokenHash: string, now: string): Promise<UserRow | undefined> {
  return db
    .selectFrom('session')
    .innerJoin('app_user', 'app_user.id', 'session.user_id')
    .selectAll('app_user')
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_at', '>', now)
    .where('app_user.is_active', '=', 1)
    .executeTakeFirst();
}

export async function deleteSession(db: Db, tokenHash: string): Promise<void> {
  await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute();
}

export async function deleteExpiredSessions(db: Db | Tx, now: string): Promise<void> {
  await db.deleteFrom('session').where('expires_at', '<=', now).execute();
}

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

export function profileOf(user: UserRow): Profile {
  return {
    id: user.id,
    username: user.username,
    full_name: user.full_name,
    role: 'admin',
    created_at: user.created_at,
    last_login: user.last_login,
  };
}
