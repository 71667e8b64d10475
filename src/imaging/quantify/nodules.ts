import { toLps, type Volume } from '../volume.ts';
import { cropLungs, type LungCrop } from './lung-crop.ts';
import { LungCode } from './lung-mask.ts';
import { ballOf, depthWithin } from './neighborhood.ts';
import { type Blob, measureBlob } from './nodule-measure.ts';
import { isolationOf } from './nodule-shape.ts';

export type NoduleCandidate = {
  /** Patient coordinates of the center, mm. */
  centerLps: [number, number, number];
  /** The same in voxels of the volume, with fractions. */
  centerVoxel: [z: number, y: number, x: number];
  /** Mean of the longest and the shortest axis in the slice plane, as Fleischner's recommendations measure. */
  diameterMm: number;
  /** Of the sphere of the same volume. */
  equivalentDiameterMm: number;
  volumeMm3: number;
  meanHu: number;
  kind: 'solid' | 'subsolid';
  side: 'left' | 'right';
  /** Inclusive corners [z, y, x] in voxels of the volume. */
  boundingBoxVoxel: { min: [number, number, number]; max: [number, number, number] };
};

type Kind = NoduleCandidate['kind'];
type Peak = { index: number; voxel: [number, number, number]; depthMm: number };

/** Soft tissue, as solid nodules are; halfway to it from the lung's own density a voxel counts as solid. */
const SOLID_HU = 40;
/** Ground glass is at least this much denser than the lung around it. */
const SUBSOLID_STEP_HU = 140;
/** Depth (center to nearest voxel outside) from which a peak can be a nodule: about 4 mm and 6 mm across. */
const MIN_DEPTH_MM = { solid: 1.5, subsolid: 2.4 } as const;
/** Nodules end at 30 mm; what is larger is a mass, and not sought here. */
const MAX_DIAMETER_MM = 32;
const MIN_DIAMETER_MM = 3;
/** What spans fewer slices than this has no measurable size. */
const MIN_DIAMETER_SLICES = 1.5;
/** Below this a "solid" core is the blurred wall of an airway. */
const MIN_SOLID_CORE_HU = -200;
/** Share of the shell around a candidate that may be as dense as it: a vessel that runs through takes 0.1 to 0.3, one that ends in it 0.03. */
const MAX_DENSE_SHELL = 0.065;
/** Share of the shell that may lie outside of the lung; more is a bulge of the wall. */
const MAX_OUTSIDE_SHELL = 0.4;
/** Longest over shortest axis of the fitted ellipsoid. */
const MAX_ELONGATION = 2.3;

/**
 * Nodule candidates in segmented lungs, largest first: dense (or ground-glass) bodies that are compact and nearly alone, so that vessels
 * drop out. Measured with partial volume.
 * @param state codes of `LungCode` for each voxel of the volume
 */
export function findNodules(volume: Volume, state: Uint8Array): NoduleCandidate[] {
  const crop = cropLungs(volume, state);
  if (!crop) return [];
  const solidLimit = (crop.medianHu + SOLID_HU) / 2;
  const dense = maskOf(crop, (hu) => hu > solidLimit);
  const solid = searchIn(crop, { mask: dense, kind: 'solid', shellLimit: (crop.medianHu + solidLimit) / 2, density: crop.hu });

  const smooth = smoothed(crop);
  const hazyLimit = crop.medianHu + SUBSOLID_STEP_HU;
  const hazy = maskOf(crop, (_, index) => (smooth[index] ?? 0) > hazyLimit);
  removeNear(hazy, dense, crop);
  const subsolid = searchIn(crop, { mask: hazy, kind: 'subsolid', shellLimit: hazyLimit, density: smooth });
  return [...solid, ...subsolid].map((found) => toCandidate(found, crop, volume)).sort((a, b) => b.volumeMm3 - a.volumeMm3);
}

type Search = { mask: Uint8Array; kind: Kind; shellLimit: number; density: ArrayLike<number> };
type Found = { blob: Blob; kind: Kind; peak: Peak };

function searchIn(crop: LungCrop, { mask, kind, shellLimit, density }: Search): Found[] {
  const found: Found[] = [];
  const taken: { voxel: [number, number, number]; radiusMm: number }[] = [];
  const distanceMm = (a: readonly number[], b: readonly number[]): number =>
    Math.hypot(...[0, 1, 2].map((axis) => ((a[axis] ?? 0) - (b[axis] ?? 0)) * (crop.spacingMm[axis] ?? 1)));

  for (const peak of peaksOf(crop, mask, MIN_DEPTH_MM[kind])) {
    if (taken.some(({ voxel, radiusMm }) => distanceMm(voxel, peak.voxel) < radiusMm)) continue;
    const shell = isolationOf(crop, { voxel: peak.voxel, depthMm: peak.depthMm, limit: shellLimit, density });
    const isAlone = shell.denseShare <= MAX_DENSE_SHELL && shell.outsideShare <= MAX_OUTSIDE_SHELL;
    taken.push({ voxel: peak.voxel, radiusMm: isAlone ? shell.radiusMm : peak.depthMm * 0.8 });
    if (!isAlone) continue;
    const blob = measureBlob(crop, { voxel: peak.voxel, depthMm: peak.depthMm, region: shell.region });
    if (blob && isNodule(blob, kind, crop.spacingMm)) found.push({ blob, kind, peak });
  }
  return found;
}

function isNodule({ diameterMm, equivalentDiameterMm, elongation, coreHu }: Blob, kind: Kind, spacingMm: LungCrop['spacingMm']): boolean {
  const least = Math.max(MIN_DIAMETER_MM, MIN_DIAMETER_SLICES * spacingMm[0]);
  const isSized = Math.min(diameterMm, equivalentDiameterMm) >= least && Math.max(diameterMm, equivalentDiameterMm) <= MAX_DIAMETER_MM;
  return isSized && elongation <= MAX_ELONGATION && (kind === 'subsolid' || coreHu >= MIN_SOLID_CORE_HU);
}

/** Voxels of the mask by depth, deepest first (ties in scan order). */
function peaksOf({ size, spacingMm }: LungCrop, mask: Uint8Array, minDepthMm: number): Peak[] {
  const ball = ballOf(spacingMm, MAX_DIAMETER_MM / 2 + 1);
  const [, height, width] = size;
  const peaks: Peak[] = [];
  for (let index = mask.indexOf(1); index >= 0; index = mask.indexOf(1, index + 1)) {
    const z = Math.floor(index / (height * width));
    const y = Math.floor(index / width) - z * height;
    const voxel: [number, number, number] = [z, y, index % width];
    const depthMm = depthWithin(mask, size, voxel, ball);
    if (depthMm >= minDepthMm && depthMm < MAX_DIAMETER_MM / 2 + 1) peaks.push({ index, voxel, depthMm });
  }
  return peaks.sort((a, b) => b.depthMm - a.depthMm || a.index - b.index);
}

function maskOf({ hu, state }: LungCrop, isWanted: (hu: number, index: number) => boolean): Uint8Array {
  const mask = new Uint8Array(hu.length);
  for (let index = 0; index < mask.length; index += 1) if (state[index] !== 0 && isWanted(hu[index] ?? 0, index)) mask[index] = 1;
  return mask;
}

/** Means of 3 x 3 x 3 voxels, axis by axis; the outermost voxels stay as they are (they are no lung). */
function smoothed({ hu, size }: LungCrop): Float32Array {
  const output = Float32Array.from(hu);
  const scratch = new Float32Array(hu.length);
  for (const step of [1, size[2], size[1] * size[2]]) {
    scratch.set(output);
    for (let index = step; index < output.length - step; index += 1) {
      output[index] = ((scratch[index - step] ?? 0) + (scratch[index] ?? 0) + (scratch[index + step] ?? 0)) / 3;
    }
  }
  return output;
}

/** Blurred edges of dense structures are no ground glass: clears `mask` within two voxels of them. */
function removeNear(mask: Uint8Array, dense: Uint8Array, { size, spacingMm }: LungCrop): void {
  const [depth, height, width] = size;
  const ball = ballOf(spacingMm, 2.1 * Math.max(...spacingMm));
  for (let index = dense.indexOf(1); index >= 0; index = dense.indexOf(1, index + 1)) {
    const z = Math.floor(index / (height * width));
    const y = Math.floor(index / width) - z * height;
    const x = index % width;
    for (let step = 0; step < ball.count; step += 1) {
      const nz = z + (ball.dz[step] ?? 0);
      const ny = y + (ball.dy[step] ?? 0);
      const nx = x + (ball.dx[step] ?? 0);
      if (nz >= 0 && ny >= 0 && nx >= 0 && nz < depth && ny < height && nx < width) mask[(nz * height + ny) * width + nx] = 0;
    }
  }
}

function toCandidate({ blob, kind, peak }: Found, crop: LungCrop, volume: Volume): NoduleCandidate {
  const shift = (point: readonly number[]): [number, number, number] =>
    [0, 1, 2].map((axis) => (point[axis] ?? 0) + (crop.offset[axis] ?? 0)) as [number, number, number];
  const centerVoxel = shift(blob.center);
  return {
    centerLps: [...toLps(volume, centerVoxel)],
    centerVoxel,
    diameterMm: blob.diameterMm,
    equivalentDiameterMm: blob.equivalentDiameterMm,
    volumeMm3: blob.volumeMm3,
    meanHu: blob.meanHu,
    kind,
    side: crop.state[peak.index] === LungCode.left ? 'left' : 'right',
    boundingBoxVoxel: { min: shift(blob.min), max: shift(blob.max) },
  };
}
