import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

/** Pages in the log before they are copied into the database, and before writers wait for that. */
export type LogLimits = { copyAfter: number; fullAt: number };
/** 8 and 64 MiB. */
const LIMITS: LogLimits = { copyAfter: 2_048, fullAt: 16_384 };

/** Pages of the log, and how many of them have been copied into the database. */
export type LogState = { log: number; copied: number };

/** Keeps the log short while commits go on, in a thread of its own: copying waits for the disk. */
export type Checkpointer = {
  /** To be called after each commit; false if it wrote nothing. */
  committed(): boolean;
  /** To be called by the one writer before each transaction; resolves when the log has room for it. */
  room(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Asks SQLite to copy from the log into the database: `passive` takes what it can without making anyone wait, `truncate` waits for
 * everyone and empties the log, `noop` only looks (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
 */
export function checkpoint(database: DatabaseSync, mode: 'noop' | 'passive' | 'truncate'): LogState {
  const row = database.prepare(`pragma wal_checkpoint(${mode})`).get();
  return { log: Number(row?.['log']), copied: Number(row?.['checkpointed']) };
}

/** @param writer the connection that writes, which leaves copying to this (`wal_autocheckpoint = 0`) */
export function openCheckpointer(path: string, writer: DatabaseSync, limits: LogLimits = LIMITS): Checkpointer {
  let state: LogState = { log: 0, copied: 0 };
  let thread: CopyThread | undefined;
  let running: Promise<void> | undefined;
  let { fullAt } = limits;

  const copy = async (): Promise<void> => {
    thread ??= openCopyThread(path);
    // Without a thread, here: the writer then waits for the disk.
    state = thread.isAlive() ? await thread.copy() : checkpoint(writer, 'passive');
  };
  const start = (): Promise<void> => {
    // A disk that is full or failing: the pages stay in the log.
    running = copy()
      .catch(() => undefined)
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  return {
    committed() {
      const before = state;
      state = checkpoint(writer, 'noop');
      if (state.log < limits.fullAt) fullAt = limits.fullAt;
      // While the log is copied, a commit may write it from its start again, up to where it was.
      const isWritten = running !== undefined || state.log !== before.log || state.copied !== before.copied;
      if (!running && state.log - state.copied >= limits.copyAfter) void start();
      return isWritten;
    },
    async room() {
      if (state.log < fullAt) return;
      // SQLite writes the log from its start again when all of it has been copied, which never happens while transactions go on without
      // a pause: this one waits for one copy.
      await running;
      if (state.copied < state.log) await start();
      // Someone who reads an old state may hold the log: it grows on then, and not every transaction waits.
      fullAt = state.log + limits.copyAfter;
    },
    async close() {
      await running;
      await thread?.close();
    },
  };
}

type CopyThread = {
  isAlive(): boolean;
  /** One at a time. @throws {Error} if the disk is full or fails, or the thread ends */
  copy(): Promise<LogState>;
  close(): Promise<void>;
};

function openCopyThread(path: string): CopyThread {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./checkpoint-worker.${extension}`, import.meta.url), { workerData: path });
  let isAlive = true;
  let asked: PromiseWithResolvers<LogState> | undefined;
  const answer = (state: LogState | null): void => {
    worker.unref();
    if (state) asked?.resolve(state);
    else asked?.reject(new Error('The log could not be copied'));
  };
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      isAlive = false;
      answer(null);
      resolve();
    });
  });
  worker.on('message', answer);
  // What it was is told by 'exit', which follows.
  worker.on('error', () => undefined);
  worker.unref();
  return {
    isAlive: () => isAlive,
    copy() {
      asked = Promise.withResolvers();
      worker.ref();
      worker.postMessage('copy');
      return asked.promise;
    },
    async close() {
      worker.ref();
      worker.postMessage('end');
      await exited;
    },
  };
}
