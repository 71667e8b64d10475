import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type DataSet, type Part10, textOf } from '../dicom/data-set.ts';
import { pixelFrames } from '../dicom/frames.ts';
import { parsePart10 } from '../dicom/parse.ts';
import { describePixels } from '../dicom/pixel-description.ts';
import { Tag } from '../dicom/tags.ts';
import { writePart10 } from '../dicom/write.ts';
import { decodeFrame, decodeStoredFrame } from './decode.ts';
import { ImagingError } from './imaging-error.ts';
import { pixelSourceOf, transcodedFile, transcodeInstance } from './transcode.ts';

const uid = (tail: string): string => `1.2.840.10008.1.2${tail}`;
const NATIVE = ['', '.1', '.1.99', '.2'];
const LOSSLESS = [...NATIVE, '.1.98', '.4.57', '.4.70', '.4.80', '.4.81', '.4.90', '.4.91', '.4.201', '.4.202', '.4.203', '.5', '.8.1'];
const inflateRaw = (bytes: Uint8Array, maxOutputLength: number): Uint8Array => inflateRawSync(bytes, { maxOutputLength });
type Change = { frames?: number; more?: DataSet };
/** Three signed frames of 5 columns and 7 rows, with text outside of ASCII, a nested sequence and something behind the pixels. */
function object({ frames = 3, more = {} }: Change = {}): Part10 {
  const pixels = Int16Array.from({ length: 35 * frames }, (_, index) => ((index * 37) % 4096) - 2048);
  const dataSet: DataSet = {
    [Tag.ImageType]: { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
    [Tag.SOPClassUID]: { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
    [Tag.SOPInstanceUID]: { vr: 'UI', Value: ['2.25.1001'] },
    [Tag.PatientName]: { vr: 'PN', Value: [{ Alphabetic: 'Doe^Zoë' }] },
    [Tag.ReferencedImageSequence]: { vr: 'SQ', Value: [{ [Tag.ReferencedSOPInstanceUID]: { vr: 'UI', Value: ['2.25.7'] } }] },
    [Tag.SamplesPerPixel]: { vr: 'US', Value: [1] },
    [Tag.PhotometricInterpretation]: { vr: 'CS', Value: ['MONOCHROME2'] },
    [Tag.NumberOfFrames]: { vr: 'IS', Value: [frames] },
    [Tag.Rows]: { vr: 'US', Value: [7] },
    [Tag.Columns]: { vr: 'US', Value: [5] },
    [Tag.BitsAllocated]: { vr: 'US', Value: [16] },
    [Tag.BitsStored]: { vr: 'US', Value: [12] },
    [Tag.HighBit]: { vr: 'US', Value: [11] },
    [Tag.PixelRepresentation]: { vr: 'US', Value: [1] },
    [Tag.PixelData]: { vr: 'OW', bytes: new Uint8Array(pixels.buffer) },
    '7FE10010': { vr: 'LO', Value: ['ACME Zoë'] },
    ...more,
  };
  return { meta: {}, dataSet: sorted(dataSet), transferSyntaxUid: uid('.1') };
}

const sorted = (dataSet: DataSet): DataSet => Object.fromEntries(Object.entries(dataSet).sort(([a], [b]) => (a < b ? -1 : 1)));
const number = (vr: 'US' | 'IS', value: number): DataSet[string] => ({ vr, Value: [value] });
const color = (photometric: string, bytes: number, more: DataSet = {}): Part10 =>
  object({
    more: {
      [Tag.SamplesPerPixel]: number('US', 3),
      [Tag.PhotometricInterpretation]: { vr: 'CS', Value: [photometric] },
      [Tag.PlanarConfiguration]: number('US', 0),
      [Tag.Columns]: number('US', 6),
      [Tag.BitsAllocated]: number('US', 8),
      [Tag.BitsStored]: number('US', 8),
      [Tag.HighBit]: number('US', 7),
      [Tag.PixelRepresentation]: number('US', 0),
      [Tag.PixelData]: { vr: 'OB', bytes: Uint8Array.from({ length: bytes * 3 }, (_, index) => (index * 11) % 251) },
      ...more,
    },
  });

const read = (file: Uint8Array): Part10 => parsePart10(file, { inflateRaw });
const to = async (part10: Part10, tail: string, options = {}): Promise<Part10> => read(await transcodeInstance(part10, uid(tail), options));

async function storedPixels(part10: Part10): Promise<number[][]> {
  const description = describePixels(part10);
  if (!description) return [];
  const frames = pixelFrames(part10).map(async (frame) => [...(await decodeStoredFrame(description, frame)).pixels]);
  return Promise.all(frames);
}

/** Everything but what pixels and their description are made of. */
function withoutPixels({ dataSet }: Part10): DataSet {
  const { [Tag.PixelData]: _a, [Tag.SpecificCharacterSet]: _b, [Tag.HighBit]: _c, [Tag.PhotometricInterpretation]: _d, ...rest } = dataSet;
  return rest;
}

describe('transcodeInstance, lossless', () => {
  it.each(LOSSLESS)('into 1.2.840.10008.1.2%s and from there into every other keeps pixels, attributes and identity', async (tail) => {
    const original = object();
    const pixels = await storedPixels(original);
    const first = await to(original, tail);
    expect(first.transferSyntaxUid).toBe(uid(tail));
    expect(textOf(first.meta, Tag.TransferSyntaxUID)).toBe(uid(tail));
    for (const other of LOSSLESS) {
      const second = await to(first, other);
      expect([other, await storedPixels(second)]).toEqual([other, pixels]);
      expect(withoutPixels(second)).toEqual(withoutPixels(original));
    }
  });

  it.each(LOSSLESS)('keeps color as it is stored in 1.2.840.10008.1.2%s, planes interleaved', async (tail) => {
    for (const photometric of ['RGB', 'YBR_FULL']) {
      const planar = color(photometric, 7 * 6 * 3, { [Tag.PlanarConfiguration]: number('US', 1) });
      const written = await to(planar, tail);
      expect(await storedPixels(written)).toEqual(await storedPixels(planar));
      const told = textOf(written.dataSet, Tag.PhotometricInterpretation);
      const isTransformed = photometric === 'RGB' && ['.4.90', '.4.91', '.4.201', '.4.202', '.4.203'].includes(tail);
      expect(told).toBe(isTransformed ? 'YBR_RCT' : photometric);
      expect(written.dataSet[Tag.PlanarConfiguration]?.Value).toEqual([NATIVE.includes(tail) ? 1 : 0]);
    }
  });

  it('takes subsampled YCbCr apart where a syntax does not hold it, and leaves it between native ones', async () => {
    const half = color('YBR_FULL_422', 7 * 6 * 2);
    for (const tail of ['.5', '.4.80', '.4.90', '.4.201']) {
      const written = await to(half, tail);
      expect(textOf(written.dataSet, Tag.PhotometricInterpretation)).toBe('YBR_FULL');
      expect(await storedPixels(written)).toEqual(await storedPixels(half));
    }
    expect((await to(half, '')).dataSet[Tag.PixelData]?.bytes).toEqual(half.dataSet[Tag.PixelData]?.bytes);
  });

  it('moves values that do not stand in the low bits', async () => {
    const high = object({ more: { [Tag.HighBit]: number('US', 15) } });
    const written = await to(high, '.4.80');
    expect(written.dataSet[Tag.HighBit]?.Value).toEqual([11]);
    expect(await storedPixels(written)).toEqual(await storedPixels(high));
  });

  it('writes 32-bit values and single bits that share bytes between frames in every syntax that holds them', async () => {
    const wide = object({
      more: {
        [Tag.BitsAllocated]: number('US', 32),
        [Tag.BitsStored]: number('US', 32),
        [Tag.HighBit]: number('US', 31),
        [Tag.PixelData]: { vr: 'OW', bytes: new Uint8Array(Int32Array.from({ length: 105 }, (_, index) => index * 12_345_678).buffer) },
      },
    });
    const bits = object({
      more: {
        [Tag.BitsAllocated]: number('US', 1),
        [Tag.BitsStored]: number('US', 1),
        [Tag.HighBit]: number('US', 0),
        [Tag.PixelRepresentation]: number('US', 0),
        [Tag.PixelData]: { vr: 'OB', bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0) },
      },
    });
    for (const part10 of [wide, bits]) {
      const pixels = await storedPixels(part10);
      for (const tail of [...NATIVE, '.5', '.1.98', '.8.1']) {
        const written = await to(part10, tail);
        expect([tail, await storedPixels(written)]).toEqual([tail, pixels]);
        for (const back of NATIVE) expect([tail, back, await storedPixels(await to(written, back))]).toEqual([tail, back, pixels]);
      }
    }
  });

  it('makes overlays of their own from those that are drawn in unused bits', async () => {
    const pixels = Uint16Array.from(
      { length: 105 },
      (_, index) => (index % 4096) | (index % 3 === 0 ? 0x2000 : 0) | (index % 5 === 0 ? 0x8000 : 0),
    );
    const overlay = (group: string, bit: number): DataSet => ({
      [`${group}0010`]: number('US', 7),
      [`${group}0011`]: number('US', 5),
      [`${group}0100`]: number('US', 16),
      [`${group}0102`]: number('US', bit),
    });
    const drawn = object({
      more: { ...overlay('6000', 13), ...overlay('6002', 15), [Tag.PixelData]: { vr: 'OW', bytes: new Uint8Array(pixels.buffer) } },
    });
    const { dataSet } = await to(drawn, '.4.80');
    const bitsOf = (group: string): boolean[] =>
      Array.from({ length: 105 }, (_, index) => ((dataSet[`${group}3000`]?.bytes?.[index >> 3] ?? 0) & (1 << (index & 7))) !== 0);
    expect(bitsOf('6000')).toEqual(Array.from({ length: 105 }, (_, index) => index % 3 === 0));
    expect(bitsOf('6002')).toEqual(Array.from({ length: 105 }, (_, index) => index % 5 === 0));
    expect([dataSet['60000102'], dataSet['60000100'], dataSet['60000015']]).toEqual([number('US', 0), number('US', 1), number('IS', 3)]);
    // Between native syntaxes they stay where they are.
    expect((await to(drawn, '.2')).dataSet[Tag.PixelData]?.bytes).toEqual(new Uint8Array(pixels.buffer));
  });
});

describe('transcodeInstance, with loss', () => {
  const gray8 = (): Part10 => object({ more: color('MONOCHROME2', 42, { [Tag.SamplesPerPixel]: number('US', 1) }).dataSet });

  it('makes another object that names the one it comes from, and says how much was lost how', async () => {
    const { dataSet } = await to(gray8(), '.4.50', { derivedUid: '2.25.55', loss: { quality: 80 } });
    expect(textOf(dataSet, Tag.SOPInstanceUID)).toBe('2.25.55');
    expect(dataSet[Tag.ImageType]?.Value).toEqual(['DERIVED', 'PRIMARY', 'AXIAL']);
    expect(dataSet[Tag.LossyImageCompression]?.Value).toEqual(['01']);
    expect(dataSet[Tag.LossyImageCompressionMethod]?.Value).toEqual(['ISO_10918_1']);
    const [ratio] = dataSet[Tag.LossyImageCompressionRatio]?.Value ?? [];
    const size = dataSet[Tag.PixelData]?.fragments?.reduce((sum, { length }) => sum + length, 0) ?? 0;
    expect(Number(ratio)).toBeCloseTo((42 * 3) / size, 1);
    const [source] = dataSet[Tag.SourceImageSequence]?.Value ?? [];
    expect(source).toMatchObject({ [Tag.ReferencedSOPInstanceUID]: { Value: ['2.25.1001'] } });
    // Lost again, each loss is told.
    const twice = await to(read(await transcodeInstance(gray8(), uid('.4.50'), { derivedUid: '2.25.55' })), '.4.91', {
      derivedUid: '2.25.56',
      loss: { ratio: 2 },
    });
    expect(twice.dataSet[Tag.LossyImageCompressionMethod]?.Value).toEqual(['ISO_10918_1', 'ISO_15444_1']);
  });

  it('is not done without a new UID, nor to what cannot lose anything sensibly', async () => {
    await expect(transcodeInstance(gray8(), uid('.4.50'))).rejects.toThrow('UID of its own');
    await expect(transcodeInstance(object(), uid('.4.50'), { derivedUid: '2.25.55' })).rejects.toThrow(ImagingError);
  });

  it('stays told when the pixels are uncompressed again', async () => {
    const lossy = await to(gray8(), '.4.50', { derivedUid: '2.25.55' });
    const { [Tag.LossyImageCompression]: _, ...untold } = lossy.dataSet;
    const native = await to({ ...lossy, dataSet: untold }, '.1');
    expect(textOf(native.dataSet, Tag.LossyImageCompression)).toBe('01');
    expect(textOf(native.dataSet, Tag.SOPInstanceUID)).toBe('2.25.55');
  });
});

describe('objects without integer pixels', () => {
  const { [Tag.PixelData]: _pixels, [Tag.Rows]: _rows, ...report } = object().dataSet;
  const floats = object({
    more: { [Tag.FloatPixelData]: { vr: 'OF', bytes: new Uint8Array(420) }, [Tag.BitsAllocated]: number('US', 32) },
  }).dataSet;
  const { [Tag.PixelData]: _, ...map } = floats;

  it.each(NATIVE)('are written in 1.2.840.10008.1.2%s', async (tail) => {
    for (const dataSet of [report, map]) {
      const written = await to({ meta: {}, dataSet, transferSyntaxUid: uid('.1') }, tail);
      expect(withoutPixels(written)).toEqual(withoutPixels({ ...object(), dataSet }));
    }
  });

  it('are refused in syntaxes for compressed pixels', async () => {
    for (const dataSet of [report, map])
      for (const tail of ['.5', '.4.80', '.4.201'])
        await expect(transcodeInstance({ meta: {}, dataSet, transferSyntaxUid: uid('.1') }, uid(tail))).rejects.toThrow(ImagingError);
  });
});

describe('fragments', () => {
  it('have even lengths and are found by the basic offset table', async () => {
    const { dataSet } = await to(object(), '.4.80');
    const { fragments = [], offsetTable } = dataSet[Tag.PixelData] ?? {};
    expect(fragments.map(({ length }) => length % 2)).toEqual([0, 0, 0]);
    const [first = new Uint8Array(), second = new Uint8Array()] = fragments;
    expect([...new Uint32Array(offsetTable?.slice().buffer ?? new ArrayBuffer(0))]).toEqual([
      0,
      8 + first.length,
      16 + first.length + second.length,
    ]);
  });
});

describe('transcodedFile', () => {
  it('reads a frame when the one before has been taken, so that memory does not grow with their number', async () => {
    const compressed = await to(object({ frames: 50 }), '.4.80');
    let asked = 0;
    const source = pixelSourceOf(compressed);
    const frameAt = (index: number) => {
      asked += 1;
      return source.frameAt(index);
    };
    let taken = 0;
    for await (const piece of transcodedFile(compressed, { ...source, frameAt }, { target: uid('.1'), parallel: 2 })) {
      if (piece.length !== 70) continue;
      taken += 1;
      expect(asked - taken).toBeLessThanOrEqual(2);
    }
    expect([asked, taken]).toEqual([50, 50]);
  });

  it('gives the bytes that writing the whole object gives', async () => {
    const part10 = object();
    for (const tail of ['', '.1', '.2']) {
      const whole = writePart10({ ...part10, transferSyntaxUid: uid(tail) });
      expect(Buffer.compare(await transcodeInstance(part10, uid(tail)), whole)).toBe(0);
    }
    const deflated = writePart10({ ...part10, transferSyntaxUid: uid('.1.99') }, { deflateRaw: (bytes) => deflateRawSync(bytes) });
    expect(read(await transcodeInstance(part10, uid('.1.99')))).toEqual(read(deflated));
  });

  it('refuses a frame that cannot be decoded, whichever it is', async () => {
    const compressed = await to(object(), '.4.80');
    const [first = new Uint8Array(), ...others] = compressed.dataSet[Tag.PixelData]?.fragments ?? [];
    const broken = {
      ...compressed,
      dataSet: { ...compressed.dataSet, [Tag.PixelData]: { vr: 'OB' as const, fragments: [...others, first.subarray(0, 20)] } },
    };
    for (const tail of ['.1', '.4.90', '.5'])
      await expect(transcodeInstance(broken, uid(tail), { parallel: 3 })).rejects.toThrow(ImagingError);
    await expect(decodeFrame({ ...(describePixels(compressed) ?? expect.fail()), rows: 8 }, first)).rejects.toThrow(ImagingError);
  });
});
