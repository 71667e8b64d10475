import { describe, expect, it } from 'vitest';
import { decodeText, encodeText, isKnownCharset } from './charset.ts';
import { parsePersonName } from './parse-values.ts';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));

describe('text of a value field', () => {
  it.each([
    ['ISO_IR 100', 'c4 6e', 'Än'],
    ['ISO_IR 101', 'a3', 'Ł'],
    ['ISO_IR 109', 'a9', 'İ'],
    ['ISO_IR 110', 'e0', 'ā'],
    ['ISO_IR 126', 'c4 e9 ef', 'Διο'],
    ['ISO_IR 127', 'e2 c8 c7 e6 ea', 'قباني'],
    ['ISO_IR 138', 'f9 f8 e5 ef', 'שרון'],
    ['ISO_IR 144', 'bb ee 63 65', 'Люce'],
    ['ISO_IR 148', 'd0 dd', 'Ğİ'],
    ['ISO_IR 166', 'a1 d2', 'กา'],
    ['ISO_IR 203', 'a4', '€'],
    ['ISO_IR 13', 'd4 cf c0 de', 'ﾔﾏﾀﾞ'],
    ['ISO_IR 192', 'e7 8e 8b', '王'],
    ['GB18030', 'cd f5 5e 81 30 89 38', '王^¡'.replace('¡', new TextDecoder('gb18030').decode(hex('81308938')))],
    ['GBK', 'cd f5 5e d0 a1 b6 ab', '王^小东'],
    ['iso-ir-144', 'bb', 'Л'],
    ['no such term', 'c4 80', 'Ä€'],
  ])('is decoded by %s', (term, bytes, text) => {
    expect(decodeText(hex(bytes), [term], 'LO')).toBe(text);
  });

  it('takes undeclared bytes for UTF-8 if they are, for Windows-1252 if not', () => {
    expect(decodeText(hex('5a 6f c3 ab'), [], 'PN')).toBe('Zoë');
    expect(decodeText(hex('5a 6f eb'), [], 'PN')).toBe('Zoë');
  });

  it('does not take the second byte of a GB18030 or GBK character for a delimiter', () => {
    expect(decodeText(hex('81 5c 41'), ['GB18030'], 'LO')).toHaveLength(2);
    expect(decodeText(hex('81 5c 41'), ['GBK'], 'LO')).not.toContain('\\');
  });

  it('knows which terms are defined', () => {
    expect(['', 'ISO_IR 100', 'ISO 2022 IR 87', 'ISO 2022 IR 159', 'GB18030'].every(isKnownCharset)).toBe(true);
    expect(isKnownCharset('ISO_IR 999')).toBe(false);
  });

  it('is written in UTF-8', () => {
    expect(encodeText('王')).toEqual(hex('e7 8e 8b'));
  });
});

describe('code extensions: the examples of PS3.5 annexes H to K', () => {
  const cases: [string, string[], string, object][] = [
    [
      'H.3.1, JIS X 0208',
      ['', 'ISO 2022 IR 87'],
      '59616d6164615e5461726f753d1b24423b3345441b28425e1b244242404f3a1b28423d1b2442246424 5e24401b28425e1b2442243f246d24261b2842',
      { Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
    ],
    [
      'H.3.2, JIS X 0201 and 0208',
      ['ISO 2022 IR 13', 'ISO 2022 IR 87'],
      'd4cfc0de5ec0dbb33d1b24423b3345441b284a5e1b244242404f3a1b284a3d1b24422464245e24401b284a5e1b2442243f246d24261b284a',
      { Alphabetic: 'ﾔﾏﾀﾞ^ﾀﾛｳ', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' },
    ],
    [
      'I.2, KS X 1001',
      ['', 'ISO 2022 IR 149'],
      '486f6e675e47696c646f6e673d1b242943fbf35e1b242943d1ced4d73d1b242943c8ab5e1b242943b1e6b5bf',
      { Alphabetic: 'Hong^Gildong', Ideographic: '洪^吉洞', Phonetic: '홍^길동' },
    ],
    [
      'K.2, GB 2312',
      ['', 'ISO 2022 IR 58'],
      '5a68616e675e5869616f446f6e673d1b242941d5c55e1b242941d0a1b6ab3d',
      { Alphabetic: 'Zhang^XiaoDong', Ideographic: '张^小东' },
    ],
    [
      'JIS X 0212',
      ['', 'ISO 2022 IR 159'],
      '413d1b242844306c1b2842',
      { Alphabetic: 'A', Ideographic: new TextDecoder('euc-jp').decode(hex('8fb0ec')) },
    ],
    [
      'Latin, Greek and Cyrillic in one name',
      ['ISO 2022 IR 100', 'ISO 2022 IR 144', 'ISO 2022 IR 126'],
      'c45e1b2d4cbbee1b2d46c4',
      { Alphabetic: 'Ä^ЛюΔ' },
    ],
  ];
  it.each(cases)('%s', (_name, terms, bytes, name) => {
    expect(parsePersonName(decodeText(hex(bytes), terms, 'PN'))).toEqual(name);
  });

  it('fall back to the first set at a delimiter', () => {
    const bytes = hex('1b2d4c bb 5e e4');
    expect(decodeText(bytes, ['ISO 2022 IR 100', 'ISO 2022 IR 144'], 'PN')).toBe('Л^ä');
    expect(decodeText(bytes, ['ISO 2022 IR 100', 'ISO 2022 IR 144'], 'LO')).toBe('Л^ф');
    expect(decodeText(hex('1b2d4c bb 0d0a e4'), ['ISO 2022 IR 100', 'ISO 2022 IR 144'], 'LT')).toBe('Л\r\nä');
  });

  it('survive escapes that mean nothing and characters cut in half', () => {
    expect(decodeText(hex('41 1b 5a 42'), ['', 'ISO 2022 IR 87'], 'LO')).toBe('AZB');
    expect(decodeText(hex('1b2442 3b'), ['', 'ISO 2022 IR 87'], 'LO')).toContain('\uFFFD');
    expect(decodeText(hex('1b'), ['', 'ISO 2022 IR 87'], 'LO')).toBe('');
  });
});
