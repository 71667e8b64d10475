import { describe, expect, test } from 'vitest';
import { items, deidentifiedDataSet as result, deidentified as run, text } from '../../../test/deidentified.ts';
import { type Attribute, type DataSet, DicomError, itemsOf, textOf, textsOf } from '../data-set.ts';
import { parsePart10 } from '../parse.ts';
import { isValidUid } from '../uids.ts';
import { writePart10 } from '../write.ts';
import { readDate } from './dates.ts';

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
