import type { Selectable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import type { Tables } from '../platform/schema.ts';

export type BreakGlassRow = Selectable<Tables['break_glass']>;

export async function insertBreakGlass(tx: Tx, row: BreakGlassRow): Promise<void> {
  await tx.insertInto('break_glass').values(row).execute();
}

/** Studies of the patient, or the one that is named, that the user is not assigned to. */
export async function listUnassignedStudies(
  tx: Tx,
  { userId, study, patient }: { userId: string; study: string | null; patient: string | null },
): Promise<string[]> {
  let query = tx
    .selectFrom('study')
    .select('study.study_instance_uid')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('study_assignment')
            .select('study_assignment.user_id')
            .whereRef('study_assignment.study_instance_uid', '=', 'study.study_instance_uid')
            .where('study_assignment.user_id', '=', userId),
        ),
      ),
    );
  if (study !== null) query = query.where('study.study_instance_uid', '=', study);
  if (patient !== null) query = query.where('study.patient_key', '=', patient);
  return (await query.execute()).map(({ study_instance_uid }) => study_instance_uid);
}

/** Whether the study, or a study of the patient, is there at all. */
export async function hasStudies(tx: Tx, { study, patient }: { study: string | null; patient: string | null }): Promise<boolean> {
  let query = tx.selectFrom('study').select('study_instance_uid').limit(1);
  if (study !== null) query = query.where('study_instance_uid', '=', study);
  if (patient !== null) query = query.where('patient_key', '=', patient);
  return (await query.executeTakeFirst()) !== undefined;
}

export async function assignForEmergency(
  tx: Tx,
  studies: readonly string[],
  { userId, breakGlassId, at }: { userId: string; breakGlassId: string; at: string },
): Promise<void> {
  const rows = studies.map((study_instance_uid) => ({ study_instance_uid, user_id: userId, created_at: at, break_glass_id: breakGlassId }));
  await tx.insertInto('study_assignment').values(rows).execute();
}

/** Takes back what emergency access assigned. An assignment that somebody has made regular since, without its id, stays. */
export async function endBreakGlass(tx: Tx, id: string, at: string): Promise<void> {
  await tx.deleteFrom('study_assignment').where('break_glass_id', '=', id).execute();
  await tx.updateTable('break_glass').set({ ended_at: at }).where('id', '=', id).where('ended_at', 'is', null).execute();
}

export async function findBreakGlass(db: Db | Tx, id: string): Promise<BreakGlassRow | undefined> {
  return db.selectFrom('break_glass').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Emergency access of a user that is over and was not taken back yet. */
export const listExpired = prepared<SystemDb, { tenantId: string; userId: string; now: string }, BreakGlassRow>((db, value) =>
  db
    .selectFrom('break_glass')
    .selectAll()
    .where('tenant_id', '=', value('tenantId'))
    .where('user_id', '=', value('userId'))
    .where('ended_at', 'is', null)
    .where('expires_at', '<=', value('now')),
);

/** The last first, one more than `limit` if there is one. */
export async function listBreakGlass(
  db: Db,
  { limit, before }: { limit: number; before?: string | undefined },
): Promise<(BreakGlassRow & { username: string | null })[]> {
  let query = db
    .selectFrom('break_glass')
    .leftJoin('app_user', 'app_user.id', 'break_glass.user_id')
    .selectAll('break_glass')
    .select('app_user.username');
  if (before !== undefined) query = query.where('break_glass.id', '<', before);
  return query
    .orderBy('break_glass.id', 'desc')
    .limit(limit + 1)
    .execute();
}

/** Tells the administrators, in the transaction of the access. */
export async function insertNotice(tx: Tx, { id, user_id, study_instance_uid, created_at, expires_at }: BreakGlassRow): Promise<void> {
  await tx
    .insertInto('event')
    .values({
      type: 'break_glass',
      topic: 'security',
      study_instance_uid,
      payload: JSON.stringify({ break_glass_id: id, user_id, study_instance_uid, expires_at }),
      created_at,
    })
    .execute();
}
