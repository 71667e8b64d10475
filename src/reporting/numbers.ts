const MINUS = '\u2212';

/** How a language writes numbers: its grouping and decimal signs, and whether a space stands before the percent sign. */
export type NumberStyle = { language: 'en-US' | 'de-DE' | 'fr-FR' | 'es-ES'; percentSign: string };
const ENGLISH_NUMBERS: NumberStyle = { language: 'en-US', percentSign: '%' };

/** Western digits with grouping in every locale: `5,240`, `−950`. Whatever rounds to zero has no sign. */
export function formatNumber(value: number, fractionDigits: number, { language } = ENGLISH_NUMBERS): string {
  const text = new Intl.NumberFormat(language, {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
    signDisplay: 'negative',
  }).format(value);
  return text.replace('-', MINUS);
}

/** A probability in whole percent. Never `0%` or `100%`, which would claim a certainty that no model has. */
export function formatProbability(probability: number, { percentSign } = ENGLISH_NUMBERS): string {
  if (probability > 0.99) return `>99${percentSign}`;
  if (probability < 0.01) return `<1${percentSign}`;
  return `${formatNumber(probability * 100, 0)}${percentSign}`;
}

const DECIMALS: Readonly<Record<string, number>> = { mL: 0, HU: 0, 'mm³': 0, mm: 1, '%': 1 };

/** `7.2 mm`, `12.4%`, with the digits that suit the unit. */
export function formatQuantity(value: number, unit: string, style = ENGLISH_NUMBERS): string {
  const text = formatNumber(value, DECIMALS[unit] ?? 2, style);
  if (unit === '') return text;
  return unit === '%' ? `${text}${style.percentSign}` : `${text}\u00a0${unit}`;
}

/** Year, month 1..12 and day of `19700131` or `1970-01-31…`; undefined for anything else. */
export function readDate(value: string): { year: number; month: number; day: number } | undefined {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})(?!\d)/.exec(value);
  if (!match) return undefined;
  const [year, month, day] = match.slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return { year, month, day };
}
