import { type RawBuilder, sql } from 'kysely';
import type { SystemDb, SystemTx } from '../platform/ports.ts';
import type { IndexedTable, IndexedText, TextIndex, TextQuery } from '../platform/text-index.ts';

/** Rows of one statement. */
const CHUNK = 125;
/** Weights of `ts_rank_cd` for D (body), C (unused), B (keywords), A (title): the same 1 : 2 : 3 as BM25 has in SQLite. */
const WEIGHTS = '{0.3333, 0.3333, 0.6667, 1}';
/** Divides a rank by 1 + log of the length (PostgreSQL 12.3.3), which BM25 does by itself. */
const BY_LENGTH = 1;
/** A vector may have a megabyte (PostgreSQL 12.11). */
const MAX_VECTOR_CHARACTERS = 200_000;
/**
 * Ranking reads every vector that it ranks. Of words that are everywhere, only so many rows are ranked: first those that have them in
 * the title, which are ranked highest anyway.
 */
const RANKED = { byTitle: 500, byText: 1_500 } as const;

/** Full-text search by vectors of lexemes, in a table beside the one that is searched. */
export function openVectors(db: SystemDb): TextIndex {
  return {
    put: async (tx, table, rows) => {
      for (let from = 0; from < rows.length; from += CHUNK) await putVectors(tx, table, rows.slice(from, from + CHUNK));
    },
    remove: async (tx, table, ids) => {
      if (ids.length > 0) await sql`delete from ${nameOf(table)} where rowid in (${sql.join(ids)})`.execute(tx);
    },
    count: async (table, phrases, upTo) => {
      const match = vectorQueryOf({ groups: [phrases], match: 'all' });
      if (match === '') return 0;
      const { rows } = await sql<{ count: number }>`select count(*) as count from (
        select 1 from ${nameOf(table)} where search_text @@ to_tsquery('english', ${match}) limit ${upTo}) as found`.execute(db);
      return rows[0]?.count ?? 0;
    },
    find: async (table, query) => {
      const match = vectorQueryOf(query);
      return match === '' ? [] : findRanked(db, table, { ...query, match });
    },
  };
}

type Ranked = { match: string; limit: number } & Pick<TextQuery, 'where'>;

async function findRanked(db: SystemDb, table: IndexedTable, { match, where, limit }: Ranked): Promise<number[]> {
  const asked = sql`to_tsquery('english', ${match})`;
  const text = nameOf(table);
  const allowed: RawBuilder<unknown> =
    where === undefined
      ? sql`true`
      : sql`exists (select 1 from ${sql.table(table)} where ${sql.ref(`${table}.id`)} = ${text}.rowid and ${where})`;
  const { rows } = await sql<{ id: number }>`
    with found as (
      (select rowid from ${text} where title_text @@ ${asked} and ${allowed} limit ${RANKED.byTitle})
      union (select rowid from ${text} where search_text @@ ${asked} and ${allowed} limit ${RANKED.byText}))
    select rowid as id from ${text} where rowid in (select rowid from found)
    order by ts_rank_cd(${WEIGHTS}, search_text, ${asked}, ${sql.lit(BY_LENGTH)}) desc, rowid
    limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

function nameOf(table: IndexedTable): RawBuilder<unknown> {
  return sql.table(`${table}_text`);
}

async function putVectors(tx: SystemTx, table: IndexedTable, rows: readonly IndexedText[]): Promise<void> {
  const values = rows.map(
    ({ id, title, keywords, body }) => sql`(${id}::bigint, ${plain(title)}::text, ${plain(keywords)}::text, ${plain(body)}::text)`,
  );
  await sql`
    insert into ${nameOf(table)} (rowid, title_text, search_text)
    select words.id, to_tsvector('english', words.title), setweight(to_tsvector('english', words.title), 'A')
      || setweight(to_tsvector('english', words.keywords), 'B') || setweight(to_tsvector('english', words.body), 'D')
    from (values ${sql.join(values)}) as words (id, title, keywords, body)
    on conflict (rowid) do update set title_text = excluded.title_text, search_text = excluded.search_text`.execute(tx);
}

/** Words of letters and digits, so that nothing in them is an operator. */
function vectorQueryOf({ groups, match }: Pick<TextQuery, 'groups' | 'match'>): string {
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
