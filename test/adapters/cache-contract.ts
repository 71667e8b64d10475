import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { openCache } from '../../src/server/cache/cache.ts';
import { readStamps } from '../../src/server/cache/repository.ts';
import { openMemoryCache } from '../../src/server/infra/cache-memory.ts';
import type { CacheLayer } from '../../src/server/platform/ports.ts';
import type { Visibility } from '../../src/server/platform/visibility.ts';
import type { TestDatabase } from '../database.ts';
import {
  type Clock,
  type Count,
  countSettings,
  keyOf,
  newCount,
  type Process,
  put,
  read,
  sum,
  sumOf,
  sumSettings,
  viewsOf,
  write,
} from './cache-processes.ts';
import { insertRowsOf } from './tenant-rows.ts';

const HOUR_MS = 3_600_000;
const OTHER = 'north';

export type CacheSetUp = { open: () => Promise<TestDatabase>; shared?: () => Promise<CacheLayer>; runs: number };

/** The cache over a database that is in use by two processes. */
export function testCache({ open, shared, runs }: CacheSetUp): void {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const setUp = async (): Promise<{ test: TestDatabase; here: Process; there: Process; clock: Clock }> => {
    const test = await open();
    closing.push(test.close);
    await test.system.insertInto('tenant').values({ id: OTHER, name: '', ae_title: null, is_active: 1, created_at: '' }).execute();
    const clock = { time: Date.now() };
    const start = async (): Promise<Process> => {
      const database = test.reopen();
      const layers = [openMemoryCache(1_048_576), ...(shared ? [await shared()] : [])];
      const cache = openCache({ layers, systemDb: database.system, now: () => new Date(clock.time) });
      closing.push(
        () => database.close(),
        () => cache.close(),
      );
      return { database, cache };
    };
    return { test, here: await start(), there: await start(), clock };
  };

  test('an answer is worked out once and given again, in another process too where they share a layer', async () => {
    const { here, there } = await setUp();
    const reads: string[] = [];
    for (const process of [here, here, here]) expect(await countSettings(process, { reads })).toBe(0);
    expect(reads).toHaveLength(1);
    // It waits for what is being written.
    await here.cache.forget(OTHER);
    expect(await countSettings(there, { reads })).toBe(0);
    expect(reads).toHaveLength(shared ? 1 : 2);
  });

  test('a change, insert, update or delete, in either process, is seen by the next read in both', async () => {
    const { here, there } = await setUp();
    const seen = async (): Promise<number[]> => [await sumSettings(here), await sumSettings(there)];
    expect(await seen()).toEqual([0, 0]);
    await put(here, 'a', 1);
    expect(await seen()).toEqual([1, 1]);
    await put(there, 'b', 2);
    expect(await seen()).toEqual([3, 3]);
    await put(there, 'b', 5);
    expect(await seen()).toEqual([6, 6]);
    await here.database.tenant('default').deleteFrom('setting').where('key', '=', 'a').execute();
    expect(await seen()).toEqual([5, 5]);
    // By whoever works for all tenants, too.
    await there.database.system.updateTable('setting').set({ value: '9' }).execute();
    expect(await seen()).toEqual([9, 9]);
  });

  test('what a transaction has rolled back changes nothing, and what it has not yet committed is not seen', async () => {
    const { here, there } = await setUp();
    const reads: string[] = [];
    expect(await countSettings(there, { reads })).toBe(0);
    await expect(
      here.database
        .tenant('default')
        .transaction()
        .execute(async (tx) => {
          await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
          expect(await countSettings(there, { reads })).toBe(0);
          throw new Error('rolled back');
        }),
    ).rejects.toThrow('rolled back');
    expect(await countSettings(there, { reads })).toBe(0);
    expect(reads).toHaveLength(1);
    await here.database
      .tenant('default')
      .transaction()
      .execute(async (tx) => {
        await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
        expect(await countSettings(there, { reads })).toBe(0);
      });
    expect(await countSettings(there, { reads })).toBe(1);
  });

  test('what is worked out while a change goes on is not kept', async () => {
    const { here } = await setUp();
    const during = await here.cache.view({ name: 'during', key: {} }, viewsOf(here), async ({ db }) => {
      const before = await sumOf(db);
      await put(here, 'a', 1);
      return before;
    });
    expect(during).toBe(0);
    const after = await here.cache.view({ name: 'during', key: {} }, viewsOf(here), ({ db }) => sumOf(db));
    expect(after).toBe(1);
  });

  test('a tenant is never given what was kept for another, nor a narrower view what was kept for a wider one', async () => {
    const { here, there } = await setUp();
    await put(here, 'a', 1);
    await put(here, 'b', 2, OTHER);
    for (const process of [here, there, here, there]) {
      expect(await sumSettings(process)).toBe(1);
      expect(await sumSettings(process, OTHER)).toBe(2);
    }
    await insertRowsOf(here.database.tenant('default'), 'default');
    const studies = (visibility: Visibility): Promise<number> =>
      here.cache.view({ name: 'studies', key: {} }, viewsOf(here, 'default', visibility), async ({ db }) => {
        return (await db.selectFrom('study').select('study_instance_uid').execute()).length;
      });
    const all = await studies({ kind: 'tenant' });
    expect(all).toBeGreaterThan(0);
    expect(await studies({ kind: 'none' })).toBe(0);
    expect(await studies({ kind: 'assigned', user_id: 'nobody' })).toBe(0);
    expect(await studies({ kind: 'tenant' })).toBe(all);
    const both = here.cache.view({ name: 'two', key: {} }, { ...viewsOf(here), other: viewsOf(here, OTHER).db }, sum);
    await expect(both).rejects.toThrow('one tenant');
  });

  test('who sees a part of the studies is given what was assigned to him since', async () => {
    const { here, there } = await setUp();
    await insertRowsOf(here.database.tenant('default'), 'default');
    const [study] = await here.database.tenant('default').selectFrom('study').select('study_instance_uid').execute();
    const mine = (): Promise<number> =>
      there.cache.view({ name: 'mine', key: {} }, viewsOf(there, 'default', { kind: 'label', label: 'told' }), async ({ db }) => {
        return (await db.selectFrom('study').select('study_instance_uid').execute()).length;
      });
    expect(await mine()).toBe(0);
    const label = { study_instance_uid: study?.study_instance_uid ?? '', label: 'told', created_at: '' };
    await here.database.tenant('default').insertInto('study_label').values(label).execute();
    expect(await mine()).toBe(1);
  });

  test('a view that reads a table without stamps is read each time', async () => {
    const { here } = await setUp();
    const reads: string[] = [];
    const readWebhooks = (): Promise<number> =>
      here.cache.view({ name: 'webhooks', key: {} }, viewsOf(here), async ({ db }) => {
        reads.push('read');
        return (await db.selectFrom('webhook').select('id').execute()).length;
      });
    await readWebhooks();
    await readWebhooks();
    expect(reads).toHaveLength(2);
  });

  test('nothing is given after its time', async () => {
    const { here, clock } = await setUp();
    const reads: string[] = [];
    await countSettings(here, { reads, keptMs: HOUR_MS });
    clock.time += HOUR_MS - 1;
    await countSettings(here, { reads, keptMs: HOUR_MS });
    expect(reads).toHaveLength(1);
    clock.time += 1;
    await countSettings(here, { reads, keptMs: HOUR_MS });
    expect(reads).toHaveLength(2);
  });

  test('who asks at the same time shares the work, and a failure is told to all of them and not kept', async () => {
    const { here } = await setUp();
    const reads: string[] = [];
    const many = await Promise.all(Array.from({ length: 20 }, () => countSettings(here, { reads })));
    expect(many).toEqual(Array.from({ length: 20 }, () => 0));
    expect(reads.length).toBe(1);
    const fail = (): Promise<never> =>
      here.cache.view({ name: 'fails', key: {} }, viewsOf(here), async () => {
        throw new Error('failed');
      });
    const failures = await Promise.allSettled([fail(), fail()]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await here.cache.view({ name: 'fails', key: {} }, viewsOf(here), async () => 'works')).toBe('works');
  });

  test('what was kept by content is gone when the keys of its tenant are', async () => {
    const { here, there } = await setUp();
    await here.database.system.insertInto('tenant_key').values(keyOf('default')).execute();
    await here.database.system.insertInto('tenant_key').values(keyOf(OTHER)).execute();
    const made: string[] = [];
    const make = (tenantId: string): Promise<string> =>
      here.cache.content({ name: 'content', key: 'digest' }, tenantId, async () => {
        made.push(tenantId);
        return 'made';
      });
    for (const tenantId of ['default', OTHER, 'default', OTHER]) await make(tenantId);
    expect(made).toEqual(['default', OTHER]);
    await there.database.system.deleteFrom('tenant_key').where('tenant_id', '=', 'default').execute();
    await make('default');
    expect(made).toEqual(['default', OTHER, 'default']);
  });

  test(`in any interleaving no read gives less than what was acknowledged before it began (${runs} histories)`, async () => {
    const { test: base, here, there } = await setUp();
    const processes = [here, there];
    let history = 0;
    const step = fc.record({
      process: fc.nat(1),
      tenantId: fc.constantFrom('default', OTHER),
      act: fc.constantFrom('insert', 'update', 'read', 'read'),
      waits: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
        history += 1;
        await base.system.deleteFrom('setting').execute();
        const known: Record<string, Count> = { default: newCount(), [OTHER]: newCount() };
        const running: Promise<void>[] = [];
        for (const [index, { process: which, tenantId, act, waits }] of steps.entries()) {
          const process = processes[which] ?? here;
          const count = known[tenantId] ?? newCount();
          const run =
            act === 'read' ? read(process, tenantId, count) : write(process, tenantId, { count, act, name: `${history}-${index}` });
          running.push(run);
          if (waits) await run;
        }
        await Promise.all(running);
        // Nothing goes on any more: everybody sees everything.
        for (const process of processes)
          for (const tenantId of ['default', OTHER]) expect(await sumSettings(process, tenantId)).toBe(known[tenantId]?.acknowledged);
      }),
      { numRuns: runs },
    );
  });

  test('each stamp of a tenant is another after each change, and those of the other tenant stay', async () => {
    const { here, there } = await setUp();
    const stampsOf = async (tenantId: string): Promise<string | undefined> =>
      (await readStamps(there.database.system, tenantId)).get('setting');
    await put(here, 'a', 0);
    await put(here, 'a', 0, OTHER);
    const other = await stampsOf(OTHER);
    const seen = new Set<string | undefined>([await stampsOf('default')]);
    for (let value = 1; value <= 20; value += 1) {
      await put(value % 2 === 0 ? here : there, 'a', value);
      seen.add(await stampsOf('default'));
    }
    expect(seen.size).toBe(21);
    expect(await stampsOf(OTHER)).toBe(other);
  });
}
