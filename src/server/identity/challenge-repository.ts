import type { Selectable } from 'kysely';
import type { Db, SystemDb, Tx } from '../platform/ports.ts';
import type { SystemTables, Tables } from '../platform/schema.ts';

export type ChallengeRow = Selectable<Tables['login_challenge']>;
/** With the tenant that keeps it. */
export type TenantChallengeRow = Selectable<SystemTables['login_challenge']>;

/** Writes a challenge down, and forgets those of the tenant that are over. */
export async function insertChallenge(tx: Tx, challenge: ChallengeRow): Promise<void> {
  await tx.deleteFrom('login_challenge').where('expires_at', '<=', challenge.created_at).execute();
  await tx.insertInto('login_challenge').values(challenge).execute();
}

/** By the digest of its secret, whichever the tenant, if its tenant is active; old ones too. */
export async function findChallenge(db: SystemDb, secretHash: string): Promise<TenantChallengeRow | undefined> {
  return db
    .selectFrom('login_challenge')
    .innerJoin('tenant', 'tenant.id', 'login_challenge.tenant_id')
    .selectAll('login_challenge')
    .where('login_challenge.secret_hash', '=', secretHash)
    .where('tenant.is_active', '=', 1)
    .executeTakeFirst();
}

/** Whether it was there until now: of two uses at once, one only. */
export async function spendChallenge(db: Db | Tx, id: string): Promise<boolean> {
  return Number((await db.deleteFrom('login_challenge').where('id', '=', id).executeTakeFirst()).numDeletedRows) > 0;
}

export async function deleteChallengesOf(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('login_challenge').where('user_id', '=', userId).execute();
}
