import { type RawBuilder, sql } from 'kysely';
import type { SystemDb, SystemTx } from '../platform/ports.ts';
import type { IndexedTable, IndexedText, TextIndex, TextQuery } from '../platform/text-index.ts';

/** Rows of one statement. */
const CHUNK = 125;
/** Weights of `ts_rank_cd` for D (body), C (unused), B (keywords), A (title): the same 1 : 2 : 3 as BM25 has in SQLite. */
const WEIGHTS = '{0.3333, 0.3333, 0.6667, 1}';
/** Divides a rank by 1 + log of the length (PostgreSQL 12.3.3), which BM25 does by itself. */
const BY_LENGTH = 1;
/**
 * New words wait in a list until it is this long, and then go into the index together (PostgreSQL 65.4.4.1). Longer lists cost less for each
 * row, and searches meanwhile more.
 */
const PENDING = '32MB';
const COLUMNS = ['title_text', 'search_text'] as const;
/** Rows from which on it is worth some seconds to look at them anew. */
const ANALYZED_FROM = 2_000;
/** A vector may have a megabyte (PostgreSQL 12.11). */
const MAX_VECTOR_CHARACTERS = 200_000;
/**
 * Ranking reads every vector that it ranks, some three kilobytes each. Of words that are everywhere, only so many rows are ranked: first those
 * that have them in the title, which are ranked highest anyway.
 */
const RANKED = { byTitle: 300, byText: 500 } as const;
/** What the planner estimates to be more than this is not counted: a count visits each row. */
const COUNTED = 300;

/** Full-text search by vectors of lexemes, in a table beside the one that is searched. */
export function openVectors(db: SystemDb): TextIndex {
  return {
    put: async (tx, table, rows) => {
      for (let from = 0; from < rows.length; from += CHUNK) await putVectors(tx, table, rows.slice(from, from + CHUNK));
    },
    remove: async (tx, table, ids) => {
      if (ids.length > 0) await sql`delete from ${nameOf(table)} where rowid in (${sql.join(ids)})`.execute(tx);
    },
    hurry: async (tx) => {
      // PostgreSQL 20.5.1: a crash can lose the last of these transactions, never a part of one; `settle` writes what it ends durably.
      await sql`select set_config('synchronous_commit', 'off', true), set_config('gin_pending_list_limit', ${PENDING}, true),
        set_config('work_mem', ${PENDING}, true)`.execute(tx);
    },
    settle: async (table, rows) => {
      for (const column of COLUMNS) await sql`select gin_clean_pending_list(${`${table}_${column}`}::regclass)`.execute(db);
      // The planner knows nothing of rows that came in at once, and would read all of them.
      if (rows >= ANALYZED_FROM) for (const name of [`${table}_text`, table]) await sql`analyze ${sql.table(name)}`.execute(db);
    },
    count: async (table, phrases, upTo) => {
      const match = vectorQueryOf({ groups: [phrases], match: 'all' });
      if (match === '') return 0;
      const matching = sql`select 1 from ${nameOf(table)} where search_text @@ to_tsquery('english', ${match})`;
      const estimate = await estimateOf(db, matching);
      if (estimate > COUNTED) return Math.min(estimate, upTo);
      const { rows } = await sql<{ count: number }>`select count(*) as count from (${matching} limit ${upTo}) as found`.execute(db);
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
    with found as materialized (
      (select rowid, search_text from ${text} where title_text @@ ${asked} and ${allowed} limit ${RANKED.byTitle})
      union all (select rowid, search_text from ${text}
        where search_text @@ ${asked} and not title_text @@ ${asked} and ${allowed} limit ${RANKED.byText}))
    select rowid as id from found
    order by ts_rank_cd(${WEIGHTS}, search_text, ${asked}, ${sql.lit(BY_LENGTH)}) desc, rowid
    limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

/** How many rows the planner expects, from what it has seen of the most frequent words. */
async function estimateOf(db: SystemDb, query: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>`explain (format json) ${query}`.execute(db);
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
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
