import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Db } from '../platform/ports.ts';

export type PostgresOptions = {
  /** Connections that this process opens at most. */
  maxConnections?: number;
  /** What `pg_stat_activity` shows. */
  applicationName?: string;
  /** A connection broke while nobody used it; the pool opens another one. */
  onError?: (error: Error) => void;
};

/** No request waits longer than this for its query; migrations lift it. */
const STATEMENT_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Opens a pool on a PostgreSQL database (`postgres://…`); connections are made when they are needed. */
export function openPostgres(url: string, { maxConnections = 20, applicationName = 'isocenter', onError }: PostgresOptions = {}): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // A transaction that its process has forgotten must not hold its locks.
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    types: { getTypeParser: typeParser },
  });
  pool.on('error', (error) => onError?.(error));
  return new Kysely({ dialect: new PostgresDialect({ pool }) });
}

/** As the driver's own, but 64-bit integers (counts, sizes, sequence numbers) come as numbers, as SQLite gives them. */
function typeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === pg.types.builtins.INT8 && format !== 'binary') return toNumber;
  return pg.types.getTypeParser(oid, format === 'binary' ? 'text' : (format ?? 'text'));
}

function toNumber(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is past the integers that a number holds`);
  return number;
}
