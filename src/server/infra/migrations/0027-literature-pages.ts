import { type Kysely, PostgresAdapter, sql } from 'kysely';

/** Where a passage stands in its document, and what the meaning of a record is (`literature_vector`), if the site has a model for it. */
export async function createLiteraturePages(db: Kysely<unknown>): Promise<void> {
  for (const column of ['first_page', 'last_page']) await db.schema.alterTable('literature').addColumn(column, 'integer').execute();
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const table = db.schema
    .createTable('literature_vector')
    // Numbers only grow, so that whoever holds the vectors reads those that are new.
    .addColumn('id', postgres ? 'bigint' : 'integer', (column) =>
      postgres ? column.primaryKey().generatedByDefaultAsIdentity() : column.primaryKey().autoIncrement(),
    )
    .addColumn('literature_id', postgres ? 'bigint' : 'integer', (column) => column.notNull())
    .addColumn('model', postgres ? sql`text collate "C"` : 'text', (column) => column.notNull())
    .addColumn('vector', postgres ? sql`bytea` : 'blob', (column) => column.notNull())
    .addUniqueConstraint('literature_vector_literature_id_unique', ['literature_id']);
  await (postgres ? table : table.modifyEnd(sql`strict`)).execute();
  await db.schema.createIndex('literature_vector_model').on('literature_vector').columns(['model', 'id']).execute();
}
