import { type Selectable, sql, type Updateable } from 'kysely';
import type { Profile, ProfileDetails } from '../../contract/identity.ts';
import type { User } from '../../contract/identity-users.ts';
import type { Role } from '../../contract/permission.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type UserRow = Selectable<Tables['app_user']>;
export type NewUserRow = Omit<UserRow, 'last_login' | 'is_active'>;
export type UserFilter = { limit: number; after?: string | undefined; role?: string; is_active?: boolean; search?: string };

/** Of the whole installation. */
export async function countAllUsers(db: SystemDb): Promise<number> {
  const { count } = await db
    .selectFrom('app_user')
    .select((query) => query.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Whether it was inserted; false if the user name or the e-mail address is taken. */
export async function insertUser(tx: Db | Tx, user: NewUserRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('app_user')
    .values({ ...user, is_active: 1, last_login: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

export async function updateUser(db: Db | Tx, id: string, change: Updateable<Tables['app_user']>): Promise<void> {
  if (Object.keys(change).length === 0) return;
  await db.updateTable('app_user').set(change).where('id', '=', id).execute();
}

/**
 * Changes an account that still has the hash that was looked at. Returns false if its password was set anew meanwhile, or it was switched
 * off: what was shown to enter it counts no more. The row stays locked until the transaction ends.
 */
export async function updateUnchanged(
  db: Db | Tx,
  { id, password_hash }: Pick<UserRow, 'id' | 'password_hash'>,
  change: Updateable<Tables['app_user']>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('app_user')
    .set(change)
    .where('id', '=', id)
    .where('password_hash', '=', password_hash)
    .where('is_active', '=', 1)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

export async function findUserByName(db: Db | Tx, username: string): Promise<UserRow | undefined> {
  return db.selectFrom('app_user').selectAll().where('username', '=', username).executeTakeFirst();
}

/** @param email in lower case */
export async function findUserByEmail(db: Db | Tx, email: string): Promise<UserRow | undefined> {
  return db.selectFrom('app_user').selectAll().where('email', '=', email).executeTakeFirst();
}

export async function findUserById(db: Db | Tx, id: string): Promise<UserRow | undefined> {
  return db.selectFrom('app_user').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @throws {AppError} `not-found` */
export async function getUser(db: Db | Tx, id: string): Promise<UserRow> {
  const user = await findUserById(db, id);
  if (!user) throw new AppError('not-found', `No account ${id}`);
  return user;
}

/** Another account that has the address. */
export async function isEmailTaken(db: Db | Tx, email: string, id: string): Promise<boolean> {
  const other = await db.selectFrom('app_user').select('id').where('email', '=', email).where('id', '<>', id).executeTakeFirst();
  return other !== undefined;
}

/** Administrators who can sign in, besides one account. */
export async function countOtherAdministrators(tx: Tx, id: string): Promise<number> {
  const { count } = await tx
    .selectFrom('app_user')
    .select((query) => query.fn.countAll<number>().as('count'))
    .where('role', '=', 'admin')
    .where('is_active', '=', 1)
    .where('id', '<>', id)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** By user name, from the one after `after`; one more than `limit`, if there is one. */
export async function listUsers(db: Db, { limit, after, role, is_active, search }: UserFilter): Promise<UserRow[]> {
  let query = db.selectFrom('app_user').selectAll();
  if (after !== undefined) query = query.where('username', '>', after);
  if (role !== undefined) query = query.where('role', '=', role);
  if (is_active !== undefined) query = query.where('is_active', '=', is_active ? 1 : 0);
  if (search?.trim()) {
    const pattern = `%${search
      .trim()
      .toLowerCase()
      .replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where((where) =>
      where.or([
        sql<boolean>`app_user.username like ${pattern} escape '\\'`,
        sql<boolean>`lower(app_user.full_name) like ${pattern} escape '\\'`,
      ]),
    );
  }
  return query
    .orderBy('username')
    .limit(limit + 1)
    .execute();
}

export async function patientExists(db: Db | Tx, id: string): Promise<boolean> {
  return (await db.selectFrom('patient').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

/**
 * What of somebody's details is to be changed. Named one by one: bodies may hold more than their schema says, and a column must not be
 * written because somebody sent its name.
 */
export function detailsOf({ specialization, license_number, hospital, phone }: Partial<ProfileDetails> = {}): Partial<ProfileDetails> {
  return {
    ...(specialization === undefined ? {} : { specialization }),
    ...(license_number === undefined ? {} : { license_number }),
    ...(hospital === undefined ? {} : { hospital }),
    ...(phone === undefined ? {} : { phone }),
  };
}

export function profileOf(user: UserRow, tenantId: string): Profile {
  return {
    id: user.id,
    tenant_id: tenantId,
    username: user.username,
    email: user.email,
    full_name: user.full_name,
    role: roleOf(user),
    is_active: user.is_active === 1,
    is_operator: user.is_operator === 1,
    created_at: user.created_at,
    last_login: user.last_login,
    profile: {
      specialization: user.specialization,
      license_number: user.license_number,
      hospital: user.hospital,
      phone: user.phone,
    },
  };
}

export function userOf(user: UserRow, { tenantId, lockedUntil }: { tenantId: string; lockedUntil: string | null }): User {
  return { ...profileOf(user, tenantId), patient_id: user.patient_key, locked_until: lockedUntil };
}

export function roleOf({ role }: { role: string }): Role {
  // Written by this program from `ROLES`.
  return role as Role;
}
