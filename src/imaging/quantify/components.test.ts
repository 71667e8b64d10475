import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeMask, fillHoles } from './closing.ts';
import { fillComponents, labelComponents, type Size, statsOf } from './components.ts';
import { eigenvaluesOf } from './eigenvalues.ts';

/** Regions by plain search: what the run-length labeling is held against. */
function countRegions(mask: Uint8Array, [depth, height, width]: Size): { voxels: number }[] {
  const seen = new Uint8Array(mask.length);
  const regions: { voxels: number }[] = [];
  for (let start = 0; start < mask.length; start += 1) {
    if (mask[start] !== 1 || seen[start] === 1) continue;
    const stack = [start];
    seen[start] = 1;
    let voxels = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      voxels += 1;
      const x = at % width;
      const y = Math.floor(at / width) % height;
      const z = Math.floor(at / (width * height));
      const next = [
        x > 0 ? at - 1 : -1,
        x < width - 1 ? at + 1 : -1,
        y > 0 ? at - width : -1,
        y < height - 1 ? at + width : -1,
        z > 0 ? at - width * height : -1,
        z < depth - 1 ? at + width * height : -1,
      ];
      for (const index of next) {
        if (index < 0 || mask[index] !== 1 || seen[index] === 1) continue;
        seen[index] = 1;
        stack.push(index);
      }
    }
    regions.push({ voxels });
  }
  return regions;
}

describe('labelComponents', () => {
  it('finds the regions that a plain search finds, in scan order and of the same size', () => {
    const dimension = fc.integer({ min: 1, max: 6 });
    const volume = fc
      .tuple(dimension, dimension, dimension)
      .chain((size) =>
        fc.tuple(
          fc.constant(size),
          fc.array(fc.integer({ min: 0, max: 1 }), { minLength: size[0] * size[1] * size[2], maxLength: size[0] * size[1] * size[2] }),
        ),
      );
    fc.assert(
      fc.property(volume, ([size, voxels]) => {
        const mask = Uint8Array.from(voxels);
        const stats = statsOf(labelComponents(mask, size, 1), size);
        expect(stats.map((stat) => stat.voxels)).toEqual(countRegions(mask, size).map((region) => region.voxels));
      }),
    );
  });

  it('knows bounds and centroid sums, and fills what is wanted', () => {
    const size: Size = [2, 2, 4];
    const mask = Uint8Array.from([1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1]);
    const components = labelComponents(mask, size, 1);
    const [first, second] = statsOf(components, size);
    expect(first).toMatchObject({ voxels: 3, min: [0, 0, 0], max: [1, 0, 1], sumX: 1, sumY: 0 });
    expect(second).toMatchObject({ voxels: 3, min: [0, 0, 3], max: [1, 1, 3] });
    fillComponents(mask, 4, components, { isWanted: (label) => label === 1, value: 9 });
    expect(Array.from(mask).filter((value) => value === 9)).toHaveLength(3);
  });
});

describe('closeMask', () => {
  it('fills gaps narrower than the disc and leaves wider ones, in millimeters', () => {
    const plane = { width: 40, height: 40, spacingX: 0.5, spacingY: 1 };
    const mask = new Uint8Array(1600);
    for (let y = 10; y < 30; y += 1) for (let x = 8; x < 32; x += 1) mask[y * 40 + x] = x < 16 || x >= 20 ? 1 : 0;
    const before = mask.slice();
    closeMask(mask, plane, 0.9);
    expect(mask).toEqual(before);
    closeMask(mask, plane, 3);
    expect(mask[20 * 40 + 18]).toBe(1);
    expect(mask[20 * 40 + 4]).toBe(0);
  });

  it('fills holes up to an area, but no bay and no larger hole', () => {
    const plane = { width: 12, height: 7, spacingX: 1, spacingY: 2 };
    const rows = ['............', '.#########..', '.#.#...#.#..', '.###...###..', '.#.#...#....', '.#########..', '............'];
    const mask = Uint8Array.from(rows.join(''), (cell) => (cell === '#' ? 1 : 0));
    fillHoles(mask, plane, 4);
    const filled = rows.map((row, y) => Array.from(row, (_, x) => (mask[y * 12 + x] === 1 ? '#' : '.')).join(''));
    expect(filled).toEqual([
      '............',
      '.#########..',
      '.###...###..',
      '.###...###..',
      '.###...#....',
      '.#########..',
      '............',
    ]);
  });

  it('only adds, whatever the mask', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 100, maxLength: 100 }), (inner) => {
        const mask = new Uint8Array(400);
        for (const [index, value] of inner.entries()) mask[(5 + Math.floor(index / 10)) * 20 + 5 + (index % 10)] = value;
        const before = mask.slice();
        closeMask(mask, { width: 20, height: 20, spacingX: 1, spacingY: 1 }, 3);
        expect(mask.every((value, index) => value >= (before[index] ?? 0))).toBe(true);
      }),
    );
  });
});

describe('eigenvaluesOf', () => {
  it('gives the diagonal of a diagonal matrix, largest first, and keeps trace and determinant of any', () => {
    expect(eigenvaluesOf([1, 0, 0, 5, 0, 3])).toEqual([5, expect.closeTo(3, 9), expect.closeTo(1, 9)]);
    const entry = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(entry, entry, entry, entry, entry, entry), (matrix) => {
        const [a, d, f, b, e, c] = matrix;
        const [x, y, z] = eigenvaluesOf(matrix);
        expect(x + y + z).toBeCloseTo(a + b + c, 6);
        expect(x * y * z).toBeCloseTo(a * (b * c - e * e) - d * (d * c - e * f) + f * (d * e - b * f), 3);
        expect(x).toBeGreaterThanOrEqual(y - 1e-9);
        expect(y).toBeGreaterThanOrEqual(z - 1e-9);
      }),
    );
  });
});
