import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { computeScore, type Fact, ScoreDescription, ScoreResult } from '../../contract/clinical.ts';
import { ClinicalInputError, type Input } from './inputs.ts';
import { findScore, SCORES } from './registry.ts';
import { describeScore, type ScoreDefinition } from './score.ts';

/** A plausible value; numbers prefer the places where something may change. */
function arbitraryFact(input: Input): fc.Arbitrary<Fact> {
  if (input.kind === 'boolean') return fc.boolean();
  if (input.kind === 'choice') return fc.constantFrom(...input.choices.map(({ id }) => id));
  const { min, max } = input.range;
  const anywhere = input.kind === 'integer' ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
  const steps = (input.samples ?? []).filter((sample) => input.kind === 'number' || Number.isInteger(sample));
  return steps.length > 0 ? fc.oneof(anywhere, fc.constantFrom(...steps)) : anywhere;
}

/** All inputs that the score requires, and the names of some that are then left out. */
function arbitraryCase(score: ScoreDefinition): fc.Arbitrary<{ full: Record<string, Fact>; dropped: string[] }> {
  const required = Object.entries(score.inputs).filter(([, input]) => input.required);
  const names = required.map(([name]) => name);
  return fc.record({
    full: fc.record(Object.fromEntries(required.map(([name, input]) => [name, arbitraryFact(input)]))),
    dropped: fc.subarray(names, { maxLength: Math.min(6, names.length) }),
  });
}

function without(inputs: Record<string, Fact>, names: readonly string[]): Record<string, Fact> {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name)));
}

function flagsOf(score: ScoreDefinition): string[] {
  return Object.entries(score.inputs).flatMap(([name, { kind, required }]) => (kind === 'boolean' && required ? [name] : []));
}

/** Undefined where the drawn values contradict each other, as a short axis longer than the long one. */
function tryCompute(score: ScoreDefinition, inputs: Record<string, Fact>): ScoreResult | undefined {
  try {
    return score.compute(inputs);
  } catch (error) {
    if (error instanceof ClinicalInputError) return undefined;
    throw error;
  }
}

describe('Clinical scores', () => {
  it('have ids that fit the address, and are found by them', () => {
    expect(new Set(SCORES.map(({ id }) => id)).size).toBe(SCORES.length);
    for (const score of SCORES) {
      expect(Value.Check(computeScore.params, { score: score.id })).toBe(true);
      expect(findScore(score.id)).toBe(score);
    }
    expect(findScore('toString')).toBeUndefined();
  });

  it('cite a source with its year, and well-formed identifiers', () => {
    for (const score of SCORES) {
      for (const { text, doi, pmid } of [score.citation, ...(score.references ?? [])]) {
        expect(text).toMatch(/\b(19|20)\d\d\b/);
        if (doi !== undefined) expect(doi).toMatch(/^10\.\d{4,}\/\S+$/);
        if (pmid !== undefined) expect(pmid).toMatch(/^\d{7,8}$/);
      }
      expect(score.version).not.toBe('');
      expect(score.population).not.toBe('');
    }
  });

  it('describe themselves as the contract says', () => {
    for (const score of SCORES) expect([...Value.Errors(ScoreDescription, describeScore(score))]).toEqual([]);
  });

  describe.each(SCORES.map((score) => [score.id, score] as const))('%s', (_, score) => {
    it('has no value and no class when nothing is known, and says what is missing', () => {
      const result = score.compute({});
      expect(result).toMatchObject({ value: null, band: null, recommendation: null, not_applicable: null });
      expect(result.missing.length).toBeGreaterThan(0);
      for (const name of result.missing) expect(score.inputs[name]?.required).toBe(true);
    });

    it('holds, whatever is left out, what the full inputs come to', () => {
      fc.assert(
        fc.property(arbitraryCase(score), ({ full, dropped }) => {
          const whole = tryCompute(score, full);
          const part = tryCompute(score, without(full, dropped));
          fc.pre(whole !== undefined && part !== undefined && whole.not_applicable === null);
          expect(part.not_applicable).toBeNull();
          expect(whole.missing).toEqual([]);
          expect(dropped).toEqual(expect.arrayContaining(part.missing));
          expect([...Value.Errors(ScoreResult, part)]).toEqual([]);
          if (part.missing.length === 0)
            expect([part.value, part.band, part.recommendation]).toEqual([whole.value, whole.band, whole.recommendation]);
          if (part.value !== null) expect(part.value).toBe(whole.value);
          if (part.range !== null && whole.value !== null) {
            expect(whole.value).toBeGreaterThanOrEqual(part.range.min);
            expect(whole.value).toBeLessThanOrEqual(part.range.max);
          }
          if (whole.band) expect(part.bands).toContainEqual(whole.band);
          if (whole.recommendation) expect(part.recommendations).toContainEqual(whole.recommendation);
        }),
        { numRuns: 150 },
      );
    });

    it('refuses what is not plausible or of the wrong kind, and names the input', () => {
      for (const [name, input] of Object.entries(score.inputs)) {
        const wrong =
          input.kind === 'boolean' ? ['yes', 1] : input.kind === 'choice' ? ['?', true] : [input.range.max + 1, 'many', true, Number.NaN];
        if ('range' in input) wrong.push(input.range.min - 1);
        for (const value of wrong) {
          expect(() => score.compute({ [name]: value })).toThrow(ClinicalInputError);
          expect(() => score.compute({ [name]: value })).toThrow(expect.objectContaining({ field: name }));
        }
      }
      expect(() => score.compute({ constructor: 1 })).toThrow(expect.objectContaining({ field: 'constructor' }));
    });

    it('never tells a value in an error', () => {
      for (const [name, input] of Object.entries(score.inputs)) {
        if (!('range' in input)) continue;
        expect(() => score.compute({ [name]: 987_654_321 })).toThrow(
          expect.objectContaining({ message: expect.not.stringContaining('987654321') }),
        );
      }
    });
  });

  describe.each(SCORES.filter((score) => score.unit !== null && flagsOf(score).length > 0).map((score) => [score.id, score] as const))(
    '%s',
    (_, score) => {
      it('ranges exactly from the least to the most that the missing flags can make of it', () => {
        const flags = flagsOf(score);
        const missingFlags = fc.subarray(flags, { minLength: 1, maxLength: Math.min(4, flags.length) });
        fc.assert(
          fc.property(arbitraryCase(score), missingFlags, ({ full }, missing) => {
            const part = tryCompute(score, without(full, missing));
            fc.pre(part !== undefined && part.not_applicable === null);
            const values = completions(missing).map((answers) => score.compute({ ...full, ...answers }).value);
            const range = { min: Math.min(...values.map(Number)), max: Math.max(...values.map(Number)) };
            expect(part.range ?? { min: part.value, max: part.value }).toEqual(range);
          }),
          { numRuns: 50 },
        );
      });
    },
  );

  it('that add up never fall when a flag is set, but for the alternative diagnosis of Wells', () => {
    const additive = SCORES.filter(({ unit }) => unit === '{score}' || unit === '{criteria}');
    for (const score of additive) {
      const flags = flagsOf(score);
      if (flags.length === 0) continue;
      fc.assert(
        fc.property(arbitraryCase(score), fc.constantFrom(...flags), ({ full }, flag) => {
          const no = tryCompute(score, { ...full, [flag]: false })?.value;
          const yes = tryCompute(score, { ...full, [flag]: true })?.value;
          fc.pre(typeof no === 'number' && typeof yes === 'number');
          if (flag === 'alternative_diagnosis') expect(yes).toBe(no - 2);
          else expect(yes).toBeGreaterThanOrEqual(no);
        }),
        { numRuns: 50 },
      );
    }
  });
});

/** Both answers to each of the flags, in all combinations. */
function completions(flags: readonly string[]): Record<string, boolean>[] {
  return flags.reduce<Record<string, boolean>[]>(
    (all, flag) =>
      all.flatMap((one) => [
        { ...one, [flag]: false },
        { ...one, [flag]: true },
      ]),
    [{}],
  );
}
