import type { DataSet, Part10 } from '../../src/dicom/data-set.ts';
import { Tag } from '../../src/dicom/tags.ts';
import { ExplicitVrLittleEndian } from '../../src/dicom/uids.ts';

/** A whole small CT image, 4 columns by 2 rows, with a sequence, a private group and every kind of value. */
export function ctObject(transferSyntaxUid = ExplicitVrLittleEndian): Part10 {
  const dataSet: DataSet = {
    [Tag.SpecificCharacterSet]: { vr: 'CS', Value: ['ISO_IR 192'] },
    [Tag.ImageType]: { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
    [Tag.SOPClassUID]: { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
    [Tag.SOPInstanceUID]: { vr: 'UI', Value: ['2.25.1001'] },
    [Tag.StudyDate]: { vr: 'DA', Value: ['20240229'] },
    [Tag.AccessionNumber]: { vr: 'SH' },
    [Tag.Modality]: { vr: 'CS', Value: ['CT'] },
    [Tag.ReferencedImageSequence]: {
      vr: 'SQ',
      Value: [
        { [Tag.ReferencedSOPInstanceUID]: { vr: 'UI', Value: ['2.25.7'] }, [Tag.ReferencedFrameNumber]: { vr: 'IS', Value: [1, 3] } },
        {},
      ],
    },
    [Tag.PatientName]: { vr: 'PN', Value: [{ Alphabetic: 'Doe^Zoë', Ideographic: '山田^太郎' }] },
    [Tag.PatientID]: { vr: 'LO', Value: ['A-1'] },
    [Tag.PatientAge]: { vr: 'AS', Value: ['034Y'] },
    '00190010': { vr: 'LO', Value: ['ACME'] },
    '00191001': { vr: 'FD', Value: [Math.PI] },
    '00191002': { vr: 'UV', Value: [2n ** 64n - 1n] },
    '00191003': { vr: 'UN', bytes: Uint8Array.of(1, 2, 3, 4) },
    [Tag.StudyInstanceUID]: { vr: 'UI', Value: ['2.25.1'] },
    [Tag.SeriesInstanceUID]: { vr: 'UI', Value: ['2.25.2'] },
    [Tag.ImagePositionPatient]: { vr: 'DS', Value: [-125.5, 0, 1e-7] },
    [Tag.SamplesPerPixel]: { vr: 'US', Value: [1] },
    [Tag.PhotometricInterpretation]: { vr: 'CS', Value: ['MONOCHROME2'] },
    [Tag.FrameIncrementPointer]: { vr: 'AT', Value: ['00181063'] },
    [Tag.Rows]: { vr: 'US', Value: [2] },
    [Tag.Columns]: { vr: 'US', Value: [4] },
    [Tag.BitsAllocated]: { vr: 'US', Value: [16] },
    [Tag.BitsStored]: { vr: 'US', Value: [12] },
    [Tag.HighBit]: { vr: 'US', Value: [11] },
    [Tag.PixelRepresentation]: { vr: 'US', Value: [1] },
    [Tag.PixelPaddingValue]: { vr: 'SS', Value: [-2000] },
    [Tag.PixelData]: { vr: 'OW', bytes: Uint8Array.from({ length: 16 }, (_, index) => index) },
  };
  return { meta: {}, dataSet, transferSyntaxUid };
}

/** The CT image of `frames` frames of one fragment each, in JPEG Baseline by its UID. */
export function encapsulatedObject(fragments: Uint8Array[], numberOfFrames: number): Part10 {
  const { dataSet } = ctObject();
  dataSet[Tag.NumberOfFrames] = { vr: 'IS', Value: [numberOfFrames] };
  dataSet[Tag.PixelData] = { vr: 'OB', fragments };
  return { meta: {}, dataSet, transferSyntaxUid: '1.2.840.10008.1.2.4.50' };
}
