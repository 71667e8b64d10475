import { describe, expect, it } from 'vitest';
import { deflateRaw, inflateRaw } from '../../test/conformance/dicom-files.ts';
import { ctObject, encapsulatedObject } from '../../test/conformance/dicom-objects.ts';
import { DicomError } from './data-set.ts';
import { checkPixelDataLength, parseDataSet, parsePart10, readHeader } from './parse.ts';
import { Tag } from './tags.ts';
import { DeflatedExplicitVrLittleEndian, ExplicitVrBigEndian, ExplicitVrLittleEndian, ImplicitVrLittleEndian } from './uids.ts';
import { writeDataSet, writePart10 } from './write.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const explicit = (text: string) => parseDataSet(hex(text), ExplicitVrLittleEndian);
const implicit = (text: string) => parseDataSet(hex(text), ImplicitVrLittleEndian);

function errorOf(act: () => unknown): DicomError {
  try {
    act();
  } catch (error) {
    if (error instanceof DicomError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parsing a data set', () => {
  it('drops padding, splits values, and keeps empty ones among several', () => {
    expect(explicit('0800 0800 4353 0800 41 5c 5c 42 20 5c 43 20')).toEqual({ '00080008': { vr: 'CS', Value: ['A', null, 'B', 'C'] } });
    expect(explicit('0800 1800 5549 0400 312e 3200')).toEqual({ '00080018': { vr: 'UI', Value: ['1.2'] } });
    expect(explicit('1000 2000 4c4f 0200 2020')).toEqual({ '00100020': { vr: 'LO' } });
  });

  it('makes numbers of DS and IS where they are valid and keeps the text where not', () => {
    const text = Buffer.from('1.50\\-2e1\\ 7 \\1,5 ').toString('hex');
    expect(explicit(`2800 3000 4453 1200 ${text}`)).toEqual({ '00280030': { vr: 'DS', Value: [1.5, -20, 7, '1,5'] } });
    expect(explicit('2000 1300 4953 0400 302e 3520')).toEqual({ '00200013': { vr: 'IS', Value: ['0.5'] } });
  });

  it('takes the VR from the dictionary in implicit VR, with Pixel Representation where that decides', () => {
    expect(implicit('2800 0301 02000000 0100  2800 2001 02000000 18fc')).toEqual({
      '00280103': { vr: 'US', Value: [1] },
      '00280120': { vr: 'SS', Value: [-1000] },
    });
    expect(implicit('2800 2001 02000000 18fc')['00280120']).toEqual({ vr: 'US', Value: [0xfc18] });
    expect(implicit('0900 1000 04000000 41434d45  0900 0110 02000000 0100')).toEqual({
      '00090010': { vr: 'LO', Value: ['ACME'] },
      '00091001': { vr: 'UN', bytes: Uint8Array.of(1, 0) },
    });
  });

  it('reads overlay groups other than the first by the same dictionary entry', () => {
    expect(implicit('0260 1000 02000000 0002')['60020010']).toEqual({ vr: 'US', Value: [512] });
  });

  it('reads UN of undefined length as a sequence in implicit VR (PS3.5 6.2.2)', () => {
    const item = 'feff 00e0 ffffffff  1000 2000 02000000 3720  feff 0de0 00000000';
    expect(explicit(`0900 0110 554e 0000 ffffffff ${item} feff dde0 00000000`)).toEqual({
      '00091001': { vr: 'SQ', Value: [{ '00100020': { vr: 'LO', Value: ['7'] } }] },
    });
  });

  it('reads UN of an attribute that the dictionary knows as what it is', () => {
    expect(explicit('2800 1000 554e 0000 02000000 0002')).toEqual({ '00280010': { vr: 'US', Value: [512] } });
  });

  it('reads elements without a VR among explicit ones, and explicit ones where implicit was declared', () => {
    expect(explicit('1000 2000 02000000 3720')).toEqual({ '00100020': { vr: 'LO', Value: ['7'] } });
    expect(implicit('1000 2000 4c4f 0200 3720')).toEqual({ '00100020': { vr: 'LO', Value: ['7'] } });
  });

  it('keeps numbers of a wrong length as bytes', () => {
    expect(explicit('2800 1000 5553 0300 000102')).toEqual({ '00280010': { vr: 'UN', bytes: Uint8Array.of(0, 1, 2) } });
  });

  it('drops group lengths and zeros after the last attribute', () => {
    expect(explicit('0800 0000 554c 0400 00000000  1000 2000 4c4f 0200 3720  00000000 00000000 000000')).toEqual({
      '00100020': { vr: 'LO', Value: ['7'] },
    });
  });

  it('decodes items by their own character set and by that of the data set where they have none', () => {
    const charset = '0800 0500 4353 0a00 49534f5f49522031 3434';
    const name = '1000 1000 504e 0200 bfe0';
    const latin = `feff 00e0 1c000000 0800 0500 4353 0a00 49534f5f49522031 3030 ${name}`;
    const dataSet = explicit(`${charset} 4000 7502 5351 0000 36000000 ${latin} feff 00e0 0a000000 ${name} 1000 2000 4c4f 0200 bfe0`);
    expect(dataSet['00400275']?.Value).toEqual([
      { '00080005': { vr: 'CS', Value: ['ISO_IR 100'] }, '00100010': { vr: 'PN', Value: [{ Alphabetic: '¿à' }] } },
      { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Пр' }] } },
    ]);
    expect(dataSet['00100020']?.Value).toEqual(['Пр']);
  });

  it.each([
    ['an attribute that stands twice', '1000 2000 4c4f 0200 3720 1000 1000 504e 0000 1000 2000 4c4f 0200 3820', '00100020', 18],
    ['a value past the end', '1000 2000 4c4f 0400 3720', '00100020', 0],
    ['an undefined length of a text', '1000 2000 5554 0000 ffffffff 3720', '00100020', 0],
    ['an item past its sequence', '0800 4011 5351 0000 08000000 feff 00e0 02000000 0000', undefined, 20],
    ['a sequence of something else', '0800 4011 5351 0000 08000000 1000 2000 00000000', '00081140', 12],
    ['a sequence without its delimiter', '0800 4011 5351 0000 ffffffff feff 00e0 00000000', undefined, 20],
    ['a delimiter outside of a sequence', 'feff 0de0 00000000', 'FFFEE00D', 0],
    ['an item inside of a fragment list', 'e07f 1000 4f42 0000 ffffffff feff 00e0 ffffffff', '7FE00010', 12],
  ])('refuses %s, saying where', (_what, bytes, tag, offset) => {
    const error = errorOf(() => explicit(bytes));
    expect({ tag: error.tag, offset: error.offset }).toEqual({ tag, offset });
  });
});

describe('parsing a file', () => {
  it('stops before the attribute named by `until`', () => {
    const { dataSet } = parsePart10(writePart10(ctObject()), { until: Tag.Rows });
    expect(dataSet[Tag.FrameIncrementPointer]).toBeDefined();
    expect(dataSet[Tag.Rows]).toBeUndefined();
  });

  it.each([ExplicitVrLittleEndian, ExplicitVrBigEndian, ImplicitVrLittleEndian])('guesses the syntax of a bare data set: %s', (syntax) => {
    const { dataSet } = ctObject();
    for (const tag of ['00191001', '00191002']) delete dataSet[tag];
    const part10 = parsePart10(writeDataSet(dataSet, syntax));
    expect(part10.transferSyntaxUid).toBe(syntax);
    expect(part10.dataSet).toEqual(dataSet);
  });

  it('refuses a bare data set that names no object, or where bare ones are not allowed', () => {
    const { dataSet } = ctObject();
    expect(() => parsePart10(writeDataSet(dataSet, ExplicitVrLittleEndian), { allowBare: false })).toThrow(DicomError);
    delete dataSet[Tag.SOPInstanceUID];
    expect(errorOf(() => parsePart10(writeDataSet(dataSet, ExplicitVrLittleEndian))).tag).toBe(Tag.SOPInstanceUID);
  });

  it('reads a meta group without preamble, and one whose length lies', () => {
    const file = writePart10(ctObject());
    expect(parsePart10(file.subarray(132)).dataSet).toEqual(ctObject().dataSet);
    new DataView(file.buffer).setUint32(140, 4, true);
    expect(parsePart10(file).dataSet).toEqual(ctObject().dataSet);
  });

  it('gives views of the file for little endian values, and leaves the file as it is for big endian ones', () => {
    const file = writePart10(ctObject());
    expect(parsePart10(file).dataSet[Tag.PixelData]?.bytes?.buffer).toBe(file.buffer);
    const big = Buffer.from(writePart10(ctObject(ExplicitVrBigEndian)));
    const before = Buffer.from(big);
    const { bytes } = parsePart10(big).dataSet[Tag.PixelData] ?? {};
    expect(bytes).toEqual(ctObject().dataSet[Tag.PixelData]?.bytes);
    expect(big.equals(before)).toBe(true);
  });

  it('refuses deflated files that are damaged, grow beyond the limit, or cannot be inflated here', () => {
    const file = writePart10(ctObject(DeflatedExplicitVrLittleEndian), { deflateRaw });
    expect(parsePart10(file, { inflateRaw }).dataSet).toEqual(ctObject().dataSet);
    expect(() => parsePart10(file)).toThrow(DicomError);
    expect(() => parsePart10(file, { inflateRaw: (bytes) => inflateRaw(bytes, 16) })).toThrow(DicomError);
    expect(() => parsePart10(file.subarray(0, file.length - 40), { inflateRaw })).toThrow(DicomError);
  });
});

describe('reading a header', () => {
  it('ends before Pixel Data and says where their value stands', () => {
    const file = writePart10(ctObject());
    const result = readHeader(file.subarray(0, file.length - 10), { complete: false });
    expect(result).toMatchObject({ kind: 'header', pixelData: { offset: file.length - 16, length: 16, vr: 'OW' } });
    const { [Tag.PixelData]: _, ...before } = ctObject().dataSet;
    expect(result.kind === 'header' && result.part10.dataSet).toEqual(before);
  });

  it('says null for the length of encapsulated Pixel Data', () => {
    const file = writePart10(encapsulatedObject([Uint8Array.of(1, 2)], 1));
    expect(readHeader(file, { complete: true })).toMatchObject({ pixelData: { length: null, vr: 'OB' } });
  });

  it('at every length of the head either asks for more or gives the same header', () => {
    const file = writePart10(ctObject());
    const whole = readHeader(file, { complete: true });
    for (let length = 0; length < file.length; length += 1) {
      const result = readHeader(file.subarray(0, length), { complete: false });
      if (result.kind === 'need-more') expect(result.atLeast).toBeGreaterThan(length);
      else expect(result).toEqual(whole);
    }
  });

  it('of the whole of a shortened file throws instead of asking for more', () => {
    const file = writePart10(ctObject());
    for (let length = 0; length < file.length - 28; length += 1) {
      let result: unknown;
      try {
        result = readHeader(file.subarray(0, length), { complete: true });
      } catch (error) {
        expect(error).toBeInstanceOf(DicomError);
        continue;
      }
      // Cut between two attributes, or in the preamble: nothing shows that there was more.
      expect(result).toMatchObject({ kind: 'header', pixelData: null });
    }
  });

  it('asks for the bytes that a large attribute before Pixel Data takes', () => {
    const part10 = ctObject();
    part10.dataSet[Tag.EncapsulatedDocument] = { vr: 'OB', bytes: new Uint8Array(500_000) };
    const file = writePart10(part10);
    const result = readHeader(file.subarray(0, 65_536), { complete: false });
    expect(result.kind === 'need-more' && result.atLeast).toBeGreaterThan(500_000);
    expect(result.kind === 'need-more' && result.atLeast).toBeLessThan(502_000);
  });

  it('asks for the entire file if it is deflated', () => {
    const file = writePart10(ctObject(DeflatedExplicitVrLittleEndian), { deflateRaw });
    expect(readHeader(file.subarray(0, 400), { complete: false })).toEqual({ kind: 'need-more', atLeast: Number.POSITIVE_INFINITY });
    expect(readHeader(file, { complete: true, inflateRaw })).toMatchObject({ kind: 'header', pixelData: null });
  });

  it('has a check that declared Pixel Data are all in the file', () => {
    expect(() => checkPixelDataLength({ offset: 100, length: 16, vr: 'OW' }, 116)).not.toThrow();
    expect(errorOf(() => checkPixelDataLength({ offset: 100, length: 16, vr: 'OW' }, 115)).tag).toBe(Tag.PixelData);
    expect(() => checkPixelDataLength({ offset: 100, length: null, vr: 'OB' }, 110)).toThrow(DicomError);
  });
});
