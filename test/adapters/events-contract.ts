import { expect, test } from 'vitest';
import { appendEvent } from '../../src/server/events/append-event.ts';
import { pruneEvents } from '../../src/server/events/prune-events.ts';
import { findHorizon, findLastSeq, listAllEventsAfter, listEventsAfter } from '../../src/server/events/repository.ts';
import type { Db, SystemDb, Tx } from '../../src/server/platform/ports.ts';
import { DEFAULT_TENANT } from '../../src/server/platform/scope.ts';
import type { TestDatabase } from '../database.ts';

const AT = '2030-01-01T00:00:00.000Z';
const DAY_MS = 86_400_000;

export async function append(tx: Tx, study_instance_uid: string, at: string = AT): Promise<void> {
  await appendEvent(tx, { type: 'study_complete', study_instance_uid, at });
}

/** What both databases must do alike. */
export function testEvents(setUp: () => Promise<TestDatabase>): void {
  test('a reader that keeps the last number sees every event once, in order, while many write', async () => {
    const { db, system } = await setUp();
    const written: string[] = [];
    const writers = Array.from({ length: 8 }, (_, writer) => writeMany(db, writer, written));
    let writing = true;
    const done = Promise.all(writers).then(() => {
      writing = false;
    });
    const seen: string[] = [];
    let since = 0;
    for (;;) {
      const last = !writing;
      const rows = await listAllEventsAfter(system, since, 7);
      expect(rows.map(({ seq }) => seq)).toEqual([...rows.map(({ seq }) => seq)].sort((a, b) => a - b));
      seen.push(...rows.map(({ study_instance_uid }) => study_instance_uid ?? ''));
      since = rows.at(-1)?.seq ?? since;
      if (rows.length === 0) {
        if (last) break;
        await new Promise(setImmediate);
      }
    }
    await done;
    expect(written.length).toBeGreaterThan(100);
    expect([...seen].sort()).toEqual([...written].sort());
    // Of one writer, in the order in which it wrote.
    for (let writer = 0; writer < 8; writer++) expect(seen.filter(by(writer))).toEqual(written.filter(by(writer)));
  });

  test('what is rolled back is never told, and what comes after it is', async () => {
    const { db } = await setUp();
    const failing = db.transaction().execute(async (tx) => {
      await append(tx, '1');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await db.transaction().execute((tx) => append(tx, '2'));
    expect((await listEventsAfter(db, { since: 0, limit: 10 })).map(({ study_instance_uid }) => study_instance_uid)).toEqual(['2']);
  });

  test('tenants that share a transaction each have their events numbered', async () => {
    const { database, system } = await setUp();
    await system.insertInto('tenant').values({ id: 'other', name: '', ae_title: null, is_active: 1, created_at: AT }).execute();
    await system.transaction().execute(async (tx) => {
      await append(await database.enter(tx, DEFAULT_TENANT), '1');
      await append(await database.enter(tx, 'other'), '2');
      await append(await database.enter(tx, DEFAULT_TENANT), '3');
    });
    const rows = await listAllEventsAfter(system, 0, 10);
    expect(rows.map((row) => [row.tenant_id, row.study_instance_uid])).toEqual([
      [DEFAULT_TENANT, '1'],
      ['other', '2'],
      [DEFAULT_TENANT, '3'],
    ]);
  });

  test('events past their time are removed, and it is known up to which number', async () => {
    const { db, system } = await setUp();
    const now = new Date(AT);
    const ago = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString();
    await pruneEvents({ systemDb: system, now: () => now, retentionDays: 30 });
    expect(await findHorizon(system)).toBe(0);
    for (const days of [40, 31, 29, 0]) await db.transaction().execute((tx) => append(tx, `1.${days}`, ago(days)));
    const before = await listEventsAfter(db, { since: 0, limit: 10 });
    await pruneEvents({ systemDb: system, now: () => now, retentionDays: 30 });
    expect(await listEventsAfter(db, { since: 0, limit: 10 })).toEqual(before.slice(2));
    expect(await findHorizon(system)).toBe(before[1]?.seq);
    await pruneEvents({ systemDb: system, now: () => new Date(now.getTime() + 60 * DAY_MS), retentionDays: 30 });
    expect(await listEventsAfter(db, { since: 0, limit: 10 })).toEqual([]);
    // Numbers are not given out again.
    expect(await findLastSeq(system)).toBe(before[3]?.seq);
    await db.transaction().execute((tx) => append(tx, '9'));
    expect((await listEventsAfter(db, { since: 0, limit: 10 }))[0]?.seq).toBeGreaterThan(before[3]?.seq ?? 0);
  });
}

/** Transactions of one, two or three events; those of some are open for a while, and some are rolled back. */
async function writeMany(db: Db, writer: number, written: string[]): Promise<void> {
  for (let round = 0; round < 12; round++) {
    const uids = Array.from({ length: 1 + ((writer + round) % 3) }, (_, index) => `${writer}.${round}.${index}`);
    await db
      .transaction()
      .execute(async (tx) => {
        for (const uid of uids) {
          await append(tx, uid);
          for (let turn = 0; turn < (writer * 7 + round * 3) % 11; turn++) await new Promise(setImmediate);
        }
        if ((writer + round) % 5 === 0) throw new Error('rolled back');
      })
      .then(
        () => written.push(...uids),
        (error: Error) => expect(error.message).toBe('rolled back'),
      );
  }
}

function by(writer: number): (uid: string) => boolean {
  return (uid) => uid.startsWith(`${writer}.`);
}

/** The events after a number, as a reader of all tenants gets them. */
export async function uidsAfter(system: SystemDb, since: number): Promise<{ uids: (string | null)[]; last: number }> {
  const rows = await listAllEventsAfter(system, since, 100);
  return { uids: rows.map(({ study_instance_uid }) => study_instance_uid), last: rows.at(-1)?.seq ?? since };
}
