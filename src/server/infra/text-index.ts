import { type SqlBool, sql } from 'kysely';
import type { SystemDb } from '../platform/ports.ts';
import type { IndexedTable, TextIndex, TextQuery } from '../platform/text-index.ts';
import { isPostgres } from './migrate.ts';
import { openVectors } from './text-index-postgres.ts';

/** Rows of one statement: the statement keeps its text, and is prepared once for each length. */
const CHUNK = 50;
type Groups = Pick<TextQuery, 'groups' | 'match'>;
const countRows = sql<number>`count(*)`.as('count');

/** The full-text search of an open database. */
export function openTextIndex(db: SystemDb): TextIndex {
  return isPostgres(db) ? openVectors(db) : openFts(db);
}

function openFts(db: SystemDb): TextIndex {
  const nameOf = (table: IndexedTable) => `${table}_text` as const;
  return {
    put: async (tx, table, rows) => {
      for (const chunk of chunksOf(rows)) {
        const values = chunk.map(({ id, title, keywords, body }) => sql`(${id}, ${title}, ${keywords}, ${body})`);
        await sql`insert or replace into ${sql.table(nameOf(table))} (rowid, title, keywords, body) values ${sql.join(values)}`.execute(tx);
      }
    },
    remove: async (tx, table, ids) => {
      if (ids.length > 0) await tx.deleteFrom(nameOf(table)).where('rowid', 'in', ids).execute();
    },
    hurry: async () => undefined,
    settle: async () => undefined,
    count: async (table, phrases, upTo) => {
      const text = nameOf(table);
      const match = ftsQueryOf({ groups: [phrases], match: 'all' });
      if (match === '') return 0;
      const some = db
        .selectFrom(text)
        .select('rowid')
        .where(sql<SqlBool>`${sql.id(text)} match ${match}`)
        .limit(upTo);
      const { count } = await db.selectFrom(some.as('found')).select(countRows).executeTakeFirstOrThrow();
      return count;
    },
    find: async (table, query) => {
      const match = ftsQueryOf(query);
      if (match === '') return [];
      const text = nameOf(table);
      const { where, limit } = query;
      const allowed =
        where &&
        sql<SqlBool>`exists (select 1 from ${sql.table(table)} where ${sql.ref(`${table}.id`)} = ${sql.ref(`${text}.rowid`)} and ${where})`;
      const found = db
        .selectFrom(text)
        .select('rowid as id')
        .where(sql<SqlBool>`${sql.id(text)} match ${match}`)
        .orderBy('rank')
        .limit(limit);
      const rows = await (allowed ? found.where(allowed) : found).execute();
      return rows.map(({ id }) => id);
    },
  };
}

/** Strings of FTS5 (section 3 of its documentation) hold anything; the words have only letters and digits all the same. */
function ftsQueryOf({ groups, match }: Groups): string {
  return groups
    .filter((group) => group.length > 0)
    .map((group) => `(${group.map((phrase) => `"${phrase.replaceAll('"', '""')}"`).join(' OR ')})`)
    .join(match === 'all' ? ' AND ' : ' OR ');
}

function* chunksOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += CHUNK) yield rows.slice(from, from + CHUNK);
}
