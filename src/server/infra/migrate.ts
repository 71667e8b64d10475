import { PostgresAdapter, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Db, SystemDb } from '../platform/ports.ts';
import { createInitialTables } from './migrations/0001-initial.ts';
import { createIdentityTables } from './migrations/0002-identity.ts';
import { createAudit } from './migrations/0003-audit.ts';
import { createTenantKeys } from './migrations/0004-encryption.ts';
import { createDicomServices } from './migrations/0005-dicom-services.ts';
import { createPatientRecords } from './migrations/0006-patients.ts';
import { createPrivacy } from './migrations/0007-privacy.ts';
import { createDeidentification } from './migrations/0008-deidentification.ts';
import { createOriginalFile } from './migrations/0009-original-file.ts';
import { createWorkitems } from './migrations/0010-ups.ts';
import { createDiagnosis } from './migrations/0011-diagnosis.ts';
import { createLive } from './migrations/0012-live.ts';
import { createLiterature } from './migrations/0013-literature.ts';
import { createFollowUp } from './migrations/0015-follow-up.ts';
import { createReadingList } from './migrations/0016-reading-list.ts';
import { createReportDesk } from './migrations/0017-report-desk.ts';
import { createExchange } from './migrations/0020-exchange.ts';
import { createDiagnosisLinks } from './migrations/0024-diagnosis-links.ts';
import { createChangeStamps } from './migrations/0025-change-stamps.ts';
import { createLiteraturePages } from './migrations/0027-literature-pages.ts';
import { createReadingDesk } from './migrations/0028-reading-desk.ts';
import { createDeskHistory } from './migrations/0029-desk-history.ts';
import { widenPatientIndexes } from './migrations/0030-patient-lists.ts';
import { writeStatistics } from './sqlite-statistics.ts';

/** In order of their names; what has been released is never edited, only added to. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-initial': { up: createInitialTables },
  '0002-identity': { up: createIdentityTables },
  '0003-audit': { up: createAudit },
  '0004-encryption': { up: createTenantKeys },
  '0005-dicom-services': { up: createDicomServices },
  '0006-patients': { up: createPatientRecords },
  '0007-privacy': { up: createPrivacy },
  '0008-deidentification': { up: createDeidentification },
  '0012-live': { up: createLive },
  '0011-diagnosis': { up: createDiagnosis },
  '0009-original-file': { up: createOriginalFile },
  '0013-literature': { up: createLiterature },
  '0016-reading-list': { up: createReadingList },
  '0020-exchange': { up: createExchange },
  '0024-diagnosis-links': { up: createDiagnosisLinks },
  '0025-change-stamps': { up: createChangeStamps },
  '0027-literature-pages': { up: createLiteraturePages },
  '0028-reading-desk': { up: createReadingDesk },
  '0015-follow-up': { up: createFollowUp },
  '0029-desk-history': { up: createDeskHistory },
  '0030-patient-lists': { up: widenPatientIndexes },
  '0017-report-desk': { up: createReportDesk },
  '0010-ups': { up: createWorkitems },
};

/**
 * Brings the tables to this program's version: all or nothing, in one transaction. Several processes may call it at once.
 * Returns the names of the migrations that it ran.
 *
 * @throws the database's error, or an error if the database was written by a newer program
 */
export async function migrate(db: SystemDb): Promise<string[]> {
  return await db.connection().execute(async (connection) => {
    const postgres = isPostgres(connection);
    // Building an index over a large table, or waiting for the process that does, takes longer than a query may.
    if (postgres) await sql`set statement_timeout = 0`.execute(connection);
    const migrator = new Migrator({ db: connection, provider: { getMigrations: async () => MIGRATIONS } });
    const { error, results } = await migrator.migrateToLatest();
    if (postgres) await sql`reset statement_timeout`.execute(connection);
    if (error) throw error;
    if (!postgres && results && results.length > 0) await writeStatistics(connection);
    return (results ?? []).map((result) => result.migrationName);
  });
}

/** Whether `migrate` would change something. */
export async function hasPendingMigrations(db: SystemDb): Promise<boolean> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  return (await migrator.getMigrations()).some(({ executedAt }) => executedAt === undefined);
}

/** Whether the database is PostgreSQL; else it is SQLite. */
export function isPostgres(db: Pick<Db | SystemDb, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
