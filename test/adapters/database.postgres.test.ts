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
});
