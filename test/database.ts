import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../src/server/infra/migrate.ts';
import { openSqlite } from '../src/server/infra/sqlite.ts';
import type { Database, Db, SystemDb } from '../src/server/platform/ports.ts';
import { DEFAULT_TENANT } from '../src/server/platform/scope.ts';

export type TestDatabase = {
  database: Database;
  /** The default tenant's view. */
  db: Db;
  system: SystemDb;
  /** As another program opens the same database: its own connections. */
  reopen(): Database;
  /** Closes and removes the database; what `reopen` gave must be closed before. */
  close(): Promise<void>;
};

/** A fresh SQLite database in a temporary folder, with all tables unless told otherwise. */
export async function openTestSqlite({ migrated = true }: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-sqlite-'));
  const path = join(folder, 'isocenter.db');
  const database = openSqlite(path);
  if (migrated) await migrate(database.system);
  const close = async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...viewsOf(database), reopen: () => openSqlite(path), close };
}

/** The views of a database that tests use. */
export function viewsOf(database: Database): Pick<TestDatabase, 'database' | 'db' | 'system'> {
  return { database, db: database.tenant(DEFAULT_TENANT), system: database.system };
}
