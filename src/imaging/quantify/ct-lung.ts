import type { Volume } from '../volume.ts';
import { LungCode, type LungMask, type Orientation, segmentLungs } from './lung-mask.ts';
import { findNodules, type NoduleCandidate } from './nodules.ts';

export type CtLungResult = {
  /** Vessels, small airways and nodules within the lungs included; trachea and main bronchi not. */
  volumeMl: { total: number; left: number; right: number };
  /** Share of the lung voxels below -950 HU. */
  laa950Percent: number;
  meanLungHu: number;
  nodules: NoduleCandidate[];
  /** The lungs reach an end of the volume: volumes are too small, nodules may be missing. */
  truncated: boolean;
  /** What a reader must know of this result, in words. */
  notes: string[];
};

const MIN_SLICES = 20;
const MAX_SPACING_MM = 5;
/** Nodules are sought where one of 6 mm spans two slices. */
const MAX_NODULE_SPACING_MM = 3.01;
const EMPHYSEMA_HU = -950;
/** An axial slice's normal is this near to the axis of the body, as cosine. */
const AXIAL_COSINE = 0.8;
/** Shares of a sample of voxels that must be air and soft tissue before the numbers can be Hounsfield units of a chest. */
const MIN_AIR_SHARE = 0.03;
const MIN_TISSUE_SHARE = 0.05;
const SAMPLE_STEP = 101;

/**
 * Measures the lungs of an axial chest CT: volumes, low-attenuation area, mean density, nodule candidates. Deterministic: no network, no
 * randomness; thresholds and shapes, each stated where it is used. Not for clinical use. Needs about 3 bytes a voxel beside the volume.
 * @param volume Hounsfield units
 * @param onProgress called with the share done, 0 to 1
 */
export function analyzeCtLung(volume: Volume, onProgress?: (done: number) => void): CtLungResult | { notEvaluable: string } {
  const orientation = checkVolume(volume);
  if ('notEvaluable' in orientation) return orientation;
  onProgress?.(0.05);
  const mask = segmentLungs(volume, orientation);
  if ('notEvaluable' in mask) return mask;
  onProgress?.(0.5);

  const density = measureDensity(volume, mask);
  const nodules = volume.spacingMm[0] <= MAX_NODULE_SPACING_MM ? findNodules(volume, mask.state) : [];
  onProgress?.(1);
  return { ...density, nodules, truncated: mask.isTruncated, notes: notesOf(mask, volume) };
}

function checkVolume({ values, size, spacingMm, directionLps }: Volume): Orientation | { notEvaluable: string } {
  if (size[0] < MIN_SLICES) return { notEvaluable: `A lung needs at least ${MIN_SLICES} slices, this series has ${size[0]}` };
  const [z] = spacingMm;
  if (z > MAX_SPACING_MM)
    return { notEvaluable: `Slices ${z.toFixed(1)} mm apart are too far for measuring; the limit is ${MAX_SPACING_MM} mm` };
  const head = directionLps.normal[2];
  const left = directionLps.rows[0];
  if (Math.abs(head) < AXIAL_COSINE || Math.abs(left) < AXIAL_COSINE) return { notEvaluable: 'The slices are not axial' };

  let air = 0;
  let tissue = 0;
  let count = 0;
  for (let index = 0; index < values.length; index += SAMPLE_STEP) {
    const hu = values[index] ?? 0;
    if (hu < -700) air += 1;
    if (hu > -150 && hu < 150) tissue += 1;
    count += 1;
  }
  if (air < MIN_AIR_SHARE * count || tissue < MIN_TISSUE_SHARE * count) {
    return { notEvaluable: 'The values are not Hounsfield units of a chest: too little air or too little soft tissue' };
  }
  return { headIsLast: head > 0, leftIsLast: left > 0 };
}

function measureDensity(
  { values, spacingMm }: Volume,
  { state }: LungMask,
): Pick<CtLungResult, 'volumeMl' | 'laa950Percent' | 'meanLungHu'> {
  let left = 0;
  let right = 0;
  let low = 0;
  let sum = 0;
  for (let index = 0; index < state.length; index += 1) {
    const code = state[index];
    if (code !== LungCode.left && code !== LungCode.right) continue;
    const hu = values[index] ?? 0;
    if (code === LungCode.left) left += 1;
    else right += 1;
    if (hu < EMPHYSEMA_HU) low += 1;
    sum += hu;
  }
  const voxelMl = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;
  const voxels = Math.max(1, left + right);
  return {
    volumeMl: { total: (left + right) * voxelMl, left: left * voxelMl, right: right * voxelMl },
    laa950Percent: (100 * low) / voxels,
    meanLungHu: sum / voxels,
  };
}

function notesOf({ hasAirway, isTruncated }: LungMask, { spacingMm }: Volume): string[] {
  const notes: string[] = [];
  if (isTruncated) notes.push('The lungs are cut off at an end of the series: volumes are too small.');
  if (!hasAirway) notes.push('No trachea was found: large airways may count as lung.');
  const [z] = spacingMm;
  if (z > MAX_NODULE_SPACING_MM) notes.push(`Nodules were not sought: slices are ${z.toFixed(1)} mm apart, the limit is 3 mm.`);
  return notes;
}
