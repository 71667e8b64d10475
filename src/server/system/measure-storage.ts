import { statfs } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { type BlobSweep, GROWTH_DAYS, type Storage, type StorageFigures } from '../../contract/storage.ts';
import type { Db, SystemDb } from '../platform/ports.ts';
import {
  countPage,
  countRecycled,
  findNote,
  type Group,
  listNotes,
  putNote,
  type RecycledPlace,
  sumRecycledPage,
} from './storage-repository.ts';

const DAY_MS = 86_400_000;
const FIRST: RecycledPlace = { recycled_id: '', number: -1 };

type MeasureDeps = { db: Db; now: () => Date };
type Totals = { instances: number; bytes: number };

/**
 * Counts what the objects of a tenant take, and keeps it. By pages, with room for others in between: the rows of two million objects are
 * gigabytes, and no column of them is worth an index that each arrival would pay for.
 */
export async function measureStorage({ db, now }: MeasureDeps, signal?: AbortSignal): Promise<StorageFigures> {
  const at = now();
  const groups = await allGroups(db, signal);
  const since = new Date(at.getTime() - GROWTH_DAYS * DAY_MS).toISOString().slice(0, 10);
  const figures: StorageFigures = {
    at: at.toISOString(),
    ...totalsOf(groups),
    by_modality: [...Map.groupBy(groups, ({ modality }) => modality)]
      .map(([modality, of]) => ({ modality, ...totalsOf(of) }))
      .sort((a, b) => b.bytes - a.bytes),
    by_day: [...Map.groupBy(groups, ({ day }) => day)]
      .map(([day, of]) => ({ day, ...totalsOf(of) }))
      .filter(({ day }) => day > since)
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
    recycled: { ...(await countRecycled(db)), bytes: await recycledBytes(db, signal) },
  };
  await putNote(db, 'storage_figures', figures);
  return figures;
}

/** Keeps how a sweep of the blobs went. */
export async function noteSweep({ db, now }: MeasureDeps, swept: Omit<BlobSweep, 'at'>): Promise<void> {
  await putNote(db, 'blob_sweep', { at: now().toISOString(), ...swept });
}

/** @param systemDb where every tenant is to be told of */
export async function readStorage(db: Db, { dataDir, systemDb }: { dataDir: string; systemDb?: SystemDb | undefined }): Promise<Storage> {
  const { blocks, bavail, bsize } = await statfs(dataDir);
  const tenants = systemDb ? await listNotes<StorageFigures>(systemDb, 'storage_figures') : [];
  return {
    disk: { total_bytes: blocks * bsize, free_bytes: bavail * bsize },
    figures: await findNote<StorageFigures>(db, 'storage_figures'),
    sweep: await findNote<BlobSweep>(db, 'blob_sweep'),
    tenants: tenants.map(({ note, ...tenant }) => ({ ...tenant, figures: note })),
  };
}

/** One group for each modality and day, of all pages. */
async function allGroups(db: Db, signal?: AbortSignal): Promise<Group[]> {
  const found = new Map<string, Group>();
  for (let after = ''; ; ) {
    signal?.throwIfAborted();
    const { groups, last } = await countPage(db, after);
    for (const group of groups) {
      const key = `${group.modality} ${group.day}`;
      const held = found.get(key);
      found.set(key, { ...group, ...totalsOf(held ? [held, group] : [group]) });
    }
    if (last === undefined) return [...found.values()];
    after = last;
    await turn();
  }
}

async function recycledBytes(db: Db, signal?: AbortSignal): Promise<number> {
  let sum = 0;
  for (let after = FIRST; ; ) {
    signal?.throwIfAborted();
    const { bytes, last } = await sumRecycledPage(db, after);
    sum += bytes;
    if (!last) return sum;
    after = last;
    await turn();
  }
}

function totalsOf(groups: readonly Totals[]): Totals {
  return {
    instances: groups.reduce((sum, { instances }) => sum + instances, 0),
    bytes: groups.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
