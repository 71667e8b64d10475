/** Letters that do not fall apart into a base letter and a mark. */
const expansions: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/** Text for comparing: no case, no marks above or below letters, compatibility forms as the plain ones (Unicode NFKD). */
export function foldText(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return /^[\x20-\x7e]*$/.test(plain) ? plain : plain.replace(/[ßæœøłđðþı]/g, (letter) => expansions[letter] ?? letter);
}

/** Folded text without anything but letters and digits. */
export function squeezeText(text: string): string {
  return foldText(text).replace(/[^\p{L}\p{N}]/gu, '');
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** First letters of month names in German, French and Spanish where they differ from English. */
const OTHER_MONTHS: Readonly<Record<string, number>> = {
  mai: 5,
  okt: 10,
  dez: 12,
  fev: 2,
  avr: 4,
  aou: 8,
  ene: 1,
  abr: 4,
  ago: 8,
  dic: 12,
};

const compactDate = /(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d{1,5}(?!\d))/g;
const yearFirst = /(?<!\d)((?:19|20)\d{2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)/g;
const yearLast = /(?<!\d)(\d{1,2})\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{4}|\d{2})(?!\d)/g;
const dayMonthName = /(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]*([a-z]{3,9})\.?[\s,-]*(\d{4}|\d{2})(?!\d)/g;
const monthNameDay = /([a-z]{3,9})\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?[\s,-]+(\d{4})(?!\d)/g;

/** A date found in text: where, and each day that it may mean ("03/04/2001" is two). */
export type DateInText = { start: number; end: number; days: string[] };

/** Everything in folded text that reads as a date: 20040119, 2004-01-19, 19.1.2004, 01/19/04, 19 Jan 2004, Jan 19, 2004. */
export function datesInText(folded: string): DateInText[] {
  const found: DateInText[] = [];
  const add = (match: RegExpExecArray, days: (string | undefined)[]) => {
    const known = days.flatMap((day) => (day === undefined ? [] : [day]));
    if (known.length > 0) found.push({ start: match.index, end: match.index + match[0].length, days: known });
  };
  for (const match of folded.matchAll(compactDate)) add(match, [dayOf(match[1], match[2], match[3])]);
  for (const match of folded.matchAll(yearFirst)) add(match, [dayOf(match[1], match[2], match[3])]);
  for (const match of folded.matchAll(yearLast)) {
    for (const year of yearsOf(match[3])) add(match, [dayOf(year, match[2], match[1]), dayOf(year, match[1], match[2])]);
  }
  for (const match of folded.matchAll(dayMonthName)) {
    for (const year of yearsOf(match[3])) add(match, [dayOf(year, monthOf(match[2]), match[1])]);
  }
  for (const match of folded.matchAll(monthNameDay)) add(match, [dayOf(match[3], monthOf(match[1]), match[2])]);
  return found;
}

function monthOf(name: string | undefined): string | undefined {
  const start = (name ?? '').slice(0, 3);
  const place = MONTHS.indexOf(start) + 1 || OTHER_MONTHS[start];
  return place === undefined || place === 0 ? undefined : String(place);
}

/** Two digits may be of either century. */
function yearsOf(year: string | undefined): string[] {
  if (year === undefined) return [];
  return year.length === 4 ? [year] : [`19${year}`, `20${year}`];
}

function dayOf(year: string | undefined, month: string | undefined, day: string | undefined): string | undefined {
  const [m, d] = [Number(month), Number(day)];
  if (year === undefined || !(m >= 1 && m <= 12 && d >= 1 && d <= 31)) return undefined;
  return `${year}${String(m).padStart(2, '0')}${String(d).padStart(2, '0')}`;
}
