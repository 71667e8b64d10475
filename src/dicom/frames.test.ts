import { describe, expect, it } from 'vitest';
import { ctObject, encapsulatedObject } from '../../test/conformance/dicom-objects.ts';
import { DicomError, type Part10 } from './data-set.ts';
import { encapsulateFrames, frameCount, pixelFrames } from './frames.ts';
import { Tag } from './tags.ts';
import { RleLossless } from './uids.ts';

const start = [0xff, 0xd8, 0xff, 0xe0];
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

function native(pixels: Uint8Array, change: Record<string, number> = {}): Part10 {
  const part10 = ctObject();
  part10.dataSet[Tag.PixelData] = { vr: 'OW', bytes: pixels };
  for (const [tag, value] of Object.entries(change)) part10.dataSet[tag] = { vr: tag === Tag.NumberOfFrames ? 'IS' : 'US', Value: [value] };
  return part10;
}

describe('native frames', () => {
  it('are cut by the size of a frame', () => {
    const part10 = native(
      Uint8Array.from({ length: 48 }, (_, index) => index),
      { [Tag.NumberOfFrames]: 3 },
    );
    expect(frameCount(part10)).toBe(3);
    expect(pixelFrames(part10).map((frame) => [frame.length, frame[0]])).toEqual([
      [16, 0],
      [16, 16],
      [16, 32],
    ]);
  });

  it('of one bit a pixel are moved to begin at the first bit of a byte', () => {
    const oneBit = { [Tag.BitsAllocated]: 1, [Tag.BitsStored]: 1, [Tag.HighBit]: 0, [Tag.NumberOfFrames]: 2 };
    // 3 columns by 2 rows: bits 0 to 5 are the first frame, 6 to 11 the second.
    const part10 = native(bytes(0b01_101101, 0b0000_1010), { ...oneBit, [Tag.Columns]: 3 });
    expect(pixelFrames(part10).map((frame) => (frame[0] ?? 0) & 0b111111)).toEqual([0b101101, 0b101001]);
  });

  it('shorter than declared are refused', () => {
    expect(() => pixelFrames(native(new Uint8Array(14)))).toThrow(DicomError);
  });

  it('of an object without pixels are none', () => {
    expect(pixelFrames({ meta: {}, dataSet: {}, transferSyntaxUid: '1.2.840.10008.1.2.1' })).toEqual([]);
  });
});

describe('encapsulated frames', () => {
  it('are the fragments where there is one for each', () => {
    expect(pixelFrames(encapsulatedObject([bytes(1, 2), bytes(3, 4)], 2))).toEqual([bytes(1, 2), bytes(3, 4)]);
  });

  it('of a single frame are all fragments joined', () => {
    expect(pixelFrames(encapsulatedObject([bytes(1, 2), bytes(3, 4)], 1))).toEqual([bytes(1, 2, 3, 4)]);
  });

  it('follow the basic offset table', () => {
    const part10 = encapsulatedObject([bytes(1, 2), bytes(3, 4), bytes(5, 6)], 2);
    part10.dataSet[Tag.PixelData] = {
      vr: 'OB',
      fragments: [bytes(1, 2), bytes(3, 4), bytes(5, 6)],
      offsetTable: bytes(0, 0, 0, 0, 20, 0, 0, 0),
    };
    expect(pixelFrames(part10)).toEqual([bytes(1, 2, 3, 4), bytes(5, 6)]);
  });

  it('without a table, or with one that does not fit, begin where a codestream begins', () => {
    const fragments = [bytes(...start), bytes(7, 7), bytes(...start, 1, 1)];
    const part10 = encapsulatedObject(fragments, 2);
    const expected = [bytes(...start, 7, 7), bytes(...start, 1, 1)];
    expect(pixelFrames(part10)).toEqual(expected);
    part10.dataSet[Tag.PixelData] = { vr: 'OB', fragments, offsetTable: bytes(0, 0, 0, 0, 21, 0, 0, 0) };
    expect(pixelFrames(part10)).toEqual(expected);
  });

  it('end where the extended offset table says', () => {
    const part10 = encapsulatedObject([bytes(1, 2, 3, 0), bytes(4, 5)], 2);
    part10.dataSet[Tag.ExtendedOffsetTableLengths] = { vr: 'OV', bytes: bytes(3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0) };
    expect(pixelFrames(part10)).toEqual([bytes(1, 2, 3), bytes(4, 5)]);
  });

  it('that nothing tells apart are refused', () => {
    expect(() => pixelFrames(encapsulatedObject([bytes(1, 2), bytes(3, 4), bytes(5, 6)], 2))).toThrow(DicomError);
    expect(() => pixelFrames(encapsulatedObject([bytes(1, 2)], 2))).toThrow(DicomError);
    const rle = { ...encapsulatedObject([bytes(1, 2), bytes(3, 4)], 1), transferSyntaxUid: RleLossless };
    expect(() => pixelFrames(rle)).toThrow(DicomError);
  });

  it('made from frames come back from them', () => {
    const frames = [bytes(1, 2, 3), bytes(4, 5), bytes(6)];
    const part10 = encapsulatedObject([], 3);
    const attribute = encapsulateFrames(frames);
    part10.dataSet[Tag.PixelData] = attribute;
    expect(attribute.offsetTable).toEqual(bytes(0, 0, 0, 0, 12, 0, 0, 0, 22, 0, 0, 0));
    expect(pixelFrames(part10)).toEqual(frames);
  });
});
