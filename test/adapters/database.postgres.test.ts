import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { testDatabase } from './database-contract.ts';

let server: PostgresServer;
const closing: (() => Promise<void>)[] = [];

describe.skipIf(postgresMissing)(`the database as PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(() => server.stop());

  const setUp = async (options?: { migrated?: boolean }) => {
    const database = await server.openDatabase(options);
    closing.push(database.close);
    return database;
  };
  testDatabase(setUp);

  test('queries have a time limit, and migrating does not leave the connection without one', async () => {
    const { db } = await setUp();
    const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(db);
    expect(rows).toEqual([{ statement_timeout: '1min' }]);
  });

  test('what is run often is kept planned by a connection, and goes on when its table gets another column', async () => {
    const { system } = await setUp();
    await system.insertInto('setting').values({ tenant_id: 'default', key: 'kept', value: '1' }).execute();
    const value = () => system.selectFrom('setting').select('value').where('key', '=', 'kept').executeTakeFirst();
    const row = () => system.selectFrom('setting').selectAll().where('key', '=', 'kept').executeTakeFirst();
    for (let run = 0; run < 20; run += 1) expect([await value(), await row()]).toMatchObject([{ value: '1' }, { value: '1' }]);
    await sql`alter table setting add column added text`.execute(system);
    expect(await value()).toEqual({ value: '1' });
    expect(await row()).toMatchObject({ value: '1', added: null });
    const kept = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(system);
    expect(kept.rows.map(({ statement }) => statement)).toEqual([expect.stringContaining('select "value" from "setting"')]);
  });
});
