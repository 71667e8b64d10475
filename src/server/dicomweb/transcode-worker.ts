import sharp, { type Sharp } from 'sharp';
import { type DataSet, DicomError } from '../../dicom/data-set.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import type { PixelDescription } from '../../dicom/pixel-description.ts';
import { writePart10 } from '../../dicom/write.ts';
import { decodeFrame } from '../../imaging/decode.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { type RenderedFrame, renderFrame } from '../../imaging/render.ts';
import type { Window } from '../../imaging/window.ts';
import { deflateRaw, inflateRaw } from '../studies/read-arrival.ts';
import { toNative, toNativeFrame } from './to-native.ts';

/** PNG effort: the size falls little beyond it, the time grows much. */
const COMPRESSION_LEVEL = 3;

/** A frame as it is stored; `number` is 1 for the first. */
export type EncodedFrame = { description: PixelDescription; frame: Uint8Array; number: number };
/** Part of the frame in its own pixels; negative sizes mirror it. */
export type Region = { x: number; y: number; width: number; height: number };
export type PictureOptions = {
  format: 'jpeg' | 'png' | 'gif';
  /** 1 to 100, of JPEG. */
  quality: number;
  window?: Window;
  region?: Region;
  /** The picture is fitted into it, in pixels; enlarged only if `enlarge`. */
  fit?: { width: number; height: number; enlarge: boolean };
  /** Of a frame in an animation. */
  delayMs?: number;
};
export type TranscodeTask =
  | { as: 'part10'; part10: Uint8Array; transferSyntaxUid: string }
  | { as: 'native-frame'; encoded: EncodedFrame }
  | { as: 'picture'; frames: EncodedFrame[]; dataSet: DataSet; options: PictureOptions };
export type TranscodeAnswer = { bytes: Uint8Array } | { problem: string };

/** Decodes, and writes a file, a frame or a picture; runs in a worker thread. */
export async function transcodeTask(task: TranscodeTask): Promise<TranscodeAnswer> {
  try {
    if (task.as === 'native-frame')
      return { bytes: toNativeFrame(await decodeFrame(task.encoded.description, task.encoded.frame), task.encoded.description) };
    if (task.as === 'picture') return { bytes: await pictureOf(task.frames, task.dataSet, task.options) };
    const native = await toNative(parsePart10(task.part10, { inflateRaw }));
    return { bytes: writePart10({ ...native, transferSyntaxUid: task.transferSyntaxUid }, { deflateRaw }) };
  } catch (error) {
    if (error instanceof ImagingError || error instanceof DicomError) return { problem: error.message };
    throw error;
  }
}

async function pictureOf(frames: EncodedFrame[], dataSet: DataSet, options: PictureOptions): Promise<Uint8Array> {
  const rendered: RenderedFrame[] = [];
  for (const { description, frame, number } of frames) {
    const decoded = await decodeFrame(description, frame);
    // A region is told in the pixels of the frame, so they stay as they are.
    const shape = { frame: number - 1, square: options.region === undefined };
    rendered.push(renderFrame(decoded, dataSet, { ...shape, ...(options.window ? { window: options.window } : {}) }));
  }
  if (options.format === 'gif') return animationOf(rendered, options);
  const [only] = rendered;
  if (!only) throw new ImagingError('There is no frame to show');
  const placed = placedOf(only, options);
  const picture = only.channels === 1 ? placed.toColourspace('b-w') : placed;
  return options.format === 'png'
    ? picture.png({ compressionLevel: COMPRESSION_LEVEL }).toBuffer()
    : picture.jpeg({ quality: options.quality }).toBuffer();
}

function placedOf({ width, height, channels, pixels }: RenderedFrame, { region, fit }: PictureOptions): Sharp {
  let picture = sharp(pixels, { raw: { width, height, channels } });
  if (region) {
    const [left, top] = [Math.min(Math.floor(region.x), width - 1), Math.min(Math.floor(region.y), height - 1)];
    const [wide, high] = [Math.floor(Math.abs(region.width)), Math.floor(Math.abs(region.height))];
    picture = picture.extract({ left, top, width: within(wide, width - left), height: within(high, height - top) });
    if (region.width < 0) picture = picture.flop();
    if (region.height < 0) picture = picture.flip();
  }
  return fit ? picture.resize({ width: fit.width, height: fit.height, fit: 'inside', withoutEnlargement: !fit.enlarge }) : picture;
}

function within(size: number, largest: number): number {
  return Math.max(1, Math.min(size, largest));
}

async function animationOf(frames: RenderedFrame[], options: PictureOptions): Promise<Uint8Array> {
  const placed = await Promise.all(
    frames.map((frame) => placedOf(frame, options).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })),
  );
  const [first] = placed;
  if (!first) throw new ImagingError('There is no frame to show');
  const { width, height, channels } = first.info;
  const strip = Buffer.concat(placed.map(({ data }) => data));
  return sharp(strip, { raw: { width, height: height * placed.length, channels, pageHeight: height } })
    .gif({ delay: placed.map(() => options.delayMs ?? 100), loop: 0 })
    .toBuffer();
}

// biome-ignore lint/style/noDefaultExport: the thread pool calls the default export of the file that it is given
export default transcodeTask;
