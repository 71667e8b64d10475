import { describe, expect, it } from 'vitest';
import { spanOf } from './audit-queries.ts';

describe('the span of two days', () => {
  it('holds both of them, in the time of where one is', () => {
    const { from, to } = spanOf({ from: '2026-02-27', to: '2026-02-28' });
    expect(new Date(from ?? '').getTime()).toBe(new Date(2026, 1, 27).getTime());
    expect(new Date(to ?? '').getTime()).toBe(new Date(2026, 2, 1).getTime());
  });

  it('is open where a day is not given', () => {
    expect(spanOf({ from: '', to: '' })).toEqual({});
  });
});
