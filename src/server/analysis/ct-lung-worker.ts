import { type DataSet, numbersOf } from '../../dicom/data-set.ts';
import type { PixelDescription } from '../../dicom/pixel-description.ts';
import { Tag } from '../../dicom/tags.ts';
import { decodeFrame } from '../../imaging/decode.ts';
import { ImagingError } from '../../imaging/imaging-error.ts';
import { toModalityValues } from '../../imaging/modality-lut.ts';
import { analyzeCtLung, type CtLungResult } from '../../imaging/quantify/ct-lung.ts';
import { buildVolume, type Slice } from '../../imaging/volume.ts';
import { yieldToOthers } from '../../inference/yield-to-others.ts';

export type LungSlice = { sopInstanceUid: string; description: PixelDescription; frame: Uint8Array; dataSet: DataSet };
/** A nodule candidate with the slice through its center. */
export type PlacedNodule = CtLungResult['nodules'][number] & { sopInstanceUid: string | null };
export type LungAnswer = { result: CtLungResult; nodules: PlacedNodule[] } | { notEvaluable: string };

yieldToOthers();

/** Builds the volume of a CT series and measures the lungs; runs in a worker thread, it takes seconds and hundreds of megabytes. */
export async function measureLungs(slices: LungSlice[]): Promise<LungAnswer> {
  try {
    const built = buildVolume(await Promise.all(slices.map(decodeSlice)));
    if ('refused' in built) return { notEvaluable: built.refused };
    const result = analyzeCtLung(built.volume);
    if ('notEvaluable' in result) return result;
    const { normal } = built.volume.directionLps;
    const along = (point: readonly number[]): number => normal.reduce((sum, part, axis) => sum + part * (point[axis] ?? 0), 0);
    const placed = slices.map(({ sopInstanceUid, dataSet }) => ({
      sopInstanceUid,
      position: along(numbersOf(dataSet, Tag.ImagePositionPatient)),
    }));
    const nodules = result.nodules.map((nodule) => ({ ...nodule, sopInstanceUid: nearest(placed, along(nodule.centerLps)) }));
    return { result, nodules };
  } catch (error) {
    if (error instanceof ImagingError) return { notEvaluable: error.message };
    throw error;
  }
}

async function decodeSlice({ description, frame, dataSet }: LungSlice): Promise<Slice> {
  return { dataSet, values: toModalityValues(await decodeFrame(description, frame), dataSet, 0) };
}

function nearest(slices: { sopInstanceUid: string; position: number }[], position: number): string | null {
  const sorted = slices.toSorted((a, b) => Math.abs(a.position - position) - Math.abs(b.position - position));
  return sorted[0]?.sopInstanceUid ?? null;
}

// biome-ignore lint/style/noDefaultExport: the thread pool calls the default export of the file that it is given
export default measureLungs;
