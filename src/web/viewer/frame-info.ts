import { type DataSet, itemsOf, numberOf, numbersOf, textOf, textsOf } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { macroOf } from '../../imaging/functional-groups.ts';
import { unitOf } from '../../imaging/modality-lut.ts';
import type { Vector } from '../../imaging/vector.ts';

/** Millimeters of a pixel; `row` is the distance of rows (down), `column` that of columns (across). */
export type Spacing = { row: number; column: number };

/** What the viewer must know of a frame besides its pixels. */
export type FrameInfo = {
  rows: number;
  columns: number;
  /** Null if the object does not say. */
  spacing: Spacing | null;
  /** `detector`: at the detector, larger than in the patient by an unknown magnification (PS3.3 10.7.1.3). */
  spacingAt: 'patient' | 'detector' | null;
  /** Height of a pixel over its width. */
  aspect: number;
  /** Center of the first pixel and directions in which columns and rows grow, LPS, mm; null if the frame has no place in the patient. */
  plane: { position: Vector; rows: Vector; columns: Vector } | null;
  /** Where the right and the lower edge of a frame without a plane point to, as `L`, `F` … (0020,0020). */
  patientOrientation: [string, string] | null;
  frameOfReferenceUid: string | null;
  sliceThicknessMm: number | null;
  modality: string;
  photometricInterpretation: string;
  /** Of the modality values, as the data set names it (`HU`); empty if it does not. */
  unit: string;
  /** Pixels have lost information, whenever that was (0028,2110). */
  isLossy: boolean;
};

/** Centimeters, among the physical units of ultrasound regions (PS3.3 C.8.5.5.1.15). */
const CENTIMETERS = 3;

/** @param frame from 0 */
export function frameInfoOf(dataSet: DataSet, frame: number): FrameInfo {
  const measures = macroOf(dataSet, Tag.PixelMeasuresSequence, frame);
  const { spacing, spacingAt } = spacingOf(dataSet, measures);
  const [vertical = 1, horizontal = 1] = numbersOf(dataSet, Tag.PixelAspectRatio);
  const [right, down] = textsOf(dataSet, Tag.PatientOrientation);
  return {
    rows: numberOf(dataSet, Tag.Rows) ?? 0,
    columns: numberOf(dataSet, Tag.Columns) ?? 0,
    spacing,
    spacingAt,
    aspect: spacing ? spacing.row / spacing.column : vertical > 0 && horizontal > 0 ? vertical / horizontal : 1,
    plane: planeOf(dataSet, frame),
    patientOrientation: right && down ? [right, down] : null,
    frameOfReferenceUid: textOf(dataSet, Tag.FrameOfReferenceUID) ?? null,
    sliceThicknessMm: numberOf(measures, Tag.SliceThickness) ?? null,
    modality: textOf(dataSet, Tag.Modality) ?? '',
    photometricInterpretation: textOf(dataSet, Tag.PhotometricInterpretation) ?? 'MONOCHROME2',
    unit: unitOf(dataSet) ?? '',
    isLossy: textOf(dataSet, Tag.LossyImageCompression) === '01',
  };
}

function spacingOf(dataSet: DataSet, measures: DataSet): Pick<FrameInfo, 'spacing' | 'spacingAt'> {
  const own = pairOf(numbersOf(measures, Tag.PixelSpacing));
  const atDetector = pairOf(numbersOf(dataSet, Tag.ImagerPixelSpacing));
  if (own) {
    // The same as at the detector: nobody has corrected it (PS3.3 10.7.1.3).
    const isDetector = atDetector?.row === own.row && numbersOf(dataSet, Tag.ImageOrientationPatient).length === 0;
    return { spacing: own, spacingAt: isDetector ? 'detector' : 'patient' };
  }
  if (atDetector) return { spacing: atDetector, spacingAt: 'detector' };
  const region = ultrasoundSpacing(dataSet);
  return { spacing: region, spacingAt: region ? 'patient' : null };
}

/** Of the regions of an ultrasound frame that are in centimeters both ways; null if they differ. */
function ultrasoundSpacing(dataSet: DataSet): Spacing | null {
  const regions = itemsOf(dataSet, Tag.SequenceOfUltrasoundRegions).filter(
    (item) => numberOf(item, Tag.PhysicalUnitsXDirection) === CENTIMETERS && numberOf(item, Tag.PhysicalUnitsYDirection) === CENTIMETERS,
  );
  const spacings = regions.map((item) => ({
    row: Math.abs(numberOf(item, Tag.PhysicalDeltaY) ?? 0) * 10,
    column: Math.abs(numberOf(item, Tag.PhysicalDeltaX) ?? 0) * 10,
  }));
  const [first] = spacings;
  if (!first || first.row <= 0 || first.column <= 0) return null;
  return spacings.every(({ row, column }) => row === first.row && column === first.column) ? first : null;
}

function planeOf(dataSet: DataSet, frame: number): FrameInfo['plane'] {
  const [x, y, z] = numbersOf(macroOf(dataSet, Tag.PlanePositionSequence, frame), Tag.ImagePositionPatient);
  const [rx, ry, rz, cx, cy, cz] = numbersOf(macroOf(dataSet, Tag.PlaneOrientationSequence, frame), Tag.ImageOrientationPatient);
  if (x === undefined || y === undefined || z === undefined) return null;
  if (rx === undefined || ry === undefined || rz === undefined || cx === undefined || cy === undefined || cz === undefined) return null;
  return { position: [x, y, z], rows: [rx, ry, rz], columns: [cx, cy, cz] };
}

function pairOf([row, column]: number[]): Spacing | null {
  return row !== undefined && column !== undefined && row > 0 && column > 0 ? { row, column } : null;
}
