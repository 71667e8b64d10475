import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMemoryBuckets } from '../../src/server/infra/buckets-memory.ts';
import { openRedisBuckets } from '../../src/server/infra/buckets-redis.ts';
import { type RedisServer, redisMissing, startRedis } from '../redis.ts';
import { testBuckets } from './buckets-contract.ts';

const SIZE = { quantity: 5, windowMs: 60_000 };

describe('token buckets in memory', () => {
  testBuckets(async () => {
    const clock = { time: Date.now() };
    return { buckets: openMemoryBuckets(() => new Date(clock.time)), clock };
  });

  test('a flood of names does not grow memory, and empties no bucket that is in use', async () => {
    const buckets = openMemoryBuckets(() => new Date(0));
    for (let count = 0; count < 5; count++) await buckets.take('in use', SIZE);
    for (let count = 0; count < 250_000; count++) {
      await buckets.take(`invented ${count}`, SIZE);
      if (count % 1_000 === 0) expect((await buckets.take('in use', SIZE)).allowed).toBe(false);
    }
    expect((await buckets.take('invented 0', SIZE)).remaining).toBe(4);
  });
});

describe.skipIf(redisMissing)(`token buckets in Redis${redisMissing ? ` (${redisMissing})` : ''}`, () => {
  let server: RedisServer;
  let opened = 0;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await server.stop();
  });

  /** Each test has names of its own. */
  async function open({ url = server.url, onError = () => {} }: { url?: string; onError?: (error: unknown) => void } = {}) {
    const clock = { time: Date.now() };
    const buckets = openRedisBuckets({ url, now: () => new Date(clock.time), onError });
    closing.push(buckets.close);
    return { buckets, clock };
  }

  /** Asked until Redis counts: at first the connection is not there yet. */
  async function connected({ buckets }: Awaited<ReturnType<typeof open>>, peer: Awaited<ReturnType<typeof open>>): Promise<void> {
    for (;;) {
      const name = `probe ${opened++}`;
      const [first, second] = [await buckets.take(name, SIZE), await peer.buckets.take(name, SIZE)];
      if (first.remaining === 4 && second.remaining === 3) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  testBuckets(async () => {
    const [one, other] = [await open(), await open()];
    await connected(one, other);
    const test = opened++;
    return { ...one, buckets: { ...one.buckets, take: (name, size, tokens) => one.buckets.take(`${test} ${name}`, size, tokens) } };
  });

  test('processes share a bucket', async () => {
    const [one, other] = [await open(), await open()];
    await connected(one, other);
    for (let count = 0; count < 3; count++) await one.buckets.take('shared', SIZE);
    for (let count = 0; count < 2; count++) await other.buckets.take('shared', SIZE);
    expect((await one.buckets.take('shared', SIZE)).allowed).toBe(false);
    expect((await other.buckets.take('shared', SIZE)).allowed).toBe(false);
  });

  test('while Redis is gone each process counts for itself, says so once, and shares again when it is back', async () => {
    const own = await startRedis();
    const errors: unknown[] = [];
    const [one, other] = [await open({ url: own.url, onError: (error) => errors.push(error) }), await open({ url: own.url })];
    await connected(one, other);
    errors.length = 0;
    await own.kill();
    for (let count = 0; count < 5; count++) expect((await one.buckets.take('gone', SIZE)).allowed).toBe(true);
    expect((await one.buckets.take('gone', SIZE)).allowed).toBe(false);
    expect((await other.buckets.take('gone', SIZE)).allowed).toBe(true);
    expect(errors).toHaveLength(1);
    await own.restart();
    await connected(one, other);
    await own.stop();
  });
});
