import { expect, test } from 'vitest';
import { createQueue } from './queue.ts';

test('turns come in order of arrival, one at a time', async () => {
  const queue = createQueue(1_000, 'too long');
  const order: string[] = [];
  const take = async (name: string) => {
    const leave = await queue.enter();
    order.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    order.push(`${name} ends`);
    leave();
  };
  await Promise.all(['a', 'b', 'c'].map(take));
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('ending a turn twice does not end the next one', async () => {
  const queue = createQueue(1_000, 'too long');
  const leave = await queue.enter();
  const second = queue.enter();
  leave();
  const leaveSecond = await second;
  leave();
  let third = false;
  const waiting = queue.enter().then(() => {
    third = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(third).toBe(false);
  leaveSecond();
  await waiting;
});

test('who waits past the limit gets an error and loses the place', async () => {
  const queue = createQueue(1, 'The transaction does not end');
  const leave = await queue.enter();
  await expect(queue.enter()).rejects.toThrow('The transaction does not end (waited 1 ms)');
  leave();
  (await queue.enter())();
});
