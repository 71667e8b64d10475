import { type ComponentStats, fillComponents, labelComponents, type Size, statsOf } from './components.ts';

/** Voxel codes that the tracing reads and writes, and the geometry it needs. */
export type AirwayInput = {
  state: Uint8Array;
  size: Size;
  spacingMm: readonly [z: number, y: number, x: number];
  codes: { air: number; airway: number };
  /** Slice indices from the head downward. */
  fromHead: readonly number[];
  /** Column of the body's middle. */
  middleX: number;
};

/** Cross-section of a trachea, mm² (adults: 80 to 500; a wide margin for tilt and disease). */
const TRACHEA_MM2 = [50, 700] as const;
/** The trachea lies near the midline, is compact, and goes on for at least this long. */
const MAX_OFF_MIDLINE_MM = 45;
const MAX_ASPECT = 2.4;
const MIN_FILL = 0.5;
const MIN_LENGTH_MM = 15;
/** The trachea is sought in this share of the slices from the head on. */
const SEARCH_SHARE = 0.5;
/** A section that grows to this many times the trachea's has run into the lung. */
const LEAK_FACTOR = 1.6;

/**
 * Marks trachea and main bronchi: from a compact, central air section near the head downward, every section that overlaps the one above
 * and has not grown as only a leak into the lung does.
 * @returns whether a trachea was found
 */
export function traceAirway(input: AirwayInput): boolean {
  const { fromHead, spacingMm } = input;
  const search = Math.ceil(fromHead.length * SEARCH_SHARE);
  for (let start = 0; start < search; start += 1) {
    for (const seed of tracheaSections(input, fromHead[start] ?? 0)) {
      const path = follow(input, start, seed);
      if (path.length * spacingMm[0] < MIN_LENGTH_MM) continue;
      const { state, size, codes } = input;
      for (const { offset, section } of path) {
        for (const index of section) state[offset + index] = codes.airway;
      }
      // A found trachea stays within the volume.
      return size[0] > 0;
    }
  }
  return false;
}

type Section = { offset: number; section: number[] };

function tracheaSections(input: AirwayInput, z: number): number[][] {
  const { size, spacingMm, middleX } = input;
  const pixelMm2 = spacingMm[1] * spacingMm[2];
  return sectionsOf(input, z)
    .filter(({ stats }) => {
      const area = stats.voxels * pixelMm2;
      const heightMm = (stats.max[1] - stats.min[1] + 1) * spacingMm[1];
      const widthMm = (stats.max[2] - stats.min[2] + 1) * spacingMm[2];
      const offMm = Math.abs(stats.sumX / stats.voxels - middleX) * spacingMm[2];
      const isRound = Math.max(heightMm / widthMm, widthMm / heightMm) <= MAX_ASPECT && area >= MIN_FILL * heightMm * widthMm;
      return area >= TRACHEA_MM2[0] && area <= TRACHEA_MM2[1] && isRound && offMm <= MAX_OFF_MIDLINE_MM;
    })
    .sort((a, b) => Math.abs(a.stats.sumX / a.stats.voxels - middleX) - Math.abs(b.stats.sumX / b.stats.voxels - middleX))
    .map(({ pixels }) => pixels(size[2]));
}

function follow(input: AirwayInput, start: number, seed: number[]): Section[] {
  const { fromHead, size, spacingMm } = input;
  const sliceLength = size[1] * size[2];
  const pixelMm2 = spacingMm[1] * spacingMm[2];
  const path: Section[] = [{ offset: (fromHead[start] ?? 0) * sliceLength, section: seed }];
  let largest = seed.length * pixelMm2;
  let above = new Set(seed);
  for (const z of fromHead.slice(start + 1)) {
    const next = sectionsOf(input, z)
      .filter(({ stats }) => stats.voxels * pixelMm2 <= LEAK_FACTOR * largest)
      .map(({ pixels }) => pixels(size[2]))
      .filter((section) => section.some((index) => above.has(index)));
    if (next.length === 0) break;
    const section = next.flat();
    if (next.length === 1) largest = Math.min(TRACHEA_MM2[1], Math.max(largest, section.length * pixelMm2));
    path.push({ offset: z * sliceLength, section });
    above = new Set(section);
  }
  return path;
}

type AirSection = { stats: ComponentStats; pixels: (width: number) => number[] };

/** The air regions of one slice. */
function sectionsOf({ state, size, codes }: AirwayInput, z: number): AirSection[] {
  const sliceLength = size[1] * size[2];
  const slice = state.subarray(z * sliceLength, (z + 1) * sliceLength);
  const sliceSize: Size = [1, size[1], size[2]];
  const components = labelComponents(slice, sliceSize, codes.air);
  return statsOf(components, sliceSize).map((stats, label) => ({
    stats,
    pixels: (width) => {
      const box = new Uint8Array(slice.length);
      fillComponents(box, width, components, { isWanted: (candidate) => candidate === label, value: 1 });
      const found: number[] = [];
      for (let y = stats.min[1]; y <= stats.max[1]; y += 1) {
        for (let x = stats.min[2]; x <= stats.max[2]; x += 1) if (box[y * width + x] === 1) found.push(y * width + x);
      }
      return found;
    },
  }));
}
