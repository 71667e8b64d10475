import { expect, it } from 'vitest';
import type { Part10 } from '../dicom/data-set.ts';
import { Tag } from '../dicom/tags.ts';
import { ImagingError } from './imaging-error.ts';
import { pixelSourceOf, transcodedFile } from './transcode.ts';

const RLE_LOSSLESS = '1.2.840.10008.1.2.5';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** Three frames of one pixel each. RLE: a header of 16 little endian numbers (one segment, which begins at 64), then one literal byte. */
function object(): Part10 {
  const frameOf = (gray: number): Uint8Array => {
    const frame = new Uint8Array(66);
    frame.set([1, 0, 0, 0, 64]);
    frame[65] = gray;
    return frame;
  };
  const number = (value: number) => ({ vr: 'US' as const, Value: [value] });
  return {
    meta: {},
    transferSyntaxUid: RLE_LOSSLESS,
    dataSet: {
      [Tag.SOPClassUID]: { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
      [Tag.SOPInstanceUID]: { vr: 'UI', Value: ['2.25.1001'] },
      [Tag.SamplesPerPixel]: number(1),
      [Tag.PhotometricInterpretation]: { vr: 'CS', Value: ['MONOCHROME2'] },
      [Tag.NumberOfFrames]: { vr: 'IS', Value: [3] },
      [Tag.Rows]: number(1),
      [Tag.Columns]: number(1),
      [Tag.BitsAllocated]: number(8),
      [Tag.BitsStored]: number(8),
      [Tag.HighBit]: number(7),
      [Tag.PixelRepresentation]: number(0),
      [Tag.PixelData]: { vr: 'OB', fragments: [1, 2, 3].map(frameOf) },
    },
  };
}

async function gathered(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

it('tells of a frame that failed early when its turn comes, and leaves no rejection behind', async () => {
  const source = pixelSourceOf(object());
  const { promise: isLate, resolve: release } = Promise.withResolvers<void>();
  const frameAt = async (index: number) => {
    if (index === 0) await isLate;
    return index === 1 ? new Uint8Array(20) : source.frameAt(index);
  };
  const lost: unknown[] = [];
  const note = (reason: unknown) => lost.push(reason);
  process.on('unhandledRejection', note);
  const reading = gathered(transcodedFile(object(), { ...source, frameAt }, { target: EXPLICIT_LITTLE_ENDIAN, parallel: 3 }));
  // Rejections that nobody took are told of when the tasks at hand are done.
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  release();
  await expect(reading).rejects.toThrow(ImagingError);
  process.off('unhandledRejection', note);
  expect(lost).toEqual([]);
});

it('gives all frames in order where none fails', async () => {
  const pieces = await gathered(transcodedFile(object(), pixelSourceOf(object()), { target: EXPLICIT_LITTLE_ENDIAN, parallel: 3 }));
  expect(Buffer.concat(pieces).subarray(-4)).toEqual(Buffer.from([1, 2, 3, 0]));
});
