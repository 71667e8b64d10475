import { type Expression, type SqlBool, sql } from 'kysely';
import type { SystemDb, SystemTx } from '../platform/ports.ts';

export type VectorRow = { id: number; literature_id: number; vector: Uint8Array };

/** The highest number of a vector of this model; 0 if there is none. */
export async function lastVector(db: SystemDb, model: string): Promise<number> {
  const last = await db
    .selectFrom('literature_vector')
    .select('id')
    .where('model', '=', model)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.id ?? 0;
}

/** Vectors of this model after a number, in the order of their numbers. */
export async function listVectors(db: SystemDb, model: string, { after, limit }: { after: number; limit: number }): Promise<VectorRow[]> {
  return db
    .selectFrom('literature_vector')
    .select(['id', 'literature_id', 'vector'])
    .where('model', '=', model)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export type UnreadRecord = { id: number; title: string; abstract: string };

/** Records that this model has not read, beginning after an id. */
export async function listUnread(db: SystemDb, model: string, { after, limit }: { after: number; limit: number }): Promise<UnreadRecord[]> {
  return db
    .selectFrom('literature')
    .select(['id', 'title', 'abstract'])
    .where('id', '>', after)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('literature_vector')
            .select('literature_vector.id')
            .whereRef('literature_vector.literature_id', '=', 'literature.id')
            .where('literature_vector.model', '=', model),
        ),
      ),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Puts vectors, in the place of what the records had. Records that are gone meanwhile are left out. */
export async function putVectors(
  tx: SystemTx,
  rows: readonly { literature_id: number; model: string; vector: Uint8Array }[],
): Promise<number> {
  const ids = rows.map(({ literature_id }) => literature_id);
  if (ids.length === 0) return 0;
  const there = await tx.selectFrom('literature').select('id').where('id', 'in', ids).execute();
  const present = new Set(there.map(({ id }) => id));
  await deleteVectors(tx, ids);
  const kept = rows.filter(({ literature_id }) => present.has(literature_id));
  if (kept.length > 0) await tx.insertInto('literature_vector').values(kept).execute();
  return kept.length;
}

/** For records that changed or are deleted. */
export async function deleteVectors(tx: SystemTx, literatureIds: readonly number[]): Promise<void> {
  if (literatureIds.length > 0) await tx.deleteFrom('literature_vector').where('literature_id', 'in', literatureIds).execute();
}

export async function deleteAllVectors(tx: SystemTx): Promise<void> {
  await tx.deleteFrom('literature_vector').execute();
}

/** How many records there are, and how many of them this model has read. */
export async function countEmbedded(db: SystemDb, model: string): Promise<{ record_count: number; embedded_count: number }> {
  const { count } = db.fn;
  const all = await db.selectFrom('literature').select(count<number>('id').as('rows')).executeTakeFirstOrThrow();
  const read = await db
    .selectFrom('literature_vector')
    .select(count<number>('id').as('rows'))
    .where('model', '=', model)
    .executeTakeFirstOrThrow();
  return { record_count: all.rows, embedded_count: read.rows };
}

/** Those of the records that a filter lets through and that still are there, in their order. */
export async function keepAllowed(db: SystemDb, ids: readonly number[], where: Expression<SqlBool> | undefined): Promise<number[]> {
  if (ids.length === 0 || where === undefined) return [...ids];
  const rows = await db.selectFrom('literature').select('id').where('id', 'in', ids).where(sql<SqlBool>`${where}`).execute();
  const allowed = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => allowed.has(id));
}
