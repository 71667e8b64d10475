import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attribute, Vr } from '../../dicom/data-set.ts';
import { matchesKeys, matchesWildcard, rangeOf } from './match.ts';

function matches(vr: Vr, key: string, value: string): boolean {
  const attribute = (text: string): Attribute => ({ vr, Value: vr === 'PN' ? [{ Alphabetic: text }] : text.split('\\') });
  return matchesKeys({ '00100010': attribute(key) }, { '00100010': attribute(value) });
}

describe('a key of a query', () => {
  it.each<[Vr, string, string, boolean]>([
    ['DA', '20240105', '20240105', true],
    ['DA', '20240105', '2024.01.05', true],
    ['DA', '20240101-20240131', '20240131', true],
    ['DA', '20240101-20240131', '20240201', false],
    ['DA', '-20231231', '20240101', false],
    ['TM', '10', '103059.5', true],
    ['TM', '1030-1040', '104059', true],
    ['TM', '1030-1040', '104100', false],
    ['TM', '10:30', '103000', true],
    ['DT', '20240105-20240106', '20240106235959', true],
    ['DT', '20240105120000-0500', '20240105120000', true],
    ['IS', '007', '7', true],
    ['UI', '1.2\\1.3', '1.3', true],
    ['UI', '1.2.*', '1.2.3', false],
    ['CS', 'CT\\MR', 'MR', true],
    ['LO', 'abc', 'ABC', false],
    ['PN', 'doe^j?n*', 'DOE^JAN^X', true],
    ['PN', 'doe', 'Doe^Jane', true],
    ['PN', 'do', 'Doe^Jane', false],
    ['SH', 'a.c', 'abc', false],
  ])('%s %s meets %s: %s', (vr, key, value, expected) => {
    expect(matches(vr, key, value)).toBe(expected);
  });

  it('meets everything when empty, and only what is empty when it is two quotes', () => {
    expect(matchesKeys({ '00100020': { vr: 'LO' } }, {})).toBe(true);
    expect(matchesKeys({ '00100020': { vr: 'LO', Value: ['""'] } }, {})).toBe(true);
    expect(matchesKeys({ '00100020': { vr: 'LO', Value: ['""'] } }, { '00100020': { vr: 'LO', Value: ['x'] } })).toBe(false);
    expect(matchesKeys({ '00100020': { vr: 'LO', Value: ['x'] } }, {})).toBe(false);
  });

  it('looks into the items of a sequence', () => {
    const held = { '00400275': { vr: 'SQ' as const, Value: [{}, { '00400009': { vr: 'SH' as const, Value: ['STEP-2'] } }] } };
    const key = (text: string) => ({ '00400275': { vr: 'SQ' as const, Value: [{ '00400009': { vr: 'SH' as const, Value: [text] } }] } });
    expect(matchesKeys(key('STEP*'), held)).toBe(true);
    expect(matchesKeys(key('NONE'), held)).toBe(false);
  });

  it('matches wildcards as a regular expression of the same meaning does', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(text, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }), (pattern, value) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
        expect(matchesWildcard(pattern, value)).toBe(expression.test(value));
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it('decides on a hostile pattern in linear steps', () => {
    expect(matchesWildcard('*a'.repeat(30_000), 'a'.repeat(29_999))).toBe(false);
  });

  it('knows no range in words', () => {
    expect(rangeOf('yesterday', 'DA')).toBeUndefined();
    expect(rangeOf('-', 'DA')).toBeUndefined();
  });
});
