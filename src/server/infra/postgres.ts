import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from 'kysely';
import pg from 'pg';
import type { Database, SystemDb } from '../platform/ports.ts';
import { openStatementNames, type StatementNames, withStatementNames } from './named-statements.ts';
import { ALL_TENANTS, TENANT_SETTING } from './row-security.ts';
import { openTenantPlugins, tenantView } from './tenant-view.ts';

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

/** Of the connections, those that work for all tenants: sessions, jobs, commits that tenants share. */
const SYSTEM_SHARE = 0.4;

/**
 * Opens a PostgreSQL database (`postgres://…`); connections are made when they are needed. Each is told whose rows it may see before it is
 * used, and the database holds every statement to it (row security): what the tenant's view has limited once is limited twice. The two
 * pools keep a connection from being told anew for each request.
 */
export function openPostgres(url: string, options: PostgresOptions = {}): Database {
  const { maxConnections = 20 } = options;
  const shared = Math.max(1, Math.round(maxConnections * SYSTEM_SHARE));
  const systemPool = openPool(url, { ...options, maxConnections: shared });
  const tenantPool = openPool(url, { ...options, maxConnections: Math.max(1, maxConnections - shared) });
  const connections: Connections = { told: new WeakMap(), nameOf: openStatementNames() };
  const open = (pool: pg.Pool, tenantId: string): SystemDb =>
    new Kysely({ dialect: new PostgresDialect({ pool: toldPool(pool, tenantId, connections) }) });
  const system = open(systemPool, ALL_TENANTS);
  const tenants = new Map<string, SystemDb>();
  const pluginOf = openTenantPlugins();
  const ofTenant = (tenantId: string): SystemDb => {
    const known = tenants.get(tenantId);
    if (known) return known;
    const opened = open(tenantPool, tenantId);
    tenants.set(tenantId, opened);
    return opened;
  };
  return {
    system,
    tenant: (tenantId, visibility) => tenantView(ofTenant(tenantId), pluginOf(tenantId, visibility)),
    enter: async (tx, tenantId, visibility) => {
      // To the end of the transaction only.
      await sql`select set_config(${TENANT_SETTING}, ${tenantId}, true)`.execute(tx);
      return tenantView(tx, pluginOf(tenantId, visibility));
    },
    close: async () => {
      await Promise.all([systemPool.end(), tenantPool.end()]);
    },
  };
}

function openPool(url: string, { maxConnections, applicationName = 'isocenter', onError }: PostgresOptions): pg.Pool {
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
  return pool;
}

/** `told`: whose rows a connection may see. */
type Connections = { told: WeakMap<pg.PoolClient, string>; nameOf: StatementNames };

/** A pool as one tenant uses it: whoever gets a connection finds it told whose rows it may see. */
function toldPool(pool: pg.Pool, tenantId: string, { told, nameOf }: Connections): PostgresPool {
  return {
    options: pool.options,
    connect: async (): Promise<PostgresPoolClient> => {
      const client = await pool.connect();
      const named = withStatementNames(client, nameOf);
      if (told.get(client) === tenantId) return named;
      told.delete(client);
      try {
        await client.query('select set_config($1, $2, false)', [TENANT_SETTING, tenantId]);
      } catch (error) {
        client.release(true);
        throw error;
      }
      told.set(client, tenantId);
      return named;
    },
    end: async () => {},
  };
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
