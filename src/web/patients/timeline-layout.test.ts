import { describe, expect, it } from 'vitest';
import type { TimelineEvent } from '../../contract/history.ts';
import { DAY_MS, layOut, pan, placeEvents, ticks, wholeSpan, zoom } from './timeline-layout.ts';

const event = (at: string | null, until: string | null = null): TimelineEvent => ({
  kind: 'condition',
  at,
  until,
  title: 'something',
  status: null,
  from: [],
});
const NOW = Date.parse('2026-01-01');
const YEAR = { from: Date.parse('2025-01-01'), to: Date.parse('2026-01-01') };

describe('events on a line', () => {
  it('stand where their date begins, as exact as it is; what has none is not drawn', () => {
    const placed = placeEvents([event('2019'), event('2019-05'), event(null), event('2020-01-01', '2019-01-01')]);
    expect(placed.map(({ from, until }) => [new Date(from).toISOString().slice(0, 10), until])).toEqual([
      ['2019-01-01', null],
      ['2019-05-01', null],
      ['2020-01-01', null],
    ]);
  });

  it('that lie too close become one mark, and two as one looks closer', () => {
    const placed = placeEvents([event('2025-06-01'), event('2025-06-03')]);
    expect(layOut(placed, YEAR, { width: 800, gap: 10 }).map((mark) => mark.placed.length)).toEqual([2]);
    const close = zoom(YEAR, { factor: 0.05, around: Date.parse('2025-06-02'), whole: YEAR });
    expect(layOut(placed, close, { width: 800, gap: 10 }).map((mark) => mark.placed.length)).toEqual([1, 1]);
  });

  it('that last are as wide as they last, cut at the edges', () => {
    const [mark] = layOut(placeEvents([event('2020-01-01', '2025-07-02')]), YEAR, { width: 730, gap: 10 });
    expect(mark).toMatchObject({ x: 0, width: 364 });
  });
});

describe('what is looked at', () => {
  it('never leaves the whole, and is never shorter than can be told', () => {
    const whole = wholeSpan(placeEvents([event('2000')]), NOW);
    expect(pan(whole, 3, whole)).toEqual(whole);
    const near = zoom(whole, { factor: 0.000_001, around: whole.to, whole });
    expect((near.to - near.from) / DAY_MS).toBeCloseTo(14, 6);
    expect(near.to).toBeCloseTo(whole.to, 0);
    const back = zoom(near, { factor: 1e9, around: near.from, whole });
    expect([back.from, back.to].map(Math.round)).toEqual([whole.from, whole.to].map(Math.round));
  });

  it('has lines of the calendar: years from afar, months and days from near', () => {
    expect(new Set(ticks({ from: Date.parse('1990-01-01'), to: NOW }, 800, 60).map(({ unit }) => unit))).toEqual(new Set(['year']));
    const months = ticks(YEAR, 800, 60);
    expect(months.map(({ at }) => new Date(at).toISOString().slice(0, 10)).slice(0, 2)).toEqual(['2025-01-01', '2025-02-01']);
    expect(ticks({ from: YEAR.from, to: YEAR.from + 14 * DAY_MS }, 800, 50)).toHaveLength(15);
  });
});
