import { expect } from 'vitest';
import type { Cache, Views } from '../../src/server/cache/cache.ts';
import type { Database, Db } from '../../src/server/platform/ports.ts';
import type { Visibility } from '../../src/server/platform/visibility.ts';

/** A process of an installation: its own connections and its own memory, perhaps a layer that all share. */
export type Process = { database: Database; cache: Cache };
export type Clock = { time: number };

export type Count = { begun: number; acknowledged: number; names: string[] };
export const newCount = (): Count => ({ begun: 0, acknowledged: 0, names: [] });

export async function read(process: Process, tenantId: string, count: Count): Promise<void> {
  const before = count.acknowledged;
  const seen = await sumSettings(process, tenantId);
  expect(seen).toBeGreaterThanOrEqual(before);
  expect(seen).toBeLessThanOrEqual(count.begun);
}

/** Each write adds one to the sum. */
export async function write(
  process: Process,
  tenantId: string,
  { count, act, name }: { count: Count; act: string; name: string },
): Promise<void> {
  const changed = act === 'update' ? count.names.pop() : undefined;
  count.begun += 1;
  await put(process, changed ?? name, changed === undefined ? 1 : 2, tenantId);
  count.acknowledged += 1;
  if (changed === undefined) count.names.push(name);
}

export function viewsOf(
  { database }: Pick<Process, 'database'>,
  tenant_id = 'default',
  visibility: Visibility = { kind: 'tenant' },
): { db: Views[string] } {
  return { db: { tenant_id, visibility, db: database.tenant(tenant_id, visibility) } };
}

export async function put({ database }: Process, key: string, value: number, tenantId = 'default'): Promise<void> {
  await database
    .tenant(tenantId)
    .insertInto('setting')
    .values({ key, value: String(value) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(value) }))
    .execute();
}

export async function sumSettings(process: Process, tenantId = 'default'): Promise<number> {
  return process.cache.view({ name: 'sum', key: {} }, viewsOf(process, tenantId), sum);
}

export const sum = ({ db }: { db: Db }): Promise<number> => sumOf(db);

export async function sumOf(db: Db): Promise<number> {
  const rows = await db.selectFrom('setting').select('value').execute();
  return rows.reduce((total, { value }) => total + Number(value), 0);
}

export async function countSettings(process: Process, { reads, keptMs }: { reads: string[]; keptMs?: number }): Promise<number> {
  const asked = { name: 'count', key: {}, ...(keptMs === undefined ? {} : { keptMs }) };
  return process.cache.view(asked, viewsOf(process), async ({ db }) => {
    reads.push('read');
    return (await db.selectFrom('setting').select('key').execute()).length;
  });
}

export function keyOf(tenant_id: string) {
  return {
    tenant_id,
    id: `key of ${tenant_id}`,
    purpose: 'data',
    wrapped: '',
    master_key_id: '',
    created_at: '',
    replaced_at: null,
  } as const;
}
