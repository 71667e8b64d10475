import { describe, expect, it } from 'vitest';
import { designOf } from './design-level.ts';

const of = (publicationTypes: string[], mesh: string[] = [], isPreprint = false) => designOf({ publicationTypes, mesh, isPreprint });

describe('The automatic design level (Oxford 2011 Levels of Evidence, treatment benefits)', () => {
  it.each([
    ['Meta-Analysis', 'meta-analysis', 1],
    ['Systematic Review', 'systematic-review', 1],
    ['Randomized Controlled Trial', 'randomized-trial', 2],
    ['Clinical Trial, Phase II', 'clinical-trial', 3],
    ['Observational Study', 'cohort', 3],
    ['Case Reports', 'case-report', 4],
    ['Review', 'review', 5],
    ['Editorial', 'opinion', 5],
    ['Practice Guideline', 'guideline', null],
    ['Journal Article', 'unknown', null],
  ])('%s is %s, level %s', (type, kind, level) => {
    expect(of(['Journal Article', type])).toMatchObject({ kind, level });
  });

  it('takes the strongest of several types, and case-control studies before what also names a cohort', () => {
    expect(of(['Randomized Controlled Trial', 'Meta-Analysis']).level).toBe(1);
    expect(of(['Comparative Study'], ['Case-Control Studies'])).toMatchObject({ kind: 'case-control', level: 4 });
    expect(of(['Journal Article'], ['Prospective Studies']).level).toBe(3);
  });

  it('lowers work on animals alone, and tells what lessens a work', () => {
    expect(of(['Randomized Controlled Trial'], ['Animals', 'Rats']).level).toBe(5);
    expect(of(['Randomized Controlled Trial'], ['Animals', 'Humans']).level).toBe(2);
    expect(of(['Published Erratum'], [], true).notes).toEqual(['preprint', 'corrected']);
  });

  it('knows what was retracted from the notice that retracts it', () => {
    expect(of(['Retracted Publication', 'Randomized Controlled Trial']).isRetracted).toBe(true);
    expect(of(['Retraction of Publication'])).toMatchObject({ kind: 'retraction-notice', isRetracted: false, level: null });
  });
});
