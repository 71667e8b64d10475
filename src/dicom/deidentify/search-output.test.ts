import { describe, expect, test } from 'vitest';
import type { Attribute, DataSet } from '../data-set.ts';
import { writePart10 } from '../write.ts';
import type { Identifiers } from './identifiers.ts';
import { searchOutput } from './search-output.ts';

const identifiers: Identifiers = {
  words: new Set(['mullerhofer', 'jurgen', 'doe']),
  phrases: new Set(['kh-4711-22', 'acme street 7']),
  numbers: new Set(['4930123456']),
  days: new Set(['20040119']),
  uids: new Set(['1.2.3.4.5.6.7890']),
};

function leaksOf(more: DataSet): string[] {
  const dataSet: DataSet = {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    '00080018': { vr: 'UI', Value: ['2.25.77'] },
    ...more,
  };
  return searchOutput(writePart10({ dataSet, transferSyntaxUid: '1.2.840.10008.1.2.1' }), identifiers).map(({ where }) => where);
}

const text = (value: string, vr: 'LO' | 'LT' | 'CS' | 'SH' = 'LO'): Attribute => ({ vr, Value: [value] });
const latin1 = (value: string) => Uint8Array.from(value, (letter) => letter.charCodeAt(0));
const utf16 = (value: string, bigEndian: boolean) =>
  Uint8Array.from([...value].flatMap((letter) => (bigEndian ? [0, letter.charCodeAt(0)] : [letter.charCodeAt(0), 0])));

describe('the search of the output', () => {
  test.each([
    ['a name', text('seen with Doe')],
    ['a name with other accents and case', text('JÜRGEN')],
    ['a long name inside of another word', text('xMüllerhoferx')],
    ['an ID', text('see KH-4711-22.')],
    ['an ID with other signs between', text('KH 4711/22')],
    ['an address', text('Acme Street 7, 2nd floor')],
    ['a phone number in other groups', text('call +49 (30) 123-456')],
    ['a date', text('on 2004-01-19')],
    ['a date in words', text('on Jan 19, 2004')],
    ['a date with the day first', text('am 19.1.2004')],
    ['an American date of two digits', text('01/19/04')],
    ['a UID', text('of 1.2.3.4.5.6.7890')],
    ['a UID as such', { vr: 'UI', Value: ['1.2.3.4.5.6.7890'] } satisfies Attribute],
    ['a person', { vr: 'PN', Value: [{ Ideographic: 'Jurgen' }] } satisfies Attribute],
  ])('finds %s in an attribute', (_, attribute) => {
    expect(leaksOf({ '00104000': attribute })).toContain('00104000');
  });

  test('finds what stands in an item, and says where', () => {
    expect(leaksOf({ '00081115': { vr: 'SQ', Value: [{ '0008103E': text('for Doe') }] } })).toEqual(['00081115.0008103E']);
  });

  test.each([
    ['Latin-1', latin1('..Müllerhofer..')],
    ['UTF-8', new TextEncoder().encode('..Müllerhofer..')],
    ['UTF-16 little endian', utf16('..Müllerhofer..', false)],
    ['UTF-16 big endian', utf16('..Müllerhofer..', true)],
    ['ASCII, a UID', latin1('..1.2.3.4.5.6.7890..')],
  ])('finds a name in bytes that are no text, as %s', (_, bytes) => {
    expect(leaksOf({ '00282000': { vr: 'OB', bytes } })).toEqual(['bytes']);
    expect(leaksOf({ '7FE00010': { vr: 'OB', bytes } })).toEqual(['bytes']);
  });

  test('finds nothing where nothing is', () => {
    const harmless = {
      '00104000': text('Doer, does it; 2004-01-18; 4711; 1.2.3.4.5.6.789'),
      '00282000': { vr: 'OB', bytes: latin1('doe') },
    };
    expect(leaksOf(harmless as DataSet)).toEqual([]);
  });

  test('takes a word of radiology in a code for the word, whoever bears the name', () => {
    const hand = { ...identifiers, words: new Set(['hand']) };
    const dataSet = (attribute: Attribute): DataSet => ({
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
      '00080018': { vr: 'UI', Value: ['2.25.77'] },
      '00180015': attribute,
    });
    const search = (attribute: Attribute) =>
      searchOutput(writePart10({ dataSet: dataSet(attribute), transferSyntaxUid: '1.2.840.10008.1.2.1' }), hand);
    expect(search(text('HAND', 'CS'))).toEqual([]);
    expect(search(text('Dr. Hand', 'LO'))).toEqual([{ where: '00180015' }]);
  });
});
