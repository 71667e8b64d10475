import { describe, expect, it } from 'vitest';
import { ctObject, encapsulatedObject } from '../../test/conformance/dicom-objects.ts';
import { type DataSet, DicomError } from './data-set.ts';
import { attributeAt, type DicomJson, fromDicomJson, stringifyDicomJson, toDicomJson } from './dicom-json.ts';
import { Tag } from './tags.ts';

describe('DICOM JSON', () => {
  it('is written as PS3.18 F.2 says', () => {
    expect(toDicomJson(ctObject().dataSet)).toMatchObject({
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00080050': { vr: 'SH' },
      '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['2.25.7'] }, '00081160': { vr: 'IS', Value: [1, 3] } }, {}] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Zoë', Ideographic: '山田^太郎' }] },
      '00191002': { vr: 'UV', Value: ['18446744073709551615'] },
      '00191003': { vr: 'UN', InlineBinary: 'AQIDBA==' },
      '00280009': { vr: 'AT', Value: ['00181063'] },
    });
  });

  it('is undone by reading it, also as text', () => {
    const { dataSet } = ctObject();
    dataSet['00191004'] = { vr: 'FD', Value: [Number.NaN, Number.POSITIVE_INFINITY, -1.5] };
    dataSet['00191005'] = { vr: 'DS', Value: ['1.00000000000000000001', null, 2] };
    dataSet['00191006'] = { vr: 'SV', Value: [-3n, 2n ** 60n] };
    const json = toDicomJson(dataSet);
    expect(fromDicomJson(json)).toEqual(dataSet);
    expect(fromDicomJson(JSON.parse(stringifyDicomJson(json)))).toEqual(dataSet);
    expect(fromDicomJson(JSON.parse(JSON.stringify(json)))).toEqual(dataSet);
  });

  it('says ISO_IR 192 for whatever character set the file had, also in items', () => {
    const charset: DataSet = { [Tag.SpecificCharacterSet]: { vr: 'CS', Value: ['', 'ISO 2022 IR 87'] } };
    const json = toDicomJson({ ...charset, [Tag.ContentSequence]: { vr: 'SQ', Value: [charset] } });
    expect(json['00080005']?.Value).toEqual(['ISO_IR 192']);
    expect(json['0040A730']?.Value).toEqual([{ '00080005': { vr: 'CS', Value: ['ISO_IR 192'] } }]);
  });

  it('puts binary values where `bulkDataUri` says, by paths that lead back to them', () => {
    const { dataSet } = ctObject();
    const inner = Uint8Array.of(9, 9);
    dataSet['54000100'] = { vr: 'SQ', Value: [{}, { '54001010': { vr: 'OW', bytes: inner } }] };
    const seen: [string, number][] = [];
    const json = toDicomJson(dataSet, {
      bulkDataUri: (path, byteLength) => {
        seen.push([path, byteLength]);
        return byteLength > 8 ? `bulk/${path}` : undefined;
      },
    });
    expect(seen).toEqual([
      ['00191003', 4],
      ['54000100/2/54001010', 2],
      ['7FE00010', 16],
    ]);
    expect(json['7FE00010']).toEqual({ vr: 'OW', BulkDataURI: 'bulk/7FE00010' });
    expect(attributeAt(dataSet, '54000100/2/54001010')?.bytes).toBe(inner);
    for (const path of ['', '54000100/3/54001010', '54000100/2', 'constructor', '54000100/2/toString']) {
      expect(attributeAt(dataSet, path), path).toBeUndefined();
    }
    expect(fromDicomJson(json)['7FE00010']).toBeUndefined();
  });

  it('leaves encapsulated Pixel Data out unless they have a URI', () => {
    const { dataSet } = encapsulatedObject([Uint8Array.of(1, 2)], 1);
    expect(toDicomJson(dataSet)['7FE00010']).toBeUndefined();
    expect(toDicomJson(dataSet, { bulkDataUri: () => '/frames' })['7FE00010']).toEqual({ vr: 'OB', BulkDataURI: '/frames' });
  });

  it('as text has its attributes in ascending order, as F.2.2 asks', () => {
    const item: DataSet = { '30020011': { vr: 'DS', Value: [1] }, '00080060': { vr: 'CS', Value: ['CT'] } };
    const text = stringifyDicomJson(toDicomJson({ ...item, '00081140': { vr: 'SQ', Value: [item] } }));
    expect(text.match(/\d{8}/g)).toEqual(['00080060', '00081140', '00080060', '30020011', '30020011']);
  });

  it.each([
    ['no object', []],
    ['a name that is no tag', { __proto__x: { vr: 'CS' } }],
    ['no vr', { '00080060': { Value: ['CT'] } }],
    ['an unknown vr', { '00080060': { vr: 'constructor' } }],
    ['a Value that is no array', { '00080060': { vr: 'CS', Value: 'CT' } }],
    ['a number for a text', { '00080060': { vr: 'CS', Value: [1] } }],
    ['a text for a number', { '00280010': { vr: 'US', Value: ['1'] } }],
    ['a name that is text', { '00100010': { vr: 'PN', Value: ['Doe'] } }],
    ['an item that is text', { '00081140': { vr: 'SQ', Value: ['x'] } }],
    ['binary that is no base64', { '7FE00010': { vr: 'OB', InlineBinary: '*' } }],
    ['binary in a text', { '00080060': { vr: 'CS', InlineBinary: 'AA==' } }],
  ])('of %s is refused with a DicomError', (_what, json) => {
    expect(() => fromDicomJson(json)).toThrow(DicomError);
  });

  it('nested without end is refused', () => {
    let json: DicomJson = {};
    for (let depth = 0; depth < 70; depth += 1) json = { '00081140': { vr: 'SQ', Value: [json] } };
    expect(() => fromDicomJson(json)).toThrow(DicomError);
  });
});
