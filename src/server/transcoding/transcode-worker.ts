import { DicomError } from '../../dicom/data-set.ts';
import type { PixelDescription } from '../../dicom/pixel-description.ts';
import type { Loss } from '../../imaging/encode.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { transcodeFrame } from '../../imaging/transcode-frame.ts';
import { makePicture } from './make-picture.ts';
import type { FrameToShow, PictureOptions } from './picture-options.ts';

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
