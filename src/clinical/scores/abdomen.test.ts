import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

describe('LI-RADS v2018, diagnostic table', () => {
  const none = {
    at_risk: true,
    age: 60,
    arterial_hyperenhancement: false,
    size: 15,
    washout: false,
    capsule: false,
    threshold_growth: false,
  };
  const arterial = { ...none, arterial_hyperenhancement: true };
  it.each<[string, GivenInputs, string]>([
    ['15 mm, APHE, washout', { ...arterial, washout: true }, 'LR-5'],
    ['15 mm, APHE, capsule', { ...arterial, capsule: true }, 'LR-4'],
    ['25 mm, APHE alone', { ...arterial, size: 25 }, 'LR-4'],
    ['15 mm, APHE, growth', { ...arterial, threshold_growth: true }, 'LR-5'],
    ['15 mm, APHE, capsule and growth', { ...arterial, capsule: true, threshold_growth: true }, 'LR-5'],
    ['15 mm, APHE alone', arterial, 'LR-3'],
    ['9.9 mm, APHE alone', { ...arterial, size: 9.9 }, 'LR-3'],
    ['9.9 mm, APHE, washout', { ...arterial, size: 9.9, washout: true }, 'LR-4'],
    ['9.9 mm, APHE, washout and capsule', { ...arterial, size: 9.9, washout: true, capsule: true }, 'LR-4'],
    ['10 mm, APHE, washout', { ...arterial, size: 10, washout: true }, 'LR-5'],
    ['19.9 mm, APHE, capsule', { ...arterial, size: 19.9, capsule: true }, 'LR-4'],
    ['20 mm, APHE, capsule', { ...arterial, size: 20, capsule: true }, 'LR-5'],
    ['19 mm, no APHE, one feature', { ...none, size: 19, washout: true }, 'LR-3'],
    ['19 mm, no APHE, two features', { ...none, size: 19, washout: true, capsule: true }, 'LR-4'],
    ['20 mm, no APHE, no feature', { ...none, size: 20 }, 'LR-3'],
    ['20 mm, no APHE, one feature', { ...none, size: 20, capsule: true }, 'LR-4'],
    ['60 mm, no APHE, three features', { ...none, size: 60, washout: true, capsule: true, threshold_growth: true }, 'LR-4'],
  ])('%s (Chernyak, Radiology 2018;289:816; Elsayes, J Hepatocell Carcinoma 2019;6:49)', (_, inputs, category) => {
    expect(compute('li-rads-2018', inputs)).toMatchObject({ band: { id: category }, missing: [], notes: [] });
  });

  it('is only for adults at risk, and says so where the risk is not stated', () => {
    expect(compute('li-rads-2018', { ...none, at_risk: false }).not_applicable).toMatch(/risk/);
    expect(compute('li-rads-2018', { ...none, age: 16 }).not_applicable).toMatch(/adults/);
    expect(compute('li-rads-2018', { ...none, at_risk: null }).notes).toHaveLength(1);
  });

  it('gives every category that a missing feature leaves possible', () => {
    const result = compute('li-rads-2018', { ...arterial, capsule: true, washout: null });
    expect(result).toMatchObject({ band: null, missing: ['washout'] });
    expect(result.bands.map(({ id }) => id)).toEqual(['LR-4', 'LR-5']);
    expect(result.recommendations).toHaveLength(2);
    expect(() => compute('li-rads-2018', { size: 0 })).toThrow(/^size:/);
  });
});

describe('Bosniak 2019 on CT', () => {
  const simple = {
    enhancing_quarter: false,
    nodule: 'none',
    wall_thickness: 1,
    wall_enhances: true,
    septa: 0,
    calcification: false,
    simple_fluid: true,
  };
  const septated = { ...simple, septa: 2, septa_thickness: 1, septa_enhance: true };
  it.each<[string, GivenInputs, string]>([
    ['5 thin septa', { ...septated, septa: 5 }, 'IIF'],
    ['a septum of 4 mm', { ...septated, septa: 1, septa_thickness: 4 }, 'III'],
    ['a nodule of 5 mm', { ...simple, nodule: 'obtuse-4-or-more' }, 'IV'],
    ['a simple cyst', simple, 'I'],
    ['a wall of 2 mm', { ...simple, wall_thickness: 2 }, 'I'],
    ['a wall of 3 mm', { ...simple, wall_thickness: 3 }, 'IIF'],
    ['a wall of 4 mm', { ...simple, wall_thickness: 4 }, 'III'],
    ['a wall of 4 mm that does not enhance', { ...simple, wall_thickness: 4, wall_enhances: false }, 'unclassified'],
    ['a wall of 3 mm that does not enhance', { ...simple, wall_thickness: 3, wall_enhances: false }, 'unclassified'],
    ['a septum of 3 mm that does not enhance', { ...septated, septa_thickness: 3, septa_enhance: false }, 'unclassified'],
    ['4 thin septa that do not enhance', { ...septated, septa: 4, septa_enhance: false }, 'unclassified'],
    ['1 thin septum', { ...septated, septa: 1 }, 'II'],
    ['3 thin septa', { ...septated, septa: 3 }, 'II'],
    ['4 thin septa', { ...septated, septa: 4 }, 'IIF'],
    ['a septum of 3 mm', { ...septated, septa_thickness: 3 }, 'IIF'],
    ['calcification', { ...simple, calcification: true }, 'II'],
    ['an irregularity of 3 mm', { ...simple, nodule: 'obtuse-up-to-3' }, 'III'],
    ['a small protrusion with acute margins', { ...simple, nodule: 'acute' }, 'IV'],
    ['content that is not simple fluid', { ...simple, simple_fluid: false }, 'unclassified'],
  ])('%s (Silverman, Radiology 2019;292:475)', (_, inputs, band) => {
    expect(compute('bosniak-2019-ct', inputs)).toMatchObject({ band: { id: band }, missing: [] });
  });

  it('follows IIF for five years', () => {
    expect(compute('bosniak-2019-ct', { ...simple, wall_thickness: 3 }).recommendation?.steps).toMatchObject([
      { interval_months: { min: 6, max: 6 } },
      { interval_months: { min: 12, max: 12 }, repeat: { every_months: 12, until_months: 60 } },
    ]);
  });

  it('is not for masses of which a quarter enhances', () => {
    expect(compute('bosniak-2019-ct', { ...simple, enhancing_quarter: true }).not_applicable).toMatch(/solid/);
  });

  it('gives every class that a missing thickness leaves possible', () => {
    const result = compute('bosniak-2019-ct', { ...septated, septa_thickness: null });
    expect(result.bands.map(({ id }) => id)).toEqual(['II', 'IIF', 'III']);
    expect(result.missing).toEqual(['septa_thickness']);
    expect(() => compute('bosniak-2019-ct', { septa: -1 })).toThrow(/^septa:/);
  });
});
