import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable } from './fields.ts';

/** Days of arrival that the growth is told by. */
export const GROWTH_DAYS = 90;

const Count = Type.Integer({ minimum: 0 });
const Bytes = Type.Integer({ minimum: 0 });

/** What the objects of a tenant take, as it was counted last. Pictures, papers and documents made from them are not in it. */
export const StorageFigures = Type.Object({
  at: Instant,
  instances: Count,
  bytes: Bytes,
  by_modality: Type.Array(Type.Object({ modality: Type.String(), instances: Count, bytes: Bytes })),
  /** By the day (UTC) of arrival, of the last days; days without any are left out. */
  by_day: Type.Array(Type.Object({ day: Type.String(), instances: Count, bytes: Bytes })),
  /** What the recycle bin holds. */
  recycled: Type.Object({ items: Count, instances: Count, bytes: Bytes }),
});
export type StorageFigures = Static<typeof StorageFigures>;

/** How the last sweep went: content that no row named, as a crash between both leaves it. */
export const BlobSweep = Type.Object({ at: Instant, looked_at: Count, removed: Count });
export type BlobSweep = Static<typeof BlobSweep>;

export const Storage = Type.Object({
  /** Of the file system of the data folder. */
  disk: Type.Object({ total_bytes: Bytes, free_bytes: Bytes }),
  /** Null until it was counted for the first time. */
  figures: Nullable(StorageFigures),
  sweep: Nullable(BlobSweep),
  /** Each tenant by what was counted last; empty for who does not administer the installation. */
  tenants: Type.Array(Type.Object({ tenant_id: Type.String(), name: Type.String(), figures: Nullable(StorageFigures) })),
});
export type Storage = Static<typeof Storage>;

export const getStorage = endpoint({
  method: 'GET',
  path: '/api/v1/system/storage',
  summary: 'Free disk, what the objects take by modality and day of arrival, the recycle bin, and the last sweep',
  permission: 'system:read',
  response: Storage,
});
export const measureStorage = endpoint({
  method: 'POST',
  path: '/api/v1/system/storage/measure',
  summary: 'Counts anew, in the background; it is done each night as well',
  permission: 'system:write',
  response: Type.Object({}),
  status: 202,
});
