import { afterEach, describe, expect, test } from 'vitest';
import { openTableJobs } from '../../src/server/infra/jobs-table.ts';
import type { Jobs } from '../../src/server/platform/ports.ts';
import { openTestSqlite } from '../database.ts';
import { testJobDesk } from './job-desk-contract.ts';
import { testJobs } from './jobs-contract.ts';
import { record } from './jobs-under-test.ts';
import { testWorkers } from './workers-contract.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function setUp() {
  const { system: db, close } = await openTestSqlite();
  closing.push(close);
  const open = async (options = {}): Promise<Jobs> => {
    const jobs = openTableJobs({ db, ...options });
    closing.push(() => jobs.stop());
    return jobs;
  };
  return { db, open };
}

describe('jobs in a table of SQLite', () => {
  testJobs(setUp);
  testJobDesk(setUp);
  testWorkers(setUp);

  test('with reclaimAll, jobs of the process before start again without waiting for their leases', async () => {
    const { db, open } = await setUp();
    const before = await open();
    await db.transaction().execute((tx) => before.enqueue(tx, 'sweep-blobs', {}));
    const gate = Promise.withResolvers<void>();
    const attempts: number[] = [];
    const { handlers } = record({
      'sweep-blobs': ({ attempt }) => {
        attempts.push(attempt);
        return gate.promise;
      },
    });
    await before.start(handlers, 1);
    await expect.poll(() => attempts).toEqual([1]);
    const after = openTableJobs({ db, reclaimAll: true });
    closing.push(() => after.stop());
    await after.start(handlers, 1);
    await expect.poll(() => attempts).toEqual([1, 2]);
    gate.resolve();
  });

  test('a process that ends under a job costs it no try, only a longer wait each time; after a hundred times the job is dead', async () => {
    const { db } = await setUp();
    const clock = { now: Date.parse('2030-01-01T00:00:00Z') };
    const now = () => new Date(clock.now);
    const waits: number[] = [];
    const open = () => openTableJobs({ db, now, reclaimAll: true });
    const first = open();
    await db.transaction().execute((tx) => first.enqueue(tx, 'sweep-blobs', {}, { maxAttempts: 1 }));
    for (let end = 1; end <= 100; end += 1) {
      // The state that a killed process leaves: claimed, and nobody there.
      await db
        .updateTable('job')
        .set({ started_at: now().toISOString(), lease_until: now().toISOString(), worker: 'killed', attempts: end })
        .execute();
      const next = open();
      await next.start(record().handlers, 0);
      await next.stop();
      const { run_at } = await db.selectFrom('job').select('run_at').executeTakeFirstOrThrow();
      waits.push(Date.parse(run_at) - clock.now);
      clock.now += 120_000;
    }
    expect(waits.slice(0, 5)).toEqual([0, 250, 500, 1_000, 2_000]);
    expect(Math.max(...waits)).toBe(60_000);
    expect(await first.counts()).toEqual({ waiting: 0, running: 0, dead: 1 });
  });

  test('retries wait twice as long each time, of which a random half', async () => {
    const { db } = await setUp();
    const start = new Date('2030-01-01T00:00:00Z');
    const jobs = openTableJobs({ db, now: () => start, random: () => 1 });
    await db.transaction().execute((tx) => jobs.enqueue(tx, 'sweep-blobs', {}));
    const { handlers } = record({
      'sweep-blobs': () => Promise.reject(new Error('no')),
    });
    const waits: number[] = [];
    for (let at = start; ; ) {
      await jobs.drain(handlers, at);
      const row = await db.selectFrom('job').select(['run_at', 'outcome']).executeTakeFirstOrThrow();
      if (row.outcome === 'dead') break;
      waits.push(Date.parse(row.run_at) - at.getTime());
      at = new Date(row.run_at);
    }
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000]);
  });

  test('jobs that ended well are forgotten after a day, dead ones are not', async () => {
    const { db } = await setUp();
    const start = new Date('2030-01-01T00:00:00Z');
    const jobs = openTableJobs({ db, now: () => start });
    const { handlers } = record({
      'render-report': () => Promise.reject(new Error('no')),
    });
    await db.transaction().execute(async (tx) => {
      await jobs.enqueue(tx, 'sweep-blobs', {});
      await jobs.enqueue(tx, 'render-report', { tenant_id: 'default', report_id: 'r' }, { maxAttempts: 1 });
    });
    await jobs.drain(handlers, start);
    await jobs.drain(handlers, new Date('2030-01-01T23:00:00Z'));
    expect(await db.selectFrom('job').select('outcome').orderBy('outcome').execute()).toEqual([{ outcome: 'dead' }, { outcome: 'done' }]);
    await jobs.drain(handlers, new Date('2030-01-02T02:00:00Z'));
    expect(await db.selectFrom('job').select('outcome').execute()).toEqual([{ outcome: 'dead' }]);
  });
});
