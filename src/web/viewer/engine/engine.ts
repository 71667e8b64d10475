import {
  cache,
  Enums,
  eventTarget,
  getConfiguration,
  imageLoader,
  init,
  metaData,
  RenderingEngine,
  setUseCPURendering,
  type Types,
  utilities,
} from '@cornerstonejs/core';
import { byteBudget } from '../byte-budget.ts';
import { beginEpoch } from '../engine-epoch.ts';
import { whenForgotten } from '../forget-frames.ts';
import type { FrameInfo } from '../frame-info.ts';
import { createFrameQueue } from '../frame-queue.ts';
import { type FrameSource, knownInfo, type LoadedFrame, loadFrame } from '../frame-source.ts';
import { forgetHeaders } from '../headers.ts';
import { planeOf } from '../view-geometry.ts';

const SCHEME = 'isocenter';
const ENGINE_ID = 'isocenter';
/** As many as there are stacks in the largest layout: each has a context of its own. */
const CONTEXTS = 4;

let engine: RenderingEngine | undefined;
let isPrepared = false;
let canDrawVolumes = true;
const sources = new Map<string, FrameSource>();
const queue = createFrameQueue<LoadedFrame>();

/** The one rendering engine of the page, started at its first use, and anew after its graphics context was lost. */
export function openEngine(): RenderingEngine {
  if (engine) return engine;
  if (!isPrepared) prepare();
  canDrawVolumes = hasWebGl();
  setUseCPURendering(!canDrawVolumes);
  engine = new RenderingEngine(ENGINE_ID);
  return engine;
}

/** What is done once for the page. */
function prepare(): void {
  isPrepared = true;
  const { rendering, ...others } = getConfiguration();
  init({ ...others, rendering: { ...rendering, webGlContextCount: CONTEXTS } });
  applyByteBudget();
  metaData.addProvider((type: string, imageId: string) => moduleOf(type, imageId), 1000);
  imageLoader.registerImageLoader(SCHEME, (imageId) => ({ promise: loadAgain(imageId) }));
  eventTarget.addEventListener(Enums.Events.WEBGL_CONTEXT_LOST, () => restart());
  whenForgotten(forget);
}

/**
 * The driver has taken the context away (a reset of the graphics processor, a device that slept, too many pages): every texture is gone with
 * it. Views open again on a new engine, volumes are built again; decoded frames are held still.
 */
function restart(): void {
  const lost = engine;
  if (!lost) return;
  engine = undefined;
  try {
    lost.destroy();
  } catch {
    // Of a context that is gone not everything can be given back.
  }
  beginEpoch();
}

/** Ends a view, if its engine has not ended before it. */
export function closeViewport(of: RenderingEngine, viewportId: string): void {
  if (of === engine) of.disableElement(viewportId);
}

/** Whether volumes can be shown: stacks can be drawn without a graphics processor, volumes cannot. */
export function drawsVolumes(): boolean {
  openEngine();
  return canDrawVolumes;
}

/** Takes the reader's budget; what is above it goes at once. */
export function applyByteBudget(): void {
  cache.setMaxCacheSize(byteBudget());
  cache.decacheIfNecessaryUntilBytesAvailable(0);
}

/** Bytes of decoded frames and volumes that are held now. */
export function bytesHeld(): number {
  return cache.getCacheSize();
}

/** Nothing of a patient stays in memory. */
function forget(): void {
  queue.clear();
  cache.purgeCache();
  sources.clear();
  forgetHeaders();
}

/** Names of frames for the engine. */
export function imageIdsOf(frames: readonly FrameSource[]): string[] {
  return frames.map((source) => {
    const imageId = `${SCHEME}:${source.key}`;
    sources.set(imageId, source);
    return imageId;
  });
}

export function isLoaded({ key }: FrameSource): boolean {
  return cache.isLoaded(`${SCHEME}:${key}`);
}

/**
 * Loads a frame into the engine's memory, from which the oldest go to make room.
 *
 * @param priority the smallest goes first
 * @throws {ApiProblem | ImagingError | DicomError}, or `AbortError` if no view wants it any more
 */
export async function fetchFrame(source: FrameSource, priority: number): Promise<void> {
  const imageId = `${SCHEME}:${source.key}`;
  if (cache.getImage(imageId)) return;
  const frame = await queue.load(source.key, priority, (signal) => loadFrame(source, signal));
  if (!cache.getImageLoadObject(imageId)) cache.putImageSync(imageId, imageOf(imageId, frame));
}

/** A frame for a volume: from memory if it is there, else fetched and not kept. @throws as `fetchFrame` */
export async function fetchForVolume(source: FrameSource, priority: number): Promise<LoadedFrame> {
  return queue.load(source.key, priority, (signal) => loadFrame(source, signal));
}

/** What a view still wants; requests that no view wants are cancelled. */
export function keepWanted(viewId: string, frames: readonly FrameSource[]): void {
  queue.keep(viewId, new Set(frames.map(({ key }) => key)));
}

export function leaveQueue(viewId: string): void {
  queue.leave(viewId);
}

/** Values of a frame that is held: modality values, or RGB. */
export function heldValues({ key }: FrameSource): { values: ArrayLike<number>; isColor: boolean } | undefined {
  const image = cache.getImage(`${SCHEME}:${key}`);
  return image && { values: image.getPixelData(), isColor: image.color };
}

/** What has gone from memory between its load and its display. */
async function loadAgain(imageId: string): Promise<Types.IImage> {
  const source = sources.get(imageId);
  if (!source) throw new Error('a frame that was never named');
  return imageOf(imageId, await loadFrame(source));
}

function imageOf(imageId: string, { info, pixels }: LoadedFrame): Types.IImage {
  const { values } = pixels;
  const isColor = pixels.kind === 'color';
  const [low, high] = isColor ? [0, 255] : rangeOf(values);
  const { center, width, function: voi } = isColor ? COLOR_WINDOW : pixels.window;
  const { spacing } = planeOf(info);
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    width: info.columns,
    height: info.rows,
    scalarData: values,
    numberOfComponents: isColor ? 3 : 1,
  });
  return {
    imageId,
    minPixelValue: low,
    maxPixelValue: high,
    slope: 1,
    intercept: 0,
    windowCenter: center,
    windowWidth: width,
    voiLUTFunction: VOI[voi ?? 'LINEAR'],
    getPixelData: () => values,
    getCanvas: () => document.createElement('canvas'),
    rows: info.rows,
    columns: info.columns,
    height: info.rows,
    width: info.columns,
    color: isColor,
    rgba: false,
    numberOfComponents: isColor ? 3 : 1,
    columnPixelSpacing: spacing.column,
    rowPixelSpacing: spacing.row,
    invert: pixels.kind === 'gray' && pixels.isInverted,
    photometricInterpretation: isColor ? 'RGB' : info.photometricInterpretation,
    sizeInBytes: values.byteLength,
    // A slope that is no whole number makes the drawing without a graphics processor turn fractions into whole numbers, as it must.
    preScale: {
      enabled: true,
      scaled: true,
      scalingParameters: { modality: info.modality, rescaleSlope: values instanceof Float32Array ? 0.5 : 1, rescaleIntercept: 0 },
    },
    // The name of a typed array's class is what the engine calls its type.
    dataType: values.constructor.name as Types.PixelDataTypedArrayString,
    voxelManager: voxelManager as NonNullable<Types.IImage['voxelManager']>,
  };
}

const COLOR_WINDOW = { center: 128, width: 256, function: 'LINEAR' } as const;
const VOI = {
  LINEAR: Enums.VOILUTFunctionType.LINEAR,
  LINEAR_EXACT: Enums.VOILUTFunctionType.LINEAR_EXACT,
  SIGMOID: Enums.VOILUTFunctionType.SAMPLED_SIGMOID,
} as const;

function rangeOf(values: ArrayLike<number>): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? [0, 0] : [low, high];
}

/** What the engine asks of a frame; it has its own names for the modules of PS3.3. */
function moduleOf(type: string, imageId: string): object | undefined {
  const source = sources.get(imageId);
  const info = source && knownInfo(source);
  if (!info) return undefined;
  switch (type) {
    case 'imagePlaneModule':
      return planeModule(info);
    case 'imagePixelModule':
      return pixelModule(info, imageId);
    case 'generalSeriesModule':
      return { modality: info.modality };
    default:
      return undefined;
  }
}

function planeModule(info: FrameInfo): object {
  const { position, rows, columns, spacing } = planeOf(info);
  return {
    rows: info.rows,
    columns: info.columns,
    imagePositionPatient: [...position],
    imageOrientationPatient: [...rows, ...columns],
    rowCosines: [...rows],
    columnCosines: [...columns],
    rowPixelSpacing: spacing.row,
    columnPixelSpacing: spacing.column,
    pixelSpacing: [spacing.row, spacing.column],
    frameOfReferenceUID: info.frameOfReferenceUid,
  };
}

function pixelModule(info: FrameInfo, imageId: string): object {
  const image = cache.getImage(imageId);
  const bits = (image?.getPixelData().BYTES_PER_ELEMENT ?? 2) * 8;
  const isColor = image?.color ?? false;
  return {
    bitsAllocated: bits,
    bitsStored: bits,
    highBit: bits - 1,
    pixelRepresentation: image?.dataType === 'Int16Array' ? 1 : 0,
    samplesPerPixel: isColor ? 3 : 1,
    photometricInterpretation: isColor ? 'RGB' : info.photometricInterpretation,
  };
}

function hasWebGl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
