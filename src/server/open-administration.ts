import { join } from 'node:path';
import { openAuditSecrets } from './audit/secrets.ts';
import { openAuditTrail } from './audit/trail.ts';
import type { Config } from './config.ts';
import { lockFolder } from './infra/folder-lock.ts';
import { hasPendingMigrations, migrate } from './infra/migrate.ts';
import { openSqlite } from './infra/sqlite.ts';
import { openTextIndex } from './infra/text-index.ts';
import { type Embeddings, openEmbeddings } from './literature/embeddings.ts';
import type { AuditTrail } from './platform/audit.ts';
import { AppError } from './platform/errors.ts';
import type { Database, Db, SystemDb } from './platform/ports.ts';
import type { TextIndex } from './platform/text-index.ts';

/** What the administration of people, keys and tenants needs: the database and the audit trail, and nothing that reads images. */
export type Administration = {
  config: Config;
  systemDb: SystemDb;
  textIndex: TextIndex;
  /** The sense of publications; undefined where no model is configured. */
  embeddings: Embeddings | undefined;
  scope(tenantId: string): Promise<{ tenant_id: string; db: Db; audit: AuditTrail }>;
  now: () => Date;
  close(): Promise<void>;
};

/**
 * Opens the database for a command, also beside a running server: SQLite takes turns between processes, and what a command writes counts
 * at the server's next request. The tables are brought up to date only where no server runs.
 *
 * @throws {AppError} `unavailable` beside a server of another version
 */
export async function openAdministration(config: Config): Promise<Administration> {
  const { database, release } = config.databaseUrl ? await openShared(config) : await openFolder(config);
  const now = (): Date => new Date();
  const { pseudonymKey } = await openAuditSecrets(join(config.dataDir, 'keys'));
  const audit: AuditTrail = openAuditTrail({
    tenantDb: (tenantId) => database.tenant(tenantId),
    write: (tenantId, entries) =>
      database
        .tenant(tenantId)
        .transaction()
        .execute((tx) => audit.append(tx, tenantId, entries)),
    pseudonymKey,
    now,
  });
  const embeddings = openEmbeddings(config.literature.embeddingModel, database.system);
  return {
    config,
    systemDb: database.system,
    textIndex: openTextIndex(database.system),
    embeddings,
    scope: async (tenantId) => ({ tenant_id: tenantId, db: database.tenant(tenantId), audit }),
    now,
    close: async () => {
      await embeddings?.close();
      await audit.close();
      await database.close();
      release();
    },
  };
}

type Opened = { database: Database; release: () => void };

async function openFolder({ dataDir }: Config): Promise<Opened> {
  const release = lockIfFree(dataDir);
  const database = openSqlite(join(dataDir, 'isocenter.db'));
  try {
    if (release) await migrate(database.system);
    else if (await hasPendingMigrations(database.system))
      throw new AppError('unavailable', `Another version of Isocenter works on ${dataDir}: stop it, or use that version's command`);
    return { database, release: release ?? (() => undefined) };
  } catch (error) {
    await database.close();
    release?.();
    throw error;
  }
}

/** Undefined where another process, most likely the server, has the folder. */
function lockIfFree(dataDir: string): (() => void) | undefined {
  try {
    return lockFolder(dataDir);
  } catch (error) {
    if (error instanceof AppError && error.kind === 'unavailable') return undefined;
    throw error;
  }
}

async function openShared({ databaseUrl }: Config): Promise<Opened> {
  const { openPostgres } = await import('./infra/postgres.ts');
  const database = openPostgres(databaseUrl, { maxConnections: 2 });
  await migrate(database.system);
  return { database, release: () => undefined };
}
