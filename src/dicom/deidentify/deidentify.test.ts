import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { BASIC_PROFILE, type DeidentificationOptions } from '../../contract/deidentification.ts';
import { type Attribute, type DataSet, DicomError, itemsOf, type Part10, textOf, textsOf } from '../data-set.ts';
import { parsePart10 } from '../parse.ts';
import { isValidUid } from '../uids.ts';
import { writePart10 } from '../write.ts';
import { readDate } from './dates.ts';
import { type DeidentifyRequest, deidentify } from './deidentify.ts';

const EXPLICIT = '1.2.840.10008.1.2.1';
const macOf = (key: string) => (text: string) => new Uint8Array(createHmac('sha256', key).update(text).digest());
const text = (vr: 'LO' | 'SH' | 'LT' | 'CS' | 'DA' | 'TM' | 'UI' | 'ST', ...Value: string[]): Attribute => ({ vr, Value });
const items = (...Value: DataSet[]): Attribute => ({ vr: 'SQ', Value });

const base: DataSet = {
  '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.2'),
  '00080018': text('UI', '1.2.3.4.1.1'),
  '00080020': text('DA', '20040119'),
  '00080030': text('TM', '072730'),
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Mustermann^Erika' }] },
  '00100020': text('LO', 'MRN-4711'),
  '0020000D': text('UI', '1.2.3.4.1'),
  '0020000E': text('UI', '1.2.3.4.1.9'),
  '00200052': text('UI', '1.2.3.4.7'),
};

type Change = Partial<Omit<DeidentifyRequest, 'options'>> & { options?: Partial<DeidentificationOptions>; key?: string };

function run(more: DataSet, { options = {}, key = 'k', ...request }: Change = {}, part10: Partial<Part10> = {}) {
  const dataSet = Object.fromEntries(Object.entries({ ...base, ...more }).sort(([a], [b]) => (a < b ? -1 : 1)));
  return deidentify(
    { meta: {}, dataSet, transferSyntaxUid: EXPLICIT, ...part10 },
    { options: { ...BASIC_PROFILE, ...options }, mac: macOf(key), ...request },
  );
}
const result = (more: DataSet, change: Change = {}): DataSet => run(more, change).part10.dataSet;

describe('de-identified UIDs', () => {
  test('are valid, below 2.25, the same under the same key and others under another', () => {
    const [first, again, other] = [result({}), result({}), result({}, { key: 'another' })];
    const uid = textOf(first, '00080018') ?? '';
    expect(isValidUid(uid) && uid.startsWith('2.25.')).toBe(true);
    expect(textOf(again, '00080018')).toBe(uid);
    expect(textOf(other, '00080018')).not.toBe(uid);
  });

  test('keep objects linked: a reference in one is the UID of the other', () => {
    const referring = result({ '00081115': items({ '0020000E': text('UI', '1.2.3.4.1.8'), '00081155': text('UI', '1.2.3.4.1.1') }) });
    const [item = {}] = itemsOf(referring, '00081115');
    expect(textOf(item, '00081155')).toBe(textOf(result({}), '00080018'));
  });

  test('leave what the standard defines', () => {
    const wellKnown = '1.2.840.10008.1.4.1.1';
    expect(textOf(result({ '00200052': text('UI', wellKnown) }), '00200052')).toBe(wellKnown);
    expect(textOf(result({}), '00080016')).toBe('1.2.840.10008.5.1.4.1.1.2');
  });

  test('are replaced in attributes that the table does not list, too', () => {
    expect(textOf(result({ '00200242': text('UI', '1.2.3.4.5') }), '00200242')).toMatch(/^2\.25\./);
  });
});

describe('dates that are modified', () => {
  const modify = { options: { dates: 'modify' } } as const;
  const daysBetween = (a: string, b: string) => ((readDate(b) ?? 0) - (readDate(a) ?? 0)) / 86_400_000;

  test('move to the past, all of a patient by the same days, and keep the time of day', () => {
    const more = { '00080021': text('DA', '20040131'), '0008002A': { vr: 'DT', Value: ['20040119072731.5+0100'] } as Attribute };
    const moved = result(more, modify);
    const [study = '', series = ''] = [textOf(moved, '00080020'), textOf(moved, '00080021')];
    const shift = daysBetween(study, '20040119');
    expect(shift).toBeGreaterThanOrEqual(30);
    expect(daysBetween(series, '20040131')).toBe(shift);
    expect(textOf(moved, '0008002A')).toBe(`${study}072731.5+0100`);
    expect(textOf(moved, '00080030')).toBe('072730');
    const other = result({ '00080020': text('DA', '20110705'), '0020000D': text('UI', '1.9') }, modify);
    expect(daysBetween(textOf(other, '00080020') ?? '', '20110705')).toBe(shift);
  });

  test('move by other days for another patient', () => {
    const shifts = Array.from({ length: 20 }, (_, index) => textOf(result({ '00100020': text('LO', `MRN-${index}`) }, modify), '00080020'));
    expect(new Set(shifts).size).toBeGreaterThan(15);
  });

  test('are removed where they are none, rather than left', () => {
    const moved = result({ '00080021': text('DA', 'Jan 19'), '00080022': text('DA', '20041340') }, modify);
    expect(moved['00080021']).toBeUndefined();
    expect(moved['00080022']).toBeUndefined();
  });

  test.each([
    ['remove', 'REMOVED'],
    ['modify', 'MODIFIED'],
    ['keep', 'UNMODIFIED'],
  ] as const)('%s is said in the object', (dates, said) => {
    expect(textOf(result({}, { options: { dates } }), '00280303')).toBe(said);
  });
});

/** What is known to be left behind by others: a phone number, a UID, a diagnosis and a private tag, deep inside. */
const hidden: DataSet = {
  '00090010': text('LO', 'ACME 1.1'),
  '00091001': text('LO', 'Mustermann'),
  '00102154': text('SH', '+49 30 1234567'),
  '00104000': text('LT', 'Erika M., tel 030 1234567, carcinoma of the left breast'),
  '00400275': items({ '00401001': text('SH', 'RP-99'), '00321060': text('LO', 'known carcinoma') }),
};
const secrets = [
  'Mustermann',
  'MUSTERMANN',
  'Erika',
  'MRN-4711',
  '1234567',
  '123-4567',
  '1.2.3.4',
  'carcinoma',
  'RP-99',
  '20040119',
  'ACME',
];

describe('nothing of the input is found', () => {
  const nested = (inner: DataSet, depth: number): DataSet => (depth === 0 ? inner : { '00081115': items(nested(inner, depth - 1)) });

  test.each([0, 1, 3, 20])('at depth %i', (depth) => {
    const file = writePart10(run(nested(hidden, depth)).part10);
    const bytes = new TextDecoder('latin1').decode(file);
    expect(secrets.filter((secret) => bytes.includes(secret))).toEqual([]);
    const { dataSet } = parsePart10(file);
    expect(JSON.stringify(dataSet)).not.toMatch(/"0009/);
  });

  test('in text of attributes that the profile leaves alone', () => {
    const more = {
      '00180024': text('SH', 'Mustermann_T1'),
      '00181020': text('LO', 'mustermannerika', 'V1.5'),
      '00081090': text('LO', 'call 030 / 1234567'),
      '00200011': { vr: 'IS', Value: [47_110_815] } as Attribute,
      '00101000': text('LO', '47110815'),
      '00102154': text('SH', '030 1234567'),
    };
    const { part10, changes } = run(more);
    expect(JSON.stringify(part10.dataSet)).not.toMatch(/mustermann|1234567|47110815/i);
    expect(changes.filter(({ option }) => option === 'found').map(({ path }) => path)).toEqual([
      '00081090',
      '00180024',
      '00181020',
      '00200011',
    ]);
  });

  test('in attributes of a later edition, of unknown VR, of commands and directories', () => {
    const unknown: DataSet = {
      '00000900': { vr: 'US', Value: [1] },
      '00041130': text('CS', 'MUSTERMANN'),
      '0010FFF0': text('LO', 'Mustermann'),
      '00181138': { vr: 'UN', bytes: new TextEncoder().encode('Mustermann') },
    };
    const after = result(unknown);
    expect(Object.keys(unknown).filter((tag) => after[tag] !== undefined)).toEqual([]);
  });

  test('in file meta information and preamble', () => {
    const meta: DataSet = {
      '00020016': { vr: 'AE', Value: ['KLINIK_CT1'] },
      '00020100': text('UI', '1.2.3.4.100'),
      '00020102': { vr: 'OB', bytes: new TextEncoder().encode('Mustermann') },
    };
    const file = writePart10(run({}, {}, { meta }).part10);
    expect(new TextDecoder('latin1').decode(file)).not.toMatch(/KLINIK|1\.2\.3\.4|Mustermann/);
    expect(file.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
  });

  test.each([
    ['ISO_IR 100', 'Müller^Jörg'],
    ['ISO_IR 144', 'Люкceмбypг'],
    ['ISO_IR 192', 'Yamada^Tarou=山田^太郎=やまだ^たろう'],
  ])('of a name in %s', (charset, name) => {
    const [Alphabetic = '', Ideographic = '', Phonetic = ''] = name.split('=');
    const more: DataSet = {
      '00080005': text('CS', charset),
      '00100010': { vr: 'PN', Value: [{ Alphabetic, Ideographic, Phonetic }] },
      '00181020': text('LO', ...name.split('=')),
    };
    const written = JSON.stringify(parsePart10(writePart10(run(more).part10)).dataSet);
    for (const part of name.split(/[\^=]/)) expect(written).not.toContain(part);
  });
});

describe('private attributes', () => {
  const diffusion: DataSet = {
    '00190010': text('LO', 'SIEMENS MR HEADER'),
    '0019100C': { vr: 'IS', Value: [1000] },
    '0019100A': { vr: 'US', Value: [7] },
    '00290010': text('LO', 'SIEMENS CSA HEADER'),
    '00291010': { vr: 'OB', bytes: new Uint8Array(8) },
  };

  test('are all removed unless the option retains the safe ones', () => {
    expect(Object.keys(result(diffusion)).filter((tag) => /^00[12]9/.test(tag))).toEqual([]);
    const safe = result(diffusion, { options: { retain_safe_private: true } });
    expect(Object.keys(safe).filter((tag) => /^00[12]9/.test(tag))).toEqual(['00190010', '0019100C']);
    expect(itemsOf(safe, '00120064').map((item) => textOf(item, '00080100'))).toContain('113111');
  });

  test('stay by their creator, not by their number', () => {
    const elsewhere: DataSet = {
      '00190011': text('LO', 'SIEMENS MR HEADER'),
      '0019110C': { vr: 'IS', Value: [1000] },
      '00190010': text('LO', 'Mustermann'),
    };
    const other: DataSet = { '00190010': text('LO', 'OTHER'), '0019100C': { vr: 'IS', Value: [1000] } };
    const options = { retain_safe_private: true };
    expect(result(elsewhere, { options })['0019110C']).toEqual({ vr: 'IS', Value: [1000] });
    expect(result(elsewhere, { options })['00190010']).toBeUndefined();
    expect(result(other, { options })['0019100C']).toBeUndefined();
  });

  test('can be added to the list, and go all the same if they say who it is', () => {
    const mine: DataSet = { '00330010': text('LO', 'ACME'), '00331001': text('LO', 'fast mode'), '00331002': text('LO', 'for Mustermann') };
    const safe_private = ['01', '02'].map((element) => ({ creator: 'ACME', group: '0033', element }));
    const after = result(mine, { options: { retain_safe_private: true, safe_private } });
    expect(textOf(after, '00331001')).toBe('fast mode');
    expect(after['00331002']).toBeUndefined();
  });
});

describe('the Clean Descriptors Option', () => {
  const clean = { options: { clean_descriptors: true } };

  test('keeps what is proved clean and drops the rest', () => {
    const after = result({ '00081030': text('LO', 'MR knee left Mustermann, Erika'), '0008103E': text('LO', 'Erika') }, clean);
    expect(textOf(after, '00081030')).toBe('MR knee left');
    expect(after['0008103E']).toBeUndefined();
  });

  test('keeps codes of standards and drops local ones', () => {
    const code = (scheme: string, meaning: string): DataSet => ({
      '00080100': text('SH', 'C34.1'),
      '00080102': text('SH', scheme),
      '00080104': text('LO', meaning),
    });
    const codes = items(code('I10', 'Malignant neoplasm'), code('99KLINIK', 'Patient of Dr. X'), code('I10', 'Erika'));
    const after = itemsOf(result({ '00081084': codes }, clean), '00081084');
    expect(after.map((item) => textOf(item, '00080104'))).toEqual(['Malignant neoplasm']);
  });
});

describe('structured reports', () => {
  const item = (code: string, more: DataSet): DataSet => ({
    '0040A010': text('CS', 'CONTAINS'),
    '0040A043': items({ '00080100': text('SH', code), '00080102': text('SH', 'DCM'), '00080104': text('LO', 'Concept') }),
    ...more,
  });
  const report: DataSet = {
    '00080016': text('UI', '1.2.840.10008.5.1.4.1.1.88.33'),
    '0040A730': items(
      item('121029', { '0040A040': text('CS', 'PNAME'), '0040A123': { vr: 'PN', Value: [{ Alphabetic: 'Mustermann^Erika' }] } }),
      item('121071', { '0040A040': text('CS', 'TEXT'), '0040A160': { vr: 'UT', Value: ['nodule in the left upper lobe of Erika'] } }),
      item('111030', {
        '0040A040': text('CS', 'IMAGE'),
        '00081199': items({ '00081155': text('UI', '1.2.3.4.1.1'), '00081160': { vr: 'IS', Value: [3] } }),
      }),
    ),
  };

  test('lose what they say but not their structure', () => {
    const after = itemsOf(result(report), '0040A730');
    expect(after).toHaveLength(3);
    expect(textsOf(after[1] ?? {}, '0040A160')).toEqual(['ANONYMIZED']);
    expect(textOf(after[2] ?? {}, '0040A040')).toBe('IMAGE');
    const [reference = {}] = itemsOf(after[2] ?? {}, '00081199');
    expect(textOf(reference, '00081155')).toBe(textOf(result({}), '00080018'));
    expect(textOf(reference, '00081160')).toBe('3');
  });

  test('keep what is proved clean with the Clean Structured Content Option, without who the patient is', () => {
    const after = itemsOf(result(report, { options: { clean_structured_content: true } }), '0040A730');
    expect(after).toHaveLength(2);
    expect(textsOf(after[0] ?? {}, '0040A160')).toEqual(['nodule in the left upper lobe']);
  });
});

describe('pictures', () => {
  const image: DataSet = {
    '00280010': { vr: 'US', Value: [2] },
    '00280011': { vr: 'US', Value: [2] },
    '00280100': { vr: 'US', Value: [16] },
    '00280101': { vr: 'US', Value: [12] },
    '00280102': { vr: 'US', Value: [11] },
    '00280103': { vr: 'US', Value: [0] },
  };

  test('lose their overlays, with everything that belongs to them, also those in unused bits of the pixels', () => {
    const overlay: DataSet = {
      '60000010': { vr: 'US', Value: [2] },
      '60000022': text('LO', 'Mustermann'),
      '60000102': { vr: 'US', Value: [12] },
      '7FE00010': { vr: 'OW', bytes: Uint8Array.of(0x34, 0x12, 0xff, 0xff, 0x00, 0x08, 0x01, 0xf0) },
    };
    const after = result({ ...image, ...overlay });
    expect(Object.keys(after).filter((tag) => tag.startsWith('60'))).toEqual([]);
    expect([...(after['7FE00010']?.bytes ?? [])]).toEqual([0x34, 0x02, 0xff, 0x0f, 0x00, 0x08, 0x01, 0x00]);
  });

  test('keep an overlay that was seen to hold no text, with the Clean Graphics Option', () => {
    const overlay: DataSet = {
      '60003000': { vr: 'OW', bytes: Uint8Array.of(1, 0) },
      '60020010': { vr: 'US', Value: [1] },
      '60023000': { vr: 'OW', bytes: Uint8Array.of(1, 0) },
    };
    const after = result(overlay, { options: { clean_graphics: true }, cleanOverlays: new Set(['6000']) });
    expect(Object.keys(after).filter((tag) => tag.startsWith('60'))).toEqual(['60003000']);
  });

  test('lose comments inside of JPEG and JPEG 2000 streams, and keep their offset table right', () => {
    const comment = new TextEncoder().encode('Mustermann');
    const segment = (marker: number, body: Uint8Array) => [0xff, marker, 0, body.length + 2, ...body];
    const jpeg = Uint8Array.of(0xff, 0xd8, ...segment(0xfe, comment), ...segment(0xe1, comment), 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9);
    const table = new Uint8Array(new Uint32Array([0, 8 + jpeg.length + (jpeg.length % 2)]).buffer);
    const pixels: Attribute = { vr: 'OB', fragments: [jpeg, jpeg], offsetTable: table };
    const after = run({ ...image, '7FE00010': pixels }, {}, { transferSyntaxUid: '1.2.840.10008.1.2.4.50' }).part10.dataSet['7FE00010'];
    const stripped = [0xff, 0xd8, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9];
    expect(after?.fragments?.map((fragment) => [...fragment])).toEqual([stripped, stripped]);
    expect([...new Uint32Array((after?.offsetTable ?? new Uint8Array(0)).slice().buffer)]).toEqual([0, 8 + 12]);

    const codestream = Uint8Array.of(0xff, 0x4f, ...segment(0x51, new Uint8Array(4)), ...segment(0x64, comment), 0xff, 0x90, 1, 2);
    const j2k = run({ ...image, '7FE00010': { vr: 'OB', fragments: [codestream] } }, {}, { transferSyntaxUid: '1.2.840.10008.1.2.4.90' });
    expect([...(j2k.part10.dataSet['7FE00010']?.fragments?.[0] ?? [])]).toEqual([
      0xff,
      0x4f,
      ...segment(0x51, new Uint8Array(4)),
      0xff,
      0x90,
      1,
      2,
    ]);
  });
});

describe('what was done', () => {
  test('is in the object, as codes of CID 7050, and after what was done before', () => {
    const before = items({ '00080100': text('SH', '113110'), '00080102': text('SH', 'DCM'), '00080104': text('LO', 'Mustermann') });
    const options = { dates: 'modify', clean_descriptors: true, retain_device_identity: true } as const;
    const after = result({ '00120064': before, '00120063': text('LO', 'by Dr. Quixote') }, { options, pixelsAreClean: true });
    expect(itemsOf(after, '00120064').map((item) => textOf(item, '00080100'))).toEqual([
      '113110',
      '113100',
      '113101',
      '113105',
      '113107',
      '113109',
    ]);
    expect(JSON.stringify(after)).not.toMatch(/Mustermann|Quixote/);
    expect(textOf(after, '00120062')).toBe('YES');
    expect(textOf(after, '00280301')).toBe('NO');
    for (const line of textsOf(after, '00120063')) expect(line.length).toBeLessThanOrEqual(64);
  });

  test('is reported by tag and action, never by value', () => {
    const { changes } = run(hidden);
    expect(changes).toContainEqual({ path: '00100010', action: 'Z', count: 1 });
    expect(changes).toContainEqual({ path: '00080018', action: 'U', count: 1 });
    expect(changes).toContainEqual({ path: '00091001', action: 'X', count: 1 });
    expect(secrets.filter((secret) => JSON.stringify(changes).includes(secret))).toEqual([]);
  });

  test('puts a pseudonym where one is given, and nothing where none is', () => {
    expect(textOf(result({}, { patientId: 'P-1', patientName: 'P-1' }), '00100020')).toBe('P-1');
    expect(result({})['00100020']).toEqual({ vr: 'LO' });
  });

  test('a directory is refused', () => {
    expect(() => run({ '00080016': text('UI', '1.2.840.10008.1.3.10') })).toThrow(DicomError);
  });
});
