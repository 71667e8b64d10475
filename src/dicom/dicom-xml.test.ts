import { expect, test } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import { writeNativeXml } from './dicom-xml.ts';

const START =
  '<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="http://dicom.nema.org/PS3.19/models/NativeDICOM" xml:space="preserve">';
const inside = (json: DicomJson): string => {
  const xml = writeNativeXml(json);
  expect(xml.startsWith(START) && xml.endsWith('</NativeDicomModel>')).toBe(true);
  return xml.slice(START.length, -'</NativeDicomModel>'.length);
};

test('attributes stand in ascending order with keyword, tag and VR, values are numbered, empty ones keep their number free', () => {
  expect(inside({ '00280010': { vr: 'US', Value: [512] }, '00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'AXIAL'] } })).toBe(
    '<DicomAttribute keyword="ImageType" tag="00080008" vr="CS"><Value number="1">ORIGINAL</Value><Value number="3">AXIAL</Value></DicomAttribute>' +
      '<DicomAttribute keyword="Rows" tag="00280010" vr="US"><Value number="1">512</Value></DicomAttribute>',
  );
  expect(inside({ '00100020': { vr: 'LO' } })).toBe('<DicomAttribute keyword="PatientID" tag="00100020" vr="LO"/>');
});

test('person names are taken apart into component groups and components', () => {
  const name = { Alphabetic: 'Yamada^Tarou^^Dr', Ideographic: '山田^太郎' };
  expect(inside({ '00100010': { vr: 'PN', Value: [name] } })).toBe(
    '<DicomAttribute keyword="PatientName" tag="00100010" vr="PN"><PersonName number="1">' +
      '<Alphabetic><FamilyName>Yamada</FamilyName><GivenName>Tarou</GivenName><NamePrefix>Dr</NamePrefix></Alphabetic>' +
      '<Ideographic><FamilyName>山田</FamilyName><GivenName>太郎</GivenName></Ideographic></PersonName></DicomAttribute>',
  );
});

test('sequences nest as items, private attributes name their creator, and binary values are linked or inline', () => {
  const json: DicomJson = {
    '00081140': { vr: 'SQ', Value: [{ '00081155': { vr: 'UI', Value: ['1.2.3'] } }, {}] },
    '00090010': { vr: 'LO', Value: ['A & B'] },
    '00091001': { vr: 'OB', InlineBinary: 'AAE=' },
    '7FE00010': { vr: 'OW', BulkDataURI: 'http://host/x?a=1&b=2' },
  };
  expect(inside(json)).toBe(
    '<DicomAttribute keyword="ReferencedImageSequence" tag="00081140" vr="SQ"><Item number="1">' +
      '<DicomAttribute keyword="ReferencedSOPInstanceUID" tag="00081155" vr="UI"><Value number="1">1.2.3</Value></DicomAttribute>' +
      '</Item><Item number="2"></Item></DicomAttribute>' +
      '<DicomAttribute tag="00090010" vr="LO"><Value number="1">A &amp; B</Value></DicomAttribute>' +
      '<DicomAttribute tag="00091001" vr="OB" privateCreator="A &amp; B"><InlineBinary>AAE=</InlineBinary></DicomAttribute>' +
      '<DicomAttribute keyword="PixelData" tag="7FE00010" vr="OW"><BulkData uri="http://host/x?a=1&amp;b=2"/></DicomAttribute>',
  );
});

test('text cannot break out of its element, and characters that XML cannot hold are replaced', () => {
  const text = '</Value><x y="z">\u0000\u001B\uFFFE\uD800 \r\n\u{1F600}';
  expect(inside({ '00104000': { vr: 'LT', Value: [text] } })).toContain(
    '>&lt;/Value&gt;&lt;x y=&quot;z&quot;&gt;\uFFFD\uFFFD\uFFFD\uFFFD &#13;\n\u{1F600}</Value>',
  );
});
