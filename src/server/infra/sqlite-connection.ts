import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { CompiledQuery, QueryResult } from 'kysely';
import { AppError } from '../platform/errors.ts';

/** How long a write waits for one of another process (a migration, the command line), asking again and again. */
const OTHER_PROCESS_WAIT_MS = 10_000;
const ASK_AGAIN_MS = 10;
/** How long SQLite waits by itself; it blocks the thread meanwhile. */
const BLOCKING_WAIT_MS = 50;
/** Prepared statements kept for each connection; the program has fewer distinct ones. */
const STATEMENTS_KEPT = 512;
/** https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
export const SQLITE_FULL = 13;

/** A connection and its prepared statements. */
export type Connection = { database: DatabaseSync; statements: Map<string, Statement> };
type Statement = { statement: StatementSync; returnsRows: boolean };

/** Opens a database with the settings of this program. */
export function openConnection(path: string, readOnly = false): Connection {
  const database = new DatabaseSync(path, { readOnly, timeout: BLOCKING_WAIT_MS });
  // 16 MiB of pages in memory for each connection; the file of the log shrinks to 64 MiB after a peak.
  database.exec('pragma cache_size = -16384; pragma temp_store = memory');
  if (readOnly) return { database, statements: new Map() };
  // Normal: `LogSync` makes commits durable; SQLite itself syncs where the order of writes matters, at checkpoints and the log's start.
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma journal_size_limit = 67108864');
  database.exec('pragma wal_autocheckpoint = 0');
  return { database, statements: new Map() };
}

/** Runs a compiled query. @throws {AppError} `storage-full` */
export function runQuery<R>(connection: Connection, query: CompiledQuery): QueryResult<R> {
  try {
    const { statement, returnsRows } = prepare(connection, query.sql);
    // The row type is Kysely's promise about the statement it built.
    if (returnsRows) return { rows: statement.all(...parametersOf(query)) as R[] };
    const { changes, lastInsertRowid } = statement.run(...parametersOf(query));
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  } catch (error) {
    throw translated(error);
  }
}

/** Runs a statement without parameters or rows. @throws {AppError} `storage-full` */
export function execute(connection: Connection, command: string): void {
  try {
    connection.database.exec(command);
  } catch (error) {
    throw translated(error);
  }
}

function prepare({ database, statements }: Connection, sql: string): Statement {
  const known = statements.get(sql);
  if (known) return known;
  const statement = database.prepare(sql);
  const prepared = { statement, returnsRows: statement.columns().length > 0 };
  const oldest = statements.size >= STATEMENTS_KEPT ? statements.keys().next().value : undefined;
  if (oldest !== undefined) statements.delete(oldest);
  statements.set(sql, prepared);
  return prepared;
}

/** Repeats a write that found another process writing. */
export async function whileOthersWrite<T>(write: () => T): Promise<T> {
  const giveUpAt = performance.now() + OTHER_PROCESS_WAIT_MS;
  for (;;) {
    try {
      return write();
    } catch (error) {
      if (!isSqliteError(error, SQLITE_BUSY) || performance.now() > giveUpAt) throw error;
    }
    await delay(ASK_AGAIN_MS);
  }
}

/** Kysely types what it binds against the tables, whose columns are text, numbers and null. */
export function parametersOf(query: CompiledQuery): SQLInputValue[] {
  return query.parameters as SQLInputValue[];
}

function translated(error: unknown): unknown {
  return isSqliteError(error, SQLITE_FULL) ? new AppError('storage-full', 'No space left for the database', { cause: error }) : error;
}

/** Whether SQLite failed with this result code or a variant of it. */
export function isSqliteError(error: unknown, code: number): boolean {
  // The low byte is the kind; the rest tells variants apart.
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === code;
}
