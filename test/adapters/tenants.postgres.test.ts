import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres } from '../../src/server/infra/postgres.ts';
import { bypassesRowSecurity } from '../../src/server/infra/row-security.ts';
import { beyondTenant } from '../../src/server/infra/tenant-view.ts';
import { TENANT_TABLES } from '../../src/server/platform/schema.ts';
import { type PostgresDatabase, type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { testTenants } from './tenant-contract.ts';
import { insertRowsOf } from './tenant-rows.ts';

let server: PostgresServer;
const closing: (() => Promise<void>)[] = [];

describe.skipIf(postgresMissing)(`tenants in PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(() => server.stop());

  const setUp = async (): Promise<PostgresDatabase> => {
    const database = await server.openDatabase();
    closing.push(database.close);
    return database;
  };
  testTenants(setUp, 150);

  test('the database itself keeps a statement without the plugin to the rows of its tenant', async () => {
    const { database, db, system } = await setUp();
    await system.insertInto('tenant').values({ id: 'other', name: '', ae_title: null, is_active: 1, created_at: '' }).execute();
    await insertRowsOf(db, 'default');
    await insertRowsOf(database.tenant('other'), 'other');
    await db.transaction().execute(async (tx) => {
      const bare = beyondTenant(tx);
      const owners = async () => (await sql<{ tenant_id: string }>`select distinct tenant_id from study`.execute(bare)).rows;
      expect(await owners()).toEqual([{ tenant_id: 'default' }]);
      const { numAffectedRows } = await sql`update study set description = 'mine'`.execute(bare);
      expect(numAffectedRows).toBe(4n);
      expect((await sql`delete from setting where tenant_id = 'other'`.execute(bare)).numAffectedRows).toBe(0n);
    });
    const theirs = await database.tenant('other').selectFrom('study').select('description').distinct().execute();
    expect(theirs).toEqual([{ description: 'other' }]);
    const foreign = db
      .transaction()
      .execute((tx) => beyondTenant(tx).insertInto('setting').values({ tenant_id: 'other', key: 'k', value: '' }).execute());
    await expect(foreign).rejects.toThrow(/row-level security/);
  });

  test('a connection that was told no tenant sees and writes nothing', async () => {
    const { db, url } = await setUp();
    await insertRowsOf(db, 'default');
    const bare = openPostgres(url, { maxConnections: 2 });
    await sql`reset isocenter.tenant`.execute(bare.system);
    const { rows } = await sql<{ n: number }>`select count(*) as n from study`.execute(bare.system);
    expect(rows).toEqual([{ n: 0 }]);
    await expect(sql`insert into setting (tenant_id, key, value) values ('default', 'k', '')`.execute(bare.system)).rejects.toThrow(
      /row-level security/,
    );
    await bare.close();
  });

  test('every table of the tenants is secured, for its owner too', async () => {
    const { system } = await setUp();
    const { rows } = await sql<{ relname: string }>`
      select relname from pg_class where relrowsecurity and relforcerowsecurity order by relname`.execute(system);
    expect(rows.map(({ relname }) => relname)).toEqual(Object.keys(TENANT_TABLES).sort());
  });

  test('a role that row security does not hold is known by it', async () => {
    const { system } = await setUp();
    expect(await bypassesRowSecurity(system)).toBe(false);
  });

  test('many tenants share few connections, each seeing its own', async () => {
    const { database, system } = await setUp();
    const ids = Array.from({ length: 12 }, (_, index) => `t${index}`);
    for (const id of ids)
      await system.insertInto('tenant').values({ id, name: '', ae_title: null, is_active: 1, created_at: '' }).execute();
    await Promise.all(ids.map((id) => database.tenant(id).insertInto('setting').values({ key: 'own', value: id }).execute()));
    const seen = await Promise.all(
      Array.from({ length: 240 }, async (_, index) => {
        const id = ids[index % ids.length] ?? '';
        const bare = database.tenant(id).withoutPlugins();
        return { id, rows: await bare.selectFrom('setting').select('value').execute() };
      }),
    );
    for (const { id, rows } of seen) expect(rows).toEqual([{ value: id }]);
  });
});
