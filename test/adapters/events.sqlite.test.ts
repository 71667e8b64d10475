import { afterEach, describe, expect, test } from 'vitest';
import { openTestSqlite } from '../database.ts';
import { append, testEvents, uidsAfter } from './events-contract.ts';

const closing: (() => Promise<void>)[] = [];

describe('events in SQLite', () => {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  const setUp = async () => {
    const database = await openTestSqlite();
    closing.push(database.close);
    return database;
  };
  testEvents(setUp);

  test('of two transactions at once the second begins when the first has ended, so numbers follow commits', async () => {
    const { db, system } = await setUp();
    const gate = Promise.withResolvers<void>();
    const first = db.transaction().execute(async (tx) => {
      await append(tx, '1');
      await gate.promise;
    });
    const second = db.transaction().execute((tx) => append(tx, '2'));
    expect((await uidsAfter(system, 0)).uids).toEqual([]);
    gate.resolve();
    await Promise.all([first, second]);
    expect((await uidsAfter(system, 0)).uids).toEqual(['1', '2']);
  });
});
