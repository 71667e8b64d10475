import type { Readable } from 'node:stream';
import type { Kysely, Transaction } from 'kysely';
import type { JobName, JobPayloads } from './job-payloads.ts';
import type { Tables } from './schema.ts';

/** The database: SQLite embedded or PostgreSQL, one set of queries for both. */
export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

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
export type DeadJob = { id: string; name: string; attempts: number; last_error: string | null; finished_at: string | null };

/**
 * Background work in the database, so that a job commits with the rows it is about. Leased with a heartbeat: a killed worker's job
 * starts again elsewhere. Failed tries are repeated with growing delay; after `maxAttempts` the job is dead and kept.
 */
export type Jobs = {
  enqueue<N extends JobName>(tx: Tx, name: N, payload: JobPayloads[N], options?: EnqueueOptions): Promise<void>;
  /** Cancels what waits under the key and aborts what runs. Returns how many it met. */
  cancel(name: JobName, key: string): Promise<number>;
  /** Starts taking jobs; `concurrency` at a time in this process. */
  start(handlers: JobHandlers, concurrency: number): Promise<void>;
  /** Runs a job at each time of a five-field cron expression (UTC), once in the whole cluster. */
  schedule<N extends JobName>(cron: string, name: N, payload: JobPayloads[N]): Promise<void>;
  counts(): Promise<JobCounts>;
  listDead(limit: number): Promise<DeadJob[]>;
  /** Runs everything that is due at `now` in this process, until nothing is; for tests and the command line. */
  drain(handlers: JobHandlers, now?: Date): Promise<number>;
  /** Stops taking jobs and waits for those that run. */
  stop(): Promise<void>;
};
