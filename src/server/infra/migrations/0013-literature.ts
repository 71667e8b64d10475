import { type Kysely, PostgresAdapter, sql } from 'kysely';
import { openTableMaker } from './table-maker.ts';

/** Publications, thesaurus and trials, each with its full-text index. They are the installation's: see `LiteratureTables`. */
export async function createLiterature(db: Kysely<unknown>): Promise<void> {
  const { createTable, createIndex } = openTableMaker(db);
  await createTable(
    'literature',
    {
      id: 'numbered',
      key: 'text not null',
      source: 'text not null',
      title: 'text not null',
      abstract: 'text not null',
      authors: 'text not null',
      journal: 'text',
      published_on: 'text',
      revised_on: 'text',
      year: 'integer',
      pmid: 'text',
      pmcid: 'text',
      doi: 'text',
      url: 'text',
      publication_types: 'text not null',
      mesh: 'text not null',
      trial_ids: 'text not null',
      design: 'text not null',
      level: 'integer',
      is_retracted: 'integer not null',
      is_preprint: 'integer not null',
      imported_at: 'text not null',
    },
    { unique: [['key']] },
  );
  await createIndex('literature', ['source'], { name: 'literature_by_source' });
  await createTable(
    'literature_source',
    {
      source: 'text not null',
      record_count: 'integer not null',
      corpus_date: 'text not null',
      imported_at: 'text not null',
      digest: 'text',
    },
    { key: ['source'] },
  );
  await createTable(
    'mesh_term',
    { term: 'text not null', descriptor: 'text not null', is_preferred: 'integer not null' },
    { key: ['term', 'descriptor'] },
  );
  await createIndex('mesh_term', ['descriptor']);
  await createTable(
    'trial',
    {
      id: 'numbered',
      nct_id: 'text not null',
      title: 'text not null',
      status: 'text not null',
      conditions: 'text not null',
      sex: 'text not null',
      minimum_age: 'real',
      maximum_age: 'real',
      content: 'text not null',
      updated_on: 'text',
      imported_at: 'text not null',
    },
    { unique: [['nct_id']] },
  );
  for (const table of ['literature', 'trial']) await createFullText(db, table);
}

/** The words are not kept a second time: FTS5 without content, and vectors of lexemes. */
async function createFullText(db: Kysely<unknown>, table: string): Promise<void> {
  const text = sql.table(`${table}_text`);
  if (db.getExecutor().adapter instanceof PostgresAdapter) {
    await sql`create table ${text} (rowid bigint primary key, title_text tsvector not null, search_text tsvector not null)`.execute(db);
    // Vectors that are read for ranking stay in the row, uncompressed, as long as it fits a page.
    await sql`alter table ${text} set (toast_tuple_target = 8160)`.execute(db);
    await sql`alter table ${text} alter column search_text set storage main`.execute(db);
    for (const column of ['title_text', 'search_text'])
      await sql`create index ${sql.id(`${table}_${column}`)} on ${text} using gin (${sql.ref(column)})`.execute(db);
    return;
  }
  await sql`create virtual table ${text} using fts5(title, keywords, body, content='', contentless_delete=1,
    tokenize='porter unicode61 remove_diacritics 2')`.execute(db);
  // What `order by rank` sorts by: BM25 with the title three times, the keywords twice as heavy as the text.
  await sql`insert into ${text} (${sql.id(`${table}_text`)}, rank) values ('rank', 'bm25(3.0, 2.0, 1.0)')`.execute(db);
}
