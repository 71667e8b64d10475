import { type DataSet, DicomError } from '../../dicom/data-set.ts';
import type { PixelDescription } from '../../dicom/pixel-description.ts';
import type { Loss } from '../../imaging/encode.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { transcodeFrame } from '../../imaging/transcode-frame.ts';
import type { Window } from '../../imaging/window.ts';
import { makePicture } from './make-picture.ts';

/** Lines of text that are drawn into a picture: at the top, and at the bottom. */
export type Annotation = { top: readonly string[]; bottom: readonly string[] };
/** A frame as it is stored, with the attributes that say how it is shown; `number` is 1 for the first. */
export type FrameToShow = { description: PixelDescription; frame: Uint8Array; dataSet: DataSet; number: number; annotation?: Annotation };
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
  | { as: 'frame'; description: PixelDescription; frame: Uint8Array; target: string; loss?: Loss }
  | { as: 'picture'; frames: readonly FrameToShow[]; options: PictureOptions };
export type TranscodeAnswer = { bytes: Uint8Array; photometricInterpretation?: string } | { problem: string };

/** Writes a frame in another transfer syntax, or frames as a picture; runs in a worker thread. */
export async function transcodeTask(task: TranscodeTask): Promise<TranscodeAnswer> {
  try {
    if (task.as === 'picture') return { bytes: await makePicture(task.frames, task.options) };
    const { description, frame, target, loss } = task;
    return await transcodeFrame(description, frame, { target, ...(loss ? { loss } : {}) });
  } catch (error) {
    if (error instanceof ImagingError || error instanceof DicomError) return { problem: error.message };
    throw error;
  }
}

// biome-ignore lint/style/noDefaultExport: the thread pool calls the default export of the file that it is given
export default transcodeTask;
