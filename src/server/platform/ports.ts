import type { KeyObject } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Kysely, Transaction } from 'kysely';
import type { NewAuditEntry } from './audit-entry.ts';
import type { JobName, JobPayloads, TenantJobName, TenantJobPayloads } from './job-payloads.ts';
import type { SystemTables, Tables } from './schema.ts';
import type { Visibility } from './visibility.ts';

/** One tenant's view of the database: SQLite embedded or PostgreSQL, one set of queries for both. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/** The view of all tenants. The compiler lets neither view stand for the other; few files may use this one (architecture test). */
export type SystemDb = Kysely<SystemTables>;
export type SystemTx = Transaction<SystemTables>;

/** An open database, and its views. */
export type Database = {
  system: SystemDb;
  /** @param visibility everything of the tenant unless told */
  tenant(tenantId: string, visibility?: Visibility): Db;
  /** The view of a tenant within a transaction that several tenants share; it lasts until the next call for the same transaction. */
  enter(tx: SystemTx, tenantId: string, visibility?: Visibility): Promise<Tx>;
  close(): Promise<void>;
};

/** Leaves work for the end of a transaction, once for a name; what is left again under a name comes last. */
export type AtEnd = (name: string, work: (tx: Tx) => Promise<void>) => void;

/**
 * Commits a write together with its neighbors; resolves when it is durable. `run` may run twice. `done` is shared by the writes of one
 * tenant in one transaction: they note in it what need not be done twice. `entries` go into the audit trail of the write's tenant in the
 * same transaction: if they cannot be written, nothing is.
 */
export type CommitGroup = <T>(
  run: (tx: Tx, done: Set<string>, atEnd: AtEnd) => Promise<T>,
  entries?: (value: T) => readonly NewAuditEntry[],
) => Promise<T>;

/** Inclusive byte range. */
export type ByteRange = { start: number; end: number };

export type StoredBlob = {
  /** SHA-256 of the content, 64 lower-case hex digits. */
  key: string;
  size: number;
  /** Whether the same content was held before. */
  existed: boolean;
  /**
   * When the blob was put last, which is now. Whoever takes content back deletes with `unmodifiedSince` this: then a blob that someone
   * else has put again since stays.
   */
  modifiedAt: Date;
};

/** What a file is sealed with: a data key of the tenant, from which it gets a key of its own. */
export type Sealing = { keyId: string; dataKey: KeyObject; tenantId: string };

/** Content-addressed bytes. What `put` returned is durable: content, name and directory are on the disk. */
export type BlobStore = {
  /** Streams to disk while hashing; memory does not grow with the content. @throws {AppError} `storage-full` */
  put(content: AsyncIterable<Uint8Array>): Promise<StoredBlob>;
  /** Whole content with its hash checked. @throws {AppError} `internal` if the bytes are damaged, `not-found` */
  read(key: string): Promise<Uint8Array>;
  /** A range without the check. @throws {AppError} `not-found` */
  readRange(key: string, range: ByteRange): Promise<Uint8Array>;
  /** Streams the content, checking the hash on the way: damage ends the stream with an error. @throws {AppError} `not-found` */
  open(key: string): Promise<{ stream: Readable; size: number }>;
  has(key: string): Promise<boolean>;
  /** With `unmodifiedSince`, leaves a blob that was put (again) after that instant: a sweep must not take what has just been handed in. */
  delete(key: string, options?: { unmodifiedSince?: Date }): Promise<void>;
  /** Every key with its age, for the sweep of blobs that no row names. */
  list(): AsyncIterable<{ key: string; modifiedAt: Date }>;
  /** Writes and removes a probe. @throws {Error} if the store does not take writes */
  check(): Promise<void>;
};

/**
 * Named bytes, as a folder or a bucket keeps them; a `BlobStore` is made of one. A name has 64 lower-case hex digits or more. What `put`
 * returned is durable: content, name and directory are on the disk.
 */
export type ByteStore = {
  /**
   * Streams to the store, sealed if told so; memory does not grow with the content. `key` is the SHA-256 of the content, `size` what is
   * kept of it. `nameOf` is asked once, after the last piece. Bytes of the same length that are held under the name count as the same
   * and stay. With `replace`, what is held under the name gives way, and where nothing is held nothing is kept.
   * @throws {AppError} `storage-full`
   */
  put(
    content: AsyncIterable<Uint8Array>,
    options: { nameOf: (key: string) => string; sealing?: Sealing; replace?: boolean },
  ): Promise<StoredBlob>;
  /** The part of the range that exists. @throws {AppError} `not-found` */
  readRange(name: string, range: ByteRange): Promise<Uint8Array>;
  /** @throws {AppError} `not-found` */
  open(name: string): Promise<{ stream: Readable; size: number }>;
  find(name: string): Promise<{ size: number; modifiedAt: Date } | undefined>;
  /** With `unmodifiedSince`, leaves what was put (again) after that instant. */
  delete(name: string, options?: { unmodifiedSince?: Date }): Promise<void>;
  list(): AsyncIterable<{ name: string; size: number; modifiedAt: Date }>;
  /** Writes and removes a probe. @throws {Error} if the store does not take writes */
  check(): Promise<void>;
};

/** A blob store that can seal what it keeps. */
export type SealedBlobStore = BlobStore & {
  /**
   * Brings what is kept otherwise, in the clear or under an earlier key, to the present way of keeping; each blob stays readable all the
   * while. Can be broken off and called again: what is done is not done twice.
   */
  reseal(signal?: AbortSignal): Promise<{ resealed: number; damaged: number }>;
};

/**
 * Passes content on while a virus scanner reads along; the last piece comes after the verdict.
 * @throws {AppError} from the iteration: `infected`; `unavailable` if it could not be scanned and must be
 */
export type Scan = (content: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** A bucket holds `quantity` tokens and fills from empty to full in `windowMs`. */
export type BucketSize = { quantity: number; windowMs: number };
export type Taken = {
  allowed: boolean;
  /** Whole tokens that are left. */
  remaining: number;
  /** Until the bucket is full again. */
  fullInMs: number;
  /** Until what was refused would be given; 0 if it was given. */
  retryInMs: number;
};
/** Token buckets by name, shared by all processes that open the same ones. */
export type TokenBuckets = {
  /** Takes `tokens` (1 unless told) or none. Never fails: where a shared store is gone, each process counts for itself. */
  take(name: string, size: BucketSize, tokens?: number): Promise<Taken>;
  close(): Promise<void>;
};

/** A value's place: the tenant that it is of, and 64 hex digits. */
export type CachePlace = { tenantId: string; key: string };

/**
 * Keeps texts for a while. It may lose any of them, and gives nothing but what was set last at the very place. Never fails: where it cannot
 * be reached, it has nothing.
 */
export type CacheLayer = {
  readonly name: 'memory' | 'redis' | 'file';
  get(place: CachePlace): Promise<string | undefined>;
  set(place: CachePlace, text: string, keptMs: number): Promise<void>;
  /** Removes everything of a tenant. */
  forget(tenantId: string): Promise<void>;
  /** Null for what it does not know. */
  size(): { entries: number | null; bytes: number | null };
  close(): Promise<void>;
};

/** Calls `wake` when events may have been committed, by whichever process; also when none were. */
export type EventSignal = { listen(wake: () => void): { close(): Promise<void> } };

export type EnqueueOptions = {
  /** At most one waiting job per name and key; a second `enqueue` moves the waiting one's `runAt` and payload. */
  key?: string;
  runAt?: Date;
  /** Higher runs first; 0 unless told. */
  priority?: number;
  maxAttempts?: number;
};

export type JobContext<N extends JobName = JobName> = {
  id: string;
  payload: JobPayloads[N];
  /** 1 for the first try. */
  attempt: number;
  /** Aborted when the job is cancelled, its lease is lost or the process drains. */
  signal: AbortSignal;
};
export type JobHandler<N extends JobName> = (job: JobContext<N>) => Promise<void>;
export type JobHandlers = { [N in JobName]: JobHandler<N> };

export type JobCounts = { waiting: number; running: number; dead: number };
/** `delayed` waits for its time; `dead` ran out of tries and is kept. */
export type JobState = 'running' | 'waiting' | 'delayed' | 'dead';
export type ListedJob = {
  id: string;
  name: string;
  state: JobState;
  /** Work of the installation, which belongs to no tenant. */
  is_of_installation: boolean;
  attempts: number;
  priority: number;
  created_at: string;
  run_at: string;
  started_at: string | null;
  finished_at: string | null;
  last_error: string | null;
};
/** Whose jobs are looked at: of all, or of one tenant, with the installation's own or without. */
export type WhoseJobs = { tenantId?: string; withInstallation?: boolean };

/** Jobs as an administrator sees and moves them. An id that is not there, or is another's, is met by nothing. */
export type JobDesk = {
  counts(): Promise<Record<JobState, number>>;
  /** What runs longest first, what is next to run first, what died last first. */
  list(state: JobState, limit: number): Promise<ListedJob[]>;
  /** Lets a dead job begin anew and a waiting one run now; where another waits under its key, that one stands for both. */
  retry(id: string): Promise<'done' | 'running' | 'none'>;
  /** Ends a job for good, and aborts it if it runs. Whether there was one. */
  drop(id: string): Promise<boolean>;
};

/**
 * Background work in the database, so that a job commits with the rows it is about. Leased with a heartbeat: a killed worker's job
 * starts again elsewhere. Failed tries are repeated with growing delay; after `maxAttempts` the job is dead and kept.
 */
export type Jobs = {
  enqueue<N extends JobName>(tx: Tx | SystemTx, name: N, payload: JobPayloads[N], options?: EnqueueOptions): Promise<void>;
  /** Cancels what waits under the key and aborts what runs. Returns how many it met. */
  cancel(name: JobName, key: string): Promise<number>;
  /** Starts taking jobs; `concurrency` at a time in this process. */
  start(handlers: JobHandlers, concurrency: number): Promise<void>;
  /** Runs a job at each time of a five-field cron expression (UTC), once in the whole cluster. */
  schedule<N extends JobName>(cron: string, name: N, payload: JobPayloads[N]): Promise<void>;
  /** Of all tenants, or of one. */
  counts(tenantId?: string): Promise<JobCounts>;
  desk(whose: WhoseJobs): JobDesk;
  /** Runs everything that is due at `now` in this process, until nothing is; for tests and the command line. */
  drain(handlers: JobHandlers, now?: Date): Promise<number>;
  /** Stops taking jobs and waits for those that run. */
  stop(): Promise<void>;
};

/** The jobs of one tenant: payloads carry its id, and keys of two tenants never meet. */
export type TenantJobs = {
  enqueue<N extends TenantJobName>(tx: Tx, name: N, payload: TenantJobPayloads[N], options?: EnqueueOptions): Promise<void>;
  cancel(name: TenantJobName, key: string): Promise<number>;
  counts(): Promise<JobCounts>;
  /** @param withInstallation for who administers the installation as well */
  desk(withInstallation?: boolean): JobDesk;
};
