import type { SystemDb } from '../platform/ports.ts';
import { prepared } from '../platform/prepared.ts';
import { EVERYBODY } from '../platform/stamped-tables.ts';

/** What stands for the present state of each table of a tenant, by its name: it is another after each change. Without one: never changed. */
export type Stamps = ReadonlyMap<string, string>;

/** The present stamps of a tenant's tables, with one statement. */
export async function readStamps(db: SystemDb, tenantId: string): Promise<Stamps> {
  const stamps = new Map<string, string>();
  for (const { name, stamp } of await selectStamps(db, { tenantId })) stamps.set(name, `${stamps.get(name) ?? ''} ${stamp}`);
  return stamps;
}

const selectStamps = prepared<SystemDb, { tenantId: string }, { name: string; stamp: string }>((db, value) =>
  db
    .selectFrom('change_stamp')
    .select(['name', 'stamp'])
    .where('owner', 'in', [value('tenantId'), EVERYBODY])
    .orderBy('owner')
    .orderBy('name')
    .orderBy('slot'),
);
