import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../src/server/infra/migrate.ts';
import { openSqlite } from '../src/server/infra/sqlite.ts';
import type { Db } from '../src/server/platform/ports.ts';

export type TestDatabase = {
  db: Db;
  /** Another program's view of the same database: its own connections. */
  reopen(): Db;
  /** Closes `db` and removes the database; what `reopen` gave must be closed before. */
  close(): Promise<void>;
};

/** A fresh SQLite database in a temporary folder, with all tables unless told otherwise. */
export async function openTestSqlite({ migrated = true }: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-sqlite-'));
  const path = join(folder, 'isocenter.db');
  const db = openSqlite(path);
  if (migrated) await migrate(db);
  const close = async () => {
    await db.destroy();
    await rm(folder, { recursive: true, force: true });
  };
  return { db, reopen: () => openSqlite(path), close };
}
