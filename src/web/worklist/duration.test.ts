import { expect, it } from 'vitest';
import { duration } from './duration.ts';

const MINUTE = 60_000;

it.each([
  [0, '0 mins'],
  [59 * MINUTE, '59 mins'],
  [60 * MINUTE, '1 hr'],
  [5 * 60 * MINUTE + 12 * MINUTE, '5 hrs 12 mins'],
  [24 * 60 * MINUTE, '1 day'],
  [76 * 60 * MINUTE + 59 * MINUTE, '3 days 4 hrs'],
  [-5, '0 mins'],
])('a span of %i ms is told as %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});
