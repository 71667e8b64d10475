import { expect, test } from 'vitest';
import { newId } from '../../src/server/platform/ids.ts';
import { add, HOUR, type JobsUnderTest, later, MINUTE, record } from './jobs-under-test.ts';

/** What every implementation of `Jobs` must do about what is enqueued, and when it comes due. `setUp` gives an empty database. */
export function testJobs(setUp: () => Promise<JobsUnderTest>): void {
  test('a job commits with the rows of its transaction and gets its payload', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await db.transaction().execute(async (tx) => {
      await tx.insertInto('setting').values({ tenant_id: 'default', key: 'with-job', value: '1' }).execute();
      await jobs.enqueue(tx, 'render-report', { tenant_id: 'default', report_id: 'r-1' });
      expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
    });
    const { handlers, seen } = record();
    expect(await jobs.counts()).toEqual({ waiting: 1, running: 0, dead: 0 });
    expect(await jobs.drain(handlers)).toBe(1);
    expect(seen).toEqual([{ name: 'render-report', payload: { tenant_id: 'default', report_id: 'r-1' }, attempt: 1 }]);
    expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
  });

  test('a job of a transaction that is rolled back never was', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    const failing = db.transaction().execute(async (tx) => {
      await jobs.enqueue(tx, 'render-report', { tenant_id: 'default', report_id: 'r-1' });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
    expect(await jobs.drain(record().handlers, later(HOUR))).toBe(0);
  });

  test('jobs without a key are all run, in the order in which they came', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    for (const study of ['1.1', '1.2', '1.3']) await add(db, jobs, study);
    const { handlers, seen } = record();
    expect(await jobs.drain(handlers)).toBe(3);
    expect(seen.map((job) => job.payload)).toEqual([
      { tenant_id: 'default', study_instance_uid: '1.1' },
      { tenant_id: 'default', study_instance_uid: '1.2' },
      { tenant_id: 'default', study_instance_uid: '1.3' },
    ]);
  });

  test('a second job under a key moves the time and the payload of the one that waits', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1', { key: 'k', runAt: later(MINUTE) });
    await add(db, jobs, '1.2', { key: 'k', runAt: later(HOUR) });
    const { handlers, seen } = record();
    expect(await jobs.drain(handlers, later(30 * MINUTE))).toBe(0);
    expect(await jobs.drain(handlers, later(2 * HOUR))).toBe(1);
    expect(seen[0]?.payload).toEqual({ tenant_id: 'default', study_instance_uid: '1.2' });
  });

  test('equal keys of different names are different jobs', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1', { key: 'k' });
    await db.transaction().execute((tx) => jobs.enqueue(tx, 'render-report', { tenant_id: 'default', report_id: 'r' }, { key: 'k' }));
    expect(await jobs.drain(record().handlers)).toBe(2);
  });

  test('a job enqueued under its key twice while it runs runs exactly once more, afterwards', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, 'first', { key: 'k' });
    const seen: string[] = [];
    let running = 0;
    const handlers = record({
      'analyze-study': async ({ payload }) => {
        running++;
        expect(running).toBe(1);
        seen.push(payload.study_instance_uid);
        if (payload.study_instance_uid === 'first') {
          await add(db, jobs, 'second', { key: 'k' });
          await add(db, jobs, 'third', { key: 'k' });
          // Neither another worker nor this one starts it meanwhile.
          expect(await jobs.drain(record().handlers)).toBe(0);
        }
        running--;
      },
    }).handlers;
    await jobs.drain(handlers);
    expect(seen).toEqual(['first', 'third']);
  });

  test('a try that fails while another job waits under its key is not repeated: that one stands for both', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, 'first', { key: 'k' });
    const seen: string[] = [];
    const handlers = record({
      'analyze-study': async ({ payload }) => {
        seen.push(payload.study_instance_uid);
        if (payload.study_instance_uid !== 'first') return;
        await add(db, jobs, 'second', { key: 'k' });
        throw new Error('failed');
      },
    }).handlers;
    await jobs.drain(handlers);
    await jobs.drain(handlers, later(HOUR));
    expect(seen).toEqual(['first', 'second']);
    expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
  });

  test('a delayed job is not run before its time', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1', { runAt: later(HOUR) });
    const { handlers } = record();
    expect(await jobs.drain(handlers)).toBe(0);
    expect(await jobs.drain(handlers, later(HOUR - MINUTE))).toBe(0);
    expect(await jobs.drain(handlers, later(HOUR + MINUTE))).toBe(1);
  });

  test('the job of the highest priority runs first, whatever its name', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, 'low', { priority: -1 });
    await add(db, jobs, 'normal');
    await db
      .transaction()
      .execute((tx) => jobs.enqueue(tx, 'render-report', { tenant_id: 'default', report_id: 'urgent' }, { priority: 10 }));
    await add(db, jobs, 'high', { priority: 5 });
    const { handlers, seen } = record();
    await jobs.drain(handlers);
    expect(seen.map(({ payload }) => ({ ...payload, tenant_id: undefined }))).toEqual([
      { report_id: 'urgent' },
      { study_instance_uid: 'high' },
      { study_instance_uid: 'normal' },
      { study_instance_uid: 'low' },
    ]);
  });

  test('what waits under a key can be cancelled', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1', { key: 'k' });
    await add(db, jobs, '1.2', { key: 'other' });
    expect(await jobs.cancel('analyze-study', 'k')).toBe(1);
    expect(await jobs.cancel('analyze-study', 'k')).toBe(0);
    expect(await jobs.cancel('render-report', 'other')).toBe(0);
    const { handlers, seen } = record();
    await jobs.drain(handlers, later(HOUR));
    expect(seen.map((job) => job.payload)).toEqual([{ tenant_id: 'default', study_instance_uid: '1.2' }]);
  });

  test('a scheduled job runs once at each of its times, however many processes ask', async () => {
    const { open } = await setUp();
    const start = new Date('2030-01-01T00:00:30Z');
    const [one, two] = [await open({ now: () => start }), await open({ now: () => start })];
    const { handlers, seen } = record();
    for (const jobs of [one, two]) await jobs.schedule('*/5 * * * *', 'sweep-blobs', {});
    const runAt = async (time: string) => {
      const counts = await Promise.all([one, two].map((jobs) => jobs.drain(handlers, new Date(time))));
      return counts.reduce((sum, count) => sum + count, 0);
    };
    expect(await runAt('2030-01-01T00:04:59Z')).toBe(0);
    expect(await runAt('2030-01-01T00:05:00Z')).toBe(1);
    expect(await runAt('2030-01-01T00:05:01Z')).toBe(0);
    // Times that passed while nothing ran count as one.
    expect(await runAt('2030-01-01T03:00:01Z')).toBe(1);
    expect(await runAt('2030-01-01T03:05:00Z')).toBe(1);
    expect(seen).toHaveLength(3);
  });

  test('scheduling the same again keeps the next time; another expression replaces it', async () => {
    const { open } = await setUp();
    const jobs = await open({ now: () => new Date('2030-01-01T00:00:30Z') });
    await jobs.schedule('0 4 * * *', 'sweep-blobs', {});
    const restarted = await open({ now: () => new Date('2030-01-01T05:00:00Z') });
    await restarted.schedule('0 4 * * *', 'sweep-blobs', {});
    const { handlers } = record();
    expect(await restarted.drain(handlers, new Date('2030-01-01T05:00:00Z'))).toBe(1);
    await restarted.schedule('30 5 * * *', 'sweep-blobs', {});
    expect(await restarted.drain(handlers, new Date('2030-01-01T05:30:00Z'))).toBe(1);
    await expect(jobs.schedule('61 * * * *', 'sweep-blobs', {})).rejects.toThrow('minute');
  });

  test('drain also runs what jobs enqueue', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1');
    const enqueueReport = () =>
      db.transaction().execute((tx) => jobs.enqueue(tx, 'render-report', { tenant_id: 'default', report_id: 'r' }));
    const { handlers, seen } = record({ 'analyze-study': enqueueReport });
    expect(await jobs.drain(handlers)).toBe(2);
    expect(seen.map((job) => job.name)).toEqual(['analyze-study', 'render-report']);
  });

  test('many processes that enqueue under one key leave one job', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await Promise.all(Array.from({ length: 20 }, (_, index) => add(db, jobs, `1.${index}`, { key: 'k', runAt: later(MINUTE) })));
    expect(await jobs.counts()).toEqual({ waiting: 1, running: 0, dead: 0 });
    expect(await jobs.drain(record().handlers, later(HOUR))).toBe(1);
  });

  test('keys may hold any text', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    const key = `مفتاح '; drop table job; -- ${newId()}`;
    await add(db, jobs, '1.1', { key });
    await add(db, jobs, '1.2', { key });
    expect(await jobs.counts()).toMatchObject({ waiting: 1 });
    expect(await jobs.cancel('analyze-study', key)).toBe(1);
  });
}
