import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type ModelPool, openModelPool } from '../inference/pool.ts';
import { openPdfRenderer, type PdfRenderer } from '../reporting/pdf.ts';
import { type LungQuantifier, openLungQuantifier } from './analysis/run-ct-lung.ts';
import { CHECKPOINT_EVERY } from './audit/make-checkpoint.ts';
import type { AuditStateListener } from './audit/notes.ts';
import { type AuditSecrets, openAuditSecrets } from './audit/secrets.ts';
import { openAuditTrail, type TrailDeps } from './audit/trail.ts';
import type { Cache } from './cache/cache.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-values.ts';
import { type Deidentifier, openDeidentifier } from './deidentification/deidentifier.ts';
import { openSecureTransport, type SecureTransport } from './dimse/secure-transport.ts';
import { openFolderBytes } from './infra/bytes-folder.ts';
import { type ContentThreads, openContentThreads } from './infra/content-threads.ts';
import { lockFolder } from './infra/folder-lock.ts';
import type { JobErrorListener } from './infra/job-runner.ts';
import { openTableJobs } from './infra/jobs-table.ts';
import { openLocalSignal } from './infra/local-signal.ts';
import { migrate } from './infra/migrate.ts';
import { bypassesRowSecurity } from './infra/row-security.ts';
import { openSqlite } from './infra/sqlite.ts';
import { tenantJobs } from './infra/tenant-jobs.ts';
import { openTextIndex } from './infra/text-index.ts';
import { type Embeddings, openEmbeddings } from './literature/embeddings.ts';
import type { LiteratureClient } from './literature/online-client.ts';
import { openLiteratureClients } from './literature/open-clients.ts';
import { type InstalledModel, loadInstalledModels } from './models/installed-models.ts';
import { openConfiguredCache } from './open-cache.ts';
import { type NoticeListener, openProtection, type Protection } from './open-protection.ts';
import type { AuditTrail } from './platform/audit.ts';
import { countBuffersWithHeap } from './platform/buffer-memory.ts';
import { type Egress, openEgress } from './platform/egress.ts';
import type { ByteStore, Database, EventSignal, Jobs, SystemDb } from './platform/ports.ts';
import type { OpenScope, Scope } from './platform/scope.ts';
import type { TextIndex } from './platform/text-index.ts';
import type { Visibility } from './platform/visibility.ts';
import { openCommitGroup } from './studies/commit-group.ts';
import { type FrameRenderer, openFrameRenderer } from './studies/render-instance.ts';
import { openMetrics, type SystemMetrics } from './system/metrics.ts';
import { openTranscoder, type Transcoder } from './transcoding/transcoder.ts';
import { openTrialsClient, type TrialsClient } from './trials/trials-client.ts';

/** More inference threads than this gain nothing on one machine beside everything else. */
const MAX_INFERENCE_WORKERS = 4;

/** Longer than any pause within an upload to a process beside this one. */
const SHARED_TEMP_GRACE_MS = 3_600_000;

/** Everything that is open, as a plain object; each function names the parts that it takes. */
export type Deps = Protection & {
  config: Config;
  /** Of all tenants; only named files may use it. */
  systemDb: SystemDb;
  /** Opens a tenant's part of what stores. */
  scope: OpenScope;
  /** Of all tenants. */
  jobs: Jobs;
  /** Answers that are costly to work out. */
  cache: Cache;
  /** Tells when there are new events. */
  eventSignal: EventSignal;
  audit: AuditTrail;
  auditSecrets: AuditSecrets;
  /** The way out for everything that this server fetches by itself. */
  egress: Egress;
  /** How associations over TLS are made, to us and by us. */
  transport: SecureTransport;
  /** Full-text search in publications and trials. */
  textIndex: TextIndex;
  /** The sense of publications; undefined where no model is configured. */
  embeddings: Embeddings | undefined;
  /** The services of publications that are configured. */
  literatureClients: readonly LiteratureClient[];
  metrics: SystemMetrics;
  /** The registry of trials; undefined where none is configured. */
  trialsClient: TrialsClient | undefined;
  models: readonly InstalledModel[];
  pool: ModelPool;
  lung: LungQuantifier;
  deidentifier: Deidentifier;
  renderer: FrameRenderer;
  transcoder: Transcoder;
  pdf: PdfRenderer;
  now: () => Date;
  studyQuietMs: number;
  compressesStudies: boolean;
  maxUploadBytes: number;
  tempDir: string;
  uploadsDir: string;
  /** Ends everything in order: no new work, what runs is finished, then the stores. */
  close(): Promise<void>;
};

export type OpenOptions = { now?: () => Date; onJobError?: JobErrorListener; onAuditState?: AuditStateListener; onNotice?: NoticeListener };

/** Opens the parts that the configuration names: here, and only here, embedded or scaled is decided. */
export async function openDeps(
  config: Config,
  { now = () => new Date(), onJobError = ignore, onAuditState = ignore, onNotice = ignore }: OpenOptions = {},
): Promise<Deps> {
  countBuffersWithHeap();
  const transport = await transportOf(config);
  const storage = config.databaseUrl
    ? await openScaled(config, now, { onError: onJobError, onNotice })
    : await openEmbedded(config, now, onJobError);
  const auditSecrets = await openAuditSecrets(join(config.dataDir, 'keys'));
  const { database } = storage;
  const protection = await openProtection(config, { systemDb: database.system, bytesOf: storage.bytesOf, now, onNotice });
  const { scope, audit } = scopesOf({ ...storage, ...protection }, { now, pseudonymKey: auditSecrets.pseudonymKey, onState: onAuditState });
  const keysOf = (tenantId: string) => protection.keyring.of(tenantId);
  const cache = await openConfiguredCache(config, { systemDb: database.system, keysOf, now, onNotice });
  const { packages, models } = await loadInstalledModels(config.modelsDir);
  const workers = config.inferenceWorkers || Math.min(MAX_INFERENCE_WORKERS, availableParallelism());
  const pool = await openModelPool({ packages, workers });
  const deidentifier = openDeidentifier();
  const egress = openEgress({ allow: config.egressAllow });
  const literature = literatureOf(config, database.system, egress);
  const metrics = openMetrics({ systemDb: database.system, jobs: storage.jobs, dataDir: config.dataDir, now });
  const [lung, renderer, transcoder, pdf] = [openLungQuantifier(), openFrameRenderer(), openTranscoder(), openPdfRenderer()];
  return {
    ...protection,
    systemDb: database.system,
    scope,
    jobs: storage.jobs,
    cache,
    eventSignal: storage.eventSignal,
    audit,
    auditSecrets,
    transport,
    egress,
    ...literature,
    config,
    metrics,
    models,
    pool,
    lung,
    deidentifier,
    renderer,
    transcoder,
    pdf,
    now,
    studyQuietMs: config.studyQuietMs,
    compressesStudies: config.compressesStudies,
    maxUploadBytes: config.maxUploadBytes,
    tempDir: join(config.dataDir, 'tmp'),
    uploadsDir: join(config.dataDir, 'uploads'),
    close: async () => {
      await metrics.close();
      await storage.jobs.stop();
      await Promise.all([literature.embeddings, pool, lung, deidentifier, renderer, transcoder, pdf].map((part) => part?.close()));
      try {
        await audit.close();
      } finally {
        await protection.buckets.close();
        await cache.close();
        await storage.close();
      }
    },
  };
}

type Literature = Pick<Deps, 'textIndex' | 'embeddings' | 'literatureClients' | 'trialsClient'>;

function literatureOf({ literature: services }: Config, systemDb: SystemDb, egress: Egress): Literature {
  return {
    textIndex: openTextIndex(systemDb),
    embeddings: openEmbeddings(services.embeddingModel, systemDb),
    literatureClients: openLiteratureClients({ services, egress }),
    trialsClient: openTrialsClient({ url: services.trialsUrl, egress }),
  };
}

async function transportOf({ dicom: { tls } }: Config): Promise<SecureTransport> {
  return await openSecureTransport(tls, tls.clients).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new ConfigError(`The files of ISOCENTER_DICOM_TLS_CERT, _KEY and _CA cannot be used: ${reason}`);
  });
}

const ignore = (): void => undefined;

type Storage = {
  database: Database;
  bytesOf(tenantId: string): Promise<ByteStore>;
  jobs: Jobs;
  eventSignal: EventSignal;
  close(): Promise<void>;
};

const EVERYTHING: Visibility = { kind: 'tenant' };

type AuditOptions = Pick<TrailDeps, 'now' | 'pseudonymKey' | 'onState'>;

/** Scopes that show everything of a tenant are kept: most requests have one. */
function scopesOf(
  { database, blobsOf, keyring, jobs }: Storage & Protection,
  options: AuditOptions,
): { scope: OpenScope; audit: AuditTrail } {
  const commitAs = openCommitGroup({ database, append: (tx, tenantId, entries) => audit.append(tx, tenantId, entries) });
  const audit = openAuditTrail({
    ...options,
    tenantDb: (tenantId) => database.tenant(tenantId),
    write: (tenantId, entries) =>
      commitAs({ tenantId, visibility: EVERYTHING })(
        async () => undefined,
        () => entries,
      ),
    onAppended: async (tx, tenantId, { first, last }) => {
      const isDue = Math.floor(last / CHECKPOINT_EVERY) > Math.floor((first - 1) / CHECKPOINT_EVERY);
      if (isDue) await tenantJobs(jobs, tenantId).enqueue(tx, 'checkpoint-audit', {}, { key: 'audit' });
    },
  });
  const opened = new Map<string, Promise<Scope>>();
  const open = async (tenantId: string, visibility: Visibility): Promise<Scope> => ({
    tenant_id: tenantId,
    visibility,
    db: database.tenant(tenantId, visibility),
    blobs: await blobsOf(tenantId),
    keys: await keyring.of(tenantId),
    commit: commitAs({ tenantId, visibility }),
    jobs: tenantJobs(jobs, tenantId),
    audit,
  });
  const scope: OpenScope = async (tenantId, visibility = EVERYTHING) => {
    if (visibility.kind !== 'tenant') return open(tenantId, visibility);
    const known = opened.get(tenantId);
    if (known) return known;
    const fresh = open(tenantId, EVERYTHING);
    opened.set(tenantId, fresh);
    fresh.catch(() => opened.delete(tenantId));
    return fresh;
  };
  return { scope, audit };
}

async function openEmbedded(config: Config, now: () => Date, onError: JobErrorListener): Promise<Storage> {
  const unlock = lockFolder(config.dataDir);
  const eventSignal = openLocalSignal();
  const database = openSqlite(join(config.dataDir, 'isocenter.db'), { onCommit: eventSignal.tell });
  await migrate(database.system);
  const threads = openContentThreads();
  const bytesOf = tenantFolders(config, { tempGraceMs: 0, threads });
  const jobs = openTableJobs({ db: database.system, now, reclaimAll: true, onError });
  const close = async (): Promise<void> => {
    await threads.close();
    await database.close();
    unlock();
  };
  return { database, bytesOf, jobs, eventSignal, close };
}

async function openScaled(
  config: Config,
  now: () => Date,
  { onError, onNotice }: { onError: JobErrorListener; onNotice: NoticeListener },
): Promise<Storage> {
  // Loaded here alone: an embedded installation keeps these drivers out of its memory.
  const [{ openPgBossJobs }, { openPostgres }, { openPostgresSignal }] = await Promise.all([
    import('./infra/jobs-pgboss.ts'),
    import('./infra/postgres.ts'),
    import('./infra/postgres-signal.ts'),
  ]);
  const database = openPostgres(config.databaseUrl, { onError });
  await migrate(database.system);
  if (await bypassesRowSecurity(database.system))
    onNotice('The PostgreSQL role is a superuser or has BYPASSRLS: the second wall between tenants does not hold. Use a role without it');
  // Other processes may be writing to the same folder.
  const threads = openContentThreads();
  const bytesOf = tenantFolders(config, { tempGraceMs: SHARED_TEMP_GRACE_MS, threads });
  const jobs = await openPgBossJobs({ db: database.system, url: config.databaseUrl, now, onError });
  const eventSignal = openPostgresSignal(config.databaseUrl, onError);
  const close = async (): Promise<void> => {
    await threads.close();
    await database.close();
  };
  return { database, bytesOf, jobs, eventSignal, close };
}

/** Each tenant's blobs are in a folder of their own. */
function tenantFolders({ dataDir }: Config, options: { tempGraceMs: number; threads: ContentThreads }): Storage['bytesOf'] {
  return (tenantId) => openFolderBytes(join(dataDir, 'blobs', tenantId), options);
}
