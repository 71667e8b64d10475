import { expect, test } from 'vitest';
import type { Jobs } from '../../src/server/platform/ports.ts';
import { add, HOUR, type JobsUnderTest, later, MINUTE, POLL, record } from './jobs-under-test.ts';

/** What every implementation of `Jobs` must do about what runs: failures, lost workers, cancelling, stopping. `setUp` gives an empty database. */
export function testWorkers(setUp: () => Promise<JobsUnderTest>): void {
  test('a job that fails is tried again, later each time, and is dead and kept after its last try', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1', { key: 'k', maxAttempts: 3 });
    const attempts: number[] = [];
    const { handlers } = record({
      'analyze-study': async ({ attempt }) => {
        attempts.push(attempt);
        throw new Error(`try ${attempt} failed`);
      },
    });
    await jobs.drain(handlers);
    expect(await jobs.counts()).toEqual({ waiting: 1, running: 0, dead: 0 });
    await jobs.drain(handlers, later(1_000));
    expect(attempts).toEqual([1]);
    for (const hours of [1, 2, 3, 4]) await jobs.drain(handlers, later(hours * HOUR));
    expect(attempts).toEqual([1, 2, 3]);
    expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, dead: 1 });
    const [dead] = await jobs.desk({}).list('dead', 10);
    expect(dead).toMatchObject({ name: 'analyze-study', attempts: 3, last_error: 'try 3 failed' });
    expect(Date.parse(dead?.finished_at ?? '')).toBeGreaterThan(Date.now() - HOUR);
    expect(await jobs.desk({}).list('dead', 0)).toEqual([]);
  });

  test('a dead job does not stand in the way of a new one under its key', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1', { key: 'k', maxAttempts: 1 });
    await jobs.drain(record({ 'analyze-study': () => Promise.reject(new Error('no')) }).handlers);
    await add(db, jobs, '1.2', { key: 'k' });
    expect(await jobs.drain(record().handlers)).toBe(1);
    expect(await jobs.counts()).toEqual({ waiting: 0, running: 0, dead: 1 });
  });

  test('a new job under the key of one that waits for its next try replaces it and counts its tries anew', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, 'old', { key: 'k' });
    await jobs.drain(record({ 'analyze-study': () => Promise.reject(new Error('no')) }).handlers);
    await add(db, jobs, 'new', { key: 'k' });
    const { handlers, seen } = record();
    await jobs.drain(handlers);
    await jobs.drain(handlers, later(24 * HOUR));
    expect(seen).toEqual([{ name: 'analyze-study', payload: { tenant_id: 'default', study_instance_uid: 'new' }, attempt: 1 }]);
  });

  test('the job of a worker that is gone starts again elsewhere when its lease has passed, and the old worker cannot end it', async () => {
    const { db, open } = await setUp();
    const [lost, other] = [await open(), await open()];
    await add(db, lost, '1.1', { key: 'k' });
    const gate = Promise.withResolvers<void>();
    let started = 0;
    const hang = () => {
      started++;
      return gate.promise;
    };
    await lost.start(record({ 'analyze-study': hang }).handlers, 1);
    await expect.poll(() => started, POLL).toBe(1);

    const { handlers, seen } = record({
      'analyze-study': async () => {
        gate.resolve();
        await lost.stop();
        // The old worker has ended, and yet the job is still ours.
        expect(await other.counts()).toEqual({ waiting: 0, running: 1, dead: 0 });
      },
    });
    expect(await other.drain(handlers, later(1_000))).toBe(0);
    expect(await other.drain(handlers, later(MINUTE))).toBe(1);
    expect(seen).toEqual([{ name: 'analyze-study', payload: { tenant_id: 'default', study_instance_uid: '1.1' }, attempt: 2 }]);
    expect(await other.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
  });

  test('a running job that is cancelled is aborted and not tried again', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    await add(db, jobs, '1.1', { key: 'k' });
    let signal: AbortSignal | undefined;
    const { handlers } = record({
      'analyze-study': (job) => {
        signal = job.signal;
        return new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(job.signal.reason)));
      },
    });
    await jobs.start(handlers, 1);
    await expect.poll(() => signal, POLL).toBeDefined();
    expect(signal?.aborted).toBe(false);
    expect(await jobs.cancel('analyze-study', 'k')).toBe(1);
    expect(signal?.aborted).toBe(true);
    await jobs.stop();
    const again = await open();
    expect(await again.drain(handlers, later(HOUR))).toBe(0);
    expect(await again.counts()).toEqual({ waiting: 0, running: 0, dead: 0 });
  });

  test('started workers run each job once, never more at a time than told', async () => {
    const { db, open } = await setUp();
    const workers = [await open(), await open()];
    const seen: string[] = [];
    const running = [0, 0];
    for (const [index, jobs] of workers.entries()) {
      const { handlers } = record({
        'analyze-study': async ({ payload }) => {
          running[index] = (running[index] ?? 0) + 1;
          expect(running[index]).toBeLessThanOrEqual(2);
          await new Promise((resolve) => setImmediate(resolve));
          seen.push(payload.study_instance_uid);
          running[index]--;
        },
      });
      await jobs.start(handlers, 2);
    }
    const studies = Array.from({ length: 40 }, (_, index) => `1.${index}`);
    await Promise.all(studies.map((study) => add(db, workers[0] as Jobs, study, { key: study })));
    await expect.poll(() => seen.length, POLL).toBe(40);
    for (const jobs of workers) await jobs.stop();
    expect(new Set(seen)).toEqual(new Set(studies));
    expect(seen).toHaveLength(40);
  });

  test('starting twice is refused', async () => {
    const { open } = await setUp();
    const jobs = await open();
    await jobs.start(record().handlers, 1);
    await expect(jobs.start(record().handlers, 1)).rejects.toThrow('started already');
  });

  test('stop waits for the job that runs and takes no other', async () => {
    const { db, open } = await setUp();
    const jobs = await open();
    for (const study of ['1.1', '1.2']) await add(db, jobs, study);
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const { handlers } = record({
      'analyze-study': ({ payload }) => {
        seen.push(payload.study_instance_uid);
        return gate.promise;
      },
    });
    await jobs.start(handlers, 1);
    await expect.poll(() => seen, POLL).toEqual(['1.1']);
    let stopped = false;
    const stopping = jobs.stop().then(() => (stopped = true));
    expect((await db.selectFrom('setting').selectAll().execute()).length).toBe(0);
    expect(stopped).toBe(false);
    gate.resolve();
    await stopping;
    expect(seen).toEqual(['1.1']);
    const other = await open();
    expect(await other.counts()).toEqual({ waiting: 1, running: 0, dead: 0 });
  });

  test('a job that stop has to abort waits for the next process, and the try does not count', async () => {
    const { db, open } = await setUp();
    const jobs = await open({ stopGraceMs: 0 });
    await add(db, jobs, '1.1', { key: 'k' });
    let started = false;
    const { handlers } = record({
      'analyze-study': ({ signal }) => {
        started = true;
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    await jobs.start(handlers, 1);
    await expect.poll(() => started, POLL).toBe(true);
    await jobs.stop();
    const next = await open();
    const after = record();
    expect(await next.drain(after.handlers)).toBe(1);
    expect(after.seen[0]?.attempt).toBe(1);
  });
}
