import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../platform/errors.ts';

/** `SQLITE_BUSY`, https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/**
 * Claims a data folder for this process; embedded jobs and blobs stand on being alone in it. The operating system drops the lock when
 * the process ends, however it ends. The function that is returned gives the folder back.
 *
 * @throws {AppError} `unavailable` if another process holds the folder
 */
export function lockFolder(dir: string): () => void {
  mkdirSync(dir, { recursive: true });
  const lock = new DatabaseSync(join(dir, 'isocenter.lock'));
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    const busy = error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
    if (!busy) throw error;
    throw new AppError('unavailable', `The data folder ${dir} is in use by another Isocenter process`, { cause: error });
  }
  return () => lock.close();
}
