import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { CacheLayer } from '../platform/ports.ts';

const NAME = /^[0-9a-f]{64}$/;

/**
 * Texts as files, a folder for each tenant, that outlast a restart. What a crash leaves half written has no place's name and is removed at
 * the next start. One process to a folder.
 *
 * @param maxBytes of all files together, more than 0; the one that was used longest ago gives way
 */
export async function openFileCache(folder: string, maxBytes: number): Promise<CacheLayer> {
  const removing = new Set<Promise<void>>();
  const remove = (path: string): void => {
    const removed = rm(path, { force: true })
      .catch(() => undefined)
      .finally(() => removing.delete(removed));
    removing.add(removed);
  };
  /** Bytes of each file, by `<tenant>/<key>`. A file whose place is written anew is not removed for it. */
  const held = new LRUCache<string, number>({
    maxSize: maxBytes,
    sizeCalculation: (bytes) => Math.max(1, bytes),
    dispose: (_, path, reason) => {
      if (reason !== 'set') remove(join(folder, path));
    },
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const { path, size } of await filesIn(folder, remove)) held.set(path, size);

  return {
    name: 'file',
    get: async ({ tenantId, key }) => {
      const path = `${tenantId}/${key}`;
      if (held.get(path) === undefined) return undefined;
      return readFile(join(folder, path), 'utf8').catch(() => undefined);
    },
    set: async ({ tenantId, key }, text, keptMs) => {
      const path = `${tenantId}/${key}`;
      const half = join(folder, tenantId, `${randomUUID()}.half`);
      if (keptMs < 1) return;
      try {
        await mkdir(join(folder, tenantId), { recursive: true, mode: 0o700 });
        await writeFile(half, text, { mode: 0o600 });
        await rename(half, join(folder, path));
        held.set(path, Buffer.byteLength(text));
      } catch {
        // A full disk: the value is made again when it is asked for.
        await rm(half, { force: true }).catch(() => undefined);
      }
    },
    forget: async (tenantId) => {
      for (const path of held.keys()) if (path.startsWith(`${tenantId}/`)) held.delete(path);
      await Promise.all(removing);
    },
    size: () => ({ entries: held.size, bytes: held.calculatedSize }),
    close: async () => {
      await Promise.all(removing);
    },
  };
}

/** What is there from before, the one that was written longest ago first; what is no text of this cache is removed. */
async function filesIn(folder: string, remove: (path: string) => void): Promise<{ path: string; size: number }[]> {
  const found: { path: string; size: number; at: number }[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const whole = join(entry.parentPath, entry.name);
    if (!NAME.test(entry.name)) remove(whole);
    else {
      const { size, mtimeMs } = await stat(whole);
      found.push({ path: whole.slice(folder.length + 1).replaceAll('\\', '/'), size, at: mtimeMs });
    }
  }
  return found.sort((a, b) => a.at - b.at);
}
