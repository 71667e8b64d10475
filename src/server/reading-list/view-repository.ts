import type { Db, Tx } from '../platform/ports.ts';

export type ViewRow = { id: string; content: string; owner_id: string; owner_name: string };

/** The oldest first. */
export async function listViews(db: Db | Tx): Promise<ViewRow[]> {
  return db
    .selectFrom('shared_view')
    .innerJoin('app_user as owner', 'owner.id', 'shared_view.owner_id')
    .select(['shared_view.id', 'shared_view.content', 'shared_view.owner_id', 'owner.full_name as owner_name'])
    .orderBy('shared_view.created_at')
    .orderBy('shared_view.id')
    .execute();
}

export async function putView(tx: Tx, row: { id: string; owner_id: string; content: string; created_at: string }): Promise<void> {
  await tx
    .insertInto('shared_view')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ content: row.content }))
    .execute();
}

/** @returns whether it was there, and that owner's */
export async function deleteView(tx: Tx, { id, ownerId }: { id: string; ownerId: string }): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('shared_view').where('id', '=', id).where('owner_id', '=', ownerId).executeTakeFirst();
  return numDeletedRows > 0n;
}
