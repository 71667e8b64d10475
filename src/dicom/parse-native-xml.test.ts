import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DicomError } from './data-set.ts';
import { type DicomJson, fromDicomJson, toDicomJson } from './dicom-json.ts';
import { writeNativeXml } from './dicom-xml.ts';
import { parseNativeXml } from './parse-native-xml.ts';

/** Text that XML 1.0 can hold. */
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((value) => value.replaceAll(/[^\t\n\r -\uD7FF\uE000-\uFFFD]/g, '?'));

describe('parseNativeXml', () => {
  it('gives back what was written, with every kind of value', () => {
    const json: DicomJson = toDicomJson({
      '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
      '00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'AXIAL'] },
      '00080050': { vr: 'SH' },
      '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['2.25.7'] }, '00081160': { vr: 'IS', Value: [1, 3] } }, {}] },
      '00091010': { vr: 'OB', bytes: Uint8Array.of(1, 2, 3, 255) },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Zoë^^Dr', Ideographic: '山田^太郎' }] },
      '00189073': { vr: 'FD', Value: [Math.PI] },
      '00200032': { vr: 'DS', Value: [-125.5, 0, 1e-7] },
      '00280009': { vr: 'AT', Value: ['00181063'] },
    });
    expect(parseNativeXml(writeNativeXml(json))).toEqual(json);
    expect(fromDicomJson(parseNativeXml(writeNativeXml(json)))).toEqual(fromDicomJson(json));
  });

  it('keeps any text, with space and marks', () => {
    fc.assert(
      fc.property(text, text, (name, comment) => {
        const json: DicomJson = { '00100020': { vr: 'LO', Value: [name] }, '00104000': { vr: 'LT', Value: [comment] } };
        const read = parseNativeXml(writeNativeXml(json));
        expect([read['00100020']?.Value, read['00104000']?.Value]).toEqual([[name], [comment]]);
      }),
    );
  });

  it('reads links, values out of order, prefixes, comments and CDATA', () => {
    const read = parseNativeXml(`<?xml version="1.0"?><!-- a --><d:NativeDicomModel xmlns:d="x">
      <d:DicomAttribute tag="00080008" vr="CS"><d:Value number="2"><![CDATA[A<B]]></d:Value><d:Value number="1">C</d:Value></d:DicomAttribute>
      <d:DicomAttribute tag="7fe00010" vr="OW"><d:BulkData uri="http://x/1?a=1&amp;b=2"/></d:DicomAttribute></d:NativeDicomModel>`);
    expect(read).toEqual({
      '00080008': { vr: 'CS', Value: ['C', 'A<B'] },
      '7FE00010': { vr: 'OW', BulkDataURI: 'http://x/1?a=1&b=2' },
    });
  });

  it('refuses documents of another kind, document types, unknown entities and what is not well-formed', () => {
    for (const bad of [
      '<a/>',
      '',
      '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><NativeDicomModel>&e;</NativeDicomModel>',
      '<NativeDicomModel>&e;</NativeDicomModel>',
      '<NativeDicomModel>&#0;</NativeDicomModel>',
      '<NativeDicomModel><DicomAttribute tag="0010" vr="LO"/></NativeDicomModel>',
      '<NativeDicomModel><DicomAttribute tag="00100020" vr="XX"/></NativeDicomModel>',
      '<NativeDicomModel><DicomAttribute tag="00100020" vr="LO"><Value number="9999999">a</Value></DicomAttribute></NativeDicomModel>',
      '<NativeDicomModel><DicomAttribute tag="00100020" vr="LO"/><DicomAttribute tag="00100020" vr="LO"/></NativeDicomModel>',
      '<NativeDicomModel></DicomAttribute></NativeDicomModel>',
      '<NativeDicomModel xmlns="a" xmlns="b"/>',
      '<NativeDicomModel/>x',
      `<NativeDicomModel>${'<DicomAttribute tag="00081140" vr="SQ"><Item number="1">'.repeat(1000)}`,
      // Each value claims to be the 60,000th: few bytes that would become many values.
      `<NativeDicomModel>${[1, 2].map((last) => `<DicomAttribute tag="0010002${last}" vr="LO"><Value number="60000">a</Value></DicomAttribute>`).join('')}</NativeDicomModel>`,
    ])
      expect(() => parseNativeXml(bad), bad.slice(0, 80)).toThrow(DicomError);
  });

  it('ends for any text, with attributes or an error of its own', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '<',
        '>',
        '/',
        '="',
        '"',
        '&',
        ';',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        ' ',
        '<?',
        '?>',
        '</Value>',
        '<Value number="1">',
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        try {
          const document = `<NativeDicomModel><DicomAttribute tag="00100020" vr="LO">${parts.join('')}</DicomAttribute></NativeDicomModel>`;
          expect(parseNativeXml(document)['00100020']?.vr).toBe('LO');
        } catch (error) {
          expect(error).toBeInstanceOf(DicomError);
        }
      }),
    );
  });
});
