import { describe, expect, it } from 'vitest';
import { ctObject } from '../../test/conformance/dicom-objects.ts';
import { type Attribute, DicomError } from './data-set.ts';
import { describePixels, frameBits } from './pixel-description.ts';
import { Tag } from './tags.ts';

function changed(tag: string, attribute: Attribute | undefined) {
  const part10 = ctObject();
  if (attribute === undefined) delete part10.dataSet[tag];
  else part10.dataSet[tag] = attribute;
  return part10;
}

describe('the description of pixels', () => {
  it('says what the Image Pixel module says', () => {
    expect(describePixels(ctObject())).toEqual({
      rows: 2,
      columns: 4,
      samplesPerPixel: 1,
      bitsAllocated: 16,
      bitsStored: 12,
      highBit: 11,
      pixelRepresentation: 1,
      photometricInterpretation: 'MONOCHROME2',
      planarConfiguration: 0,
      numberOfFrames: 1,
      transferSyntaxUid: '1.2.840.10008.1.2.1',
    });
  });

  it('is undefined for an object without pixels', () => {
    expect(
      describePixels({ meta: {}, dataSet: { [Tag.Modality]: { vr: 'CS', Value: ['SR'] } }, transferSyntaxUid: '1.2' }),
    ).toBeUndefined();
  });

  it('counts two samples a pixel in YBR_FULL_422', () => {
    const part10 = changed(Tag.PhotometricInterpretation, { vr: 'CS', Value: ['YBR_FULL_422'] });
    part10.dataSet[Tag.SamplesPerPixel] = { vr: 'US', Value: [3] };
    part10.dataSet[Tag.BitsAllocated] = { vr: 'US', Value: [8] };
    part10.dataSet[Tag.BitsStored] = { vr: 'US', Value: [8] };
    part10.dataSet[Tag.HighBit] = { vr: 'US', Value: [7] };
    const description = describePixels(part10);
    expect(description && frameBits(description)).toBe(4 * 2 * 2 * 8);
  });

  it.each([
    ['no rows', Tag.Rows, undefined],
    ['no columns', Tag.Columns, undefined],
    ['zero rows', Tag.Rows, { vr: 'US', Value: [0] }],
    ['two samples', Tag.SamplesPerPixel, { vr: 'US', Value: [2] }],
    ['12 bits allocated', Tag.BitsAllocated, { vr: 'US', Value: [12] }],
    ['64 bits allocated', Tag.BitsAllocated, { vr: 'US', Value: [64] }],
    ['more bits stored than allocated', Tag.BitsStored, { vr: 'US', Value: [17] }],
    ['a high bit below the stored ones', Tag.HighBit, { vr: 'US', Value: [3] }],
    ['a third kind of pixel representation', Tag.PixelRepresentation, { vr: 'US', Value: [2] }],
    ['half a frame', Tag.NumberOfFrames, { vr: 'IS', Value: ['0.5'] }],
    ['no frames', Tag.NumberOfFrames, { vr: 'IS', Value: [0] }],
    ['more than 1 GiB', Tag.NumberOfFrames, { vr: 'IS', Value: [67_108_865] }],
  ] as [string, string, Attribute | undefined][])('with %s is refused, naming the attribute', (_what, tag, attribute) => {
    try {
      describePixels(changed(tag, attribute));
    } catch (error) {
      expect(error).toBeInstanceOf(DicomError);
      expect(error).toMatchObject({ tag });
      return;
    }
    throw new Error('nothing was thrown');
  });
});
