import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  Kysely,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { createQueue, type Queue } from './queue.ts';

/** A write that waits longer than this for the running transaction has most likely been made inside that transaction, past its `tx`. */
const WRITER_WAIT_MS = 30_000;
/** How long a write waits for one of another process (a migration, the command line), asking again and again. */
const OTHER_PROCESS_WAIT_MS = 10_000;
const ASK_AGAIN_MS = 10;
/** How long SQLite waits by itself; it blocks the thread meanwhile. */
const BLOCKING_WAIT_MS = 50;
/** Prepared statements kept for each connection; the program has fewer distinct ones. */
const STATEMENTS_KEPT = 512;
/** https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

/**
 * Opens (and creates) the embedded database: WAL, each commit on the disk before it returns (`synchronous=FULL`), foreign keys on.
 *
 * Writes and transactions take turns on one connection. A plain `select` outside a transaction runs at once on a second one: it never
 * waits for a transaction that is open, does not see its rows, and sees everything that was committed before. Raw statements
 * (`sql`) outside a transaction count as writes. Inside `db.transaction()` use its `tx` alone: a write through `db` would wait for
 * itself, and fails after 30 s.
 *
 * Rows have no prototype.
 */
export function openSqlite(path: string): Db {
  mkdirSync(dirname(path), { recursive: true });
  return new Kysely({
    dialect: {
      createDriver: () => openDriver(path),
      createAdapter: () => adapter,
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (db) => new SqliteIntrospector(db),
    },
  });
}

/**
 * Kysely would give out one connection at a time and run migrations without a transaction; our driver orders writers itself, and
 * SQLite can roll back what changes tables.
 */
const adapter: DialectAdapter = Object.create(new SqliteAdapter(), {
  supportsMultipleConnections: { value: true },
  supportsTransactionalDdl: { value: true },
});

function openDriver(path: string): Driver {
  const writer = openConnection(path);
  const reader = openConnection(path, true);
  const queue = createQueue(WRITER_WAIT_MS, 'The open transaction does not end: is something written past its tx inside it?');
  const inTransaction = new Map<DatabaseConnection, () => void>();

  const endTransaction = (session: DatabaseConnection, command: string) => {
    // SQLite may have rolled back on its own already (disk full): then there is nothing left to end.
    if (writer.database.isTransaction) execute(writer, command);
    inTransaction.get(session)?.();
    inTransaction.delete(session);
  };
  const beginTransaction = async (session: DatabaseConnection) => {
    const release = await queue.enter();
    try {
      await whileOthersWrite(() => execute(writer, 'begin immediate'));
    } catch (error) {
      release();
      throw error;
    }
    inTransaction.set(session, release);
  };
  const savepoint = (command: string) => async (_: DatabaseConnection, name: string) => {
    execute(writer, `${command} "${name.replaceAll('"', '""')}"`);
  };

  return {
    init: async () => {},
    acquireConnection: async () => openSession({ path, writer, reader, queue, inTransaction }),
    releaseConnection: async () => {},
    beginTransaction,
    commitTransaction: async (session) => {
      if (!writer.database.isTransaction) throw new Error('The transaction was rolled back by the database');
      endTransaction(session, 'commit');
    },
    rollbackTransaction: async (session) => endTransaction(session, 'rollback'),
    savepoint: savepoint('savepoint'),
    rollbackToSavepoint: savepoint('rollback to'),
    releaseSavepoint: savepoint('release'),
    destroy: async () => {
      const release = await queue.enter();
      reader.database.close();
      writer.database.close();
      release();
    },
  };
}

type Connections = {
  path: string;
  writer: Connection;
  reader: Connection;
  queue: Queue;
  inTransaction: ReadonlyMap<DatabaseConnection, unknown>;
};

/** What Kysely holds for the length of one query or transaction: decides which of the two connections a query runs on. */
function openSession({ path, writer, reader, queue, inTransaction }: Connections): DatabaseConnection {
  const session: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (inTransaction.has(session)) return runQuery<R>(writer, query);
      if (SelectQueryNode.is(query.query)) return runQuery<R>(reader, query);
      const release = await queue.enter();
      try {
        return await whileOthersWrite(() => runQuery<R>(writer, query));
      } finally {
        release();
      }
    },
    async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      if (!SelectQueryNode.is(query.query)) throw new Error('Only a select can be streamed');
      // An open cursor holds its connection to one snapshot: on the shared reader it would hide later commits from everyone.
      const own = inTransaction.has(session) ? undefined : openConnection(path, true);
      try {
        const statement = (own ?? writer).database.prepare(query.sql);
        for (const row of statement.iterate(...parametersOf(query))) yield { rows: [row as R] };
      } finally {
        own?.database.close();
      }
    },
  };
  return session;
}

type Connection = { database: DatabaseSync; statements: Map<string, Statement> };
type Statement = { statement: StatementSync; returnsRows: boolean };

function openConnection(path: string, readOnly = false): Connection {
  const database = new DatabaseSync(path, { readOnly, timeout: BLOCKING_WAIT_MS });
  // 16 MiB of pages in memory for each connection; the file of the log shrinks to 64 MiB after a peak.
  database.exec('pragma cache_size = -16384; pragma temp_store = memory');
  if (readOnly) return { database, statements: new Map() };
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma journal_size_limit = 67108864');
  return { database, statements: new Map() };
}

function runQuery<R>(connection: Connection, query: CompiledQuery): QueryResult<R> {
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

function execute(connection: Connection, command: string): void {
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
async function whileOthersWrite<T>(write: () => T): Promise<T> {
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
function parametersOf(query: CompiledQuery): SQLInputValue[] {
  return query.parameters as SQLInputValue[];
}

function translated(error: unknown): unknown {
  return isSqliteError(error, SQLITE_FULL) ? new AppError('storage-full', 'No space left for the database', { cause: error }) : error;
}

function isSqliteError(error: unknown, code: number): boolean {
  // The low byte is the kind; the rest tells variants apart.
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === code;
}
