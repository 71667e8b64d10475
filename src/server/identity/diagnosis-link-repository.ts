import type { Selectable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import type { SystemTables, Tables } from '../platform/schema.ts';

export type DiagnosisLinkRow = Selectable<Tables['diagnosis_link']>;

export async function insertDiagnosisLink(tx: Tx, link: DiagnosisLinkRow): Promise<void> {
  await tx.insertInto('diagnosis_link').values(link).execute();
}

/** The newest first. */
export async function listDiagnosisLinkRows(db: Db, diagnosisId: string): Promise<DiagnosisLinkRow[]> {
  return db.selectFrom('diagnosis_link').selectAll().where('diagnosis_id', '=', diagnosisId).orderBy('id', 'desc').execute();
}

export async function findDiagnosisLink(
  db: Db | Tx,
  { diagnosisId, id }: { diagnosisId: string; id: string },
): Promise<DiagnosisLinkRow | undefined> {
  return db.selectFrom('diagnosis_link').selectAll().where('diagnosis_id', '=', diagnosisId).where('id', '=', id).executeTakeFirst();
}

/** By the digest of its secret, whichever the tenant, if its tenant is active. */
export async function findDiagnosisLinkBySecret(
  db: SystemDb,
  secretHash: string,
): Promise<Selectable<SystemTables['diagnosis_link']> | undefined> {
  return db
    .selectFrom('diagnosis_link')
    .innerJoin('tenant', 'tenant.id', 'diagnosis_link.tenant_id')
    .selectAll('diagnosis_link')
    .where('diagnosis_link.secret_hash', '=', secretHash)
    .where('tenant.is_active', '=', 1)
    .executeTakeFirst();
}

export async function markDiagnosisLinkRevoked(tx: Tx, id: string, at: string): Promise<void> {
  await tx.updateTable('diagnosis_link').set({ revoked_at: at }).where('id', '=', id).where('revoked_at', 'is', null).execute();
}

export async function countUseOfDiagnosisLink(tx: Tx, id: string, at: string): Promise<void> {
  await tx
    .updateTable('diagnosis_link')
    .set(({ eb, ref }) => ({ uses: eb(ref('uses'), '+', 1), last_used_at: at }))
    .where('id', '=', id)
    .execute();
}
