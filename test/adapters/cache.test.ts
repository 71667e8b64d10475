import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openCache } from '../../src/server/cache/cache.ts';
import { openMemoryCache } from '../../src/server/infra/cache-memory.ts';
import { openRedisCache } from '../../src/server/infra/cache-redis.ts';
import { sealedCache } from '../../src/server/infra/cache-sealed.ts';
import type { SystemDb } from '../../src/server/platform/ports.ts';
import { KEY_TABLE, STAMPED_TABLES } from '../../src/server/platform/stamped-tables.ts';
import { openTestSqlite } from '../database.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { type RedisServer, redisMissing, startRedis } from '../redis.ts';
import { testCache } from './cache-contract.ts';
import { untilReady } from './cache-layer-contract.ts';
import { sumSettings } from './cache-processes.ts';
import { newTenantKeys } from './tenant-keys.ts';

const STAMPED = [...STAMPED_TABLES, KEY_TABLE].sort();
const missing = postgresMissing ?? redisMissing;

describe('kept answers over SQLite', () => {
  testCache({ open: openTestSqlite, runs: 60 });

  test('the database stamps the tables that it is said to, and an answer is out of date where it does not', async () => {
    const { database, system, db, close } = await openTestSqlite();
    const { rows } = await sql<{ name: string }>`select tbl_name as name from sqlite_master where name like '%_stamp'
      and type = 'trigger'`.execute(system);
    expect(rows.map(({ name }) => name).sort()).toEqual(STAMPED.flatMap((name) => [name, name, name]));
    await sql`drop trigger setting_insert_stamp`.execute(system);
    const cache = openCache({ layers: [openMemoryCache(100_000)], systemDb: system, now: () => new Date() });
    expect(await sumSettings({ database, cache })).toBe(0);
    await db.insertInto('setting').values({ key: 'a', value: '1' }).execute();
    expect(await sumSettings({ database, cache })).toBe(0);
    await cache.close();
    await close();
  });
});

describe.skipIf(missing)(`kept answers over PostgreSQL and Redis${missing ? ` (${missing})` : ''}`, () => {
  let server: PostgresServer;
  let redis: RedisServer;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await redis.kill();
    await redis.restart();
  });
  afterAll(async () => {
    await server.stop();
    await redis.stop();
  });

  describe('each process for itself', () => {
    testCache({ open: () => server.openDatabase(), runs: 40 });
  });

  describe('with a layer that processes share', () => {
    const keys = new Map(['default', 'north'].map((tenantId) => [tenantId, newTenantKeys(tenantId)]));
    const keysOf = async (tenantId: string) => keys.get(tenantId) ?? newTenantKeys(tenantId);
    const shared = async () => {
      const layer = sealedCache(openRedisCache({ url: redis.url }), keysOf);
      await untilReady(layer);
      return layer;
    };
    testCache({ open: () => server.openDatabase(), shared, runs: 40 });
  });

  test('the database stamps the tables that it is said to', async () => {
    const { system, close } = await server.openDatabase();
    closing.push(close);
    const { rows } = await sql<{
      name: string;
    }>`select tgrelid::regclass::text as name from pg_trigger where tgname like '%_stamp'`.execute(system);
    expect(rows.map(({ name }) => name).sort()).toEqual(STAMPED);
  });

  test('writers do not wait for each other, and leave no more stamps than there were of them at a time', async () => {
    const { db, system, close } = await server.openDatabase();
    closing.push(close);
    const slots = (): Promise<number> => countSlots(system);
    const write = (key: string): Promise<unknown> => db.insertInto('setting').values({ key, value: '' }).execute();
    for (let count = 0; count < 10; count += 1) await write(`one ${count}`);
    expect(await slots()).toBe(1);
    await db.transaction().execute(async (tx) => {
      await tx.insertInto('setting').values({ key: 'held', value: '' }).execute();
      // The transaction above is open meanwhile.
      for (let count = 0; count < 10; count += 1) await write(`beside ${count}`);
    });
    expect(await slots()).toBe(2);
    await Promise.all(Array.from({ length: 40 }, (_, count) => write(`many ${count}`)));
    // Connections of the tenants' pool.
    expect(await slots()).toBeLessThanOrEqual(12);
  });
});

async function countSlots(system: SystemDb): Promise<number> {
  const rows = await system.selectFrom('change_stamp').select('slot').where('name', '=', 'setting').execute();
  return rows.length;
}
