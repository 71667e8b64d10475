import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';

/** Runs after which a statement is worth keeping. */
const OFTEN = 10;
/** Statements that a connection keeps: each takes tens of kilobytes of the database server. */
const MOST = 150;
/** Texts that are counted; lists of many lengths make ever new ones. */
const MOST_COUNTED = 2_000;
/** `select *`, not `count(*)`: columns that are added make a kept statement fail. */
const ALL_COLUMNS = /(?<!\()\*/;

/** Names those statements that are run again and again. */
export type StatementNames = (text: string) => string | undefined;

export function openStatementNames(): StatementNames {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size >= MOST || ALL_COLUMNS.test(text)) return known;
    const count = (counts.get(text) ?? 0) + 1;
    if (count < OFTEN) {
      if (counts.size >= MOST_COUNTED) counts.clear();
      counts.set(text, count);
      return undefined;
    }
    counts.delete(text);
    const name = `isocenter_${names.size + 1}`;
    names.set(text, name);
    return name;
  };
}

/**
 * A connection on which statements that have a name are parsed once, and after some runs planned once if PostgreSQL finds that no worse: to
 * plan a join of five tables under row security takes it longer than to run it.
 */
export function withStatementNames(client: pg.PoolClient, nameOf: StatementNames): PostgresPoolClient {
  function query<R>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query(statement: string | PostgresCursor<unknown>, values: readonly unknown[] = []): unknown {
    // A cursor of the driver's own kind: Kysely was given none, and makes none.
    if (typeof statement !== 'string') return client.query(statement as unknown as pg.Submittable);
    const name = nameOf(statement);
    return client.query({ text: statement, values: [...values], ...(name === undefined ? {} : { name }) });
  }
  return { query, release: (destroy) => client.release(destroy) };
}
