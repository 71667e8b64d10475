import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresSignal } from '../../src/server/infra/postgres-signal.ts';
import { type PostgresServer, postgresMissing, startPostgres } from '../postgres.ts';
import { append, testEvents, uidsAfter } from './events-contract.ts';

let server: PostgresServer;
const closing: (() => Promise<void>)[] = [];

describe.skipIf(postgresMissing)(`events in PostgreSQL${postgresMissing ? ` (${postgresMissing})` : ''}`, () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(() => server.stop());

  const setUp = async () => {
    const database = await server.openDatabase();
    closing.push(database.close);
    return database;
  };
  testEvents(setUp);

  test('a transaction that began first and commits last is read last, by who has read what committed before it', async () => {
    const { db, system } = await setUp();
    const gate = Promise.withResolvers<void>();
    const appended = Promise.withResolvers<void>();
    const slow = db.transaction().execute(async (tx) => {
      await append(tx, '1');
      appended.resolve();
      await gate.promise;
    });
    await appended.promise;
    await db.transaction().execute((tx) => append(tx, '2'));
    const before = await uidsAfter(system, 0);
    expect(before.uids).toEqual(['2']);
    gate.resolve();
    await slow;
    expect((await uidsAfter(system, before.last)).uids).toEqual(['1']);
  });

  test('a commit with events wakes a listener of another process', async () => {
    const { db, url } = await setUp();
    let wake = Promise.withResolvers<void>();
    const listener = openPostgresSignal(url, () => {}).listen(() => wake.resolve());
    // Once when it listens.
    await wake.promise;
    wake = Promise.withResolvers();
    await db.transaction().execute((tx) => append(tx, '1'));
    await wake.promise;
    await listener.close();
  });
});
