import { type DataSet, numberOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import type { VoiFunction, Window } from '../../imaging/window.ts';
import { AppError } from '../platform/errors.ts';
import type { BlobStore } from '../platform/ports.ts';
import type { InstanceRow } from '../studies/queries.ts';
import type { FrameToShow, PictureOptions, Region } from '../transcoding/picture-options.ts';
import type { Transcoder } from '../transcoding/transcoder.ts';
import { type MediaRange, partType, takes } from './accept.ts';
import { type AnnotationKind, annotationKindsOf, annotationOf } from './annotation.ts';
import { hasFrames } from './retrieve-repository.ts';
import { openFrames } from './stored-frames.ts';

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

export type RenderParameters = { window?: string; viewport?: string; quality?: number; annotation?: string };
/** What a picture is asked to be; the text in it follows from the object. */
export type PictureRequest = PictureOptions & { annotate: readonly AnnotationKind[] };
export type PictureDeps = { blobs: BlobStore; transcoder: Transcoder };

/** How pictures are given for a range of the Accept header; undefined if they cannot be. Several are one only as an animation. */
export function pictureFormatOf(range: MediaRange, { isSingle }: { isSingle: boolean }): PictureFormat | undefined {
  const parts = partType(range) ?? (range.type === '*/*' && !isSingle ? '*/*' : undefined);
  const isMultipart = parts !== undefined;
  if (!isMultipart && !isSingle && range.type !== PICTURE_TYPES.gif) return undefined;
  const found = (['jpeg', 'png', 'gif'] as const).find((format) => takes(parts ?? range.type, PICTURE_TYPES[format]));
  if (found === undefined || (found === 'gif' && isMultipart)) return undefined;
  return { isMultipart, format: found };
}

/**
 * Reads `window`, `viewport`, `quality` and `annotation` of PS3.18 8.3.5.
 *
 * @throws {AppError} `invalid-request`
 */
export function pictureOptionsOf(
  { window, viewport, quality, annotation }: RenderParameters,
  format: PictureOptions['format'],
): PictureRequest {
  return {
    format,
    quality: quality ?? DEFAULT_QUALITY,
    annotate: annotationKindsOf(annotation),
    ...(window === undefined ? {} : { window: windowOf(window) }),
    ...(viewport === undefined ? {} : viewportOf(viewport)),
  };
}

/** As `pictureOptionsOf`, but small and never enlarged. */
export function thumbnailOptionsOf(parameters: RenderParameters, format: PictureOptions['format']): PictureRequest {
  const options = pictureOptionsOf(parameters, format);
  const { width, height } = options.fit ?? { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE };
  return { ...options, fit: { width, height, enlarge: false } };
}

/** Makes a picture of frames, told by their place among those that were opened: of one, or of several as an animation. */
export type MakePicture = (indexes: readonly number[], request: PictureRequest) => Promise<Uint8Array>;

/**
 * Opens frames to make pictures of. What it gives throws `not-acceptable` for pixels that cannot be shown, `too-large`.
 *
 * @param numbers 1 for the first
 * @throws {AppError} `not-found` if there is no such frame, `not-acceptable` if there are no pixels
 */
export async function openPictures(deps: PictureDeps, instance: InstanceRow, numbers: readonly number[]): Promise<MakePicture> {
  if (!hasFrames(instance)) throw new AppError('not-acceptable', `Instance ${instance.sop_instance_uid} holds no picture`);
  const frameAt = await openFrames(deps.blobs, instance, numbers);
  return async (indexes, request) => {
    checkAnimation(instance, indexes.length);
    const frames: FrameToShow[] = [];
    let shared: DataSet = {};
    for (const index of indexes) {
      const number = numbers[index] ?? 1;
      const { description, frame, dataSet } = await frameAt(index);
      // Frames of one object share what describes them. Pixels travel to the thread as frames, not once more inside the data set.
      if (index === indexes[0]) shared = withoutPixels(dataSet);
      const annotation = annotationOf(request.annotate, shared, { number, count: instance.number_of_frames });
      frames.push({ description, frame, dataSet: shared, number, ...(annotation ? { annotation } : {}) });
    }
    return makePicture(deps, frames, request);
  };
}

/**
 * One animation of every frame of several instances, as far as their pixels can be decoded.
 *
 * @throws {AppError} `too-large`, `not-acceptable` if a frame cannot be shown
 */
export async function animateInstances(
  deps: PictureDeps,
  instances: AsyncIterable<InstanceRow>,
  request: PictureRequest,
): Promise<Uint8Array> {
  const frames: FrameToShow[] = [];
  for await (const instance of instances) {
    checkAnimation(instance, frames.length + instance.number_of_frames);
    const numbers = Array.from({ length: instance.number_of_frames }, (_, index) => index + 1);
    const frameAt = await openFrames(deps.blobs, instance, numbers);
    for (const number of numbers) {
      const { description, frame, dataSet } = await frameAt(number - 1);
      const annotation = annotationOf(request.annotate, dataSet, { number, count: instance.number_of_frames });
      frames.push({ description, frame, dataSet: withoutPixels(dataSet), number, ...(annotation ? { annotation } : {}) });
    }
  }
  return makePicture(deps, frames, request);
}

async function makePicture(
  { transcoder }: PictureDeps,
  frames: readonly FrameToShow[],
  { annotate: _, ...options }: PictureRequest,
): Promise<Uint8Array> {
  try {
    return await transcoder.makePicture(frames, { ...options, ...frameDelay(frames[0]?.dataSet ?? {}) });
  } catch (error) {
    if (!(error instanceof ImagingError)) throw error;
    throw new AppError('not-acceptable', `The pixels cannot be shown: ${error.message}`, { cause: error });
  }
}

function withoutPixels({ [Tag.PixelData]: _, ...rest }: DataSet): DataSet {
  return rest;
}

function checkAnimation({ rows, columns }: InstanceRow, count: number): void {
  const samples = count * (rows ?? 0) * (columns ?? 0) * 3;
  if (count > 1 && (count > MAX_ANIMATED_FRAMES || samples > MAX_ANIMATED_SAMPLES))
    throw new AppError('too-large', `An animation has at most ${MAX_ANIMATED_FRAMES} frames and ${MAX_ANIMATED_SAMPLES} samples`);
}

function frameDelay(dataSet: DataSet): { delayMs?: number } {
  const perSecond = numberOf(dataSet, Tag.RecommendedDisplayFrameRate) ?? numberOf(dataSet, Tag.CineRate) ?? 0;
  const delayMs = numberOf(dataSet, Tag.FrameTime) ?? (perSecond > 0 ? 1000 / perSecond : 0);
  // What GIF can say, in its 16 bits of hundredths of a second.
  return delayMs > 0 ? { delayMs: Math.round(Math.min(delayMs, 655_350)) } : {};
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

/** Width and height; then x, y, width and height of the region, each of which may be left empty for the whole. */
function viewportOf(text: string): { fit: NonNullable<PictureOptions['fit']>; region?: Region } {
  const parts = text.split(',').map((part) => part.trim());
  const [width = 0, height = 0] = parts.map(Number);
  const isSize = [width, height].every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE);
  const [x, y] = [Number(parts[2] ?? 0), Number(parts[3] ?? 0)];
  const [wide, high] = [parts[4] || WHOLE, parts[5] || WHOLE].map(Number);
  const isRegion = x >= 0 && y >= 0 && Boolean(wide) && Boolean(high);
  if (!isSize || !isRegion || parts.length > 6)
    throw new AppError('invalid-request', `viewport takes a width and height up to ${MAX_SIDE}, then optionally x, y, width and height`);
  const fit = { width, height, enlarge: true };
  return parts.length === 2 ? { fit } : { fit, region: { x, y, width: wide ?? 0, height: high ?? 0 } };
}

/** More than any frame has, and cut to what there is. */
const WHOLE = '1000000';
