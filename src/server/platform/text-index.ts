import type { Expression, SqlBool } from 'kysely';
import type { SystemTx } from './ports.ts';

/** A table of the installation that has a full-text index. */
export type IndexedTable = 'literature' | 'trial';
/** The words of a row: the title counts three times, the keywords twice as much as the body. */
export type IndexedText = { id: number; title: string; keywords: string; body: string };

export type TextQuery = {
  /** Each is one thing that is looked for, as any of its phrases: words of letters and digits, one space between them (`foldText`). */
  groups: readonly (readonly string[])[];
  /** Whether a row has to hold all of the groups or one of them. */
  match: 'all' | 'any';
  /** On columns of the table, named with it: `literature.year`. */
  where?: Expression<SqlBool>;
  limit: number;
};

/**
 * Full-text search of the database: FTS5 with BM25 in SQLite, `tsvector` with `ts_rank_cd` in PostgreSQL. Both find words by their English
 * stem and without diacritics. The same rows are found in both, in an order that may differ; of more than some thousand rows PostgreSQL
 * ranks only a part.
 */
export type TextIndex = {
  /** Puts the words of rows, or puts them anew. */
  put(tx: SystemTx, table: IndexedTable, rows: readonly IndexedText[]): Promise<void>;
  /** For rows that are deleted in the same transaction. */
  remove(tx: SystemTx, table: IndexedTable, ids: readonly number[]): Promise<void>;
  /** In a transaction that is one of many: what only one transaction after all of them has to be, is put off. `settle` ends it. */
  hurry(tx: SystemTx): Promise<void>;
  /** After many rows were put: what was put off is done, so that searches are as fast as they can be. Nothing is lost without it. */
  settle(table: IndexedTable, rows: number): Promise<void>;
  /** How many rows hold one of the phrases; counts no further than `upTo`, which keeps it fast. */
  count(table: IndexedTable, phrases: readonly string[], upTo: number): Promise<number>;
  /** Ids, the best first. */
  find(table: IndexedTable, query: TextQuery): Promise<number[]>;
};
