import type { Attribute, DataSet, Value } from '../dicom/data-set.ts';
import { tagOf, vrOf } from '../dicom/dictionary.ts';
import { Tag } from '../dicom/tags.ts';
import { ExplicitVrLittleEndian } from '../dicom/uids.ts';
import { writePart10 } from '../dicom/write.ts';
import { ImagingError } from './imaging-error.ts';
import type { Phantom } from './phantom.ts';
import { RADIOGRAPH_BITS } from './phantom-radiograph.ts';

/** A file of the phantom's study: a name without folder, and its bytes. */
export type PhantomFile = { name: string; part10: Uint8Array };

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const DX_IMAGE_STORAGE_FOR_PRESENTATION = '1.2.840.10008.5.1.4.1.1.1.1';
/** Stored values begin at 0 for this many Hounsfield units, as on most scanners. */
const RESCALE_INTERCEPT = -1024;
const CT_BITS = 12;
/** Any date would be a lie; this one is plainly made up, and always the same. */
const DATE = '20000101';
const TIME = '120000';

const UidUse = { study: 1, ctSeries: 2, dxSeries: 3, frameOfReference: 4, dxInstance: 5, firstSlice: 1000 } as const;

/** Values by the keywords of PS3.6; an empty list is an empty (type 2) attribute, an object list a sequence. */
type Attributes = { [keyword: string]: Value[] };

/**
 * The phantom as one study: a CT series (head first) and a digital radiograph. Labeled synthetic in every place that shows a name; UIDs
 * follow from the seed and the geometry, so that the same phantom is the same study.
 */
export function phantomDicom(phantom: Phantom): PhantomFile[] {
  const [depth] = phantom.volume.size;
  const slices = Array.from({ length: depth }, (_, index) => ({
    name: `ct-${String(index + 1).padStart(4, '0')}.dcm`,
    part10: part10Of(sliceDataSet(phantom, index)),
  }));
  return [...slices, { name: 'dx-0001.dcm', part10: part10Of(radiographDataSet(phantom)) }];
}

function part10Of(dataSet: DataSet): Uint8Array {
  return writePart10({ dataSet, transferSyntaxUid: ExplicitVrLittleEndian });
}

/** Slice number `index` from the head on. */
function sliceDataSet(phantom: Phantom, index: number): DataSet {
  const { values, size, spacingMm, originLps } = phantom.volume;
  const [depth, rows, columns] = size;
  const z = depth - 1 - index;
  const hu = values.subarray(z * rows * columns, (z + 1) * rows * columns);
  const stored = Uint16Array.from(hu, (value) => Math.min(2 ** CT_BITS - 1, Math.max(0, Math.round(value) - RESCALE_INTERCEPT)));
  const position = [originLps[0], originLps[1], originLps[2] + z * spacingMm[0]];
  return dataSetOf(
    {
      ...commonAttributes(phantom, 'CT'),
      ImageType: ['DERIVED', 'SECONDARY', 'AXIAL'],
      SOPClassUID: [CT_IMAGE_STORAGE],
      SOPInstanceUID: [uidOf(phantom, UidUse.firstSlice + index)],
      SeriesInstanceUID: [uidOf(phantom, UidUse.ctSeries)],
      SeriesNumber: [1],
      SeriesDescription: ['SYNTHETIC PHANTOM chest CT'],
      InstanceNumber: [index + 1],
      AcquisitionNumber: [1],
      FrameOfReferenceUID: [uidOf(phantom, UidUse.frameOfReference)],
      PositionReferenceIndicator: [],
      PatientPosition: ['HFS'],
      KVP: [],
      ConvolutionKernel: ['SYNTHETIC'],
      SliceThickness: [decimal(spacingMm[0])],
      SpacingBetweenSlices: [decimal(spacingMm[0])],
      ImagePositionPatient: position.map(decimal),
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [decimal(spacingMm[1]), decimal(spacingMm[2])],
      ...pixelAttributes({ rows, columns, bitsStored: CT_BITS }),
      RescaleIntercept: [RESCALE_INTERCEPT],
      RescaleSlope: [1],
      RescaleType: ['HU'],
      WindowCenter: [-600, 40],
      WindowWidth: [1500, 400],
      WindowCenterWidthExplanation: ['LUNG', 'MEDIASTINUM'],
    },
    stored,
  );
}

function radiographDataSet(phantom: Phantom): DataSet {
  const { rows, columns, spacingMm, pixels } = phantom.radiograph;
  return dataSetOf(
    {
      ...commonAttributes(phantom, 'DX'),
      ImageType: ['DERIVED', 'PRIMARY'],
      SOPClassUID: [DX_IMAGE_STORAGE_FOR_PRESENTATION],
      SOPInstanceUID: [uidOf(phantom, UidUse.dxInstance)],
      SeriesInstanceUID: [uidOf(phantom, UidUse.dxSeries)],
      SeriesNumber: [2],
      SeriesDescription: ['SYNTHETIC PHANTOM chest PA'],
      PresentationIntentType: ['FOR PRESENTATION'],
      InstanceNumber: [1],
      PatientOrientation: ['L', 'F'],
      ImageLaterality: ['U'],
      AnatomicRegionSequence: [coded('51185008', 'Chest')],
      ViewPosition: ['PA'],
      ViewCodeSequence: [{ ...coded('399348003', 'postero-anterior'), ...dataSetOf({ ViewModifierCodeSequence: [] }) }],
      PositionerType: ['NONE'],
      DetectorType: [],
      ImagerPixelSpacing: [decimal(spacingMm), decimal(spacingMm)],
      PixelSpacing: [decimal(spacingMm), decimal(spacingMm)],
      AcquisitionContextSequence: [],
      DerivationDescription: ['Parallel projection of a synthetic phantom'],
      ...pixelAttributes({ rows, columns, bitsStored: RADIOGRAPH_BITS }),
      PixelIntensityRelationship: ['LOG'],
      PixelIntensityRelationshipSign: [-1],
      RescaleIntercept: [0],
      RescaleSlope: [1],
      RescaleType: ['US'],
      PresentationLUTShape: ['IDENTITY'],
      LossyImageCompression: ['00'],
      WindowCenter: [2 ** (RADIOGRAPH_BITS - 1)],
      WindowWidth: [2 ** RADIOGRAPH_BITS],
    },
    pixels,
  );
}

function commonAttributes(phantom: Phantom, modality: 'CT' | 'DX'): Attributes {
  return {
    StudyDate: [DATE],
    SeriesDate: [DATE],
    AcquisitionDate: [DATE],
    ContentDate: [DATE],
    StudyTime: [TIME],
    SeriesTime: [TIME],
    AcquisitionTime: [TIME],
    ContentTime: [TIME],
    AccessionNumber: [],
    Modality: [modality],
    Manufacturer: ['Isocenter'],
    ManufacturerModelName: ['Synthetic phantom'],
    DeviceSerialNumber: ['SYNTHETIC'],
    SoftwareVersions: ['1'],
    ReferringPhysicianName: [],
    StudyDescription: ['Synthetic phantom'],
    PatientName: [{ Alphabetic: 'SYNTHETIC^PHANTOM' }],
    PatientID: ['SYNTHETIC-PHANTOM'],
    PatientBirthDate: [],
    PatientSex: ['O'],
    PatientAge: ['050Y'],
    BodyPartExamined: ['CHEST'],
    StudyInstanceUID: [uidOf(phantom, UidUse.study)],
    StudyID: ['SYNTHETIC'],
    ImageComments: ['SYNTHETIC PHANTOM: computed from geometry, no patient'],
  };
}

function pixelAttributes({ rows, columns, bitsStored }: { rows: number; columns: number; bitsStored: number }): Attributes {
  return {
    SamplesPerPixel: [1],
    PhotometricInterpretation: ['MONOCHROME2'],
    Rows: [rows],
    Columns: [columns],
    BitsAllocated: [16],
    BitsStored: [bitsStored],
    HighBit: [bitsStored - 1],
    PixelRepresentation: [0],
    BurnedInAnnotation: ['NO'],
  };
}

function dataSetOf(attributes: Attributes, pixels?: Uint16Array): DataSet {
  const entries = Object.entries(attributes).map(([keyword, values]): [string, Attribute] => {
    const tag = tagOf(keyword);
    if (!tag) throw new ImagingError(`No attribute is called ${keyword}`);
    const vr = vrOf(tag);
    return [tag, values.length > 0 ? { vr, Value: values } : { vr }];
  });
  if (pixels) entries.push([Tag.PixelData, { vr: 'OW', bytes: new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength) }]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** An item of a code sequence, SNOMED CT. */
function coded(value: string, meaning: string): DataSet {
  return dataSetOf({ CodeValue: [value], CodingSchemeDesignator: ['SCT'], CodeMeaning: [meaning] });
}

/** A number that fits the 16 characters of a decimal string. */
function decimal(value: number): number {
  return Number(value.toFixed(4));
}

/** A UID under 2.25 (PS3.5 B.2): 128 bits, with the version and variant of a custom UUID, that follow from the phantom and the use. */
function uidOf({ truth }: Phantom, use: number): string {
  const { seed, spacingMm, noiseHu, laa950Percent, nodules } = truth;
  const text = JSON.stringify([use, seed, spacingMm, noiseHu, laa950Percent.toFixed(3), nodules]);
  const words = [0, 1, 2, 3].map((part) => BigInt(hashOf(`${part} ${text}`)));
  const bits = words.reduce((sum, word) => (sum << 32n) | word, 0n);
  const versioned = (bits & ~(0xfn << 76n)) | (0x8n << 76n);
  return `2.25.${(versioned & ~(0x3n << 62n)) | (0x2n << 62n)}`;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
