import { closeSync, fsync, mkdirSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const fsyncAsync = promisify(fsync);

export type DirectorySync = {
  /** Creates a folder below the root, and those between, each durable in the one above it. Folders it has seen cost nothing. */
  make(dir: string): Promise<void>;
  /** Resolves when every name put into the folder before the call is on the disk. Calls that come together share one sync. */
  sync(dir: string): Promise<void>;
};

type Syncs = { running: Promise<void>; next: Promise<void> | undefined };

/**
 * Creates `root` and the folders `names` in it durably, and then makes names below it durable. Windows has no such call and journals
 * them itself.
 */
export async function openDirectorySync(root: string, names: string[]): Promise<DirectorySync> {
  const top = resolve(root);
  const created = await mkdir(top, { recursive: true });
  for (let dir = top; created !== undefined; dir = dirname(dir)) {
    await syncDirectory(dirname(dir));
    if (dir === created || dir === dirname(dir)) break;
  }
  const children = names.map((name) => join(top, name));
  for (const child of children) mkdirSync(child, { recursive: true });
  await syncDirectory(top);
  return createDirectorySync(top, [top, ...children]);
}

function createDirectorySync(root: string, known: string[]): DirectorySync {
  const syncs = new Map<string, Syncs>();
  const durable = new Map<string, Promise<void>>(known.map((dir) => [dir, Promise.resolve()]));

  const sync = (dir: string): Promise<void> => {
    const current = syncs.get(dir);
    if (!current) {
      const started: Syncs = { running: syncDirectory(dir), next: undefined };
      syncs.set(dir, started);
      const done = () => {
        if (started.next === undefined && syncs.get(dir) === started) syncs.delete(dir);
      };
      started.running.then(done, done);
      return started.running;
    }
    // The sync that runs may have begun before the caller's rename: only the one after it counts.
    current.next ??= current.running
      .catch(() => {})
      .then(() => {
        syncs.delete(dir);
        return sync(dir);
      });
    return current.next;
  };

  const make = (dir: string): Promise<void> => {
    const before = durable.get(dir);
    if (before) return before;
    const made = makeOnce(dir);
    durable.set(dir, made);
    made.catch(() => durable.delete(dir));
    return made;
  };
  const makeOnce = async (dir: string): Promise<void> => {
    const parent = dirname(dir);
    if (parent === dir) throw new Error(`${dir} is not below ${root}`);
    await make(parent);
    try {
      await mkdir(dir);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    // Also if it was there: another process may have made it a moment ago and not yet synced it.
    await sync(parent);
  };

  return { make: (dir) => make(resolve(dir)), sync: (dir) => sync(resolve(dir)) };
}

async function syncDirectory(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const fd = openSync(dir, 'r');
  try {
    await fsyncAsync(fd);
  } finally {
    closeSync(fd);
  }
}
