import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SystemDb, SystemTx } from '../platform/ports.ts';
import type { IndexedTable, IndexedText, TextIndex, TextQuery } from '../platform/text-index.ts';
import { isPostgres } from './migrate.ts';

/** Rows of one statement: the statement keeps its text, and is prepared once for each length. */
const CHUNK = 50;
/** Weights of `ts_rank_cd` for D (body), C (unused), B (keywords), A (title): the same 1 : 2 : 3 as BM25 has in SQLite. */
const WEIGHTS = '{0.3333, 0.3333, 0.6667, 1}';
/** Divides a rank by 1 + log of the length (PostgreSQL 12.3.3), which BM25 does by itself. */
const BY_LENGTH = 1;

/** A vector may have a megabyte (PostgreSQL 12.11). */
const MAX_VECTOR_CHARACTERS = 200_000;

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

function openVectors(db: SystemDb): TextIndex {
  return {
    put: async (tx, table, rows) => {
      for (const chunk of chunksOf(rows)) await putVectors(tx, table, chunk);
    },
    // The vector is in the row.
    remove: async () => undefined,
    count: async (table, phrases, upTo) => {
      const match = vectorQueryOf({ groups: [phrases], match: 'all' });
      if (match === '') return 0;
      const { rows } = await sql<{ count: number }>`select count(*) as count from (
        select 1 from ${sql.table(table)} where search_text @@ to_tsquery('english', ${match}) limit ${upTo}) as found`.execute(db);
      return rows[0]?.count ?? 0;
    },
    find: async (table, query) => {
      const match = vectorQueryOf(query);
      if (match === '') return [];
      const asked = sql`to_tsquery('english', ${match})`;
      const vector = sql.ref(`${table}.search_text`);
      const condition: RawBuilder<unknown> = query.where === undefined ? sql`true` : sql`${query.where}`;
      const { rows } = await sql<{ id: number }>`
        select ${sql.ref(`${table}.id`)} as id from ${sql.table(table)}
        where ${vector} @@ ${asked} and ${condition}
        order by ts_rank_cd(${WEIGHTS}, ${vector}, ${asked}, ${sql.lit(BY_LENGTH)}) desc, ${sql.ref(`${table}.id`)}
        limit ${query.limit}`.execute(db);
      return rows.map(({ id }) => id);
    },
  };
}

async function putVectors(tx: SystemTx, table: IndexedTable, rows: readonly IndexedText[]): Promise<void> {
  const values = rows.map(
    ({ id, title, keywords, body }) => sql`(${id}::bigint, ${plain(title)}::text, ${plain(keywords)}::text, ${plain(body)}::text)`,
  );
  await sql`
    update ${sql.table(table)} set search_text = setweight(to_tsvector('english', words.title), 'A')
      || setweight(to_tsvector('english', words.keywords), 'B') || setweight(to_tsvector('english', words.body), 'D')
    from (values ${sql.join(values)}) as words (id, title, keywords, body) where ${sql.ref(`${table}.id`)} = words.id`.execute(tx);
}

/** Words of letters and digits, so that nothing in them is an operator. */
function vectorQueryOf({ groups, match }: Groups): string {
  const phraseOf = (phrase: string) =>
    phrase
      .replaceAll(/[^\p{L}\p{N} ]/gu, ' ')
      .trim()
      .split(/ +/)
      .join(' <-> ');
  return groups
    .map((group) => group.map(phraseOf).filter((phrase) => phrase !== ''))
    .filter((group) => group.length > 0)
    .map((group) => `(${group.map((phrase) => `(${phrase})`).join(' | ')})`)
    .join(match === 'all' ? ' & ' : ' | ');
}

/** As the words of a query are: without diacritics, and without what the parser would take for an address, a number's sign or a compound. */
function plain(text: string): string {
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ');
  return words.slice(0, MAX_VECTOR_CHARACTERS);
}

function* chunksOf<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < rows.length; from += CHUNK) yield rows.slice(from, from + CHUNK);
}
