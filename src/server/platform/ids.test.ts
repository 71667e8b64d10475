import { expect, test } from 'vitest';
import { newId } from './ids.ts';

test('ids made one after the other sort in that order, also within a millisecond, and are UUIDs of version 7', () => {
  const now = new Date('2026-01-01T00:00:00.000Z');
  const ids = Array.from({ length: 2_000 }, () => newId(now));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(newId(new Date(now.getTime() + 1)) > (ids.at(-1) ?? '')).toBe(true);
});

test('ids of one millisecond sort in order though ids of others are made in between', () => {
  const now = new Date('2026-01-02T00:00:00.000Z');
  const ids = Array.from({ length: 300 }, (_, index) => {
    newId(new Date(now.getTime() + 1_000 + index));
    return newId(now);
  });
  expect(ids.toSorted()).toEqual(ids);
});
