import type { Kysely } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** A priority that a person has set by hand, turnaround targets of single modalities, and views of the reading list that are shared. */
export async function createReadingDesk(db: Kysely<unknown>): Promise<void> {
  const { createTenantTable, createTenantIndex } = openTableMaker(db);
  for (const column of ['level', 'level_by', 'level_at']) await db.schema.alterTable('reading').addColumn(column, 'text').execute();
  // Whose targets hold for a study: a modality with its own, or everybody's.
  await db.schema
    .alterTable('study')
    .addColumn('target_modality', 'text', (added) => added.notNull().defaultTo(''))
    .execute();
  // With what lists are narrowed by most, so that a search walks along the index alone.
  for (const [name, column] of [
    ['study_reading_place', 'reading_place'],
    ['study_created', 'created_at'],
  ] as const) {
    await db.schema.dropIndex(name).execute();
    const narrowedBy = column === 'created_at' ? ['reading_place'] : [];
    await createTenantIndex('study', [column, 'study_instance_uid', 'study_date', 'modalities', ...narrowedBy], { name });
  }
  await createTenantTable(
    'shared_view',
    { id: 'text not null', owner_id: 'text not null', content: 'text not null', created_at: 'text not null' },
    { key: ['id'], references: [{ columns: ['owner_id'], table: 'app_user', key: ['id'], onDelete: 'cascade' }] },
  );
  await createTenantIndex('shared_view', ['created_at', 'id']);
}
