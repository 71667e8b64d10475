import { cache, type Types, utilities, volumeLoader } from '@cornerstonejs/core';
import { byteBudget, levelOfDetail } from '../byte-budget.ts';
import type { FrameInfo } from '../frame-info.ts';
import type { GrayValues } from '../frame-pixels.ts';
import { type FrameSource, knownInfo, type LoadedFrame } from '../frame-source.ts';
import { headersOfSeries } from '../headers.ts';
import { coarser, fillSlice, type VolumeGrid, volumeGridOf } from '../volume-grid.ts';
import { fetchForVolume, keepWanted, leaveQueue, openEngine } from './engine.ts';

/** Largest side of a texture of three dimensions that every WebGL 2 has, and most have no more of. */
const MAX_SIDE = 2048;
/** After what the reader looks at. */
const PRIORITY = 100;

export type BuiltVolume = {
  volumeId: string;
  grid: VolumeGrid;
  /** How much coarser than the series: every n-th slice, n by n pixels as one. */
  level: { slices: number; plane: number };
  window: { center: number; width: number };
  isInverted: boolean;
  /** Of a frame in its middle: what holds for all of them. */
  info: FrameInfo;
  /** Modality value of a voxel by its place in the grid. */
  valueAt(column: number, row: number, slice: number): number;
  close(): void;
};
type BuildOptions = { onProgress: (share: number) => void; signal: AbortSignal };

let count = 0;

/**
 * Loads a series into one volume, of at most half the reader's budget: a larger one is made coarser.
 *
 * @returns undefined if the series is no volume of gray values
 * @throws {ApiProblem | ImagingError | DicomError}, or `AbortError`
 */
export async function buildVolume(frames: readonly FrameSource[], { onProgress, signal }: BuildOptions): Promise<BuiltVolume | undefined> {
  openEngine();
  const owner = `volume-${++count}`;
  const [first] = frames;
  if (!first) return undefined;
  await headersOfSeries(first.reference);
  const whole = volumeGridOf(frames.map(knownInfo));
  if (!whole) return undefined;
  try {
    keepWanted(owner, frames);
    signal.addEventListener('abort', () => leaveQueue(owner));
    const middle = await fetchForVolume(frames[whole.order[Math.floor(whole.order.length / 2)] ?? 0] ?? first, PRIORITY);
    if (middle.pixels.kind === 'color') return undefined;
    const { values: sample, window, isInverted } = middle.pixels;
    const level = levelFor(whole, sample.BYTES_PER_ELEMENT);
    const grid = coarser(whole, level);
    const scalars = sample.slice(0, 0).constructor as new (length: number) => GrayValues;
    const values = new scalars(grid.size[0] * grid.size[1] * grid.size[2]);
    let done = 0;
    await Promise.all(
      grid.order.map(async (index, at) => {
        const source = frames[index];
        if (!source) return;
        const { info, pixels } = await fetchForVolume(source, PRIORITY + at);
        fillSlice(values, at, pixels.values, { width: info.columns, plane: level.plane, grid });
        done += 1;
        onProgress(done / grid.order.length);
      }),
    );
    signal.throwIfAborted();
    // Without a colon: the engine would take slices of a name with a scheme for something that it can load.
    const volumeId = `isocenter-${owner}`;
    makeVolume(volumeId, { grid, values, middle, window });
    const [columns, rows] = grid.size;
    const valueAt = (column: number, row: number, slice: number): number => values[(slice * rows + row) * columns + column] ?? 0;
    return { volumeId, grid, level, window, isInverted, info: middle.info, valueAt, close: () => closeVolume(volumeId) };
  } finally {
    leaveQueue(owner);
  }
}

function levelFor({ size, spacingMm }: VolumeGrid, bytesPerVoxel: number): { slices: number; plane: number } {
  const [width, height, depth] = size;
  const level = levelOfDetail([depth, height, width], [spacingMm[2], spacingMm[1], spacingMm[0]], {
    bytesPerVoxel,
    bytes: byteBudget() / 2,
  });
  return {
    slices: Math.max(level.slices, Math.ceil(depth / MAX_SIDE)),
    plane: Math.max(level.plane, Math.ceil(Math.max(width, height) / MAX_SIDE)),
  };
}

type VolumeParts = { grid: VolumeGrid; values: GrayValues; middle: LoadedFrame; window: { center: number; width: number } };

/** Hands a volume to the engine, for planes and for 3-D. */
export function makeVolume(volumeId: string, { grid, values, middle: { info }, window }: VolumeParts): void {
  const range = utilities.windowLevel.toLowHighRange(window.width, window.center);
  const bits = values.BYTES_PER_ELEMENT * 8;
  const metadata: Types.Metadata = {
    BitsAllocated: bits,
    BitsStored: bits,
    HighBit: bits - 1,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: values instanceof Int16Array ? 1 : 0,
    Modality: info.modality,
    ImageOrientationPatient: [...grid.rows, ...grid.columns],
    PixelSpacing: [grid.spacingMm[1], grid.spacingMm[0]],
    FrameOfReferenceUID: info.frameOfReferenceUid ?? '',
    Columns: grid.size[0],
    Rows: grid.size[1],
    voiLut: [{ windowCenter: (range.lower + range.upper) / 2, windowWidth: range.upper - range.lower }],
    VOILUTFunction: 'LINEAR_EXACT',
  };
  volumeLoader.createLocalVolume(volumeId, {
    metadata,
    dimensions: [...grid.size],
    spacing: [...grid.spacingMm],
    origin: [...grid.origin],
    direction: [...grid.rows, ...grid.columns, ...grid.normal] as Types.Mat3,
    scalarData: values,
  });
}

/** Frees a volume and its slices. */
export function closeVolume(volumeId: string): void {
  const volume = cache.getVolume(volumeId);
  if (!volume) return;
  const { imageIds } = volume;
  cache.removeVolumeLoadObject(volumeId);
  for (const imageId of imageIds) if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
}
