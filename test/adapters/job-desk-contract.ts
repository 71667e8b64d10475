import { expect, test } from 'vitest';
import type { Jobs, SystemDb } from '../../src/server/platform/ports.ts';
import { add, HOUR, type JobsUnderTest, later, POLL, record } from './jobs-under-test.ts';

const failing = record({ 'analyze-study': () => Promise.reject(new Error('the disk was full')) }).handlers;

/** What an administrator can see and do of the jobs, in every implementation of `Jobs`. `setUp` gives an empty database. */
export function testJobDesk(setUp: () => Promise<JobsUnderTest>): void {
  test('jobs are listed by their state, and each state is counted', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, 'dead', { maxAttempts: 1 });
    await jobs.drain(failing);
    await add(db, jobs, 'low', { priority: -1 });
    await add(db, jobs, 'high', { priority: 5 });
    await add(db, jobs, 'tomorrow', { runAt: later(24 * HOUR) });
    const desk = jobs.desk({});
    expect(await desk.counts()).toEqual({ running: 0, waiting: 2, delayed: 1, dead: 1 });
    expect(await desk.list('waiting', 10)).toMatchObject([
      { name: 'analyze-study', state: 'waiting', priority: 5, attempts: 0, is_of_installation: false, last_error: null },
      { priority: -1 },
    ]);
    expect(await desk.list('delayed', 10)).toMatchObject([{ state: 'delayed', started_at: null }]);
    expect(await desk.list('dead', 10)).toMatchObject([{ state: 'dead', attempts: 1, last_error: 'the disk was full' }]);
    expect(await desk.list('waiting', 1)).toHaveLength(1);
  });

  test('what runs is listed, is not begun anew, and is aborted when it is dropped', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1');
    const aborted = Promise.withResolvers<void>();
    const { handlers } = record({
      'analyze-study': ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            aborted.resolve();
            reject(new Error('aborted'));
          }),
        ),
    });
    await jobs.start(handlers, 1);
    const desk = jobs.desk({});
    await expect.poll(async () => (await desk.counts()).running, POLL).toBe(1);
    const [running] = await desk.list('running', 10);
    expect(running).toMatchObject({ state: 'running', attempts: 1, started_at: expect.any(String) });
    expect(await desk.retry(running?.id ?? '')).toBe('running');
    expect(await desk.drop(running?.id ?? '')).toBe(true);
    await aborted.promise;
    expect(await desk.counts()).toEqual({ running: 0, waiting: 0, delayed: 0, dead: 0 });
  });

  test('a dead job begins anew with all of its tries', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    const id = await dead(db, jobs, { key: 'k' });
    const desk = jobs.desk({});
    expect(await desk.retry(id)).toBe('done');
    expect(await desk.counts()).toEqual({ running: 0, waiting: 1, delayed: 0, dead: 0 });
    await jobs.drain(failing);
    // One of two tries is used up again, not both.
    expect(await desk.counts()).toEqual({ running: 0, waiting: 0, delayed: 1, dead: 0 });
    const { handlers, seen } = record();
    expect(await jobs.drain(handlers, later(HOUR))).toBe(1);
    expect(seen).toMatchObject([{ payload: { study_instance_uid: '1.1' }, attempt: 2 }]);
  });

  test('a dead job whose work waits under its key already gives way to the one that waits', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    const id = await dead(db, jobs, { key: 'k' });
    await add(db, jobs, 'newer', { key: 'k' });
    expect(await jobs.desk({}).retry(id)).toBe('done');
    const { handlers, seen } = record();
    await jobs.drain(handlers, later(HOUR));
    expect(seen.map(({ payload }) => payload)).toMatchObject([{ study_instance_uid: 'newer' }]);
    expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
  });

  test('a delayed job can be let run now', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1', { runAt: later(HOUR) });
    const [delayed] = await jobs.desk({}).list('delayed', 1);
    expect(await jobs.desk({}).retry(delayed?.id ?? '')).toBe('done');
    expect(await jobs.drain(record().handlers, later(1_000))).toBe(1);
  });

  test('what waits or is dead can be dropped for good, once', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    const id = await dead(db, jobs);
    await add(db, jobs, '1.2');
    const desk = jobs.desk({});
    const [waiting] = await desk.list('waiting', 1);
    expect([await desk.drop(id), await desk.drop(id), await desk.drop(waiting?.id ?? '')]).toEqual([true, false, true]);
    expect(await jobs.drain(record().handlers, later(HOUR))).toBe(0);
    expect([await desk.retry(id), await desk.retry('no-such-job')]).toEqual(['none', 'none']);
  });

  test('a tenant sees and moves its own jobs alone, and those of the installation only who administers it', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1');
    await db.transaction().execute((tx) => jobs.enqueue(tx, 'prune-events', {}));
    const [own, other, operator] = [
      jobs.desk({ tenantId: 'default' }),
      jobs.desk({ tenantId: 'other' }),
      jobs.desk({ tenantId: 'other', withInstallation: true }),
    ];
    expect((await own.list('waiting', 10)).map(({ name }) => name)).toEqual(['analyze-study']);
    expect(await operator.list('waiting', 10)).toMatchObject([{ name: 'prune-events', is_of_installation: true }]);
    const [job] = await own.list('waiting', 1);
    expect([await other.drop(job?.id ?? ''), await operator.retry(job?.id ?? ''), (await other.counts()).waiting]).toEqual([
      false,
      'none',
      0,
    ]);
    expect(await own.drop(job?.id ?? '')).toBe(true);
  });
}

/** A job that failed each of its two tries. @returns its id */
async function dead(db: SystemDb, jobs: Jobs, options: { key?: string } = {}): Promise<string> {
  await add(db, jobs, '1.1', { ...options, maxAttempts: 2 });
  await jobs.drain(failing);
  await jobs.drain(failing, later(HOUR));
  const [job] = await jobs.desk({}).list('dead', 1);
  return job?.id ?? '';
}
