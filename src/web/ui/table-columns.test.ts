import { expect, it } from 'vitest';
import { sortedRows } from './table-columns.ts';

const ROWS = [
  { name: 'Unit 10', load: 3 },
  { name: 'Unit 9', load: null },
  { name: 'unit 2', load: 12 },
];

it('sorts numbers by size, with what is not known last in both directions', () => {
  const loads = (direction: 'ascending' | 'descending') => sortedRows(ROWS, ({ load }) => load, direction).map(({ load }) => load);
  expect(loads('ascending')).toEqual([3, 12, null]);
  expect(loads('descending')).toEqual([12, 3, null]);
});

it('sorts words as people do: numbers in them by size, capitals as the letters they are', () => {
  expect(sortedRows(ROWS, ({ name }) => name, 'ascending').map(({ name }) => name)).toEqual(['unit 2', 'Unit 9', 'Unit 10']);
});
