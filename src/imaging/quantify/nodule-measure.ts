import { eigenvaluesOf, type Symmetric3 } from './eigenvalues.ts';
import type { LungCrop } from './lung-crop.ts';
import type { Region } from './nodule-shape.ts';

/** A measured body; voxels [z, y, x] of the crop. */
export type Blob = {
  center: [number, number, number];
  min: [number, number, number];
  max: [number, number, number];
  diameterMm: number;
  equivalentDiameterMm: number;
  volumeMm3: number;
  meanHu: number;
  /** Density of the innermost part, which partial volume touches least. */
  coreHu: number;
  /** Longest over shortest axis of the ellipsoid with the same second moments. */
  elongation: number;
};

type Candidate = { voxel: [number, number, number]; depthMm: number; region: Region };

/** The core, whose voxels are wholly inside, is this share of the depth. */
const CORE_SHARE = 0.6;
/** With fewer core voxels than this, the brightest voxels tell the density. */
const MIN_CORE_VOXELS = 4;

/**
 * Measures a body with partial volume: each voxel counts by how far its density lies between lung and body, so that volume and axes are
 * finer than voxels. Axes are those of the ellipsoid with the same second moments, the share of the voxels' own extent taken off.
 * Undefined if nothing stands out.
 */
export function measureBlob(crop: LungCrop, { voxel, depthMm, region }: Candidate): Blob | undefined {
  const { hu, size, spacingMm } = crop;
  const [, height, width] = size;
  const halo = dilated(region);
  const background = backgroundOf(crop, region, halo);
  const body = bodyDensity(crop, { voxel, depthMm, region });
  if (background === undefined || body - background < 50) return undefined;

  const sums = { weight: 0, at: [0, 0, 0], moments: [0, 0, 0, 0, 0, 0] };
  const bounds = { min: [...size], max: [-1, -1, -1] };
  let huSum = 0;
  let count = 0;
  forEachVoxel(region, (local, point) => {
    if (halo[local] !== 1) return;
    const index = (point[0] * height + point[1]) * width + point[2];
    if (crop.state[index] === 0) return;
    const value = hu[index] ?? 0;
    const weight = (value - background) / (body - background);
    const mm = point.map((position, axis) => (position - (voxel[axis] ?? 0)) * (spacingMm[axis] ?? 1)) as [number, number, number];
    addMoments(sums, mm, weight);
    if (weight < 0.5 || region.inside[local] !== 1) return;
    huSum += value;
    count += 1;
    for (const axis of [0, 1, 2]) {
      bounds.min[axis] = Math.min(bounds.min[axis] ?? 0, point[axis] ?? 0);
      bounds.max[axis] = Math.max(bounds.max[axis] ?? 0, point[axis] ?? 0);
    }
  });
  if (sums.weight <= 0 || count === 0) return undefined;

  const volumeMm3 = sums.weight * spacingMm[0] * spacingMm[1] * spacingMm[2];
  const shape = ellipsoidOf(sums, spacingMm, volumeMm3);
  const mean = sums.at.map((sum) => sum / sums.weight);
  return {
    center: voxel.map((position, axis) => position + (mean[axis] ?? 0) / (spacingMm[axis] ?? 1)) as [number, number, number],
    min: bounds.min as [number, number, number],
    max: bounds.max as [number, number, number],
    volumeMm3,
    equivalentDiameterMm: Math.cbrt((6 * volumeMm3) / Math.PI),
    meanHu: huSum / count,
    coreHu: body,
    ...shape,
  };
}

type Sums = { weight: number; at: number[]; moments: number[] };

function addMoments(sums: Sums, [z, y, x]: [number, number, number], weight: number): void {
  const products = [z * z, z * y, z * x, y * y, y * x, x * x];
  sums.weight += weight;
  for (const [axis, mm] of [z, y, x].entries()) sums.at[axis] = (sums.at[axis] ?? 0) + weight * mm;
  for (const [k, product] of products.entries()) sums.moments[k] = (sums.moments[k] ?? 0) + weight * product;
}

/** In-plane diameter (mean of both axes of the central section, scaled to the measured volume) and elongation. */
function ellipsoidOf(sums: Sums, spacingMm: LungCrop['spacingMm'], volumeMm3: number): { diameterMm: number; elongation: number } {
  const [mz, my, mx] = sums.at.map((sum) => sum / sums.weight) as [number, number, number];
  const second = sums.moments.map((sum) => sum / sums.weight) as Symmetric3;
  const [sz, sy, sx] = spacingMm;
  const covariance: Symmetric3 = [
    second[0] - mz * mz - (sz * sz) / 12,
    second[1] - mz * my,
    second[2] - mz * mx,
    second[3] - my * my - (sy * sy) / 12,
    second[4] - my * mx,
    second[5] - mx * mx - (sx * sx) / 12,
  ];
  // Noise may leave a small body without any extent along an axis: no axis is thinner than a third of a voxel.
  const least = (Math.min(...spacingMm) / 3) ** 2 / 5;
  const [large, middle, small] = eigenvaluesOf(covariance).map((value) => Math.max(least, value)) as [number, number, number];
  const ellipsoidMm3 = (4 / 3) * Math.PI * Math.sqrt(5 * large * 5 * middle * 5 * small);
  const scale = Math.cbrt(volumeMm3 / ellipsoidMm3);

  const [a, b, c] = [covariance[3], covariance[4], covariance[5]];
  const mid = (a + c) / 2;
  const spread = Math.hypot((a - c) / 2, b);
  const axis = (value: number): number => 2 * Math.sqrt(5 * Math.max(least, value)) * scale;
  return { diameterMm: (axis(mid + spread) + axis(mid - spread)) / 2, elongation: Math.sqrt(large / small) };
}

/** Density of the body: the mean of its core, or of its three brightest voxels where it is too small to have one. */
function bodyDensity({ hu, size, spacingMm }: LungCrop, { voxel, depthMm, region }: Candidate): number {
  const [, height, width] = size;
  const core: number[] = [];
  const all: number[] = [];
  forEachVoxel(region, (local, [z, y, x]) => {
    if (region.inside[local] !== 1) return;
    const value = hu[(z * height + y) * width + x] ?? 0;
    const mm = Math.hypot((z - voxel[0]) * spacingMm[0], (y - voxel[1]) * spacingMm[1], (x - voxel[2]) * spacingMm[2]);
    if (mm <= CORE_SHARE * depthMm) core.push(value);
    if (mm <= depthMm) all.push(value);
  });
  const sample = core.length >= MIN_CORE_VOXELS ? core : all.sort((a, b) => b - a).slice(0, 3);
  return sample.reduce((sum, value) => sum + value, 0) / Math.max(1, sample.length);
}

/** Median density of the lung in the box around the body, the body and its blurred edge left out. */
function backgroundOf({ hu, state, size }: LungCrop, region: Region, halo: Uint8Array): number | undefined {
  const [, height, width] = size;
  const values: number[] = [];
  forEachVoxel(region, (local, [z, y, x]) => {
    const index = (z * height + y) * width + x;
    if (halo[local] !== 1 && state[index] !== 0) values.push(hu[index] ?? 0);
  });
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

/** The region and its 26 neighbors: partial volume reaches one voxel out. */
function dilated({ size, inside }: Region): Uint8Array {
  const [depth, rows, columns] = size;
  const output = new Uint8Array(inside.length);
  for (let index = inside.indexOf(1); index >= 0; index = inside.indexOf(1, index + 1)) {
    const z = Math.floor(index / (rows * columns));
    const y = Math.floor(index / columns) % rows;
    const x = index % columns;
    for (let nz = Math.max(0, z - 1); nz <= Math.min(depth - 1, z + 1); nz += 1) {
      for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny += 1) {
        output.fill(1, (nz * rows + ny) * columns + Math.max(0, x - 1), (nz * rows + ny) * columns + Math.min(columns - 1, x + 1) + 1);
      }
    }
  }
  return output;
}

function forEachVoxel({ min, size }: Region, visit: (local: number, point: [number, number, number]) => void): void {
  let local = 0;
  for (let z = 0; z < size[0]; z += 1) {
    for (let y = 0; y < size[1]; y += 1) {
      for (let x = 0; x < size[2]; x += 1) {
        visit(local, [z + min[0], y + min[1], x + min[2]]);
        local += 1;
      }
    }
  }
}
