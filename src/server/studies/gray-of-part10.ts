import { DicomError, type Part10 } from '../../dicom/data-set.ts';
import { pixelFrames } from '../../dicom/frames.ts';
import { readIdentity } from '../../dicom/identity.ts';
import { parsePart10 } from '../../dicom/parse.ts';
import { describePixels, type PixelDescription } from '../../dicom/pixel-description.ts';
import type { GrayImage } from '../../imaging/gray-image.ts';
import type { Acquisition } from '../../inference/acceptance.ts';
import { AppError } from '../platform/errors.ts';
import { inflateRaw } from './read-arrival.ts';
import type { FrameRenderer } from './render-instance.ts';

export type GrayFrameDeps = { renderer: FrameRenderer };

/**
 * The first frame of a DICOM file that is not stored, as a model sees it, with what the file says of its acquisition.
 *
 * @throws {AppError} `invalid-dicom`, `no-pixels`
 */
export async function grayOfPart10(
  { renderer }: GrayFrameDeps,
  bytes: Uint8Array,
): Promise<{ image: GrayImage; acquisition: Acquisition }> {
  const { part10, description, frame, acquisition } = firstFrame(bytes);
  const answer = await renderer.render({ as: 'gray', description, frame, dataSet: withoutPixels(part10), number: 1 });
  if ('gray' in answer) return { image: answer.gray, acquisition };
  throw new AppError('no-pixels', 'problem' in answer ? answer.problem : 'The picture cannot be decoded');
}

type FirstFrame = { part10: Part10; description: PixelDescription; frame: Uint8Array; acquisition: Acquisition };

function firstFrame(bytes: Uint8Array): FirstFrame {
  try {
    const part10 = parsePart10(bytes, { inflateRaw });
    const description = describePixels(part10);
    const frame = description && pixelFrames(part10)[0];
    if (!description || !frame) throw new AppError('no-pixels', 'The object holds no picture');
    const { modality, bodyPart, viewPosition: view, patientAgeYears: ageYears } = readIdentity(part10);
    return { part10, description, frame, acquisition: { modality, bodyPart, view, ageYears } };
  } catch (error) {
    throw error instanceof DicomError ? new AppError('invalid-dicom', error.message, { cause: error }) : error;
  }
}

/** Pixel Data travels as the frame alone. */
function withoutPixels({ dataSet }: Part10): Part10['dataSet'] {
  const { '7FE00010': _, ...rest } = dataSet;
  return rest;
}
