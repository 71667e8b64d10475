import type { Selectable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type TotpRow = Selectable<Tables['totp_factor']>;
/** What of an account signs in besides its password. */
export type HeldFactors = { totp_since: string | null; passkeys: number; recovery_codes_left: number };

export async function readHeldFactors(db: Db | Tx, userId: string): Promise<HeldFactors> {
  const totp = await findTotp(db, userId);
  const passkeys = await db
    .selectFrom('passkey')
    .select((query) => query.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  const codes = await db
    .selectFrom('recovery_code')
    .select((query) => query.fn.countAll<number>().as('count'))
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow();
  return { totp_since: totp?.confirmed_at ?? null, passkeys: Number(passkeys.count), recovery_codes_left: Number(codes.count) };
}

export async function findTotp(db: Db | Tx, userId: string): Promise<TotpRow | undefined> {
  return db.selectFrom('totp_factor').selectAll().where('user_id', '=', userId).executeTakeFirst();
}

/** Begins anew, unless there is one that counts: then nothing is written, and false returned. */
export async function putUnconfirmedTotp(tx: Tx, row: Pick<TotpRow, 'user_id' | 'secret' | 'created_at'>): Promise<boolean> {
  await tx.deleteFrom('totp_factor').where('user_id', '=', row.user_id).where('confirmed_at', 'is', null).execute();
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('totp_factor')
    .values({ ...row, confirmed_at: null, last_step: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows) > 0;
}

/** Whether it counts from now on; false if it did already, or was begun anew meanwhile. */
export async function confirmTotpRow(
  tx: Tx,
  { user_id, secret }: Pick<TotpRow, 'user_id' | 'secret'>,
  { at, step }: { at: string; step: number },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('totp_factor')
    .set({ confirmed_at: at, last_step: step })
    .where('user_id', '=', user_id)
    .where('secret', '=', secret)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

/** Whether the code of a time step was used up just now; false for that of an earlier step or the same: of two at once, one only. */
export async function spendTotpStep(db: Db | Tx, userId: string, step: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('totp_factor')
    .set({ last_step: step })
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .where((where) => where.or([where('last_step', 'is', null), where('last_step', '<', step)]))
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

/** Whether there was one that counted. */
export async function deleteTotp(tx: Tx, userId: string): Promise<boolean> {
  const deleted = await tx.deleteFrom('totp_factor').where('user_id', '=', userId).returning('confirmed_at').executeTakeFirst();
  return deleted !== undefined && deleted.confirmed_at !== null;
}

/** Replaces all codes of an account. */
export async function putRecoveryCodes(tx: Tx, userId: string, hashes: readonly string[], at: string): Promise<void> {
  await deleteRecoveryCodes(tx, userId);
  const rows = hashes.map((code_hash) => ({ user_id: userId, code_hash, created_at: at, used_at: null }));
  await tx.insertInto('recovery_code').values(rows).execute();
}

/** Whether it was used up just now: of two at once, one only. */
export async function spendRecoveryCode(db: Db | Tx, { userId, hash, at }: { userId: string; hash: string; at: string }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('recovery_code')
    .set({ used_at: at })
    .where('user_id', '=', userId)
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows) > 0;
}

export async function deleteRecoveryCodes(tx: Tx, userId: string): Promise<void> {
  await tx.deleteFrom('recovery_code').where('user_id', '=', userId).execute();
}
