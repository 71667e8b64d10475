import { describe, expect, test } from 'vitest';
import { buildCard } from '../../test/inference/model-builder.ts';
import type { ModelCard } from '../contract/model-card.ts';
import { calibratedSoftmax } from './calibrate.ts';
import { interpret, type RawOutputs } from './postprocess.ts';

const card: ModelCard = {
  ...buildCard('three', new Uint8Array(), ['none', 'a', 'b']),
  findings: [
    { id: 'any', title: 'Any', sum_of: ['a', 'b'], threshold: 0.6 },
    { id: 'only-a', title: 'Only a', sum_of: ['a'], threshold: 0.25 },
  ],
};

function raw(logits: number[], ood = 0): RawOutputs {
  const maps = Float32Array.from([9, 9, 1, 2, 30, 40]);
  return {
    logits: { data: Float32Array.from(logits), dims: [1, 3] },
    cam: { data: maps, dims: [1, 3, 1, 2] },
    ood: { data: Float32Array.of(ood), dims: [1] },
  };
}

describe('calibrated softmax', () => {
  test('equals the definition, and the temperature flattens it', () => {
    expect(calibratedSoftmax([0, Math.log(3)], 1)).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
    expect(calibratedSoftmax([0, Math.log(9)], 2)).toEqual([expect.closeTo(0.25, 12), expect.closeTo(0.75, 12)]);
  });

  test('stays finite for logits that overflow the exponential', () => {
    expect(calibratedSoftmax([10_000, 9_000, -10_000], 1)).toEqual([1, 0, 0]);
    expect(calibratedSoftmax([-10_000, -10_000], 0.01)).toEqual([0.5, 0.5]);
  });
});

describe("reading a network's numbers", () => {
  const logits = [Math.log(2), Math.log(3), Math.log(5)];

  test('gives every label its raw score and probability in the order of the card', () => {
    const { scores } = interpret(card, raw(logits));
    expect(scores.map(({ label, title }) => [label, title])).toEqual([
      ['none', 'Title of none'],
      ['a', 'Title of a'],
      ['b', 'Title of b'],
    ]);
    for (const [index, expected] of [0.2, 0.3, 0.5].entries()) expect(scores[index]?.probability).toBeCloseTo(expected, 6);
    expect(scores[1]?.raw_score).toBeCloseTo(Math.log(3), 6);
  });

  test('a finding is the sum of its labels against its threshold', () => {
    const { findings } = interpret(card, raw(logits));
    expect(findings).toMatchObject([
      { id: 'any', threshold: 0.6, positive: true },
      { id: 'only-a', threshold: 0.25, positive: true },
    ]);
    expect(findings[0]?.probability).toBeCloseTo(0.8, 6);
    const weak = interpret(card, raw([Math.log(5), Math.log(2), Math.log(3)]));
    expect(weak.findings.map(({ positive }) => positive)).toEqual([false, false]);
  });

  test('the activation map is that of the most probable finding: the sum of its labels', () => {
    expect(interpret(card, raw(logits)).cam).toEqual({ values: Float32Array.of(31, 42), width: 2, height: 1 });
    const single = { ...card, findings: card.findings.slice(1) };
    expect(interpret(single, raw(logits)).cam?.values).toEqual(Float32Array.of(1, 2));
    expect(interpret({ ...card, findings: [] }, raw(logits)).cam).toBeNull();
    expect(interpret(card, { ...raw(logits), cam: null }).cam).toBeNull();
    expect(interpret({ ...card, input: { ...card.input, resize: 'center-crop' } }, raw(logits)).cam).toBeNull();
  });

  test('probabilities use the temperature of the card', () => {
    const calibrated = { ...card, calibration: { temperature: 2, set: 'validation' } };
    const scores = interpret(calibrated, raw([0, 2 * Math.log(2), 2 * Math.log(5)])).scores;
    for (const [index, expected] of [1 / 8, 2 / 8, 5 / 8].entries()) expect(scores[index]?.probability).toBeCloseTo(expected, 6);
  });

  test.each([
    ['above', 2.1, true],
    ['above', 2, false],
    ['below', 1.9, true],
    ['below', 2, false],
    ['above', Number.NaN, true],
  ] as const)('out of distribution %s 2 for a score of %d: %s', (direction, score, expected) => {
    const guarded = { ...card, out_of_distribution: { threshold: 2, direction } };
    expect(interpret(guarded, raw(logits, score)).outOfDistribution).toBe(expected);
  });

  test('a score that the card asks for and the network does not give counts as outside', () => {
    const guarded = { ...card, out_of_distribution: { threshold: 2, direction: 'above' as const } };
    expect(interpret(guarded, { ...raw(logits), ood: null })).toMatchObject({ oodScore: null, outOfDistribution: true });
    expect(interpret(card, { ...raw(logits), ood: null })).toMatchObject({ oodScore: null, outOfDistribution: false });
  });

  test('refuses outputs of another shape and numbers that are not finite', () => {
    expect(() => interpret(card, raw([1, 2]))).toThrow(/2 logits for 3 labels/);
    expect(() => interpret(card, raw([1, Number.NaN, 2]))).toThrow(/not a finite number/);
    const wrongMaps = { ...raw(logits), cam: { data: new Float32Array(4), dims: [1, 2, 1, 2] } };
    expect(() => interpret(card, wrongMaps)).toThrow(/activation maps of shape \[1, 2, 1, 2\]/);
  });
});
