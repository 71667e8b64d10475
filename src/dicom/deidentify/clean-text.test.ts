import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText } from './clean-text.ts';
import { looksIdentifying } from './find-identifiers.ts';
import type { Identifiers } from './identifiers.ts';
import { datesInText } from './normalize-text.ts';

const none: Identifiers = { words: new Set(), phrases: new Set(), numbers: new Set(), days: new Set(), uids: new Set() };
const clean = (text: string, words: string[] = [], more: string[] = []) =>
  cleanText(text, { ...none, words: new Set(words) }, new Set(more));

describe('cleaning a description', () => {
  test.each([
    // The example of PS3.15 E.3.5, note 1.
    ['CT chest abdomen pelvis - 55F Dr. Smith', 'CT chest abdomen pelvis'],
    ['MRT Knie links, Müller', 'Knie links'],
    ['T2 TSE sag 3mm', 'T2 TSE sag 3mm'],
    ['LUNG 1.0 B70f', 'LUNG B70f'],
    ['AX T1 w/o contrast', 'AX T1 w/o contrast'],
    ['Left hand pa + lateral', 'Left hand pa + lateral'],
    ['19.01.2004 chest', 'chest'],
    ['call 030 1234567', undefined],
    ['Muster, Erika *1964', undefined],
    ['patient: Doe, MRN 4711', 'patient'],
  ])('%j becomes %j', (text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  test('leaves out a word of the vocabulary that is part of a name in the object', () => {
    expect(clean('CT hand, Dr. Hand', ['hand'])).toBe('CT');
  });

  test('keeps words that were said to be safe', () => {
    expect(clean('Zyklotron chest')).toBe('chest');
    expect(clean('Zyklotron chest', [], ['zyklotron'])).toBe('Zyklotron chest');
  });

  test('never gives a word that is not in the text, and is clean when cleaned again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.constantFrom('chest', 'T2', 'Doe', '4711', 'left'), (noise, word) => {
        const text = `${noise} ${word} ${noise}`;
        const once = clean(text, ['doe']);
        if (once === undefined) return true;
        expect(clean(once, ['doe'])).toBe(once);
        return once.split(/[^\p{L}\p{N}\p{M}.]+/u).every((part) => text.includes(part.replace(/^\.+|\.+$/g, '')));
      }),
    );
  });
});

describe('text that nobody else in the object speaks of', () => {
  test.each([
    'erika@example.org',
    'Tel. +49 30 1234567',
    '(555) 123-4567',
    'reported by Dr. Quixote',
    'Mrs Panza',
    '1.3.6.1.4.1.5962.1.2.3',
    'MRN 12345678',
    'seen on 2004-01-19',
  ])('looks identifying: %s', (text) => {
    expect(looksIdentifying(text, { datesStay: false })).toBe(true);
  });

  test.each(['syngo CT 2012B', 'GE MEDICAL SYSTEMS', '120 kV, 2.5 mm', '1.2.840.10008.2.6.1', 'Philips Ingenia 5.1.7', 'axial'])(
    'does not: %s',
    (text) => {
      expect(looksIdentifying(text, { datesStay: false })).toBe(false);
    },
  );

  test('may say dates where dates stay', () => {
    expect(looksIdentifying('seen on 2004-01-19', { datesStay: true })).toBe(false);
  });
});

describe('dates in text', () => {
  test.each([
    ['20040119', ['20040119']],
    ['2004-01-19', ['20040119']],
    ['2004/1/9', ['20040109']],
    ['19.1.2004', ['20040119']],
    ['03/04/2001', ['20010403', '20010304']],
    ['19 jan 2004', ['20040119']],
    ['19-jan-04', ['19040119', '20040119']],
    ['january 19th, 2004', ['20040119']],
    ['3. marz 2004', ['20040303']],
    ['120 kv 2.5 mm', []],
    ['version 12.0.1', ['19011200']].slice(0, 1),
  ])('%s', (text, days) => {
    const found = datesInText(text as string).flatMap((date) => date.days);
    if (days === undefined) expect(found).toEqual([]);
    else expect(found.sort()).toEqual([...days].sort());
  });
});
