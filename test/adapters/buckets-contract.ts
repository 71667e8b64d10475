import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TokenBuckets } from '../../src/server/platform/ports.ts';

/** Buckets whose clock moves only when told. */
export type BucketsUnderTest = { buckets: TokenBuckets; clock: { time: number } };

const SIZE = { quantity: 10, windowMs: 60_000 };

/** What every implementation of `TokenBuckets` must do. */
export function testBuckets(setUp: () => Promise<BucketsUnderTest>): void {
  test('a full bucket gives what it holds at once, then one token in each part of its window', async () => {
    const { buckets, clock } = await setUp();
    for (let left = 9; left >= 0; left--) expect(await buckets.take('a', SIZE)).toMatchObject({ allowed: true, remaining: left });
    expect(await buckets.take('a', SIZE)).toMatchObject({ allowed: false, remaining: 0, retryInMs: 6_000, fullInMs: 60_000 });
    clock.time += 5_999;
    expect((await buckets.take('a', SIZE)).allowed).toBe(false);
    clock.time += 1;
    expect(await buckets.take('a', SIZE)).toMatchObject({ allowed: true, remaining: 0, retryInMs: 0 });
    clock.time += 60_000;
    expect(await buckets.take('a', SIZE)).toMatchObject({ allowed: true, remaining: 9 });
  });

  test('what is refused costs nothing', async () => {
    const { buckets, clock } = await setUp();
    for (let count = 0; count < 100; count++) await buckets.take('a', SIZE);
    clock.time += 6_000;
    expect((await buckets.take('a', SIZE)).allowed).toBe(true);
  });

  test('names do not share', async () => {
    const { buckets } = await setUp();
    for (let count = 0; count < 10; count++) await buckets.take('a', SIZE);
    expect((await buckets.take('a', SIZE)).allowed).toBe(false);
    expect((await buckets.take('b', SIZE)).allowed).toBe(true);
  });

  test('several tokens are given together or not at all', async () => {
    const { buckets } = await setUp();
    expect(await buckets.take('a', SIZE, 8)).toMatchObject({ allowed: true, remaining: 2 });
    expect(await buckets.take('a', SIZE, 3)).toMatchObject({ allowed: false, remaining: 2, retryInMs: 6_000 });
    expect((await buckets.take('a', SIZE, 2)).allowed).toBe(true);
  });

  test('whoever asks at the same time never gets more than there is', async () => {
    const { buckets } = await setUp();
    const taken = await Promise.all(Array.from({ length: 50 }, () => buckets.take('a', SIZE)));
    expect(taken.filter(({ allowed }) => allowed)).toHaveLength(10);
  });

  test('in no window is more given than twice what the bucket holds, whatever the pace', async () => {
    const { buckets, clock } = await setUp();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 40 }), async (pauses) => {
        const name = `run ${run++}`;
        const given: number[] = [];
        for (const pause of pauses) {
          clock.time += pause;
          if ((await buckets.take(name, SIZE)).allowed) given.push(clock.time);
        }
        for (const from of given) {
          const inWindow = given.filter((time) => time >= from && time < from + SIZE.windowMs).length;
          expect(inWindow).toBeLessThanOrEqual(2 * SIZE.quantity);
        }
      }),
      { numRuns: 30 },
    );
  });
}
