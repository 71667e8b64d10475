import sharp from 'sharp';
import type { DataSet } from '../../dicom/data-set.ts';
import type { PixelDescription } from '../../dicom/pixel-description.ts';
import { decodeFrame } from '../../imaging/decode.ts';
import { type GrayImage, grayOf } from '../../imaging/gray-image.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { type RenderedFrame, renderFrame } from '../../imaging/render.ts';

/** PNG effort: the size falls little beyond it, the time grows much. */
const COMPRESSION_LEVEL = 3;

export type FrameTask = {
  description: PixelDescription;
  /** Undecoded bytes of the frame. */
  frame: Uint8Array;
  dataSet: DataSet;
  /** 1 for the first. */
  number: number;
  window?: { center: number; width: number };
};
export type RenderTask = FrameTask & {
  as: 'png' | 'gray';
  /** Longest side of the PNG in pixels. */
  size?: number;
};
export type RenderAnswer = { png: Uint8Array; width: number; height: number } | { gray: GrayImage } | { problem: string };

/** Decodes and windows one frame, then encodes it as PNG or gives it as numbers for a model; runs in a worker thread. */
export async function renderTask(task: RenderTask): Promise<RenderAnswer> {
  try {
    const decoded = await decodeFrame(task.description, task.frame);
    const rendered = renderFrame(decoded, task.dataSet, { frame: task.number - 1, ...(task.window ? { window: task.window } : {}) });
    return task.as === 'gray' ? { gray: grayOf(rendered) } : await encodePng(rendered, task.size);
  } catch (error) {
    if (error instanceof ImagingError) return { problem: error.message };
    throw error;
  }
}

async function encodePng({ width, height, channels, pixels }: RenderedFrame, size: number | undefined): Promise<RenderAnswer> {
  const picture = sharp(pixels, { raw: { width, height, channels } });
  const fitted = size ? picture.resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true }) : picture;
  const encoder = (channels === 1 ? fitted.toColourspace('b-w') : fitted).png({ compressionLevel: COMPRESSION_LEVEL });
  const { data, info } = await encoder.toBuffer({ resolveWithObject: true });
  return { png: data, width: info.width, height: info.height };
}

// biome-ignore lint/style/noDefaultExport: the thread pool calls the default export of the file that it is given
export default renderTask;
