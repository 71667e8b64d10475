import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDecimalString } from './numeric-strings.ts';
import { parseNumericString } from './parse-values.ts';

const digits = (max: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${max}}$`));
/** Texts of the form that DS has, of up to 16 characters. */
const decimalText = fc
  .tuple(fc.constantFrom('', '-', '+'), digits(12), fc.constantFrom('', '.'), digits(12), fc.option(fc.integer({ min: -330, max: 308 })))
  .map(([sign, whole, dot, fraction, exponent]) => `${sign}${whole}${dot}${dot && fraction}${exponent === null ? '' : `E${exponent}`}`)
  .filter((text) => text.length <= 16 && /\d/.test(text.split('E')[0] ?? ''));

describe('decimal strings', () => {
  it('of 16 characters or fewer come back exactly', () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        const number = parseNumericString(text, 'DS');
        fc.pre(number !== undefined);
        const written = formatDecimalString(number) ?? '';
        expect(written.length).toBeLessThanOrEqual(16);
        expect(parseNumericString(written, 'DS')).toBe(number);
      }),
      { numRuns: 5_000 },
    );
  });

  it('round other numbers to what fits, by less than one part in 10^8', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e307, max: 1e307 }), (number) => {
        const written = formatDecimalString(number) ?? '';
        expect(written.length).toBeLessThanOrEqual(16);
        fc.pre(Math.abs(number) > 1e-300);
        expect(Math.abs(Number(written) / number - 1)).toBeLessThan(1e-8);
      }),
    );
    expect(formatDecimalString(Number.NaN)).toBeUndefined();
  });

  it.each(['1.5e', '0x10', 'Infinity', '1,5', '', '12345678901234567', '1e999', '--1'])('are not made of %j', (text) => {
    expect(parseNumericString(text, 'DS')).toBeUndefined();
  });

  it('of integers have at most 12 characters', () => {
    expect(parseNumericString(' -42', 'IS')).toBe(-42);
    expect(parseNumericString('1234567890123', 'IS')).toBeUndefined();
    expect(parseNumericString('1.0', 'IS')).toBeUndefined();
  });
});
