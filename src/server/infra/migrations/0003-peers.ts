import { type Kysely, PostgresAdapter, sql } from 'kysely';

/** Applications that may associate over DIMSE, and where they listen themselves. */
export async function createPeers(db: Kysely<unknown>): Promise<void> {
  const postgres = db.getExecutor().adapter instanceof PostgresAdapter;
  const text = postgres ? sql`text collate "C"` : 'text';
  const table = db.schema
    .createTable('peer')
    .addColumn('id', text, (column) => column.notNull().primaryKey())
    .addColumn('ae_title', text, (column) => column.notNull().unique())
    .addColumn('host', text, (column) => column.notNull())
    .addColumn('port', 'integer', (column) => column.notNull())
    .addColumn('tls', 'integer', (column) => column.notNull())
    .addColumn('may_store', 'integer', (column) => column.notNull())
    .addColumn('may_query', 'integer', (column) => column.notNull())
    .addColumn('may_retrieve', 'integer', (column) => column.notNull())
    .addColumn('created_at', text, (column) => column.notNull());
  await (postgres ? table : table.modifyEnd(sql`strict`)).execute();
}
