import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

describe('Body surface area', () => {
  it.each([
    [170, 70, 1.81, 1.82],
    [180, 80, 2.0, 2.0],
    [160, 50, 1.5, 1.49],
    [150, 45, 1.37, 1.37],
    [190, 110, 2.38, 2.41],
    [175, 75, 1.9, 1.91],
    [165, 90, 1.97, 2.03],
    [120, 22, 0.86, 0.86],
    [100, 16, 0.66, 0.67],
    [200, 140, 2.73, 2.79],
  ])(
    'of %d cm and %d kg (Du Bois, Arch Intern Med 1916;17:863; Mosteller, N Engl J Med 1987;317:1098)',
    (height, weight, duBois, mosteller) => {
      expect(compute('bsa-du-bois', { height, weight })).toMatchObject({ value: duBois, unit: 'm2' });
      expect(compute('bsa-mosteller', { height, weight })).toMatchObject({ value: mosteller, unit: 'm2' });
    },
  );

  it.each(['bsa-du-bois', 'bsa-mosteller'])('%s takes meters and pounds, is open without the height, and refuses 3 m', (id) => {
    const imperial = compute(id, { height: { value: 1.8, unit: 'm' }, weight: { value: 176.37, unit: '[lb_av]' } });
    expect(imperial.value).toBe(2);
    expect(compute(id, { weight: 70 })).toMatchObject({ value: null, range: null, missing: ['height'] });
    expect(() => compute(id, { height: { value: 3, unit: 'm' }, weight: 70 })).toThrow(/^height:/);
    expect(() => compute(id, { height: { value: 170, unit: 'kg' }, weight: 70 })).toThrow(/^height: must be in cm/);
  });

  it('rises with height and weight', () => {
    for (const id of ['bsa-du-bois', 'bsa-mosteller']) {
      const byWeight = [40, 60, 80, 100, 120].map((weight) => compute(id, { height: 170, weight }).value ?? Number.NaN);
      expect(byWeight).toEqual([...byWeight].sort((a, b) => a - b));
    }
  });
});
