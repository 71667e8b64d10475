import { describe, expect, onTestFinished, test } from 'vitest';
import type { EchoRequest } from '../../test/inference/echo-worker.ts';
import { InferenceBusy } from './errors.ts';
import { openThreadPool, type ThreadPool } from './thread-pool.ts';

type Gate = { buffer: SharedArrayBuffer; began: () => Promise<unknown>; open: () => void };

function makeGate(): Gate {
  const buffer = new SharedArrayBuffer(8);
  const cells = new Int32Array(buffer);
  return {
    buffer,
    began: async () => Atomics.waitAsync(cells, 1, 0).value,
    open: () => {
      Atomics.store(cells, 0, 1);
      Atomics.notify(cells, 0);
    },
  };
}

function openEchoPool(workers: number, maxWaiting = 100): ThreadPool<EchoRequest, string> {
  const pool = openThreadPool<EchoRequest, string>({
    url: new URL('../../test/inference/echo-worker.ts', import.meta.url),
    workers,
    workerData: null,
    maxWaiting,
  });
  onTestFinished(() => pool.close());
  return pool;
}

const echo = (value: string): EchoRequest => ({ do: 'echo', value });

describe('a pool of threads', () => {
  test('starts no thread before it is needed, and no more than allowed', async () => {
    const pool = openEchoPool(2);
    expect(pool.counts()).toEqual({ workers: 0, running: 0, waiting: 0 });
    const answers = Promise.all(['a', 'b', 'c', 'd'].map((value) => pool.submit(echo(value))));
    expect(pool.counts()).toEqual({ workers: 2, running: 2, waiting: 2 });
    expect(await answers).toEqual(['a', 'b', 'c', 'd']);
  });

  test('answers in order of arrival, and interactive tasks before background ones', async () => {
    const pool = openEchoPool(1);
    const gate = makeGate();
    const order: string[] = [];
    const submit = (value: string, priority: 'interactive' | 'background') =>
      pool.submit(echo(value), { priority }).then((answer) => order.push(answer));
    const held = pool.submit({ do: 'hold', gate: gate.buffer });
    const rest = [
      submit('background 1', 'background'),
      submit('interactive 1', 'interactive'),
      submit('background 2', 'background'),
      submit('interactive 2', 'interactive'),
    ];
    gate.open();
    await Promise.all([held, ...rest]);
    expect(order).toEqual(['interactive 1', 'interactive 2', 'background 1', 'background 2']);
  });

  test('refuses a task when the queue is full, and takes tasks again once there is room', async () => {
    const pool = openEchoPool(1, 2);
    const gate = makeGate();
    const held = pool.submit({ do: 'hold', gate: gate.buffer });
    const waiting = [pool.submit(echo('a')), pool.submit(echo('b'))];
    await expect(pool.submit(echo('c'))).rejects.toThrow(InferenceBusy);
    gate.open();
    expect(await Promise.all([held, ...waiting])).toEqual(['held', 'a', 'b']);
    expect(await pool.submit(echo('c'))).toBe('c');
  });

  test('an aborted task leaves the queue with the reason of the abort; one that runs is finished', async () => {
    const pool = openEchoPool(1);
    const gate = makeGate();
    const abort = new AbortController();
    const running = pool.submit({ do: 'hold', gate: gate.buffer }, { signal: abort.signal });
    const waiting = pool.submit(echo('never'), { signal: abort.signal });
    abort.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    expect(pool.counts()).toMatchObject({ running: 1, waiting: 0 });
    gate.open();
    expect(await running).toBe('held');
    await expect(pool.submit(echo('never'), { signal: abort.signal })).rejects.toThrow('changed my mind');
  });

  test('an error of a task reaches its caller with its kind, and the thread goes on', async () => {
    const pool = openEchoPool(1);
    await expect(pool.submit({ do: 'refuse' })).rejects.toMatchObject({ kind: 'invalid-picture', message: 'refused' });
    expect(await pool.submit(echo('still there'))).toBe('still there');
    expect(pool.counts().workers).toBe(1);
  });

  test.each([
    ['throws outside of its task', 'crash', /thread ended while it worked: broken on purpose/],
    ['exits', 'exit', /thread ended while it worked: exit code 7/],
  ] as const)('a thread that %s fails its own task only, and is replaced', async (_, how, message) => {
    const pool = openEchoPool(1);
    const crashed = pool.submit({ do: how });
    const next = pool.submit(echo('after'));
    await expect(crashed).rejects.toMatchObject({ kind: 'crashed', message: expect.stringMatching(message) });
    expect(await next).toBe('after');
  });

  test('closing finishes what runs and what waits, and refuses what comes after', async () => {
    const pool = openEchoPool(1);
    const gate = makeGate();
    const held = pool.submit({ do: 'hold', gate: gate.buffer });
    const waiting = pool.submit(echo('accepted'));
    await gate.began();
    const closed = pool.close().then(() => 'closed');
    await expect(pool.submit(echo('late'))).rejects.toMatchObject({ kind: 'closed' });
    expect(await Promise.race([closed, Promise.resolve('open')])).toBe('open');
    gate.open();
    expect(await Promise.all([held, waiting, closed])).toEqual(['held', 'accepted', 'closed']);
    expect(pool.counts()).toEqual({ workers: 0, running: 0, waiting: 0 });
  });

  test('closing ends even if a thread dies meanwhile, and may be asked for twice', async () => {
    const pool = openEchoPool(2);
    const crashed = expect(pool.submit({ do: 'crash' })).rejects.toMatchObject({ kind: 'crashed' });
    await Promise.all([pool.close(), pool.close(), crashed]);
    expect(pool.counts().workers).toBe(0);
  });

  test('moves buffers instead of copying them, and says so when one was moved before', async () => {
    const pool = openEchoPool(1);
    const { buffer } = new Uint8Array(16);
    await pool.submit(echo('a'), { transfer: [buffer] });
    expect(buffer.byteLength).toBe(0);
    await expect(pool.submit(echo('b'), { transfer: [buffer] })).rejects.toThrow(/transfer/);
    expect(await pool.submit(echo('c'))).toBe('c');
  });
});
