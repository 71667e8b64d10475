import type { Selectable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import type { SystemTables, Tables } from '../platform/schema.ts';

export type ShareLinkRow = Selectable<Tables['share_link']>;

export async function insertShareLink(tx: Tx, link: ShareLinkRow): Promise<void> {
  await tx.insertInto('share_link').values(link).execute();
}

export async function listShareLinks(db: Db, studyInstanceUid?: string): Promise<ShareLinkRow[]> {
  let query = db.selectFrom('share_link').selectAll();
  if (studyInstanceUid !== undefined) query = query.where('study_instance_uid', '=', studyInstanceUid);
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').execute();
}

export async function findShareLink(db: Db | Tx, id: string): Promise<ShareLinkRow | undefined> {
  return db.selectFrom('share_link').selectAll().where('id', '=', id).executeTakeFirst();
}

/** By the digest of its secret, whichever the tenant, if its tenant is active. */
export async function findShareLinkBySecret(db: SystemDb, secretHash: string): Promise<Selectable<SystemTables['share_link']> | undefined> {
  return db
    .selectFrom('share_link')
    .innerJoin('tenant', 'tenant.id', 'share_link.tenant_id')
    .selectAll('share_link')
    .where('share_link.secret_hash', '=', secretHash)
    .where('tenant.is_active', '=', 1)
    .executeTakeFirst();
}

export async function revokeShareLink(tx: Tx, id: string, at: string): Promise<void> {
  await tx.updateTable('share_link').set({ revoked_at: at }).where('id', '=', id).where('revoked_at', 'is', null).execute();
}

export async function countUse(tx: Tx, id: string, at: string): Promise<void> {
  await tx
    .updateTable('share_link')
    .set(({ eb, ref }) => ({ uses: eb(ref('uses'), '+', 1), last_used_at: at }))
    .where('id', '=', id)
    .execute();
}

/** The status of a report of the study, if there is such a one. */
export async function findReportStatus(db: Db, reportId: string, studyInstanceUid: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('report')
    .select('status')
    .where('id', '=', reportId)
    .where('study_instance_uid', '=', studyInstanceUid)
    .executeTakeFirst();
  return row?.status;
}

export async function studyExists(db: Db | Tx, studyInstanceUid: string): Promise<boolean> {
  return (
    (await db.selectFrom('study').select('study_instance_uid').where('study_instance_uid', '=', studyInstanceUid).executeTakeFirst()) !==
    undefined
  );
}
