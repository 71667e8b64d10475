import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CanonicalJsonError, canonicalJson } from './canonical-json.ts';
import { type SignedReport, sha256Hex, signedContent } from './report-hash.ts';

describe('canonical JSON (RFC 8785)', () => {
  it('sorts members by UTF-16 code units, at every depth, and leaves arrays in order', () => {
    // The ligature U+FB33 sorts after the emoji: its surrogates are smaller as UTF-16 code units (RFC 8785 3.2.3).
    const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, ö: 7, b: [{ z: 0, a: 0 }, 3, 1] };
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"b":[{"a":0,"z":0},3,1],"\u0080":6,"ö":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [4.5, '4.5'],
    [0.002, '0.002'],
    [1e30, '1e+30'],
    [1e-27, '1e-27'],
    [1e21, '1e+21'],
    [1e20, '100000000000000000000'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [333333333.3333333, '333333333.3333333'],
  ])('writes the number %s as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('escapes only what it must, the control characters with two digits in lower case or their short form', () => {
    expect(canonicalJson('\u20ac$\u000f\u000aA\'\u0042"\\\\"/\b\t\f\r\u007f\u2028')).toBe(
      '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\\b\\t\\f\\r\u007f\u2028"',
    );
  });

  it('writes no white space and keeps the three literals', () => {
    expect(canonicalJson({ literals: [null, true, false], empty: {}, none: [] })).toBe(
      '{"empty":{},"literals":[null,true,false],"none":[]}',
    );
  });

  it('refuses what JSON cannot carry unchanged', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const value of [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '\ud800',
      undefined,
      { a: undefined },
      [undefined],
      1n,
      new Date(0),
      cycle,
    ]) {
      expect(() => canonicalJson(value)).toThrow(CanonicalJsonError);
    }
  });

  it('says the same for equal values and reads back to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        if (!JSON.stringify(value).isWellFormed() || /\\ud[89a-f]/i.test(JSON.stringify(value))) return;
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('what a signature covers', () => {
  const report: SignedReport = {
    id: 'r1',
    study_instance_uid: '1.2.3',
    version: 1,
    locale: 'en',
    sections: { clinical_information: 'a', technique: 'b', comparison: 'c', findings: 'd', impression: 'e', recommendation: 'f' },
    disclaimer: 'Research use.',
    amends: null,
    amendment_reason: null,
    findings: [
      { id: 'f2', status: 'rejected' },
      { id: 'f1', status: 'accepted' },
    ],
    signed_by: 'Dr. Example',
    signed_at: '2026-11-21T08:00:00.000Z',
    signature_meaning: 'Reviewed',
  };

  it('is the same text whatever order the findings were given in', () => {
    expect(signedContent({ ...report, findings: report.findings.toReversed() })).toBe(signedContent(report));
  });

  it('changes with every field, be it one character or one decision', () => {
    const changed: SignedReport[] = [
      { ...report, id: 'r2' },
      { ...report, study_instance_uid: '1.2.4' },
      { ...report, version: 2 },
      { ...report, locale: 'ar' },
      { ...report, sections: { ...report.sections, impression: 'E' } },
      { ...report, disclaimer: '' },
      { ...report, amends: 'r0' },
      { ...report, amendment_reason: 'why' },
      { ...report, findings: [{ id: 'f1', status: 'accepted' }] },
      {
        ...report,
        findings: [
          { id: 'f1', status: 'accepted' },
          { id: 'f2', status: 'edited' },
        ],
      },
      { ...report, signed_by: 'Dr. Other' },
      { ...report, signed_at: '2026-11-21T08:00:01.000Z' },
      { ...report, signature_meaning: 'Read' },
    ];
    const hashes = [report, ...changed].map((one) => sha256Hex(signedContent(one)));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is hashed as UTF-8 bytes with SHA-256 (FIPS 180-4 example)', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
