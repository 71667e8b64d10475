import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

describe('BI-RADS', () => {
  it.each([
    ['0', 'complete-assessment'],
    ['1', 'routine-screening'],
    ['2', 'routine-screening'],
    ['3', 'short-interval-6'],
    ['4', 'tissue-diagnosis'],
    ['4A', 'tissue-diagnosis'],
    ['4B', 'tissue-diagnosis'],
    ['4C', 'tissue-diagnosis'],
    ['5', 'tissue-diagnosis'],
    ['6', 'treat'],
  ])('category %s: %s, in both editions (ACR BI-RADS Atlas 2013; ACR BI-RADS v2025)', (category, id) => {
    for (const edition of ['2013', 'v2025']) {
      const result = compute('bi-rads', { category, edition });
      expect(result).toMatchObject({ band: { id: category }, recommendation: { id }, missing: [] });
      expect(result.inputs_used).toContainEqual({ name: 'edition', value: edition, unit: null });
    }
  });

  it('looks again after 6 months in category 3', () => {
    expect(compute('bi-rads', { category: '3', edition: '2013' }).recommendation?.steps).toMatchObject([
      { interval_months: { min: 6, max: 6 } },
    ]);
  });

  it.each([
    ['3', 'up to 2 %'],
    ['4A', 'above 2 % up to 10 %'],
    ['4B', 'above 10 % up to 50 %'],
    ['4C', 'above 50 % and below 95 %'],
    ['5', '95 % or more'],
  ])('tells the probability of category %s for the edition of 2013 only (ACR BI-RADS Atlas 2013)', (category, text) => {
    expect(compute('bi-rads', { category, edition: '2013' }).notes.join()).toContain(text);
    expect(compute('bi-rads', { category, edition: 'v2025' }).notes).toEqual([]);
  });

  it('asks for the edition, which does not change the management, and gives all categories where none is known', () => {
    expect(compute('bi-rads', { category: '4B' })).toMatchObject({
      band: { id: '4B' },
      recommendation: { id: 'tissue-diagnosis' },
      missing: ['edition'],
      notes: [expect.stringMatching(/edition/)],
    });
    const unknown = compute('bi-rads', { edition: '2013' });
    expect(unknown).toMatchObject({ band: null, recommendation: null, missing: ['category'] });
    expect(unknown.bands).toHaveLength(10);
    expect(() => compute('bi-rads', { category: '7' })).toThrow(/^category:/);
  });
});
