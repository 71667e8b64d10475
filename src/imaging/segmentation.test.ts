import { describe, expect, it } from 'vitest';
import type { DataSet } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import { readSegmentation, SEGMENTATION_STORAGE } from './segmentation.ts';

describe('a segmentation', () => {
  it('names its segments, in the color that its author recommends', () => {
    const segmentation = readSegmentation(example());
    expect(segmentation?.segments.map(({ number, label, isByModel }) => ({ number, label, isByModel }))).toEqual([
      { number: 1, label: 'Liver', isByModel: true },
      { number: 2, label: 'Lesion', isByModel: false },
    ]);
    // sRGB red is L 54.29, a 80.81, b 69.89 under D50 (IEC 61966-2-1, Bradford).
    const [red, green, blue] = segmentation?.segments[0]?.color ?? [];
    expect(red).toBeGreaterThan(250);
    expect(green).toBeLessThan(6);
    expect(blue).toBeLessThan(6);
  });

  it('says of each frame which segment it belongs to, and what it was drawn on', () => {
    expect(readSegmentation(example())?.frames).toEqual([
      { segment: 1, drawnOn: { sop_instance_uid: '1.2.3', frame: 4 } },
      { segment: 2, drawnOn: null },
    ]);
  });

  it('of fractions knows its largest value, and of bits that it is one', () => {
    expect(readSegmentation(example())?.largest).toBe(1);
    const fractional = { ...example(), [Tag.SegmentationType]: text('CS', 'FRACTIONAL'), [Tag.MaximumFractionalValue]: number(200) };
    expect(readSegmentation(fractional)?.largest).toBe(200);
  });

  it('is not found in another object', () => {
    expect(readSegmentation({ [Tag.SOPClassUID]: text('UI', '1.2.840.10008.5.1.4.1.1.2') })).toBeUndefined();
  });
});

function example(): DataSet {
  const red = [54.29 / 100, (80.81 + 128) / 255, (69.89 + 128) / 255].map((share) => Math.round(share * 65_535));
  const liver = {
    [Tag.SegmentNumber]: number(1),
    [Tag.SegmentLabel]: text('LO', 'Liver'),
    [Tag.SegmentAlgorithmType]: text('CS', 'AUTOMATIC'),
    [Tag.RecommendedDisplayCIELabValue]: { vr: 'US' as const, Value: red },
  };
  const lesion = {
    [Tag.SegmentNumber]: number(2),
    [Tag.SegmentLabel]: text('LO', 'Lesion'),
    [Tag.SegmentAlgorithmType]: text('CS', 'MANUAL'),
  };
  const source = { [Tag.ReferencedSOPInstanceUID]: text('UI', '1.2.3'), [Tag.ReferencedFrameNumber]: number(4) };
  return {
    [Tag.SOPClassUID]: text('UI', SEGMENTATION_STORAGE),
    [Tag.SegmentationType]: text('CS', 'BINARY'),
    [Tag.SegmentSequence]: items(liver, lesion),
    [Tag.PerFrameFunctionalGroupsSequence]: items(
      {
        [Tag.SegmentIdentificationSequence]: items({ [Tag.ReferencedSegmentNumber]: number(1) }),
        [Tag.DerivationImageSequence]: items({ [Tag.SourceImageSequence]: items(source) }),
      },
      { [Tag.SegmentIdentificationSequence]: items({ [Tag.ReferencedSegmentNumber]: number(2) }) },
    ),
  };
}

function items(...values: DataSet[]): DataSet[string] {
  return { vr: 'SQ', Value: values };
}

function text(vr: 'UI' | 'CS' | 'LO', value: string): DataSet[string] {
  return { vr, Value: [value] };
}

function number(value: number): DataSet[string] {
  return { vr: 'US', Value: [value] };
}
