import { expect, it } from 'vitest';
import { inWholeUnit } from './minutes.ts';

it('a target is told in the greatest unit that holds it whole', () => {
  expect([60, 90, 1_440, 2_880, 1_500, 1].map(inWholeUnit)).toEqual([
    { value: 1, unit: 'hours' },
    { value: 90, unit: 'minutes' },
    { value: 1, unit: 'days' },
    { value: 2, unit: 'days' },
    { value: 25, unit: 'hours' },
    { value: 1, unit: 'minutes' },
  ]);
});
