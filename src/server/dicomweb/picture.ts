import { numberOf, numbersOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import type { VoiFunction, Window } from '../../imaging/window.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';
import { type MediaRange, partType, takes } from './accept.ts';
import { openFrames } from './stored-frames.ts';
import type { PictureOptions, Region } from './transcode-worker.ts';
import type { Transcoder } from './transcoder.ts';

const MAX_SIDE = 4_096;
const DEFAULT_QUALITY = 90;
/** Longest side of a thumbnail whose size is not asked for. */
const THUMBNAIL_SIDE = 256;
/** Most frames of an animation, and most samples of all of them together. */
const MAX_ANIMATED_FRAMES = 300;
const MAX_ANIMATED_SAMPLES = 200_000_000;

/** The order is that of preference where anything is accepted. */
export const PICTURE_TYPES = { jpeg: 'image/jpeg', png: 'image/png', gif: 'image/gif' } as const;
export type PictureFormat = { isMultipart: boolean; format: PictureOptions['format'] };

export type RenderParameters = { window?: string; viewport?: string; quality?: number };
type PictureDeps = { blobs: BlobStore; transcoder: Transcoder };

/** How pictures are given for a range of the Accept header; undefined if they cannot be. */
export function pictureFormatOf(range: MediaRange, { isSingle }: { isSingle: boolean }): PictureFormat | undefined {
  const parts = partType(range) ?? (range.type === '*/*' && !isSingle ? '*/*' : undefined);
  const isMultipart = parts !== undefined;
  if (!isMultipart && !isSingle) return undefined;
  const found = (['jpeg', 'png', 'gif'] as const).find((format) => takes(parts ?? range.type, PICTURE_TYPES[format]));
  // An animation is one picture of all frames.
  if (found === undefined || (found === 'gif' && isMultipart)) return undefined;
  return { isMultipart, format: found };
}

/**
 * Reads `window`, `viewport` and `quality` of PS3.18 8.3.5.
 *
 * @throws {AppError} `invalid-request`
 */
export function pictureOptionsOf({ window, viewport, quality }: RenderParameters, format: PictureOptions['format']): PictureOptions {
  return {
    format,
    quality: quality ?? DEFAULT_QUALITY,
    ...(window === undefined ? {} : { window: windowOf(window) }),
    ...(viewport === undefined ? {} : viewportOf(viewport)),
  };
}

/** As `pictureOptionsOf`, but small and never enlarged. */
export function thumbnailOptionsOf(parameters: RenderParameters, format: PictureOptions['format']): PictureOptions {
  const options = pictureOptionsOf(parameters, format);
  const { width, height } = options.fit ?? { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE };
  return { ...options, fit: { width, height, enlarge: false } };
}

/**
 * Frames as a picture: one, or all of them as an animation.
 *
 * @param numbers 1 for the first
 * @throws {AppError} `not-found` if there is no such frame, `not-acceptable` if there are no pixels that can be shown, `too-large`
 */
export async function renderPicture(
  { blobs, transcoder }: PictureDeps,
  instance: InstanceRow,
  { numbers, options }: { numbers: readonly number[]; options: PictureOptions },
): Promise<Uint8Array> {
  if (instance.pixel_offset === null) throw new AppError('not-acceptable', `Instance ${instance.sop_instance_uid} holds no picture`);
  checkAnimation(instance, numbers);
  const frameAt = await openFrames(blobs, instance, numbers);
  const first = await frameAt(0);
  const frames = [{ description: first.description, frame: first.frame, number: numbers[0] ?? 1 }];
  for (const [index, number] of numbers.entries()) {
    if (index === 0) continue;
    const { description, frame } = await frameAt(index);
    frames.push({ description, frame, number });
  }
  // Pixels travel to the thread as frames, not once more inside the data set.
  const { [Tag.PixelData]: _, ...dataSet } = first.dataSet;
  const delayMs = numberOf(dataSet, Tag.FrameTime) ?? frameTimeOf(numberOf(dataSet, Tag.RecommendedDisplayFrameRate) ?? numberOf(dataSet, Tag.CineRate));
  const answer = await transcoder.run({
    as: 'picture',
    frames,
    dataSet,
    options: { ...options, ...(delayMs === undefined ? {} : { delayMs: Math.round(delayMs) }) },
  });
  if ('bytes' in answer) return answer.bytes;
  throw new AppError('not-acceptable', `Instance ${instance.sop_instance_uid} cannot be shown: ${answer.problem}`);
}

function checkAnimation(instance: InstanceRow, { length }: readonly number[]): void {
  const samples = length * (instance.rows ?? 0) * (instance.columns ?? 0) * 3;
  if (length > 1 && (length > MAX_ANIMATED_FRAMES || samples > MAX_ANIMATED_SAMPLES))
    throw new AppError('too-large', `An animation has at most ${MAX_ANIMATED_FRAMES} frames and ${MAX_ANIMATED_SAMPLES} samples`);
}

function frameTimeOf(framesPerSecond: number | undefined): number | undefined {
  return framesPerSecond === undefined || framesPerSecond <= 0 ? undefined : 1000 / framesPerSecond;
}

const FUNCTIONS: Readonly<Record<string, VoiFunction>> = { linear: 'LINEAR', 'linear-exact': 'LINEAR_EXACT', sigmoid: 'SIGMOID' };

function windowOf(text: string): Window {
  const [centerText = '', widthText = '', name = 'linear', ...more] = text.split(',').map((part) => part.trim());
  const [center, width, voi] = [Number(centerText), Number(widthText), FUNCTIONS[name.toLowerCase()]];
  const isNumber = centerText !== '' && Number.isFinite(center) && Number.isFinite(width);
  if (!isNumber || voi === undefined || more.length > 0 || width < (voi === 'LINEAR' ? 1 : Number.MIN_VALUE))
    throw new AppError('invalid-request', 'window takes a center, a width above 0 and linear, linear-exact or sigmoid');
  return { center, width, function: voi };
}

function viewportOf(text: string): { fit: NonNullable<PictureOptions['fit']>; region?: Region } {
  const parts = text.split(',').map((part) => part.trim());
  const numbers = parts.map(Number);
  const [width = 0, height = 0, x = 0, y = 0, sourceWidth, sourceHeight] = numbers;
  const isSize = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE);
  const isRegion = numbers.every(Number.isFinite) && x >= 0 && y >= 0 && sourceWidth !== 0 && sourceHeight !== 0;
  if (!isSize || !isRegion || !(parts.length === 2 || parts.length === 6))
    throw new AppError('invalid-request', `viewport takes a width and height up to ${MAX_SIDE}, then optionally x, y, width and height`);
  const fit = { width, height, enlarge: true };
  if (sourceWidth === undefined || sourceHeight === undefined) return { fit };
  return { fit, region: { x, y, width: sourceWidth, height: sourceHeight } };
}
