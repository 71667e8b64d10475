import { describe, expect, it } from 'vitest';
import type { ScoreResult } from '../../contract/clinical.ts';
import type { GivenInputs } from './inputs.ts';
import { findScore } from './registry.ts';

const compute = (id: string, inputs: GivenInputs): ScoreResult => {
  const score = findScore(id);
  if (!score) throw new Error(`No score ${id}`);
  return score.compute(inputs);
};

const plain = {
  composition: 'solid',
  echogenicity: 'hyper-or-isoechoic',
  taller_than_wide: false,
  margin: 'smooth',
  macrocalcifications: false,
  rim_calcifications: false,
  punctate_foci: false,
  largest_diameter: 12,
};

describe('ACR TI-RADS 2017', () => {
  it.each<[string, GivenInputs, number, string]>([
    ['solid, isoechoic, smooth', {}, 3, 'TR3'],
    ['solid, hypoechoic', { echogenicity: 'hypoechoic' }, 4, 'TR4'],
    ['solid, very hypoechoic, taller than wide', { echogenicity: 'very-hypoechoic', taller_than_wide: true }, 8, 'TR5'],
    ['spongiform, whatever else', { composition: 'spongiform', echogenicity: 'very-hypoechoic', punctate_foci: true }, 0, 'TR1'],
    ['cystic and anechoic', { composition: 'cystic', echogenicity: 'anechoic' }, 0, 'TR1'],
    ['mixed and isoechoic', { composition: 'mixed' }, 2, 'TR2'],
    ['mixed and anechoic: 1 point', { composition: 'mixed', echogenicity: 'anechoic' }, 1, 'unassigned'],
    ['solid, hypoechoic, lobulated: 6', { echogenicity: 'hypoechoic', margin: 'lobulated-or-irregular' }, 6, 'TR4'],
    ['solid, hypoechoic, extrathyroidal: 7', { echogenicity: 'hypoechoic', margin: 'extrathyroidal' }, 7, 'TR5'],
    ['all foci are summed', { macrocalcifications: true, rim_calcifications: true, punctate_foci: true }, 9, 'TR5'],
    ['ill-defined margin counts nothing', { margin: 'ill-defined' }, 3, 'TR3'],
    ['undetermined composition and echogenicity count 2 and 1', { composition: 'undetermined', echogenicity: 'undetermined' }, 3, 'TR3'],
  ])('%s (Tessler, J Am Coll Radiol 2017;14:587)', (_, inputs, value, band) => {
    expect(compute('acr-ti-rads-2017', { ...plain, ...inputs })).toMatchObject({ value, band: { id: band }, missing: [] });
  });

  it.each([
    ['TR3', 14.9, 'none'],
    ['TR3', 15, 'ultrasound-1-3-5-years'],
    ['TR3', 24.9, 'ultrasound-1-3-5-years'],
    ['TR3', 25, 'fine-needle-aspiration'],
    ['TR4', 9.9, 'none'],
    ['TR4', 10, 'ultrasound-1-2-3-5-years'],
    ['TR4', 15, 'fine-needle-aspiration'],
    ['TR5', 4.9, 'none'],
    ['TR5', 5, 'ultrasound-1-2-3-4-5-years'],
    ['TR5', 10, 'fine-needle-aspiration'],
    ['TR2', 60, 'none'],
  ])('%s of %d mm: %s (Tessler, J Am Coll Radiol 2017;14:587)', (level, largest_diameter, id) => {
    const byLevel: Record<string, GivenInputs> = {
      TR2: { composition: 'mixed' },
      TR3: {},
      TR4: { echogenicity: 'hypoechoic' },
      TR5: { echogenicity: 'hypoechoic', taller_than_wide: true },
    };
    const result = compute('acr-ti-rads-2017', { ...plain, ...byLevel[level], largest_diameter });
    expect([result.band?.id, result.recommendation?.id]).toEqual([level, id]);
  });

  it('takes centimeters and tells the follow-up in months', () => {
    const result = compute('acr-ti-rads-2017', { ...plain, largest_diameter: { value: 2, unit: 'cm' } });
    expect(result.recommendation?.steps.map(({ interval_months }) => interval_months?.min)).toEqual([12, 36, 60]);
    expect(result.recommendation?.steps.map(({ if_unchanged }) => if_unchanged)).toEqual([false, true, true]);
  });

  it('never counts a missing sign as absent', () => {
    const result = compute('acr-ti-rads-2017', { ...plain, punctate_foci: null });
    expect(result).toMatchObject({ value: null, range: { min: 3, max: 6 }, missing: ['punctate_foci'], band: null });
    expect(result.bands.map(({ id }) => id)).toEqual(['TR3', 'TR4']);
    expect(result.recommendations.map(({ id }) => id)).toEqual(['none', 'ultrasound-1-2-3-5-years']);
  });

  it('does not miss the size of what is benign, nor anything of a spongiform nodule', () => {
    expect(compute('acr-ti-rads-2017', { ...plain, composition: 'mixed', largest_diameter: null })).toMatchObject({
      recommendation: { id: 'none' },
      missing: [],
    });
    expect(compute('acr-ti-rads-2017', { composition: 'spongiform' })).toMatchObject({ value: 0, band: { id: 'TR1' }, missing: [] });
    expect(() => compute('acr-ti-rads-2017', { largest_diameter: 500 })).toThrow(/^largest_diameter:/);
  });
});
