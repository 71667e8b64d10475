import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, describe, expect, test } from 'vitest';
import { lockFolder } from '../../src/server/infra/folder-lock.ts';
import { openTestSqlite } from '../database.ts';
import { testDatabase } from './database-contract.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function setUp(options?: { migrated?: boolean }) {
  const database = await openTestSqlite(options);
  closing.push(database.close);
  return database;
}

describe('the database as SQLite', () => {
  testDatabase(setUp);

  test('it has a write-ahead log that SQLite syncs where the order of writes matters, and keys are checked', async () => {
    const { db } = await setUp();
    const pragma = async (name: string) => Object.values((await sql<object>`pragma ${sql.raw(name)}`.execute(db)).rows[0] ?? {})[0];
    expect(await pragma('journal_mode')).toBe('wal');
    // 1 is NORMAL, https://www.sqlite.org/pragma.html#pragma_synchronous; commits are synced beside it (sqlite-durability.test.ts).
    expect(await pragma('synchronous')).toBe(1);
    expect(await pragma('wal_autocheckpoint')).toBe(0);
    expect(await pragma('foreign_keys')).toBe(1);
  });

  test('a stream that is read slowly does not keep later reads from seeing later commits', async () => {
    const { db } = await setUp();
    for (let key = 0; key < 5; key++)
      await db
        .insertInto('setting')
        .values({ key: `${key}`, value: '' })
        .execute();
    const streamed: string[] = [];
    for await (const { key } of db.selectFrom('setting').select('key').orderBy('key').stream()) {
      await db
        .insertInto('setting')
        .values({ key: `new-${key}`, value: '' })
        .execute();
      streamed.push(key);
      const seen = await db.selectFrom('setting').select('key').where('key', '=', `new-${key}`).executeTakeFirst();
      expect(seen?.key).toBe(`new-${key}`);
    }
    expect(streamed).toEqual(['0', '1', '2', '3', '4']);
  });

  test('writes outside transactions take turns with transactions', async () => {
    const { db } = await setUp();
    const tx = await db.startTransaction().execute();
    await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
    const other = db.insertInto('setting').values({ key: 'b', value: '2' }).execute();
    expect(await tx.selectFrom('setting').select('key').execute()).toEqual([{ key: 'a' }]);
    await tx.rollback().execute();
    await other;
    expect(await db.selectFrom('setting').select('key').execute()).toEqual([{ key: 'b' }]);
  });

  test('a full database is told as storage-full, and what was written before stays', async () => {
    const { db } = await setUp();
    await sql`pragma max_page_count = 200`.execute(db);
    await db.insertInto('setting').values({ key: 'small', value: '1' }).execute();
    const big = db.transaction().execute((tx) =>
      tx
        .insertInto('setting')
        .values({ key: 'big', value: 'x'.repeat(2_000_000) })
        .execute(),
    );
    await expect(big).rejects.toMatchObject({ name: 'AppError', kind: 'storage-full' });
    expect(await db.selectFrom('setting').select('key').execute()).toEqual([{ key: 'small' }]);
  });
});

describe('the lock of a data folder', () => {
  test('only one process has it; it is free again after that one was killed', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'isocenter-lock-'));
    closing.push(() => rm(dir, { recursive: true }));
    const path = fileURLToPath(new URL('../../src/server/infra/folder-lock.ts', import.meta.url));
    const code = `import { lockFolder } from ${JSON.stringify(path)}; globalThis.release = lockFolder(${JSON.stringify(dir)}); console.log('locked'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(() => lockFolder(dir)).toThrow('in use by another Isocenter process');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const release = lockFolder(dir);
    expect(() => lockFolder(dir)).toThrow('in use');
    release();
    lockFolder(dir)();
    expect((await stat(join(dir, 'isocenter.lock'))).isFile()).toBe(true);
  });
});
