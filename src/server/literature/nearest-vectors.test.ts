import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdVectors, quantized } from './nearest-vectors.ts';

const DIMENSIONS = 10;
const vector = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: DIMENSIONS, maxLength: DIMENSIONS })
  .map((values) => Float32Array.from(values))
  .filter((values) => values.some((value) => Math.abs(value) > 0.01));

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}

test('the closest are those with the largest cosine, as close as signed bytes tell', () => {
  fc.assert(
    fc.property(fc.array(vector, { minLength: 1, maxLength: 40 }), vector, (corpus, query) => {
      const held = holdVectors(DIMENSIONS);
      const bytes = corpus.map(quantized);
      held.add({
        ids: corpus.map((_, index) => index + 1),
        literatureIds: corpus.map((_, index) => 100 + index),
        vectors: Int8Array.from(bytes.flatMap((row) => [...row])),
      });
      const found = held.nearest(quantized(query), 3);
      expect(found).toHaveLength(Math.min(3, corpus.length));
      const exact = corpus.map((row) => cosine(row, query)).sort((a, b) => b - a);
      for (const [rank, { cosine: told }] of found.entries()) expect(told).toBeCloseTo(exact[rank] ?? 0, 1);
      expect(found.map(({ cosine: told }) => told)).toEqual(found.map(({ cosine: told }) => told).toSorted((a, b) => b - a));
    }),
  );
});

test('a record that comes again has its new vector, and the space grows with what is added', () => {
  const held = holdVectors(2);
  const rows = (ids: number[], literatureIds: number[], vectors: number[]) => ({ ids, literatureIds, vectors: Int8Array.from(vectors) });
  const many = Array.from({ length: 3_000 }, (_, index) => index + 1);
  held.add(
    rows(
      many,
      many,
      many.flatMap(() => [0, 127]),
    ),
  );
  held.add(rows([3_001], [7], [127, 0]));
  expect(held.count()).toBe(3_000);
  expect(held.last()).toBe(3_001);
  expect(held.nearest(Int8Array.from([127, 0]), 1)).toEqual([{ literature_id: 7, cosine: expect.closeTo(1, 3) }]);
});
