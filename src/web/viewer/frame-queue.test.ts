import { describe, expect, it } from 'vitest';
import { createFrameQueue, isCancelled } from './frame-queue.ts';

/** Loads that end when the test says so. */
function openQueue(parallel: number) {
  const queue = createFrameQueue<string>(parallel);
  const started: string[] = [];
  const aborted: string[] = [];
  const ends = new Map<string, () => void>();
  const load = (key: string, priority: number) =>
    queue.load(key, priority, (signal) => {
      started.push(key);
      signal.addEventListener('abort', () => aborted.push(key));
      return new Promise((resolve) => ends.set(key, () => resolve(key)));
    });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { queue, load, started, aborted, end: (key: string) => ends.get(key)?.(), settle };
}

describe('the queue of frames', () => {
  it('has no more than so many under way, and takes the most wanted next', async () => {
    const { load, started, end, settle } = openQueue(2);
    for (const [key, priority] of [
      ['d', 4],
      ['a', 1],
      ['c', 3],
      ['b', 2],
    ] as const)
      void load(key, priority);
    await settle();
    expect(started).toEqual(['a', 'b']);
    end('b');
    await settle();
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('loads what is asked for twice once', async () => {
    const { load, started, end, settle } = openQueue(2);
    const both = [load('a', 5), load('a', 0)];
    await settle();
    end('a');
    expect(await Promise.all(both)).toEqual(['a', 'a']);
    expect(started).toEqual(['a']);
  });

  it('cancels what nobody wants any more, waiting or under way', async () => {
    const { queue, load, started, aborted, end, settle } = openQueue(1);
    queue.keep('left', new Set(['a', 'b', 'c']));
    queue.keep('right', new Set(['c']));
    const [a, b, c] = [load('a', 0), load('b', 1), load('c', 2)];
    await settle();
    queue.leave('left');
    expect(await a.catch(isCancelled)).toBe(true);
    expect(await b.catch(isCancelled)).toBe(true);
    await settle();
    expect([started, aborted]).toEqual([['a', 'c'], ['a']]);
    end('c');
    expect(await c).toBe('c');
  });

  it('forgets a load that failed, so that it can be tried again', async () => {
    const queue = createFrameQueue<string>();
    await expect(queue.load('a', 0, () => Promise.reject(new Error('broken line')))).rejects.toThrow('broken line');
    expect(await queue.load('a', 0, () => Promise.resolve('there'))).toBe('there');
  });
});
