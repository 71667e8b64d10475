import type { Db, Tx } from '../platform/ports.ts';
import type { CommentRow } from './repository.ts';

export async function insertComment(tx: Tx, row: CommentRow): Promise<void> {
  await tx.insertInto('diagnosis_comment').values(row).execute();
}

export async function listComments(db: Db, diagnosisId: string): Promise<CommentRow[]> {
  return db.selectFrom('diagnosis_comment').selectAll().where('diagnosis_id', '=', diagnosisId).orderBy('id').execute();
}

/** Active users of those names. */
export async function listUsersByName(tx: Tx, usernames: readonly string[]): Promise<{ user_id: string; username: string }[]> {
  if (usernames.length === 0) return [];
  return tx
    .selectFrom('app_user')
    .select(['id as user_id', 'username'])
    .where('username', 'in', usernames)
    .where('is_active', '=', 1)
    .orderBy('username')
    .execute();
}
