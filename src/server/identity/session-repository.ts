import type { Selectable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import type { Tables } from '../platform/schema.ts';

export type SessionRow = Selectable<Tables['session']>;

/** A session with what decides whether it still counts: its tenant, and the account or the link behind it. */
export type SessionHolder = {
  id: string;
  tenant_id: string;
  tenant_active: number;
  user_id: string | null;
  share_link_id: string | null;
  last_used_at: string;
  expires_at: string;
  idle_seconds: number;
  must_enroll: number;
  username: string | null;
  full_name: string | null;
  role: string | null;
  user_active: number | null;
  is_operator: number | null;
  patient_key: string | null;
  link_study: string | null;
  link_diagnosis: string | null;
  diagnosis_link_expires_at: string | null;
  diagnosis_link_revoked_at: string | null;
  link_report: string | null;
  link_expires_at: string | null;
  link_revoked_at: string | null;
};

export async function insertSession(tx: Tx, session: SessionRow): Promise<void> {
  await tx.insertInto('session').values(session).execute();
}

/** By the digest of the token, whichever the tenant. */
export async function findSessionByToken(db: SystemDb, tokenHash: string): Promise<SessionHolder | undefined> {
  const [holder] = await selectByToken(db, { tokenHash });
  return holder;
}

export async function findSessionById(db: SystemDb, tenantId: string, id: string): Promise<SessionHolder | undefined> {
  const [holder] = await selectById(db, { tenantId, id });
  return holder;
}

// One of the two runs with each request.
const selectByToken = prepared<SystemDb, { tokenHash: string }, SessionHolder>((db, value) =>
  selectHolders(db).where('session.token_hash', '=', value('tokenHash')),
);
const selectById = prepared<SystemDb, { tenantId: string; id: string }, SessionHolder>((db, value) =>
  selectHolders(db).where('session.tenant_id', '=', value('tenantId')).where('session.id', '=', value('id')),
);

function selectHolders(db: SystemDb) {
  return db
    .selectFrom('session')
    .innerJoin('tenant', 'tenant.id', 'session.tenant_id')
    .leftJoin('app_user', (join) => join.onRef('app_user.tenant_id', '=', 'session.tenant_id').onRef('app_user.id', '=', 'session.user_id'))
    .leftJoin('share_link', (join) =>
      join.onRef('share_link.tenant_id', '=', 'session.tenant_id').onRef('share_link.id', '=', 'session.share_link_id'),
    )
    .leftJoin('diagnosis_link', (join) =>
      join.onRef('diagnosis_link.tenant_id', '=', 'session.tenant_id').onRef('diagnosis_link.id', '=', 'session.share_link_id'),
    )
    .select([
      'session.id',
      'session.tenant_id',
      'tenant.is_active as tenant_active',
      'session.user_id',
      'session.share_link_id',
      'session.last_used_at',
      'session.expires_at',
      'session.idle_seconds',
      'session.must_enroll',
      'app_user.username',
      'app_user.full_name',
      'app_user.role',
      'app_user.is_active as user_active',
      'app_user.is_operator',
      'app_user.patient_key',
      'share_link.study_instance_uid as link_study',
      'diagnosis_link.diagnosis_id as link_diagnosis',
      'diagnosis_link.expires_at as diagnosis_link_expires_at',
      'diagnosis_link.revoked_at as diagnosis_link_revoked_at',
      'share_link.report_id as link_report',
      'share_link.expires_at as link_expires_at',
      'share_link.revoked_at as link_revoked_at',
    ]);
}

export async function findSession(db: Db, id: string): Promise<SessionRow | undefined> {
  return db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst();
}

/** What a session is once its account has got a second factor, or has lost the last. */
export async function markEnrolled(tx: Tx, id: string, marks: Pick<SessionRow, 'strong_at' | 'must_enroll'>): Promise<void> {
  await tx.updateTable('session').set(marks).where('id', '=', id).execute();
}

/** Makes sessions that no second factor opened good for setting one up only, if they are of these roles, and for all again if not. */
export async function demandFactors(tx: Tx, roles: readonly string[]): Promise<void> {
  await tx.updateTable('session').set({ must_enroll: 0 }).where('must_enroll', '=', 1).execute();
  if (roles.length === 0) return;
  await tx
    .updateTable('session')
    .set({ must_enroll: 1 })
    .where('strong_at', 'is', null)
    .where('user_id', 'in', (query) => query.selectFrom('app_user').select('id').where('role', 'in', roles))
    .execute();
}

/** Sets when a session was used last; never back. */
export async function touchSession(db: SystemDb, { tenant_id, id }: { tenant_id: string; id: string }, at: string): Promise<void> {
  await db
    .updateTable('session')
    .set({ last_used_at: at })
    .where('tenant_id', '=', tenant_id)
    .where('id', '=', id)
    .where('last_used_at', '<', at)
    .execute();
}

/** Sessions of a user that have not ended, the last used first. */
export async function listSessions(db: Db, userId: string, now: string): Promise<SessionRow[]> {
  return db
    .selectFrom('session')
    .selectAll()
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** Ends a session, with its refresh tokens. Returns whether there was one, of the user if one is named. */
export async function deleteSession(db: Tx, id: string, userId?: string): Promise<boolean> {
  let deletion = db.deleteFrom('session').where('id', '=', id);
  if (userId !== undefined) deletion = deletion.where('user_id', '=', userId);
  return Number((await deletion.executeTakeFirst()).numDeletedRows) > 0;
}

/** Ends the sessions of an account or link that are older than its newest `keep`. */
export async function deleteOldestSessions(
  tx: Tx,
  { user_id, share_link_id }: Pick<SessionRow, 'user_id' | 'share_link_id'>,
  keep: number,
): Promise<void> {
  const [column, holder] = user_id === null ? (['share_link_id', share_link_id] as const) : (['user_id', user_id] as const);
  const newest = await tx
    .selectFrom('session')
    .select('id')
    .where(column, '=', holder)
    .orderBy('id', 'desc')
    .offset(keep - 1)
    .limit(1)
    .executeTakeFirst();
  if (newest) await tx.deleteFrom('session').where(column, '=', holder).where('id', '<', newest.id).execute();
}

/** Whichever the tenant. Returns whose it was, if there was one. */
export async function deleteSessionByToken(
  db: SystemDb,
  tokenHash: string,
): Promise<Pick<SessionHolder, 'tenant_id' | 'user_id' | 'share_link_id'> | undefined> {
  return db
    .deleteFrom('session')
    .where('token_hash', '=', tokenHash)
    .returning(['tenant_id', 'user_id', 'share_link_id'])
    .executeTakeFirst();
}

/** Ends all sessions of a user, but one if it is named; returns how many. */
export async function deleteSessionsOf(db: Tx, userId: string, except?: string): Promise<number> {
  let deletion = db.deleteFrom('session').where('user_id', '=', userId);
  if (except !== undefined) deletion = deletion.where('id', '<>', except);
  return Number((await deletion.executeTakeFirst()).numDeletedRows);
}

/** Ends the sessions of everybody with a role. */
export async function deleteSessionsOfRole(tx: Tx, role: string): Promise<void> {
  await tx
    .deleteFrom('session')
    .where('user_id', 'in', (query) => query.selectFrom('app_user').select('id').where('role', '=', role))
    .execute();
}

export async function deleteSessionsOfProvider(tx: Tx, providerId: string): Promise<void> {
  await tx.deleteFrom('session').where('provider_id', '=', providerId).execute();
}

export async function deleteSessionsOfLink(tx: Tx, linkId: string): Promise<void> {
  await tx.deleteFrom('session').where('share_link_id', '=', linkId).execute();
}

export async function deleteExpiredSessions(tx: Tx, now: string): Promise<void> {
  await tx.deleteFrom('session').where('expires_at', '<=', now).execute();
}

export async function insertRefreshToken(tx: Tx, token: Omit<Selectable<Tables['refresh_token']>, 'used_at'>): Promise<void> {
  await tx
    .insertInto('refresh_token')
    .values({ ...token, used_at: null })
    .execute();
}

/** Whose refresh token it is, whichever the tenant, and whether it was used. */
export async function findRefreshToken(
  db: SystemDb,
  tokenHash: string,
): Promise<Selectable<Tables['refresh_token'] & { tenant_id: string }> | undefined> {
  return db.selectFrom('refresh_token').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}

/** Whether it was used up just now: of two calls at once, one only. */
export async function spendRefreshToken(tx: Tx, tokenHash: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('refresh_token')
    .set({ used_at: at })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}
