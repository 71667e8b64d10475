import { createHash } from 'node:crypto';
import type { CacheLayer, CachePlace, Db, SystemDb } from '../platform/ports.ts';
import { TENANT_TABLES } from '../platform/schema.ts';
import type { Scope } from '../platform/scope.ts';
import { KEY_TABLE, STAMPED_TABLES } from '../platform/stamped-tables.ts';
import { type Layers, openLayers } from './layers.ts';
import { notingTables } from './read-tables.ts';
import { readStamps, type Stamps } from './repository.ts';

/** The longest that a value is kept unless told, whether or not it still holds (C-07). */
const KEPT_MS = 3_600_000;

/** What is asked for: `key` is everything that the answer depends on besides the rows that are read, such as the query and the day. */
export type Asked = { name: string; key: unknown; keptMs?: number };
/** The scopes that a view is read in, by what they are for; all of one tenant. */
export type Views = Record<string, Pick<Scope, 'tenant_id' | 'visibility' | 'db'>>;
type DbsOf<V extends Views> = { [K in keyof V]: Db };

export type Cache = {
  /**
   * What `read` makes of the rows that it reads through the views it is given; kept, and given again as long as the database says that none
   * of the tables it has read was changed. Nothing is ever given that a write has overtaken which ended before this was called, by
   * whichever process, nor what was read in another tenant or with another visibility. What it gives passes through JSON.
   *
   * A view that reads a table without stamps is read each time.
   */
  view<V extends Views, T>(asked: Asked, views: V, read: (dbs: DbsOf<V>) => Promise<T>): Promise<T>;
  /** What `make` makes of content that `key` names by its digest, and so is always the same. */
  content<T>(asked: Asked, tenantId: string, make: () => Promise<T>): Promise<T>;
  /** Removes everything of a tenant that this process can reach. */
  forget(tenantId: string): Promise<void>;
  figures: Layers['figures'];
  close(): Promise<void>;
};

export type CacheDeps = { layers: readonly CacheLayer[]; systemDb: SystemDb; now: () => Date };

/** Without layers nothing is kept, and nothing asked. */
export function openCache({ layers: given, systemDb, now }: CacheDeps): Cache {
  const layers = openLayers(given, now);
  /** What is being made, by place and stamps: who asks for it meanwhile gets the same. */
  const making = new Map<string, Promise<unknown>>();

  const keptOrMade = async <T>(
    place: CachePlace,
    stamps: Stamps,
    { keptMs = KEPT_MS, make }: { keptMs?: number | undefined; make: () => Promise<{ value: T; tables: Iterable<string> | undefined }> },
  ): Promise<T> => {
    const found = await layers.find(place, stamps);
    // What was written for this place by `make` is of its type; the key has the name of what was asked.
    if (found !== undefined) return JSON.parse(found) as T;
    const name = `${place.tenantId} ${place.key} ${digestOf([...stamps])}`;
    const running = making.get(name) as Promise<T> | undefined;
    if (running) return running;
    const made = make().then(({ value, tables }) => {
      if (tables) layers.keep(place, { value: JSON.stringify(value), stamps: chosen(stamps, tables), keptMs });
      return value;
    });
    making.set(name, made);
    return await made.finally(() => making.delete(name));
  };

  return {
    view: async (asked, views, read) => {
      if (given.length === 0) return read(dbsOf(views, new Set()));
      const tenantId = tenantOf(views);
      const seen = Object.entries(views).map(([name, { visibility }]) => [name, visibility]);
      // Read before the rows are: what changes in between makes the stamps older than the rows, never younger.
      const stamps = await readStamps(systemDb, tenantId);
      return keptOrMade(placeOf(tenantId, [asked.name, asked.key, seen]), stamps, {
        keptMs: asked.keptMs,
        make: async () => {
          const tables = new Set<string>();
          const value = await read(dbsOf(views, tables));
          return { value, tables: areStamped(tables) ? tables : undefined };
        },
      });
    },
    content: async (asked, tenantId, make) => {
      if (given.length === 0) return make();
      const stamps = await readStamps(systemDb, tenantId);
      return keptOrMade(placeOf(tenantId, [asked.name, asked.key]), stamps, {
        keptMs: asked.keptMs,
        make: async () => ({ value: await make(), tables: [] }),
      });
    },
    forget: layers.forget,
    figures: layers.figures,
    close: layers.close,
  };
}

/** A name that tells nothing of what it names. */
function placeOf(tenantId: string, parts: unknown): CachePlace {
  return { tenantId, key: digestOf(parts) };
}

function digestOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function tenantOf(views: Views): string {
  const tenants = new Set(Object.values(views).map(({ tenant_id }) => tenant_id));
  const [tenantId] = tenants;
  if (tenantId === undefined || tenants.size > 1) throw new Error('A view is of one tenant');
  return tenantId;
}

function dbsOf<V extends Views>(views: V, tables: Set<string>): DbsOf<V> {
  // Each name of `views` gets a view.
  return Object.fromEntries(Object.entries(views).map(([name, { db }]) => [name, notingTables(db, tables)])) as DbsOf<V>;
}

const STAMPED: ReadonlySet<string> = new Set(STAMPED_TABLES);

/** What is no table is a query that a statement has given a name; its own tables are noted as well. */
function areStamped(tables: ReadonlySet<string>): boolean {
  return [...tables].every((table) => STAMPED.has(table) || !Object.hasOwn(TENANT_TABLES, table));
}

/** The stamps of the tables that were read, and of the tenant's keys. */
function chosen(stamps: Stamps, tables: Iterable<string>): Stamps {
  return new Map([...tables, KEY_TABLE].map((table) => [table, stamps.get(table) ?? '']));
}
