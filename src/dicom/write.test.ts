import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deflateRaw, inflateRaw } from '../../test/conformance/dicom-files.ts';
import { ctObject, encapsulatedObject } from '../../test/conformance/dicom-objects.ts';
import { type Attribute, type DataSet, DicomError, type Part10, type Value, type Vr } from './data-set.ts';
import { parseDataSet, parsePart10 } from './parse.ts';
import { Tag } from './tags.ts';
import {
  DeflatedExplicitVrLittleEndian,
  ExplicitVrBigEndian,
  ExplicitVrLittleEndian,
  ImplicitVrLittleEndian,
  JpegBaseline,
} from './uids.ts';
import { vrInfo } from './vr.ts';
import { IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME, writeDataSet, writePart10 } from './write.ts';

/** Characters that stand for themselves in a text value: neither delimiters nor control characters nor padding at an end. */
const plainText = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 40 })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go
  .map((text) => text.replace(/[\x00-\x1f\\^=]/g, '').trim())
  .filter((text) => text !== '');
const decimal = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => Number(value.toPrecision(9)))
  .filter((value) => Number.isFinite(value) && !Object.is(value, -0));
const uid = fc.array(fc.nat(99_999), { minLength: 1, maxLength: 8 }).map((parts) => parts.join('.'));

function valueFor(vr: Vr): fc.Arbitrary<Value> {
  switch (vr) {
    case 'DS':
      return decimal;
    case 'IS':
      return fc.integer();
    case 'UI':
      return uid;
    case 'PN':
      return fc
        .record({ Alphabetic: plainText, Ideographic: plainText, Phonetic: plainText }, { requiredKeys: [] })
        .filter((name) => Object.keys(name).length > 0);
    case 'AT':
      return fc.integer({ min: 0, max: 0xffffffff }).map((tag) => tag.toString(16).toUpperCase().padStart(8, '0'));
    case 'US':
      return fc.integer({ min: 0, max: 0xffff });
    case 'SS':
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case 'UL':
      return fc.integer({ min: 0, max: 0xffffffff });
    case 'SL':
      return fc.integer();
    case 'UV':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    case 'SV':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case 'FL':
      return fc.float();
    case 'FD':
      return fc.double();
    default:
      return plainText;
  }
}

function attributeOf(vr: Vr, depth: number): fc.Arbitrary<Attribute> {
  const empty = fc.constant<Attribute>({ vr });
  const { kind, multiple, size } = vrInfo[vr];
  if (kind === 'bytes') {
    const words = fc.array(fc.uint8Array({ minLength: Math.max(size, 2), maxLength: Math.max(size, 2) }), { minLength: 1, maxLength: 20 });
    return fc.oneof(
      empty,
      words.map((parts) => ({ vr, bytes: Uint8Array.from(parts.flatMap((part) => [...part])) })),
    );
  }
  if (kind === 'sequence') {
    if (depth === 0) return empty;
    return fc.oneof(
      empty,
      fc.array(dataSetOf(depth - 1), { minLength: 1, maxLength: 3 }).map((Value) => ({ vr, Value })),
    );
  }
  const single = valueFor(vr).map((value) => [value]);
  const value = kind === 'text' ? fc.option(valueFor(vr)) : valueFor(vr);
  const several = fc.array(value, { minLength: 2, maxLength: 5 });
  return fc.oneof(
    empty,
    (multiple ? fc.oneof(single, several) : single).map((Value) => ({ vr, Value })),
  );
}

/** Data sets of private attributes, one element number for each VR, so that only the bytes say which VR it is. */
function dataSetOf(depth: number): fc.Arbitrary<DataSet> {
  const vrs = Object.keys(vrInfo) as Vr[];
  const model = Object.fromEntries(
    vrs.map((vr, index) => [`${(0x00191010 + index).toString(16).toUpperCase().padStart(8, '0')}`, attributeOf(vr, depth)]),
  );
  return fc.record<DataSet>(model, { requiredKeys: [] }) as fc.Arbitrary<DataSet>;
}

describe('writing a data set', () => {
  it.each([
    ['explicit VR little endian', ExplicitVrLittleEndian],
    ['explicit VR big endian', ExplicitVrBigEndian],
  ])('is undone by parsing it, in %s', (_name, syntax) => {
    fc.assert(
      fc.property(dataSetOf(2), (dataSet) => {
        const { [Tag.SpecificCharacterSet]: _, ...again } = parseDataSet(writeDataSet(dataSet, syntax), syntax);
        expect(again).toEqual(dataSet);
      }),
      { numRuns: 300 },
    );
  });

  it('is undone by parsing it in implicit VR, where the dictionary knows the attributes', () => {
    const { dataSet } = ctObject();
    for (const tag of ['00191001', '00191002']) delete dataSet[tag];
    expect(parseDataSet(writeDataSet(dataSet, ImplicitVrLittleEndian), ImplicitVrLittleEndian)).toEqual(dataSet);
  });

  it('keeps a private sequence in implicit VR', () => {
    const dataSet: DataSet = { '00091001': { vr: 'SQ', Value: [{ [Tag.PatientID]: { vr: 'LO', Value: ['7'] } }, {}] } };
    expect(parseDataSet(writeDataSet(dataSet, ImplicitVrLittleEndian), ImplicitVrLittleEndian)).toEqual(dataSet);
  });

  it('puts attributes in ascending order, also those whose tags JavaScript sorts first', () => {
    const dataSet: DataSet = {
      '30020011': { vr: 'DS', Value: [1] },
      [Tag.PatientID]: { vr: 'LO', Value: ['7'] },
      '60000010': { vr: 'US', Value: [1] },
    };
    const bytes = writeDataSet(dataSet, ImplicitVrLittleEndian);
    expect(Buffer.from(bytes).toString('hex')).toBe('1000200002000000372002301100020000003120006010000200000001 00'.replaceAll(' ', ''));
  });

  it('writes a text too long for its VR as UN, which is read back as what it was', () => {
    const dataSet: DataSet = { [Tag.PixelSpacing]: { vr: 'DS', Value: Array.from({ length: 40_000 }, (_, index) => index) } };
    const bytes = writeDataSet(dataSet, ExplicitVrLittleEndian);
    expect(Buffer.from(bytes.subarray(4, 6)).toString()).toBe('UN');
    expect(parseDataSet(bytes, ExplicitVrLittleEndian)).toEqual(dataSet);
  });

  it('says ISO_IR 192 at the root and nowhere else as soon as any text is outside of ASCII', () => {
    const item: DataSet = {
      [Tag.SpecificCharacterSet]: { vr: 'CS', Value: ['ISO_IR 100'] },
      [Tag.CodeMeaning]: { vr: 'LO', Value: ['Schädel'] },
    };
    const dataSet: DataSet = { [Tag.ProcedureCodeSequence]: { vr: 'SQ', Value: [item] } };
    const again = parseDataSet(writeDataSet(dataSet, ExplicitVrLittleEndian), ExplicitVrLittleEndian);
    expect(again).toEqual({
      [Tag.SpecificCharacterSet]: { vr: 'CS', Value: ['ISO_IR 192'] },
      [Tag.ProcedureCodeSequence]: { vr: 'SQ', Value: [{ [Tag.CodeMeaning]: { vr: 'LO', Value: ['Schädel'] } }] },
    });
  });

  it('refuses values that cannot stand in their VR', () => {
    const bad: [Vr, Value][] = [
      ['US', 65_536],
      ['SS', 1.5],
      ['UL', -1],
      ['AT', 'rows'],
      ['FD', '1'],
      ['UV', -1n],
      ['SV', 2n ** 63n],
      ['DS', Number.NaN],
      ['IS', 1.5],
      ['LO', { Alphabetic: 'x' }],
    ];
    for (const [vr, value] of bad) {
      expect(() => writeDataSet({ '00191010': { vr, Value: [value] } }, ExplicitVrLittleEndian), vr).toThrow(DicomError);
    }
  });
});

describe('writing a file', () => {
  it.each([ExplicitVrLittleEndian, ExplicitVrBigEndian, DeflatedExplicitVrLittleEndian])('is undone by parsing it, in %s', (syntax) => {
    const part10 = ctObject(syntax);
    const again = parsePart10(writePart10(part10, { deflateRaw }), { inflateRaw });
    expect(again.dataSet).toEqual(part10.dataSet);
    expect(again.transferSyntaxUid).toBe(syntax);
  });

  it('makes the file meta group that PS3.10 7.1 asks for, with its true length', () => {
    const file = writePart10({ ...ctObject(), meta: { [Tag.SourceApplicationEntityTitle]: { vr: 'AE', Value: ['CT1'] } } });
    expect(Buffer.from(file.subarray(128, 132)).toString()).toBe('DICM');
    expect(file.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    const groupLength = new DataView(file.buffer).getUint32(140, true);
    expect(Buffer.from(file.subarray(144 + groupLength, 148 + groupLength)).toString('hex')).toBe('08000500');
    expect(parsePart10(file).meta).toEqual({
      '00020001': { vr: 'OB', bytes: Uint8Array.of(0, 1) },
      '00020002': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
      '00020003': { vr: 'UI', Value: ['2.25.1001'] },
      '00020010': { vr: 'UI', Value: [ExplicitVrLittleEndian] },
      '00020012': { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] },
      '00020013': { vr: 'SH', Value: [IMPLEMENTATION_VERSION_NAME] },
      '00020016': { vr: 'AE', Value: ['CT1'] },
    });
  });

  it('keeps fragments and their offset table, odd ones filled up', () => {
    const part10 = encapsulatedObject([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)], 2);
    const table = Uint8Array.of(0, 0, 0, 0, 12, 0, 0, 0);
    part10.dataSet[Tag.PixelData] = { ...part10.dataSet[Tag.PixelData], vr: 'OB', offsetTable: table };
    const again: Part10 = parsePart10(writePart10(part10));
    expect(again.transferSyntaxUid).toBe(JpegBaseline);
    expect(again.dataSet[Tag.PixelData]).toEqual({
      vr: 'OB',
      fragments: [Uint8Array.of(1, 2, 3, 0), Uint8Array.of(4, 5)],
      offsetTable: table,
    });
  });

  it('refuses fragments in a native syntax and objects without UIDs', () => {
    const fragmented = encapsulatedObject([Uint8Array.of(1, 2)], 1);
    expect(() => writePart10({ ...fragmented, transferSyntaxUid: ExplicitVrLittleEndian })).toThrow(DicomError);
    expect(() => writePart10({ dataSet: {}, transferSyntaxUid: ExplicitVrLittleEndian })).toThrow(DicomError);
    expect(() => writePart10(ctObject(DeflatedExplicitVrLittleEndian))).toThrow(DicomError);
  });
});
