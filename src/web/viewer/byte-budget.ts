const KEY = 'isocenter.viewer.budget';

/** What the reader may choose between, in bytes. */
export const BUDGETS: readonly number[] = [256e6, 512e6, 1e9, 2e9, 4e9];
const DEFAULT_BYTES = 1e9;
/** Less than this holds no single large radiograph and its neighbors. */
const LEAST_BYTES = 16e6;

/** Bytes of decoded frames and volumes that the viewer may hold in this browser. */
export function byteBudget(): number {
  const saved = Number(localStorage.getItem(KEY));
  return Number.isFinite(saved) && saved >= LEAST_BYTES ? saved : DEFAULT_BYTES;
}

/** Remembers a choice in this browser. */
export function saveByteBudget(bytes: number): void {
  localStorage.setItem(KEY, String(bytes));
}

/**
 * By which factors a volume is made smaller to take at most `bytes`: every n-th slice first, then coarser in the plane, whichever leaves
 * voxels closer to cubes.
 *
 * @param spacingMm [slice, row, column]
 */
export function levelOfDetail(
  size: readonly [depth: number, height: number, width: number],
  spacingMm: readonly [number, number, number],
  { bytesPerVoxel, bytes }: { bytesPerVoxel: number; bytes: number },
): { slices: number; plane: number } {
  const level = { slices: 1, plane: 1 };
  const [depth, height, width] = size;
  const bytesOf = ({ slices, plane }: typeof level): number =>
    Math.ceil(depth / slices) * Math.floor(height / plane) * Math.floor(width / plane) * bytesPerVoxel;
  while (bytesOf(level) > bytes && (level.slices < depth || level.plane < width)) {
    const isThin = spacingMm[0] * level.slices <= spacingMm[2] * level.plane;
    if (isThin && level.slices < depth) level.slices += 1;
    else level.plane += 1;
  }
  return level;
}
