import { type Attribute, type DataSet, type Part10, textOf, textsOf } from '../dicom/data-set.ts';
import type { PixelDescription } from '../dicom/pixel-description.ts';
import { Tag } from '../dicom/tags.ts';
import { transferSyntaxOf } from '../dicom/uids.ts';

/** What a lossy transcoding did: how many times smaller the pixels became, and the UID of the new object. */
export type LossyResult = { ratio: number; derivedUid: string };

/**
 * The attributes that describe pixels, after these were transcoded frame by frame; Pixel Data and its offset tables are left out.
 * Values stand in the low bits, color is interleaved.
 *
 * An object whose pixels lose something becomes a new one: its own SOP Instance UID, Image Type DERIVED, a reference to the object that
 * it comes from, and how it was compressed (PS3.3 C.7.6.1.1.5). What was lost once stays told.
 */
export function describeTranscoded(
  { dataSet, transferSyntaxUid: stored }: Part10,
  description: PixelDescription,
  result: { target: string; photometricInterpretation: string; lossy?: LossyResult },
): DataSet {
  const {
    [Tag.PixelData]: _pixels,
    [Tag.ExtendedOffsetTable]: _offsets,
    [Tag.ExtendedOffsetTableLengths]: _lengths,
    [DATA_SET_TRAILING_PADDING]: _padding,
    ...rest
  } = dataSet;
  const changed: DataSet = {
    ...rest,
    [Tag.PhotometricInterpretation]: code(result.photometricInterpretation),
    [Tag.HighBit]: { vr: 'US', Value: [description.bitsStored - 1] },
  };
  if (description.samplesPerPixel > 1) changed[Tag.PlanarConfiguration] = { vr: 'US', Value: [0] };
  if (ALWAYS_LOSSY.has(stored) && textOf(dataSet, Tag.LossyImageCompression) !== '01') changed[Tag.LossyImageCompression] = code('01');
  return inOrder(result.lossy ? { ...changed, ...derivedAttributes(dataSet, result.target, result.lossy) } : changed);
}

const DATA_SET_TRAILING_PADDING = 'FFFCFFFC';

/** JPEG baseline, extended and progressive; other syntaxes that may lose information may also not. */
const ALWAYS_LOSSY: ReadonlySet<string> = new Set(['50', '51', '53', '55'].map((last) => `1.2.840.10008.1.2.4.${last}`));

/** Defined terms of Lossy Image Compression Method (PS3.3 C.7.6.1.1.5.1), by the end of the transfer syntax's UID. */
const METHODS: Readonly<Record<string, string>> = {
  '4.50': 'ISO_10918_1',
  '4.51': 'ISO_10918_1',
  '4.81': 'ISO_14495_1',
  '4.91': 'ISO_15444_1',
  '4.203': 'ISO_15444_15',
};

function derivedAttributes(dataSet: DataSet, target: string, { ratio, derivedUid }: LossyResult): DataSet {
  const { Value: ratios = [] } = dataSet[Tag.LossyImageCompressionRatio] ?? {};
  const method = METHODS[target.replace('1.2.840.10008.1.2.', '')] ?? transferSyntaxOf(target).name;
  const source: DataSet = {
    [Tag.ReferencedSOPClassUID]: dataSet[Tag.SOPClassUID] ?? { vr: 'UI' },
    [Tag.ReferencedSOPInstanceUID]: dataSet[Tag.SOPInstanceUID] ?? { vr: 'UI' },
    [Tag.PurposeOfReferenceCodeSequence]: codeSequence('121320', 'Uncompressed predecessor'),
  };
  const [, ...imageType] = textsOf(dataSet, Tag.ImageType);
  return {
    [Tag.ImageType]: { vr: 'CS', Value: ['DERIVED', ...(imageType.length > 0 ? imageType : ['SECONDARY'])] },
    [Tag.SOPInstanceUID]: { vr: 'UI', Value: [derivedUid] },
    [Tag.SourceImageSequence]: { vr: 'SQ', Value: [source] },
    [Tag.DerivationCodeSequence]: codeSequence('113040', 'Lossy Compression'),
    [Tag.LossyImageCompression]: code('01'),
    [Tag.LossyImageCompressionRatio]: { vr: 'DS', Value: [...ratios, Math.round(ratio * 100) / 100] },
    [Tag.LossyImageCompressionMethod]: { vr: 'CS', Value: [...textsOf(dataSet, Tag.LossyImageCompressionMethod), method] },
  };
}

function codeSequence(value: string, meaning: string): Attribute {
  const item: DataSet = {
    [Tag.CodeValue]: { vr: 'SH', Value: [value] },
    [Tag.CodingSchemeDesignator]: { vr: 'SH', Value: ['DCM'] },
    [Tag.CodeMeaning]: { vr: 'LO', Value: [meaning] },
  };
  return { vr: 'SQ', Value: [item] };
}

function code(value: string): Attribute {
  return { vr: 'CS', Value: [value] };
}

function inOrder(dataSet: DataSet): DataSet {
  return Object.fromEntries(Object.entries(dataSet).sort(([a], [b]) => (a < b ? -1 : 1)));
}
