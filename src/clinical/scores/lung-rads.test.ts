import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

const finding = (kind: string, status: string, rest: GivenInputs = {}) => ({ finding: kind, status, suspicious_features: false, ...rest });
const categoryOf = (inputs: GivenInputs) => compute('lung-rads-2022', inputs).band?.id;

describe('Lung-RADS v2022', () => {
  it.each<[string, GivenInputs, string]>([
    ['solid 7.9', finding('solid', 'baseline', { mean_diameter: 7.9 }), '3'],
    ['solid 8.0', finding('solid', 'baseline', { mean_diameter: 8.0 }), '4A'],
    ['new solid 6.0', finding('solid', 'new', { mean_diameter: 6.0 }), '4A'],
    ['solid 5.9', finding('solid', 'baseline', { mean_diameter: 5.9 }), '2'],
    ['solid 5.95 is 6.0', finding('solid', 'baseline', { mean_diameter: 5.95 }), '3'],
    ['solid 8.0x7.9, mean 7.95 is 8.0', finding('solid', 'baseline', { long_axis: 8, short_axis: 7.9 }), '4A'],
    ['solid 14.9', finding('solid', 'baseline', { mean_diameter: 14.9 }), '4A'],
    ['solid 15.0', finding('solid', 'baseline', { mean_diameter: 15 }), '4B'],
    ['new solid 3.9', finding('solid', 'new', { mean_diameter: 3.9 }), '2'],
    ['new solid 4.0', finding('solid', 'new', { mean_diameter: 4 }), '3'],
    ['new solid 8.0', finding('solid', 'new', { mean_diameter: 8 }), '4B'],
    ['growing solid 7.9', finding('solid', 'growing', { mean_diameter: 7.9 }), '4A'],
    ['growing solid 8.0', finding('solid', 'growing', { mean_diameter: 8 }), '4B'],
    ['slowly growing solid', finding('solid', 'slow-growing'), '4B'],
    ['stable solid, 3 before', finding('solid', 'stable', { prior_category: '3' }), '2'],
    ['stable solid, 4A before', finding('solid', 'stable', { prior_category: '4A' }), '3'],
    ['stable solid, 4B before', finding('solid', 'stable', { prior_category: '4B' }), '4B'],
    ['part-solid 5.9', finding('part-solid', 'baseline', { mean_diameter: 5.9 }), '2'],
    ['part-solid 6 with 5.9', finding('part-solid', 'baseline', { mean_diameter: 6, solid_mean_diameter: 5.9 }), '3'],
    ['part-solid 9 with 6', finding('part-solid', 'baseline', { mean_diameter: 9, solid_mean_diameter: 6 }), '4A'],
    ['part-solid 9 with 8', finding('part-solid', 'baseline', { mean_diameter: 9, solid_mean_diameter: 8 }), '4B'],
    ['new part-solid 5.9', finding('part-solid', 'new', { mean_diameter: 5.9 }), '3'],
    ['new part-solid 6 with 3.9', finding('part-solid', 'new', { mean_diameter: 6, solid_mean_diameter: 3.9 }), '4A'],
    ['new part-solid 9 with 3.9', finding('part-solid', 'new', { mean_diameter: 9, solid_mean_diameter: 3.9 }), '4A'],
    ['new part-solid 9 with 4', finding('part-solid', 'new', { mean_diameter: 9, solid_mean_diameter: 4 }), '4B'],
    ['growing solid part of 4', finding('part-solid', 'growing', { solid_mean_diameter: 4 }), '4B'],
    ['ground-glass 29.9', finding('ground-glass', 'baseline', { mean_diameter: 29.9 }), '2'],
    ['ground-glass 30', finding('ground-glass', 'baseline', { mean_diameter: 30 }), '3'],
    ['ground-glass 40, slowly growing', finding('ground-glass', 'slow-growing', { mean_diameter: 40 }), '2'],
    ['juxtapleural 9.9', finding('juxtapleural', 'baseline', { mean_diameter: 9.9 }), '2'],
    ['juxtapleural 10', finding('juxtapleural', 'baseline', { mean_diameter: 10 }), '4A'],
    ['juxtapleural 7, growing', finding('juxtapleural', 'growing', { mean_diameter: 7 }), '4A'],
    ['airway, subsegmental', finding('airway', 'baseline', { segmental_or_proximal: false }), '2'],
    ['airway, segmental', finding('airway', 'baseline', { segmental_or_proximal: true }), '4A'],
    ['airway, segmental, persisting', finding('airway', 'stable', { segmental_or_proximal: true }), '4B'],
    ['cyst with a thick wall', finding('cyst', 'baseline', { cyst_kind: 'thick-walled' }), '4A'],
    ['cyst with several chambers', finding('cyst', 'baseline', { cyst_kind: 'multilocular' }), '4A'],
    ['cyst with a thick wall and growing hollow', finding('cyst', 'growing', { cyst_kind: 'growing-lumen' }), '3'],
    ['cyst with a growing wall', finding('cyst', 'growing', { cyst_kind: 'growing-wall' }), '4B'],
    ['growing cyst with several chambers', finding('cyst', 'growing', { cyst_kind: 'growing-multilocular' }), '4B'],
    ['nothing', { finding: 'none' }, '1'],
    ['incomplete', { finding: 'incomplete' }, '0'],
    ['inflammation', { finding: 'inflammatory' }, '0'],
    ['solid 9 with spiculation', finding('solid', 'baseline', { mean_diameter: 9, suspicious_features: true }), '4X'],
    ['solid 5 with spiculation', finding('solid', 'baseline', { mean_diameter: 5, suspicious_features: true }), '2'],
  ])('%s (Christensen, Chest 2024;165:738)', (_, inputs, category) => {
    expect(categoryOf(inputs)).toBe(category);
  });

  it('tells the next examination in months', () => {
    const steps = (inputs: GivenInputs) => compute('lung-rads-2022', inputs).recommendation?.steps[0];
    expect(steps({ finding: 'none' })).toMatchObject({ modality: 'low-dose-ct', interval_months: { min: 12, max: 12 } });
    expect(steps({ finding: 'inflammatory' })).toMatchObject({ modality: 'low-dose-ct', interval_months: { min: 1, max: 3 } });
    expect(steps(finding('solid', 'baseline', { mean_diameter: 7 }))).toMatchObject({ interval_months: { min: 6, max: 6 } });
    expect(steps(finding('solid', 'baseline', { mean_diameter: 9 }))).toMatchObject({ interval_months: { min: 3, max: 3 } });
    expect(steps(finding('solid', 'baseline', { mean_diameter: 16 }))).toMatchObject({ urgency: 'prompt', interval_months: null });
  });

  it('gives every category that what is missing leaves possible', () => {
    const result = compute('lung-rads-2022', finding('solid', 'baseline', { long_axis: 8 }));
    // The mean is between 4.1 and 8.0 mm.
    expect(result.bands.map(({ id }) => id)).toEqual(['2', '3', '4A']);
    expect(result).toMatchObject({ band: null, missing: ['short_axis'] });
    const unknownFeatures = compute('lung-rads-2022', { finding: 'solid', status: 'baseline', mean_diameter: 9 });
    expect(unknownFeatures.bands.map(({ id }) => id)).toEqual(['4A', '4X']);
    const unknownStatus = compute('lung-rads-2022', { finding: 'solid', mean_diameter: 7, suspicious_features: false });
    expect(unknownStatus.bands.map(({ id }) => id)).toEqual(['2', '3', '4A', '4B']);
    expect(unknownStatus.missing).toEqual(['status', 'prior_category']);
  });

  it('refuses 200 mm, contradicting axes and unknown kinds', () => {
    expect(() => compute('lung-rads-2022', { mean_diameter: 200 })).toThrow(/^mean_diameter:/);
    expect(() => compute('lung-rads-2022', { solid_long_axis: 4, solid_short_axis: 5 })).toThrow(/^solid_short_axis:/);
    expect(() => compute('lung-rads-2022', { finding: 'mass' })).toThrow(/^finding: must be one of/);
  });

  it('never falls as a nodule gets larger', () => {
    const order = ['1', '2', '3', '4A', '4B', '4X'];
    for (const status of ['baseline', 'new', 'growing']) {
      const ranks = Array.from({ length: 200 }, (_, index) =>
        order.indexOf(categoryOf(finding('solid', status, { mean_diameter: 1 + index / 10 })) ?? ''),
      );
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    }
  });
});
