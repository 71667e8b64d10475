import type { Selectable } from 'kysely';
import type { Db, Tx } from '../platform/ports.ts';
import type { Tables } from '../platform/schema.ts';

export type SourceRow = Selectable<Tables['knowledge_source']>;
export type OverrideRow = Selectable<Tables['knowledge_override']>;
export type CheckRow = Selectable<Tables['knowledge_check']>;
/** A source without its tables. */
export type SourceHead = Omit<SourceRow, 'files'>;

/** In the order in which they stand above each other: the later import above. */
export async function listSourceHeads(db: Db | Tx): Promise<SourceHead[]> {
  return db
    .selectFrom('knowledge_source')
    .select(['source', 'version', 'licence', 'valid_from', 'valid_until', 'sha256', 'report', 'imported_by', 'imported_at'])
    .orderBy('imported_at')
    .orderBy('source')
    .execute();
}

export async function readSourceFiles(db: Db | Tx): Promise<Pick<SourceRow, 'source' | 'files'>[]> {
  return db.selectFrom('knowledge_source').select(['source', 'files']).orderBy('imported_at').orderBy('source').execute();
}

/** A new version takes the place of the one that was there. */
export async function putSource(tx: Tx, { source, ...row }: SourceRow): Promise<void> {
  await tx
    .insertInto('knowledge_source')
    .values({ source, ...row })
    .onConflict((conflict) => conflict.columns(['source']).doUpdateSet(row))
    .execute();
}

/** @returns whether it was there */
export async function deleteSource(tx: Tx, source: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('knowledge_source').where('source', '=', source).executeTakeFirst();
  await tx.deleteFrom('knowledge_check').where('source', '=', source).execute();
  return numDeletedRows > 0n;
}

export async function listOverrideRows(db: Db | Tx): Promise<OverrideRow[]> {
  return db.selectFrom('knowledge_override').selectAll().orderBy('rule_id').execute();
}

export async function putOverride(tx: Tx, { rule_id, ...row }: OverrideRow): Promise<void> {
  await tx
    .insertInto('knowledge_override')
    .values({ rule_id, ...row })
    .onConflict((conflict) => conflict.columns(['rule_id']).doUpdateSet(row))
    .execute();
}

/** @returns whether it was there */
export async function deleteOverride(tx: Tx, ruleId: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('knowledge_override').where('rule_id', '=', ruleId).executeTakeFirst();
  return numDeletedRows > 0n;
}

export async function listCheckRows(db: Db | Tx): Promise<CheckRow[]> {
  return db.selectFrom('knowledge_check').selectAll().orderBy('source').execute();
}

export async function putCheck(tx: Tx, { source, ...row }: CheckRow): Promise<void> {
  await tx
    .insertInto('knowledge_check')
    .values({ source, ...row })
    .onConflict((conflict) => conflict.columns(['source']).doUpdateSet(row))
    .execute();
}
