import type { DataSet } from '../../src/dicom/data-set.ts';
import { numberOf, numbersOf } from '../../src/dicom/data-set.ts';
import { parsePart10 } from '../../src/dicom/parse.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { writePart10 } from '../../src/dicom/write.ts';

/** Repeated of the series: whose it is, and in which space. */
const REPEATED = [Tag.PatientName, Tag.PatientID, Tag.StudyInstanceUID, Tag.StudyDate, Tag.FrameOfReferenceUID];

/** A segmentation of a series with one segment: a block in its middle, a third as long as the series each way, labeled `Block`. */
export function blockIn(slices: readonly Uint8Array[]): Uint8Array {
  const sets = slices.map((part10) => parsePart10(part10).dataSet);
  const third = Math.floor(sets.length / 3);
  const inside = sets.slice(third, 2 * third);
  const [first] = inside;
  if (!first) throw new Error('no slices');
  const [rows, columns] = [numberOf(first, Tag.Rows) ?? 0, numberOf(first, Tag.Columns) ?? 0];
  const frame = Uint8Array.from({ length: rows * columns }, (_, at) => {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    return column > columns / 3 && column < (2 * columns) / 3 && row > rows / 3 && row < (2 * rows) / 3 ? 255 : 0;
  });
  const pixels = new Uint8Array(frame.length * inside.length + ((frame.length * inside.length) % 2));
  for (const index of inside.keys()) pixels.set(frame, index * frame.length);
  const item = (dataSet: DataSet): { vr: 'SQ'; Value: DataSet[] } => ({ vr: 'SQ', Value: [dataSet] });
  const dataSet: DataSet = {
    ...Object.fromEntries(REPEATED.flatMap((tag) => (first[tag] ? [[tag, first[tag]]] : []))),
    [Tag.SOPClassUID]: { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.66.4'] },
    [Tag.SOPInstanceUID]: { vr: 'UI', Value: ['2.25.660001'] },
    [Tag.SeriesInstanceUID]: { vr: 'UI', Value: ['2.25.660002'] },
    [Tag.Modality]: { vr: 'CS', Value: ['SEG'] },
    [Tag.SeriesNumber]: { vr: 'IS', Value: [90] },
    [Tag.InstanceNumber]: { vr: 'IS', Value: [1] },
    [Tag.SamplesPerPixel]: { vr: 'US', Value: [1] },
    [Tag.PhotometricInterpretation]: { vr: 'CS', Value: ['MONOCHROME2'] },
    [Tag.NumberOfFrames]: { vr: 'IS', Value: [inside.length] },
    [Tag.Rows]: { vr: 'US', Value: [rows] },
    [Tag.Columns]: { vr: 'US', Value: [columns] },
    [Tag.BitsAllocated]: { vr: 'US', Value: [8] },
    [Tag.BitsStored]: { vr: 'US', Value: [8] },
    [Tag.HighBit]: { vr: 'US', Value: [7] },
    [Tag.PixelRepresentation]: { vr: 'US', Value: [0] },
    [Tag.SegmentationType]: { vr: 'CS', Value: ['FRACTIONAL'] },
    [Tag.MaximumFractionalValue]: { vr: 'US', Value: [255] },
    [Tag.SegmentSequence]: item({
      [Tag.SegmentNumber]: { vr: 'US', Value: [1] },
      [Tag.SegmentLabel]: { vr: 'LO', Value: ['Block'] },
      [Tag.SegmentAlgorithmType]: { vr: 'CS', Value: ['AUTOMATIC'] },
    }),
    [Tag.SharedFunctionalGroupsSequence]: item({
      [Tag.PixelMeasuresSequence]: item({
        [Tag.SliceThickness]: { vr: 'DS', Value: numbersOf(first, Tag.SliceThickness) },
        [Tag.PixelSpacing]: { vr: 'DS', Value: numbersOf(first, Tag.PixelSpacing) },
      }),
      [Tag.PlaneOrientationSequence]: item({
        [Tag.ImageOrientationPatient]: { vr: 'DS', Value: numbersOf(first, Tag.ImageOrientationPatient) },
      }),
    }),
    [Tag.PerFrameFunctionalGroupsSequence]: {
      vr: 'SQ',
      Value: inside.map((slice) => ({
        [Tag.PlanePositionSequence]: item({
          [Tag.ImagePositionPatient]: { vr: 'DS', Value: numbersOf(slice, Tag.ImagePositionPatient) },
        }),
        [Tag.SegmentIdentificationSequence]: item({ [Tag.ReferencedSegmentNumber]: { vr: 'US', Value: [1] } }),
      })),
    },
    [Tag.PixelData]: { vr: 'OB', bytes: pixels },
  };
  const sorted = Object.fromEntries(Object.entries(dataSet).sort(([a], [b]) => (a < b ? -1 : 1)));
  return writePart10({ dataSet: sorted, transferSyntaxUid: '1.2.840.10008.1.2.1' });
}
