import { type Selectable, type SqlBool, sql } from 'kysely';
import { ROLES, type Role, reachOf } from '../../contract/permission.ts';
import type { ReadingLevel, ReadingStatus } from '../../contract/reading-list.ts';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type LockRow = Selectable<Tables['reading_lock']>;

const TARGETS = 'reading_targets';
/** Who may write reports may be given studies. */
const READING_ROLES: readonly Role[] = ROLES.filter((role) => reachOf(role, 'report:write') !== undefined);

export async function findTargets(db: Db | Tx): Promise<string | undefined> {
  return (await db.selectFrom('setting').select('value').where('key', '=', TARGETS).executeTakeFirst())?.value;
}

export async function putTargets(tx: Tx, value: string): Promise<void> {
  await tx
    .insertInto('setting')
    .values({ key: TARGETS, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

export async function updatePlace(
  tx: Tx,
  studyInstanceUid: string,
  place: { reading_status: ReadingStatus; reading_place: string; target_modality: string },
): Promise<void> {
  await tx.updateTable('study').set(place).where('study_instance_uid', '=', studyInstanceUid).execute();
}

/** Says of every open study whose targets hold for it: of what has several of these modalities, the last. */
export async function updateTargetModalities(tx: Tx, before: string, modalities: readonly string[]): Promise<void> {
  const open = tx.updateTable('study').where('reading_place', '<', before);
  await open.set({ target_modality: '' }).where('target_modality', '!=', '').execute();
  for (const modality of modalities) {
    const held = sql<SqlBool>`',' || ${sql.ref('modalities')} || ',' like ${`%,${modality},%`}`;
    await open.set({ target_modality: modality }).where(held).execute();
  }
}

type Places = { from: string; before: string; modality: string };

/** Studies whose places lie from one up to before another, in order, for which the targets of a modality hold. */
export async function listPlaces(db: Db, { from, before, modality }: Places, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('study')
    .select('study_instance_uid')
    .where('reading_place', '>=', from)
    .where('reading_place', '<', before)
    .where('target_modality', '=', modality)
    .orderBy('reading_place')
    .orderBy('study_instance_uid')
    .limit(limit)
    .execute();
  return rows.map(({ study_instance_uid }) => study_instance_uid);
}

/** Of which studies a diagnosis is. */
export async function listStudiesOfDiagnosis(tx: Tx, diagnosisId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('diagnosis_image')
    .select('study_instance_uid')
    .distinct()
    .where('diagnosis_id', '=', diagnosisId)
    .execute();
  return rows.map(({ study_instance_uid }) => study_instance_uid);
}

/** The lock of a study, also if its time is over. */
export async function findLock(db: Db | Tx, studyInstanceUid: string): Promise<LockRow | undefined> {
  return db.selectFrom('reading_lock').selectAll().where('study_instance_uid', '=', studyInstanceUid).executeTakeFirst();
}

export async function putLock(tx: Tx, row: LockRow): Promise<void> {
  const { study_instance_uid: _, ...held } = row;
  await tx
    .insertInto('reading_lock')
    .values(row)
    .onConflict((conflict) => conflict.column('study_instance_uid').doUpdateSet(held))
    .execute();
}

/** @returns whether there was one */
export async function deleteLock(tx: Tx, studyInstanceUid: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('reading_lock').where('study_instance_uid', '=', studyInstanceUid).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Studies whose lock was not renewed in time. */
export async function listExpiredLocks(db: Db, at: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('reading_lock')
    .select('study_instance_uid')
    .where('until', '<=', at)
    .orderBy('until')
    .limit(limit)
    .execute();
  return rows.map(({ study_instance_uid }) => study_instance_uid);
}

/** Notes when a study was opened for reading for the first time. */
export async function noteFirstOpened(tx: Tx, studyInstanceUid: string, at: string): Promise<void> {
  const row = { study_instance_uid: studyInstanceUid, first_opened_at: at, assigned_at: null, assigned_by: null };
  await tx
    .insertInto('reading')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('study_instance_uid').doUpdateSet({ first_opened_at: at }).where('reading.first_opened_at', 'is', null),
    )
    .execute();
}

export async function putReader(
  tx: Tx,
  studyInstanceUid: string,
  { readerId, by, at }: { readerId: string | null; by: string; at: string },
): Promise<void> {
  await tx.updateTable('study').set({ reader_id: readerId }).where('study_instance_uid', '=', studyInstanceUid).execute();
  const given = { assigned_at: readerId === null ? null : at, assigned_by: readerId === null ? null : by };
  await tx
    .insertInto('reading')
    .values({ study_instance_uid: studyInstanceUid, first_opened_at: null, ...given })
    .onConflict((conflict) => conflict.column('study_instance_uid').doUpdateSet(given))
    .execute();
}

/** Keeps a priority that was set by hand, or forgets it. */
export async function putLevel(
  tx: Tx,
  studyInstanceUid: string,
  { level, by, at }: { level: ReadingLevel | null; by: string; at: string },
): Promise<void> {
  const set = level === null ? { level, level_by: null, level_at: null } : { level, level_by: by, level_at: at };
  await tx
    .insertInto('reading')
    .values({ study_instance_uid: studyInstanceUid, first_opened_at: null, assigned_at: null, assigned_by: null, ...set })
    .onConflict((conflict) => conflict.column('study_instance_uid').doUpdateSet(set))
    .execute();
}

/** Accounts that studies can be given to, by name. */
export async function listReaders(db: Db | Tx, id?: string): Promise<{ id: string; full_name: string }[]> {
  let query = db.selectFrom('app_user').select(['id', 'full_name']).where('is_active', '=', 1).where('role', 'in', READING_ROLES);
  if (id !== undefined) query = query.where('id', '=', id);
  return query.orderBy('full_name').orderBy('id').execute();
}

export async function findPreferences(db: Db, userId: string): Promise<string | undefined> {
  return (await db.selectFrom('reading_preference').select('content').where('user_id', '=', userId).executeTakeFirst())?.content;
}

export async function putPreferences(tx: Tx, userId: string, content: string): Promise<void> {
  await tx
    .insertInto('reading_preference')
    .values({ user_id: userId, content })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ content }))
    .execute();
}
