import sharp, { type OutputInfo, type OverlayOptions, type Sharp } from 'sharp';
import { decodeFrame } from '../../imaging/decode.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { type RenderedFrame, renderFrame } from '../../imaging/render.ts';
import type { Annotation, FrameToShow, PictureOptions } from './picture-options.ts';
import { textLayers } from './text-layers.ts';

/** PNG effort: the size falls little beyond it, the time grows much. */
const COMPRESSION_LEVEL = 3;
const DEFAULT_DELAY_MS = 100;

/**
 * One picture as JPEG or PNG, or several frames as a GIF that repeats; frames of an animation that have another size than the first are
 * fitted into that.
 *
 * @throws {ImagingError} if a frame cannot be decoded
 */
export async function makePicture(frames: readonly FrameToShow[], options: PictureOptions): Promise<Uint8Array> {
  const rendered: Shown[] = [];
  for (const { description, frame, dataSet, number, annotation } of frames) {
    const decoded = await decodeFrame(description, frame);
    // A region is told in the pixels of the frame, so they stay as they are.
    const shape = { frame: number - 1, square: options.region === undefined };
    rendered.push({ ...renderFrame(decoded, dataSet, { ...shape, ...(options.window ? { window: options.window } : {}) }), annotation });
  }
  const [only] = rendered;
  if (!only) throw new ImagingError('There is no frame to show');
  if (options.format === 'gif') return animationOf(rendered, options);
  const placed = await annotated(placedOf(only, options), only.annotation);
  const picture = only.channels === 1 ? placed.toColourspace('b-w') : placed;
  return options.format === 'png'
    ? picture.png({ compressionLevel: COMPRESSION_LEVEL }).toBuffer()
    : picture.jpeg({ quality: options.quality }).toBuffer();
}

type Shown = RenderedFrame & { annotation: Annotation | undefined };

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

/** The picture with the text in it: the size that the text follows is known once everything else is done. */
async function annotated(picture: Sharp, annotation: Annotation | undefined): Promise<Sharp> {
  if (!annotation) return picture;
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  const layers: OverlayOptions[] = await textLayers(annotation, info);
  return sharp(data, { raw: info }).composite(layers).flatten();
}

type Raw = { data: Buffer; info: OutputInfo };

async function animationOf(frames: readonly Shown[], options: PictureOptions): Promise<Uint8Array> {
  const placed: Raw[] = [];
  for (const frame of frames) placed.push(await pageOf(frame, { options, first: placed[0] }));
  const [first] = placed;
  if (!first) throw new ImagingError('There is no frame to show');
  const { width, height, channels } = first.info;
  const strip = Buffer.concat(placed.map(({ data }) => data));
  return sharp(strip, { raw: { width, height: height * placed.length, channels, pageHeight: height } })
    .gif({ delay: placed.map(() => options.delayMs ?? DEFAULT_DELAY_MS), loop: 0 })
    .toBuffer();
}

async function pageOf(frame: Shown, { options, first }: { options: PictureOptions; first: Raw | undefined }): Promise<Raw> {
  const page = placedOf(frame, options).toColourspace('srgb');
  const { data, info } = await page.raw().toBuffer({ resolveWithObject: true });
  const size = first?.info ?? info;
  const isFit = info.width === size.width && info.height === size.height;
  const fitted = isFit
    ? sharp(data, { raw: info })
    : sharp(data, { raw: info }).resize({ width: size.width, height: size.height, fit: 'contain' });
  if (isFit && !frame.annotation) return { data, info };
  return (await annotated(fitted, frame.annotation)).raw().toBuffer({ resolveWithObject: true });
}
