import { expect, it } from 'vitest';
import { pauseMs } from './backoff.ts';

const LIMITS = { firstMs: 500, mostMs: 30_000 };

it('each try waits twice as long as the one before, up to the limit', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 1000].map((attempt) => pauseMs(attempt, LIMITS, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
  ]);
});

it('half of the pause is random', () => {
  expect(pauseMs(1, LIMITS, 0)).toBe(500);
  expect(pauseMs(1, LIMITS, 0.5)).toBe(750);
});
