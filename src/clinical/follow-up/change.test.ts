import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, daysBetweenDates, doublingTimeDays, sumOfDiameters } from './change.ts';

describe('the change of a number', () => {
  it('is absolute, in percent of the prior, and has a direction', () => {
    expect(changeOf(8, 10)).toEqual({ absolute: 2, percent: 25, direction: 'larger' });
    expect(changeOf(10, 7.5)).toEqual({ absolute: -2.5, percent: -25, direction: 'smaller' });
    expect(changeOf(0.1 + 0.2, 0.3)).toEqual({ absolute: 0, percent: 0, direction: 'same' });
    expect(changeOf(0, 5).percent).toBeNull();
  });

  it('has no percentage where zero is only a convention', () => {
    expect(changeOf(-600, -100, { isRatioScale: false })).toEqual({ absolute: 500, percent: null, direction: 'larger' });
  });
});

describe('the time between studies', () => {
  it('is in whole days, across leap days and changes of the clocks', () => {
    expect(daysBetweenDates('20240228', '20240301')).toBe(2);
    expect(daysBetweenDates('20260328', '20260330')).toBe(2);
    expect(daysBetweenDates('20260101', '20250101')).toBe(-365);
  });

  it('is unknown where a date is missing or is none', () => {
    expect(daysBetweenDates(null, '20260101')).toBeNull();
    expect(daysBetweenDates('20260631', '20260801')).toBeNull();
    expect(daysBetweenDates('2026', '20260801')).toBeNull();
  });
});

describe('the doubling time', () => {
  it('is the time itself when the volume doubled, and a third of that when the diameter did', () => {
    expect(doublingTimeDays({ prior: 100, present: 200 }, { days: 90, measure: 'volume' })).toBeCloseTo(90, 9);
    expect(doublingTimeDays({ prior: 5, present: 10 }, { days: 90, measure: 'diameter' })).toBeCloseTo(30, 9);
    expect(doublingTimeDays({ prior: 200, present: 100 }, { days: 90, measure: 'volume' })).toBeCloseTo(-90, 9);
  });

  it('is the same from the volume of a sphere as from its diameter', () => {
    const mm = fc.double({ min: 1, max: 100, noNaN: true });
    fc.assert(
      fc.property(mm, mm, fc.integer({ min: 1, max: 4000 }), (prior, present, days) => {
        fc.pre(Math.abs(prior - present) > 0.01);
        const volume = (diameter: number): number => (Math.PI * diameter ** 3) / 6;
        const ofVolume = doublingTimeDays({ prior: volume(prior), present: volume(present) }, { days, measure: 'volume' });
        const ofDiameter = doublingTimeDays({ prior, present }, { days, measure: 'diameter' });
        expect(ofDiameter).not.toBeNull();
        expect(ofVolume).toBeCloseTo(ofDiameter ?? Number.NaN, 4);
      }),
    );
  });

  it('is none without change, without time, and of nothing', () => {
    expect(doublingTimeDays({ prior: 5, present: 5 }, { days: 90, measure: 'diameter' })).toBeNull();
    expect(doublingTimeDays({ prior: 5, present: 6 }, { days: 0, measure: 'diameter' })).toBeNull();
    expect(doublingTimeDays({ prior: 5, present: 6 }, { days: null, measure: 'diameter' })).toBeNull();
    expect(doublingTimeDays({ prior: 0, present: 6 }, { days: 90, measure: 'volume' })).toBeNull();
  });
});

describe('the sum of diameters', () => {
  it('passes a threshold of RECIST by percent, and for growth by 5 mm as well', () => {
    const threshold = (prior: number, present: number) => sumOfDiameters([{ prior, present }])?.threshold;
    expect(threshold(100, 70)).toBe('decrease_30_percent');
    expect(threshold(100, 71)).toBe('neither');
    expect(threshold(50, 60)).toBe('increase_20_percent_and_5_mm');
    expect(threshold(20, 24)).toBe('neither');
    expect(threshold(50, 59)).toBe('neither');
  });

  it('is over all lesions', () => {
    const sum = sumOfDiameters([
      { prior: 10, present: 12 },
      { prior: 30, present: 15 },
    ]);
    expect(sum).toMatchObject({ lesions: 2, prior_mm: 40, present_mm: 27, threshold: 'decrease_30_percent' });
    expect(sumOfDiameters([])).toBeNull();
  });
});
