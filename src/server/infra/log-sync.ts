import { closeSync, fdatasync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../platform/errors.ts';

/** Makes what has been written to an open file durable, off this thread. */
export type SyncFile = (fd: number) => Promise<void>;

/** Makes commits durable that the database has written to its log without waiting for the disk. */
export type LogSync = {
  /** To be called after each commit, before anyone can wait for it. */
  committed(): void;
  /**
   * Resolves when everything that was committed before the call is on the disk: at once if it is. Calls that come together share a sync.
   *
   * @throws {AppError} `unavailable` from the first sync that failed on, for ever
   */
  durable(): Promise<void>;
  /** @throws {AppError} `unavailable` if a sync has failed */
  check(): void;
  /** Waits for the sync that runs. */
  close(): Promise<void>;
};

export const fdatasyncFile: SyncFile = promisify(fdatasync);

/**
 * A sync that fails is never repeated: the system has then dropped the pages that it could not write and says yes to the next call, as if
 * they had been (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020). From then on nothing is said to be
 * durable until the process has been started anew and the database has been opened from what the disk holds.
 *
 * @param path of the log, which is there; its name is made durable here
 */
export function openLogSync(path: string, syncFile: SyncFile): LogSync {
  // Its own descriptor: SQLite keeps no locks on the log, so that closing it takes nothing from SQLite.
  const fd = openSync(path, 'r+');
  syncName(path);
  // What a process before this one left in the log may have been written and not synced.
  let isDirty = true;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  let failure: AppError | undefined;

  const run = async (): Promise<void> => {
    isDirty = false;
    try {
      await syncFile(fd);
    } catch (error) {
      failure ??= new AppError('unavailable', 'The disk failed to keep what was written: the server must be started anew', {
        cause: error,
      });
    }
    if (failure) throw failure;
  };
  const start = (): Promise<void> => {
    const started = run();
    running = started;
    const done = (): void => {
      if (running === started) running = undefined;
    };
    started.then(done, done);
    return started;
  };
  const check = (): void => {
    if (failure) throw failure;
  };

  return {
    committed() {
      isDirty = true;
    },
    async durable() {
      check();
      if (!isDirty) return running;
      if (!running) return start();
      // The sync that runs may have begun before the last commit: only the one after it counts.
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined;
          check();
          return start();
        });
      return next;
    },
    check,
    async close() {
      await Promise.allSettled([next, running]);
      closeSync(fd);
    },
  };
}

/** Windows has no such call and journals names itself. */
function syncName(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(dirname(path), 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
