import { type DataSet, itemsOf, numberOf, numbersOf, textOf } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';

/** One segment: what it is called, and its color as its author recommends it, 8-bit sRGB. */
export type Segment = { number: number; label: string; color: [red: number, green: number, blue: number]; isByModel: boolean };
/** One frame of a segmentation: the segment that it shows a slice of, and the frame that it was drawn on, if it says so. */
export type SegmentFrame = { segment: number; drawnOn: { sop_instance_uid: string; frame: number } | null };
/** `largest` is the stored value that means "wholly inside": 1 of a binary segmentation. */
export type Segmentation = { segments: Segment[]; frames: SegmentFrame[]; largest: number };

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';

/** For segments without a recommended color: far apart in hue, light enough for a dark ground. */
const PALETTE: readonly [number, number, number][] = [
  [240, 120, 90],
  [90, 190, 240],
  [240, 200, 80],
  [150, 220, 120],
  [200, 140, 240],
  [240, 140, 190],
  [110, 220, 200],
  [220, 220, 220],
];

/** Reads the description of a segmentation (PS3.3 C.8.20.2); undefined if the data set is none. Pixels are read frame by frame. */
export function readSegmentation(dataSet: DataSet): Segmentation | undefined {
  if (textOf(dataSet, Tag.SOPClassUID) !== SEGMENTATION_STORAGE) return undefined;
  const segments = itemsOf(dataSet, Tag.SegmentSequence).map((item, index): Segment => {
    const number = numberOf(item, Tag.SegmentNumber) ?? index + 1;
    const lab = numbersOf(item, Tag.RecommendedDisplayCIELabValue);
    return {
      number,
      label: textOf(item, Tag.SegmentLabel) ?? String(number),
      color: lab.length === 3 ? rgbOfLab(lab as [number, number, number]) : (PALETTE[(number - 1) % PALETTE.length] ?? [220, 220, 220]),
      isByModel: textOf(item, Tag.SegmentAlgorithmType) !== 'MANUAL',
    };
  });
  const shared = itemsOf(dataSet, Tag.SharedFunctionalGroupsSequence)[0] ?? {};
  const frames = itemsOf(dataSet, Tag.PerFrameFunctionalGroupsSequence).map((groups): SegmentFrame => {
    const identification = itemsOf(groups, Tag.SegmentIdentificationSequence)[0] ?? itemsOf(shared, Tag.SegmentIdentificationSequence)[0];
    return { segment: (identification && numberOf(identification, Tag.ReferencedSegmentNumber)) ?? 1, drawnOn: sourceOf(groups) };
  });
  const isFractional = textOf(dataSet, Tag.SegmentationType) === 'FRACTIONAL';
  return { segments, frames, largest: isFractional ? (numberOf(dataSet, Tag.MaximumFractionalValue) ?? 255) : 1 };
}

function sourceOf(groups: DataSet): SegmentFrame['drawnOn'] {
  const derivation = itemsOf(groups, Tag.DerivationImageSequence)[0];
  const source = derivation && itemsOf(derivation, Tag.SourceImageSequence)[0];
  const uid = source && textOf(source, Tag.ReferencedSOPInstanceUID);
  return uid ? { sop_instance_uid: uid, frame: numberOf(source, Tag.ReferencedFrameNumber) ?? 1 } : null;
}

/** White of illuminant D50, in which CIELab values are meant (PS3.3 C.10.7.1.1, ICC.1:2010). */
const WHITE = [0.9642, 1, 0.8249] as const;

/** PCS values of DICOM, 16 bits each, to 8-bit sRGB (PS3.3 C.10.7.1.1; matrix from D50 by Bradford adaptation, IEC 61966-2-1). */
function rgbOfLab([l, a, b]: [number, number, number]): [number, number, number] {
  const fy = ((l / 65_535) * 100 + 16) / 116;
  const fx = fy + ((a / 65_535) * 255 - 128) / 500;
  const fz = fy - ((b / 65_535) * 255 - 128) / 200;
  const [x, y, z] = [fx, fy, fz].map((f, axis) => (WHITE[axis] ?? 1) * (f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29))) as [
    number,
    number,
    number,
  ];
  const linear = [3.1339 * x - 1.6169 * y - 0.4906 * z, -0.9788 * x + 1.9161 * y + 0.0335 * z, 0.0719 * x - 0.229 * y + 1.4052 * z];
  return linear.map((value) => {
    const kept = Math.min(1, Math.max(0, value));
    return Math.round(255 * (kept <= 0.0031308 ? 12.92 * kept : 1.055 * kept ** (1 / 2.4) - 0.055));
  }) as [number, number, number];
}
