import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
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
import type { Database, SystemDb } from '../platform/ports.ts';
import { type Checkpointer, checkpoint, type LogLimits, openCheckpointer } from './checkpointer.ts';
import { fdatasyncFile, type LogSync, openLogSync, type SyncFile } from './log-sync.ts';
import { createQueue, type Queue } from './queue.ts';
import {
  type Connection,
  execute,
  isSqliteError,
  openConnection,
  parametersOf,
  runQuery,
  SQLITE_FULL,
  whileOthersWrite,
} from './sqlite-connection.ts';
import { openTenantPlugins, tenantView } from './tenant-view.ts';

/** A write that waits longer than this for the running transaction has most likely been made inside that transaction, past its `tx`. */
const WRITER_WAIT_MS = 30_000;

export type SqliteOptions = {
  /** What makes the log durable. */
  syncFile?: SyncFile;
  logLimits?: LogLimits;
  /** Called after each write that is on the disk. */
  onCommit?: () => void;
};

/**
 * Opens (and creates) the embedded database: a write-ahead log, foreign keys on.
 *
 * A transaction, or a write outside of one, resolves when it is on the disk; the next one runs meanwhile, and those that end together
 * share one sync of the log (docs/adr/0013). Reads see what has been committed, and resolve when that is on the disk, too: nobody is told
 * what a power cut could take back. When the disk fails to sync, everything is refused with `unavailable` until the next start.
 *
 * Writes and transactions take turns on one connection. A plain `select` outside a transaction runs at once on a second one: it never
 * waits for a transaction that is open, does not see its rows, and sees everything that was committed before. Raw statements
 * (`sql`) outside a transaction count as writes. Inside `db.transaction()` use its `tx` alone: a write through `db` would wait for
 * itself, and fails after 30 s.
 *
 * Rows have no prototype.
 */
export function openSqlite(path: string, options: SqliteOptions = {}): Database {
  const system = openSystem(path, options);
  const pluginOf = openTenantPlugins();
  return {
    system,
    tenant: (tenantId, visibility) => tenantView(system, pluginOf(tenantId, visibility)),
    enter: async (tx, tenantId, visibility) => tenantView(tx, pluginOf(tenantId, visibility)),
    close: () => system.destroy(),
  };
}

function openSystem(path: string, options: SqliteOptions): SystemDb {
  mkdirSync(dirname(path), { recursive: true });
  return new Kysely({
    dialect: {
      createDriver: () => openDriver(path, options),
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

function openDriver(path: string, options: SqliteOptions): Driver {
  const connections = openConnections(path, options);
  const { writer, reader, queue, inTransaction, log, checkpointer } = connections;

  const beginTransaction = async (session: DatabaseConnection) => {
    const release = await enter(connections);
    try {
      await whileOthersWrite(() => execute(writer, 'begin immediate'));
    } catch (error) {
      release();
      throw error;
    }
    inTransaction.set(session, release);
  };
  const endTransaction = (session: DatabaseConnection, command: 'commit' | 'rollback') => {
    const release = inTransaction.get(session);
    // Kysely rolls back after a commit that failed: by then the open transaction may be another session's.
    if (!release) return;
    try {
      // SQLite may have rolled back on its own already (disk full): then there is nothing left to end.
      if (writer.database.isTransaction) execute(writer, command);
      else if (command === 'commit') throw new Error('The transaction was rolled back by the database');
    } finally {
      if (writer.database.isTransaction) execute(writer, 'rollback');
      inTransaction.delete(session);
      release();
    }
  };
  const savepoint = (command: string) => async (_: DatabaseConnection, name: string) => {
    execute(writer, `${command} "${name.replaceAll('"', '""')}"`);
  };

  return {
    init: async () => {},
    acquireConnection: async () => openSession(path, connections),
    releaseConnection: async () => {},
    beginTransaction,
    commitTransaction: async (session) => {
      endTransaction(session, 'commit');
      await settle(connections);
    },
    rollbackTransaction: async (session) => endTransaction(session, 'rollback'),
    savepoint: savepoint('savepoint'),
    rollbackToSavepoint: savepoint('rollback to'),
    releaseSavepoint: savepoint('release'),
    destroy: async () => {
      const release = await queue.enter();
      await checkpointer.close();
      await log.close();
      reader.database.close();
      writer.database.close();
      release();
    },
  };
}

type Connections = {
  writer: Connection;
  reader: Connection;
  queue: Queue;
  /** Sessions with an open transaction, at most one, and what ends its turn. */
  inTransaction: Map<DatabaseConnection, () => void>;
  log: LogSync;
  checkpointer: Checkpointer;
  onCommit: () => void;
};

function openConnections(path: string, { syncFile = fdatasyncFile, logLimits, onCommit = () => {} }: SqliteOptions): Connections {
  const writer = openConnection(path);
  // What a process that was killed left in the log is copied into the database and synced with it: pages that a failed sync has lost
  // would else be believed to be on the disk. On a full disk it stays in the log.
  try {
    checkpoint(writer.database, 'truncate');
  } catch (error) {
    if (!isSqliteError(error, SQLITE_FULL)) throw error;
  }
  return {
    writer,
    reader: openConnection(path, true),
    queue: createQueue(WRITER_WAIT_MS, 'The open transaction does not end: is something written past its tx inside it?'),
    inTransaction: new Map(),
    log: openLogSync(`${path}-wal`, syncFile),
    checkpointer: openCheckpointer(path, writer.database, logLimits),
    onCommit,
  };
}

/** Waits for the turn to write; the function that is returned ends it. */
async function enter({ queue, log, checkpointer }: Connections): Promise<() => void> {
  const release = await queue.enter();
  try {
    log.check();
    await checkpointer.room();
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

/** After a commit: resolves when it is on the disk. The next writer need not wait for that. */
async function settle({ log, checkpointer, onCommit }: Connections): Promise<void> {
  const wrote = checkpointer.committed();
  if (wrote) log.committed();
  await log.durable();
  if (wrote) onCommit();
}

/** What Kysely holds for the length of one query or transaction: decides which of the two connections a query runs on. */
function openSession(path: string, connections: Connections): DatabaseConnection {
  const { writer, reader, inTransaction, log } = connections;
  const session: DatabaseConnection = {
    async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
      if (inTransaction.has(session)) return runQuery<R>(writer, query);
      if (!SelectQueryNode.is(query.query)) return write<R>(connections, query);
      const result = runQuery<R>(reader, query);
      await log.durable();
      return result;
    },
    async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
      if (!SelectQueryNode.is(query.query)) throw new Error('Only a select can be streamed');
      // An open cursor holds its connection to one snapshot: on the shared reader it would hide later commits from everyone.
      const own = inTransaction.has(session) ? undefined : openConnection(path, true);
      try {
        const statement = (own ?? writer).database.prepare(query.sql);
        let isDurable = own === undefined;
        for (const row of statement.iterate(...parametersOf(query))) {
          // The first row takes the snapshot: all that it shows was committed by then.
          if (!isDurable) await log.durable();
          isDurable = true;
          yield { rows: [row as R] };
        }
      } finally {
        own?.database.close();
      }
    },
  };
  return session;
}

/** A write outside a transaction. */
async function write<R>(connections: Connections, query: CompiledQuery): Promise<QueryResult<R>> {
  const release = await enter(connections);
  let result: QueryResult<R>;
  try {
    result = await whileOthersWrite(() => runQuery<R>(connections.writer, query));
  } finally {
    release();
  }
  await settle(connections);
  return result;
}
