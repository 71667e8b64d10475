import { fdatasync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { openSqlite, type SqliteOptions } from '../../src/server/infra/sqlite.ts';
import type { SystemDb } from '../../src/server/platform/ports.ts';

const PAGE_WITH_HEADER = 4096 + 24;
const syncDisk = promisify(fdatasync);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isocenter-durability-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A database with one table of numbers. */
async function openNumbers(path: string, options: SqliteOptions): Promise<SystemDb> {
  const { system, close } = openSqlite(path, options);
  closing.push(close);
  await sql`create table if not exists number (value integer primary key, filler text)`.execute(system);
  return system;
}

const put = (db: SystemDb, value: number): Promise<unknown> =>
  db.transaction().execute((tx) => sql`insert into number values (${value}, ${'x'.repeat(500)})`.execute(tx));

async function numbersIn(db: SystemDb): Promise<number[]> {
  const { rows } = await sql<{ value: number }>`select value from number order by value`.execute(db);
  return rows.map(({ value }) => value);
}

/**
 * A disk that keeps of the log only what a sync has made it keep: what stood in it when the last sync that has ended began. The database
 * itself is written by SQLite's own checkpoints, which sync on their own.
 */
async function openCautiousDisk(path: string, options: SqliteOptions = {}) {
  let kept = Buffer.alloc(0);
  const state = { syncs: 0, gate: Promise.resolve(), failing: false };
  const syncFile = async (fd: number): Promise<void> => {
    state.syncs += 1;
    const content = await readFile(`${path}-wal`);
    await state.gate;
    if (state.failing) throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
    await syncDisk(fd);
    kept = content;
  };
  const db = await openNumbers(path, { ...options, syncFile });
  /** What is found after a power cut at this moment. */
  const afterPowerCut = async (): Promise<number[]> => {
    const log = kept;
    const copy = join(await makeFolder(), 'a.db');
    await copyFile(path, copy);
    await writeFile(`${copy}-wal`, log);
    return numbersIn(await openNumbers(copy, {}));
  };
  return { db, state, afterPowerCut };
}

async function settleTicks(): Promise<void> {
  for (let tick = 0; tick < 20; tick += 1) await new Promise(setImmediate);
}

describe('what the SQLite database has acknowledged', () => {
  test('is there after a power cut at any moment, one transaction after the other', async () => {
    const { db, afterPowerCut } = await openCautiousDisk(join(await makeFolder(), 'a.db'));
    for (let value = 1; value <= 20; value += 1) {
      await put(db, value);
      const found = await afterPowerCut();
      expect(found).toEqual(Array.from({ length: value }, (_, index) => index + 1));
    }
  });

  test('is there after a power cut at any moment, with many writers at once', async () => {
    const { db, afterPowerCut } = await openCautiousDisk(join(await makeFolder(), 'a.db'));
    const acknowledged = new Set<number>();
    let next = 0;
    const writer = async (): Promise<void> => {
      while (next < 120) {
        const value = next++;
        await put(db, value);
        acknowledged.add(value);
        if (value % 10 !== 0) continue;
        const before = [...acknowledged];
        expect(await afterPowerCut()).toEqual(expect.arrayContaining(before));
      }
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    expect(acknowledged.size).toBe(120);
  });

  test('is there after a power cut while the log is copied and begun anew again and again', async () => {
    const path = join(await makeFolder(), 'a.db');
    const { db, afterPowerCut } = await openCautiousDisk(path, { logLimits: { copyAfter: 8, fullAt: 24 } });
    const acknowledged: number[] = [];
    for (let value = 0; value < 200; value += 1) {
      await put(db, value);
      acknowledged.push(value);
      if (value % 9 === 0) expect(await afterPowerCut()).toEqual(acknowledged);
    }
  });

  test('is there when the log was left behind by a process that was killed, and the log is then empty', async () => {
    const folder = await makeFolder();
    const { db } = await openCautiousDisk(join(folder, 'a.db'));
    for (let value = 0; value < 10; value += 1) await put(db, value);
    const left = join(folder, 'b.db');
    await copyFile(join(folder, 'a.db'), left);
    await copyFile(join(folder, 'a.db-wal'), `${left}-wal`);
    const { system, close } = openSqlite(left);
    closing.push(close);
    expect(await system.introspection.getTables()).toHaveLength(1);
    expect((await stat(`${left}-wal`)).size).toBe(0);
    expect(await numbersIn(system)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('the sync of the log', () => {
  test('does not hold up the next transaction, and is shared by those that ended meanwhile', async () => {
    const { db, state } = await openCautiousDisk(join(await makeFolder(), 'a.db'));
    await put(db, 0);
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    const syncsBefore = state.syncs;
    let acknowledged = 0;
    const writes = Array.from({ length: 50 }, (_, index) => put(db, index + 1).then(() => (acknowledged += 1)));
    // Turns to write are given in order: when one after them has its own, all of them have been committed.
    const last = await db.startTransaction().execute();
    await last.rollback().execute();
    await settleTicks();
    expect(acknowledged).toBe(0);
    gate.resolve();
    await Promise.all(writes);
    expect(acknowledged).toBe(50);
    expect(state.syncs - syncsBefore).toBeLessThanOrEqual(3);
  });

  test('that began before a commit does not count for it', async () => {
    const { db, state, afterPowerCut } = await openCautiousDisk(join(await makeFolder(), 'a.db'));
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    const first = put(db, 1);
    await settleTicks();
    const second = put(db, 2).then(afterPowerCut);
    await settleTicks();
    gate.resolve();
    await first;
    expect(await second).toEqual([1, 2]);
  });

  test('makes a read wait that has seen a commit which is not on the disk yet', async () => {
    const { db, state } = await openCautiousDisk(join(await makeFolder(), 'a.db'));
    await put(db, 1);
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    const order: string[] = [];
    const write = put(db, 2).then(() => order.push('written'));
    await settleTicks();
    const read = db
      .selectFrom('number' as never)
      .selectAll()
      .execute()
      .then((rows) => order.push(`read ${rows.length}`));
    await settleTicks();
    expect(order).toEqual([]);
    gate.resolve();
    await Promise.all([write, read]);
    expect(order.toSorted()).toEqual(['read 2', 'written']);
  });

  test('is not asked for by transactions that wrote nothing', async () => {
    const { db, state } = await openCautiousDisk(join(await makeFolder(), 'a.db'));
    await put(db, 1);
    const before = state.syncs;
    await db.transaction().execute((tx) => sql`select * from number`.execute(tx));
    await sql`update number set filler = '' where value = 99`.execute(db);
    expect(state.syncs).toBe(before);
  });

  test('that fails is never repeated: from then on everything is refused, until the database is opened anew', async () => {
    const path = join(await makeFolder(), 'a.db');
    const { db, state } = await openCautiousDisk(path);
    await put(db, 1);
    state.failing = true;
    const refusal = { name: 'AppError', kind: 'unavailable' };
    const writes = [put(db, 2), put(db, 3), put(db, 4)];
    for (const write of writes) await expect(write).rejects.toMatchObject(refusal);
    // The disk works again; what it lost in between, nobody knows.
    state.failing = false;
    const syncs = state.syncs;
    await expect(put(db, 5)).rejects.toMatchObject(refusal);
    await expect(sql`insert into number values (6, '')`.execute(db)).rejects.toMatchObject(refusal);
    await expect(
      db
        .selectFrom('number' as never)
        .selectAll()
        .execute(),
    ).rejects.toMatchObject(refusal);
    expect(state.syncs).toBe(syncs);

    await closing.pop()?.();
    const again = await openNumbers(path, {});
    expect(await numbersIn(again)).toContain(1);
    await put(again, 7);
    expect(await numbersIn(again)).toContain(7);
  });

  test('that fails leaves the transaction of another session alone', async () => {
    const { db, state } = await openCautiousDisk(join(await makeFolder(), 'a.db'));
    await put(db, 1);
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    state.failing = true;
    const first = put(db, 2);
    first.catch(() => undefined);
    await settleTicks();
    const second = await db.startTransaction().execute();
    await sql`insert into number values (3, '')`.execute(second);
    gate.resolve();
    await expect(first).rejects.toMatchObject({ kind: 'unavailable' });
    // Still its own: nobody else ended it.
    expect((await sql`select value from number where value = 3`.execute(second)).rows).toHaveLength(1);
    await second.rollback().execute();
  });
});

describe('the length of the log', () => {
  test('stays bounded while transactions follow each other without a pause', async () => {
    const path = join(await makeFolder(), 'a.db');
    const db = await openNumbers(path, { logLimits: { copyAfter: 16, fullAt: 64 } });
    for (let value = 0; value < 400; value += 1) await put(db, value);
    expect((await stat(`${path}-wal`)).size).toBeLessThan(80 * PAGE_WITH_HEADER);
    expect(await numbersIn(db)).toHaveLength(400);
  });

  test('grows on while someone reads an old state, without failing a write, and comes down afterwards', async () => {
    const path = join(await makeFolder(), 'a.db');
    const db = await openNumbers(path, { logLimits: { copyAfter: 16, fullAt: 64 } });
    for (let value = 0; value < 5; value += 1) await put(db, value);
    const reader = db
      .selectFrom('number' as never)
      .selectAll()
      .stream();
    await reader.next();
    for (let value = 10; value < 200; value += 1) await put(db, value);
    const grown = (await stat(`${path}-wal`)).size;
    expect(grown).toBeGreaterThan(100 * PAGE_WITH_HEADER);
    await reader.return?.();
    for (let value = 200; value < 600; value += 1) await put(db, value);
    // Written from its start again: it has not grown by what was written since.
    expect((await stat(`${path}-wal`)).size).toBeLessThan(grown + 100 * PAGE_WITH_HEADER);
    expect(await numbersIn(db)).toHaveLength(595);
  });
});
