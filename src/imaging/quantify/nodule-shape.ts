import type { LungCrop } from './lung-crop.ts';

/** A box of voxels around a candidate; `inside` 1 where the candidate and what hangs on it is. */
export type Region = { min: [number, number, number]; size: [number, number, number]; inside: Uint8Array };

/** What surrounds a candidate, as shares of a shell just outside of it, and the shell's outer radius. */
export type Isolation = { denseShare: number; outsideShare: number; radiusMm: number; region: Region };

/**
 * The shell begins at this many depths plus a gap from the center, and is about a voxel and a half thick. The gap is wider where thick
 * slices blur the body's ends and put its deepest voxel off its center.
 */
const SHELL_DEPTHS = 1.3;
const SHELL_GAP_MM = 1.5;
const SHELL_GAP_VOXELS = 0.75;
const SHELL_VOXELS = 1.5;

type Candidate = { voxel: [number, number, number]; depthMm: number; limit: number; density: ArrayLike<number> };

/**
 * Grows the candidate from its center through voxels denser than `limit` as far as a shell around it, and tells how much of the shell
 * the growth has reached: almost nothing around a nodule, two patches where a vessel runs through, three where it branches.
 */
export function isolationOf(crop: LungCrop, { voxel, depthMm, limit, density }: Candidate): Isolation {
  const { size, spacingMm, state } = crop;
  const inner = SHELL_DEPTHS * depthMm + Math.max(SHELL_GAP_MM, SHELL_GAP_VOXELS * Math.max(...spacingMm));
  const radiusMm = inner + SHELL_VOXELS * Math.min(...spacingMm);
  const region = emptyRegion(voxel, size, spacingMm, radiusMm);
  const [, height, width] = size;
  const [, rows, columns] = region.size;

  const distanceMm = (z: number, y: number, x: number): number =>
    Math.hypot((z - voxel[0]) * spacingMm[0], (y - voxel[1]) * spacingMm[1], (x - voxel[2]) * spacingMm[2]);
  const localOf = (z: number, y: number, x: number): number =>
    ((z - region.min[0]) * rows + y - region.min[1]) * columns + x - region.min[2];
  const canEnter = (z: number, y: number, x: number): boolean => {
    const index = (z * height + y) * width + x;
    return state[index] !== 0 && (density[index] ?? 0) > limit && distanceMm(z, y, x) <= radiusMm;
  };

  const queue: [number, number, number][] = [voxel];
  region.inside[localOf(...voxel)] = 1;
  for (let at = queue.pop(); at; at = queue.pop()) {
    for (const [z, y, x] of facesOf(at)) {
      const isLocal = [z, y, x].every((value, axis) => {
        const local = value - (region.min[axis] ?? 0);
        return local >= 0 && local < (region.size[axis] ?? 0);
      });
      if (!isLocal || region.inside[localOf(z, y, x)] === 1 || !canEnter(z, y, x)) continue;
      region.inside[localOf(z, y, x)] = 1;
      queue.push([z, y, x]);
    }
  }

  const counts = { shell: 0, dense: 0, outside: 0 };
  for (let local = 0; local < region.inside.length; local += 1) {
    const z = Math.floor(local / (rows * columns)) + region.min[0];
    const y = (Math.floor(local / columns) % rows) + region.min[1];
    const x = (local % columns) + region.min[2];
    const mm = distanceMm(z, y, x);
    if (mm < inner || mm > radiusMm) continue;
    counts.shell += 1;
    if (region.inside[local] === 1) counts.dense += 1;
    if (state[(z * height + y) * width + x] === 0) counts.outside += 1;
  }
  const shell = Math.max(1, counts.shell);
  return { denseShare: counts.dense / shell, outsideShare: counts.outside / shell, radiusMm, region };
}

function emptyRegion(voxel: readonly number[], size: readonly number[], spacingMm: readonly number[], radiusMm: number): Region {
  const reach = spacingMm.map((mm) => Math.ceil(radiusMm / mm) + 1);
  const min = voxel.map((value, axis) => Math.max(0, value - (reach[axis] ?? 0))) as [number, number, number];
  const max = voxel.map((value, axis) => Math.min((size[axis] ?? 1) - 1, value + (reach[axis] ?? 0)));
  const extent = min.map((value, axis) => (max[axis] ?? value) - value + 1) as [number, number, number];
  return { min, size: extent, inside: new Uint8Array(extent[0] * extent[1] * extent[2]) };
}

function facesOf([z, y, x]: [number, number, number]): [number, number, number][] {
  return [
    [z - 1, y, x],
    [z + 1, y, x],
    [z, y - 1, x],
    [z, y + 1, x],
    [z, y, x - 1],
    [z, y, x + 1],
  ];
}
