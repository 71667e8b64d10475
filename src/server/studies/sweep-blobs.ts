import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobStore, Db } from '../platform/ports.ts';
import { isBlobNamed } from './repository.ts';

/** A blob younger than this may still get its row. */
const MIN_AGE_MS = 60 * 60 * 1000;
/** Unfinished resumable uploads and their results are kept this long. */
const UPLOAD_AGE_MS = 7 * 24 * 60 * 60 * 1000;

export type SweepDeps = { db: Db; blobs: BlobStore; now: () => Date };
export type SweepUploadsDeps = { now: () => Date; uploadsDir: string; tempDir: string };

/** Removes a tenant's blobs that none of its rows names (a crash between bytes and row). Returns at how many it looked, and how many went. */
export async function sweepBlobs({ db, blobs, now }: SweepDeps): Promise<{ looked_at: number; removed: number }> {
  const oldEnough = new Date(now().getTime() - MIN_AGE_MS);
  let [looked_at, removed] = [0, 0];
  for await (const { key, modifiedAt } of blobs.list()) {
    looked_at += 1;
    if (modifiedAt > oldEnough || (await isBlobNamed(db, key))) continue;
    // Handed in again since it was looked at, it stays: its row may be on the way.
    await blobs.delete(key, { unmodifiedSince: oldEnough });
    removed += 1;
  }
  return { looked_at, removed };
}

/** Removes blobs whose rows are gone at once, as far as no other row names them; what was handed in a moment ago is left to the sweep. */
export async function dropBlobs({ db, blobs, now }: SweepDeps, keys: Iterable<string>): Promise<void> {
  const oldEnough = new Date(now().getTime() - MIN_AGE_MS);
  for (const key of keys) if (!(await isBlobNamed(db, key))) await blobs.delete(key, { unmodifiedSince: oldEnough });
}

/** Removes uploads that nobody finished, of all tenants. */
export async function sweepUploads({ now, uploadsDir, tempDir }: SweepUploadsDeps): Promise<void> {
  const folders = await readdir(uploadsDir).catch(() => []);
  for (const tenant of folders) await removeOld(join(uploadsDir, tenant), now().getTime() - UPLOAD_AGE_MS);
  await removeOld(tempDir, now().getTime() - MIN_AGE_MS * 24);
}

async function removeOld(folder: string, before: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    const entry = await stat(path).catch(() => undefined);
    if (entry && entry.mtimeMs < before) await rm(path, { force: true, recursive: true });
  }
}
