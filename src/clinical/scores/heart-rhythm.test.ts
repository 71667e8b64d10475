import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

describe('Corrected QT interval', () => {
  it.each([
    [400, 800, 447.2, 430.9, 430.8, 426.3],
    [400, 1000, 400, 400, 400, 400],
    [360, 600, 464.8, 426.8, 421.6, 430],
    [440, 1200, 401.7, 414.1, 409.2, 422.5],
    [380, 750, 438.8, 418.2, 418.5, 415],
    [300, 400, 474.3, 407.2, 392.4, 457.5],
    [450, 1000, 450, 450, 450, 450],
    [460, 1000, 460, 460, 460, 460],
    [390, 1000, 390, 390, 390, 390],
    [500, 1500, 408.2, 436.8, 423, 465],
  ])('of QT %d ms at RR %d ms (Bazett 1920, Fridericia 1920, Sagie 1992, Hodges 1983)', (...row) => {
    const [qt, rr_interval, bazett, fridericia, framingham, hodges] = row;
    const at = (formula: string) => compute(`qtc-${formula}`, { qt, rr_interval, sex: 'male' }).value;
    expect([at('bazett'), at('fridericia'), at('framingham'), at('hodges')]).toEqual([bazett, fridericia, framingham, hodges]);
  });

  it('takes a heart rate and seconds', () => {
    expect(compute('qtc-fridericia', { qt: { value: 0.4, unit: 's' }, heart_rate: 75, sex: 'male' }).value).toBe(430.9);
  });

  it('refuses an RR interval and a heart rate together', () => {
    expect(() => compute('qtc-bazett', { qt: 400, rr_interval: 800, heart_rate: 75 })).toThrow(/^heart_rate:/);
  });

  it.each([
    [390, 'male', 'short'],
    [391, 'male', 'normal'],
    [449, 'male', 'normal'],
    [450, 'male', 'prolonged'],
    [450, 'female', 'normal'],
    [459, 'female', 'normal'],
    [460, 'female', 'prolonged'],
  ])('of %d ms in a %s is %s (Rautaharju, Circulation 2009;119:e241)', (qt, sex, band) => {
    expect(compute('qtc-bazett', { qt, rr_interval: 1000, sex }).band?.id).toBe(band);
  });

  it('has its value but both classes between the limits of the sexes where the sex is missing', () => {
    const result = compute('qtc-hodges', { qt: 455, rr_interval: 1000 });
    expect(result).toMatchObject({ value: 455, range: null, band: null, missing: ['sex'] });
    expect(result.bands.map(({ id }) => id)).toEqual(['normal', 'prolonged']);
    expect(compute('qtc-hodges', { qt: 420, rr_interval: 1000 }).band?.id).toBe('normal');
  });

  it.each(['qtc-bazett', 'qtc-fridericia', 'qtc-framingham', 'qtc-hodges'])('%s is open without QT or rate and refuses 1200 ms', (id) => {
    expect(compute(id, { qt: 400, sex: 'male' })).toMatchObject({ value: null, missing: ['rr_interval'] });
    expect(compute(id, { heart_rate: 60, sex: 'male' })).toMatchObject({ value: null, missing: ['qt'] });
    expect(() => compute(id, { qt: 1200 })).toThrow(/^qt:/);
    expect(compute(id, { qt: 400, heart_rate: 60, sex: 'male', age: 9 }).not_applicable).not.toBeNull();
  });

  it('rises with QT', () => {
    for (const id of ['qtc-bazett', 'qtc-fridericia', 'qtc-framingham', 'qtc-hodges']) {
      const values = [300, 350, 400, 450, 500].map((qt) => compute(id, { qt, heart_rate: 85, sex: 'male' }).value ?? Number.NaN);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });
});
