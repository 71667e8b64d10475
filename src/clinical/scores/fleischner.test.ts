import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

const CHECKED = { age: 60, known_cancer: false, immunosuppression: false, screening: false };
const solid = (mean_diameter: number, rest: GivenInputs = {}) => ({
  ...CHECKED,
  kind: 'solid',
  multiple: false,
  high_risk: false,
  mean_diameter,
  ...rest,
});
const recommended = (inputs: GivenInputs) => compute('fleischner-2017', inputs).recommendation?.id;

describe('Fleischner Society 2017', () => {
  it('7x6 mm solid, single, low risk: CT at 6 to 12 months, consider 18 to 24 (MacMahon, Radiology 2017;284:228)', () => {
    const { mean_diameter: _, ...inputs } = { ...solid(1), long_axis: 7, short_axis: 6 };
    const result = compute('fleischner-2017', inputs);
    expect(result).toMatchObject({ version: '2017', value: null, missing: [], notes: [], not_applicable: null });
    expect(result.recommendation).toMatchObject({
      id: 'ct-6-12-consider-18-24',
      steps: [
        { modality: 'ct', interval_months: { min: 6, max: 12 }, urgency: 'recommended', if_unchanged: false },
        { modality: 'ct', interval_months: { min: 18, max: 24 }, urgency: 'consider', if_unchanged: true },
      ],
    });
  });

  it('10x9 mm solid: CT at 3 months, PET/CT or tissue (MacMahon, Radiology 2017;284:228)', () => {
    const { mean_diameter: _, ...inputs } = { ...solid(1), long_axis: 10, short_axis: 9 };
    expect(compute('fleischner-2017', inputs).recommendation).toMatchObject({
      id: 'ct-3-pet-or-tissue',
      steps: [{ interval_months: { min: 3, max: 3 }, modality: 'ct', alternatives: ['pet-ct', 'tissue-sampling'] }],
    });
  });

  it('7x6 mm ground-glass: CT at 6 to 12 months, then every 2 years to 5 years (MacMahon, Radiology 2017;284:228)', () => {
    const { mean_diameter: _, ...inputs } = { ...solid(1, { kind: 'ground-glass' }), long_axis: 7, short_axis: 6 };
    expect(compute('fleischner-2017', inputs).recommendation).toMatchObject({
      id: 'ct-6-12-then-every-24-to-60',
      steps: [{ interval_months: { min: 6, max: 12 } }, { repeat: { every_months: 24, until_months: 60 } }],
    });
  });

  it.each<[string, GivenInputs, string]>([
    ['solid 5.4, low risk', solid(5.4), 'none'],
    ['solid 5.5, which rounds to 6', solid(5.5), 'ct-6-12-consider-18-24'],
    ['solid 8.4, which rounds to 8', solid(8.4), 'ct-6-12-consider-18-24'],
    ['solid 8.5, which rounds to 9', solid(8.5), 'ct-3-pet-or-tissue'],
    ['solid 5, high risk', solid(5, { high_risk: true }), 'optional-ct-12'],
    ['solid 6, high risk', solid(6, { high_risk: true }), 'ct-6-12-then-18-24'],
    ['solid 9, high risk', solid(9, { high_risk: true }), 'ct-3-pet-or-tissue'],
    ['solid, several, 5, low risk', solid(5, { multiple: true }), 'none'],
    ['solid, several, 5, high risk', solid(5, { multiple: true, high_risk: true }), 'optional-ct-12'],
    ['solid, several, 6, low risk', solid(6, { multiple: true }), 'ct-3-6-consider-18-24'],
    ['solid, several, 12, high risk', solid(12, { multiple: true, high_risk: true }), 'ct-3-6-then-18-24'],
    ['ground-glass 5', solid(5, { kind: 'ground-glass' }), 'none'],
    ['part-solid 5', solid(5, { kind: 'part-solid' }), 'none'],
    ['part-solid 9 with a solid part of 5.4', solid(9, { kind: 'part-solid', solid_mean_diameter: 5.4 }), 'ct-3-6-then-every-12-to-60'],
    ['part-solid 9 with a solid part of 6', solid(9, { kind: 'part-solid', solid_mean_diameter: 6 }), 'ct-3-6-highly-suspicious'],
    ['subsolid, several, 5', solid(5, { kind: 'ground-glass', multiple: true }), 'ct-3-6-consider-24-48'],
    ['subsolid, several, 6', solid(6, { kind: 'part-solid', multiple: true }), 'ct-3-6-then-by-worst'],
    ['solid 99 mm3', { ...solid(1), mean_diameter: null, volume: 99 }, 'none'],
    ['solid 100 mm3', { ...solid(1), mean_diameter: null, volume: 100 }, 'ct-6-12-consider-18-24'],
    ['solid 0.25 mL', { ...solid(1), mean_diameter: null, volume: { value: 0.25, unit: 'mL' } }, 'ct-6-12-consider-18-24'],
    ['solid 251 mm3', { ...solid(1), mean_diameter: null, volume: 251 }, 'ct-3-pet-or-tissue'],
  ])('%s (MacMahon, Radiology 2017;284:228; Bankier, Radiology 2017;285:584)', (_, inputs, id) => {
    expect(recommended(inputs)).toBe(id);
  });

  it.each<[string, GivenInputs, boolean]>([
    ['34 years', { age: 34 }, false],
    ['35 years', { age: 35 }, true],
    ['known cancer', { known_cancer: true }, false],
    ['immunosuppression', { immunosuppression: true }, false],
    ['screening', { screening: true }, false],
  ])('with %s applies: %s', (...row) => {
    const [, inputs, applies] = row;
    const result = compute('fleischner-2017', solid(7, inputs));
    expect(result.not_applicable === null).toBe(applies);
    expect(result.recommendation === null).toBe(!applies);
  });

  it('names the conditions that were not checked', () => {
    const result = compute('fleischner-2017', { kind: 'solid', multiple: false, high_risk: false, mean_diameter: 7 });
    expect(result.notes).toEqual([expect.stringMatching(/age, known_cancer, immunosuppression, screening/)]);
  });

  it('gives every recommendation that a missing risk leaves possible', () => {
    const result = compute('fleischner-2017', solid(7, { high_risk: null }));
    expect(result).toMatchObject({ recommendation: null, missing: ['high_risk'] });
    expect(result.recommendations.map(({ id }) => id)).toEqual(['ct-6-12-consider-18-24', 'ct-6-12-then-18-24']);
  });

  it('does not miss the risk where size alone decides', () => {
    expect(compute('fleischner-2017', solid(10, { high_risk: null }))).toMatchObject({
      recommendation: { id: 'ct-3-pet-or-tissue' },
      missing: [],
    });
  });

  it('uses one axis for what it excludes', () => {
    const of = (inputs: GivenInputs) => {
      const { recommendations, missing } = compute('fleischner-2017', { ...solid(1), mean_diameter: null, ...inputs });
      return { ids: recommendations.map(({ id }) => id), missing };
    };
    // At most 5 mm: small whatever the short axis.
    expect(of({ long_axis: 5 })).toEqual({ ids: ['none'], missing: ['short_axis'] });
    // Between 4 and 8 mm: never large.
    expect(of({ long_axis: 8 })).toEqual({ ids: ['none', 'ct-6-12-consider-18-24'], missing: ['short_axis'] });
    // At least 9 mm.
    expect(of({ short_axis: 9 })).toEqual({ ids: ['ct-3-pet-or-tissue'], missing: ['long_axis'] });
    expect(of({}).ids).toHaveLength(3);
  });

  it.each<[string, GivenInputs]>([
    ['short_axis', { long_axis: 5, short_axis: 6 }],
    ['mean_diameter', { long_axis: 7, short_axis: 6, mean_diameter: 6.5 }],
    ['volume', { long_axis: 7, short_axis: 6, volume: 200 }],
    ['long_axis', { long_axis: 31 }],
    ['long_axis', { long_axis: { value: 4, unit: 'cm' } }],
    ['kind', { kind: 'cyst' }],
  ])('refuses contradictions and masses, and names %s', (field, inputs) => {
    expect(() => compute('fleischner-2017', inputs)).toThrow(new RegExp(`^${field}:`));
  });
});
