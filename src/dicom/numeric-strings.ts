/** PS3.5 6.2: DS has at most 16 characters. */
const DECIMAL_LENGTH = 16;

/**
 * A number as a DS value of at most 16 characters: exact if the number has a decimal form that short, else rounded to the most
 * digits that fit. Infinities and NaN have none: undefined.
 */
export function formatDecimalString(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  const exact = shortest(String(value));
  if (exact.length <= DECIMAL_LENGTH) return exact;
  for (let digits = DECIMAL_LENGTH - 1; digits > 0; digits -= 1) {
    const rounded = shortest(String(Number(value.toPrecision(digits))));
    if (rounded.length <= DECIMAL_LENGTH) return rounded;
  }
  return undefined;
}

/** The shortest of the ways to write the digits and exponent of `text`, which is as JavaScript writes numbers. */
function shortest(text: string): string {
  const plain = text.replace('e+', 'e').replace(/^(-?)0\./, '$1.');
  if (plain.length <= DECIMAL_LENGTH) return text.length <= DECIMAL_LENGTH ? text : plain;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = /^(-?)(\d*)\.?(\d*)(?:e(-?\d+))?$/.exec(plain) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  const integral = `${sign}${significant}E${power}`;
  const scientific = `${sign}${significant.slice(0, 1)}.${significant.slice(1)}E${power + significant.length - 1}`;
  return [plain, integral, scientific].reduce((best, form) => (form.length < best.length ? form : best));
}
