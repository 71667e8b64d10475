import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type ModelPool, openModelPool } from '../inference/pool.ts';
import { openPdfRenderer, type PdfRenderer } from '../reporting/pdf.ts';
import { type LungQuantifier, openLungQuantifier } from './analysis/run-ct-lung.ts';
import type { Config } from './config.ts';
import { openFolderBlobs } from './infra/blobs-folder.ts';
import { lockFolder } from './infra/folder-lock.ts';
import type { JobErrorListener } from './infra/job-runner.ts';
import { openTableJobs } from './infra/jobs-table.ts';
import { migrate } from './infra/migrate.ts';
import { openSqlite } from './infra/sqlite.ts';
import { type InstalledModel, loadInstalledModels } from './models/installed-models.ts';
import type { BlobStore, Db, Jobs } from './platform/ports.ts';
import { type CommitGroup, openCommitGroup } from './studies/commit-group.ts';
import { type FrameRenderer, openFrameRenderer } from './studies/render-instance.ts';

/** More inference threads than this gain nothing on one machine beside everything else. */
const MAX_INFERENCE_WORKERS = 4;

/** Longer than any pause within an upload to a process beside this one. */
const SHARED_TEMP_GRACE_MS = 3_600_000;

/** Everything that is open, as a plain object; each function names the parts that it takes. */
export type Deps = {
  config: Config;
  db: Db;
  blobs: BlobStore;
  jobs: Jobs;
  commit: CommitGroup;
  models: readonly InstalledModel[];
  pool: ModelPool;
  lung: LungQuantifier;
  renderer: FrameRenderer;
  pdf: PdfRenderer;
  now: () => Date;
  studyQuietMs: number;
  maxUploadBytes: number;
  tempDir: string;
  uploadsDir: string;
  /** Ends everything in order: no new work, what runs is finished, then the stores. */
  close(): Promise<void>;
};

export type OpenOptions = { now?: () => Date; onJobError?: JobErrorListener };

/** Opens the parts that the configuration names: here, and only here, embedded or scaled is decided. */
export async function openDeps(config: Config, { now = () => new Date(), onJobError = ignore }: OpenOptions = {}): Promise<Deps> {
  const storage = config.databaseUrl ? await openScaled(config, now, onJobError) : await openEmbedded(config, now, onJobError);
  const { packages, models } = await loadInstalledModels(config.modelsDir);
  const workers = config.inferenceWorkers || Math.min(MAX_INFERENCE_WORKERS, availableParallelism());
  const pool = await openModelPool({ packages, workers });
  const [lung, renderer, pdf] = [openLungQuantifier(), openFrameRenderer(), openPdfRenderer()];
  return {
    ...storage,
    config,
    commit: openCommitGroup(storage.db),
    models,
    pool,
    lung,
    renderer,
    pdf,
    now,
    studyQuietMs: config.studyQuietMs,
    maxUploadBytes: config.maxUploadBytes,
    tempDir: join(config.dataDir, 'tmp'),
    uploadsDir: join(config.dataDir, 'uploads'),
    close: async () => {
      await storage.jobs.stop();
      await Promise.all([pool.close(), lung.close(), renderer.close(), pdf.close()]);
      await storage.close();
    },
  };
}

const ignore: JobErrorListener = () => undefined;

type Storage = Pick<Deps, 'db' | 'blobs' | 'jobs' | 'close'>;

async function openEmbedded(config: Config, now: () => Date, onError: JobErrorListener): Promise<Storage> {
  const unlock = lockFolder(config.dataDir);
  const db = openSqlite(join(config.dataDir, 'isocenter.db'));
  await migrate(db);
  const blobs = await openFolderBlobs(join(config.dataDir, 'blobs'));
  const jobs = openTableJobs({ db, now, reclaimAll: true, onError });
  const close = async (): Promise<void> => {
    await db.destroy();
    unlock();
  };
  return { db, blobs, jobs, close };
}

async function openScaled(config: Config, now: () => Date, onError: JobErrorListener): Promise<Storage> {
  // Loaded here alone: an embedded installation keeps these drivers out of its memory.
  const [{ openPgBossJobs }, { openPostgres }] = await Promise.all([import('./infra/jobs-pgboss.ts'), import('./infra/postgres.ts')]);
  const db = openPostgres(config.databaseUrl, { onError });
  await migrate(db);
  // Other processes may be writing to the same folder.
  const blobs = await openFolderBlobs(join(config.dataDir, 'blobs'), { tempGraceMs: SHARED_TEMP_GRACE_MS });
  const jobs = await openPgBossJobs({ db, url: config.databaseUrl, now, onError });
  return { db, blobs, jobs, close: () => db.destroy() };
}
