/** A date as exact as its source, as the span of instants that it can mean, milliseconds since 1970. */
export type Moment = { from: number; to: number };

const DAY_MS = 86_400_000;
/** Mean length of a Gregorian year. */
const DAYS_PER_YEAR = 365.2425;

/**
 * Reads ISO 8601 of any precision from a year on, and DICOM's `YYYYMMDD`. Undefined for anything else, so that nothing is concluded from a
 * date that is not understood.
 */
export function momentOf(text: string | null): Moment | undefined {
  if (text === null) return undefined;
  const match = /^(\d{4})(?:-?(\d{2})(?:-?(\d{2}))?)?(?:T.*)?$/.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1)];
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  if (text.includes('T')) return instantOf(text);
  const from = Date.UTC(year, month - 1, day);
  const next = match[3] ? from + DAY_MS : match[2] ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1);
  return { from, to: next - 1 };
}

/** Whole days between two moments, by their beginnings; negative if the second is earlier. */
export function daysBetween(a: Moment, b: Moment): number {
  return Math.floor((b.from - a.from) / DAY_MS);
}

/** Completed years on the day of `at`, by the calendar. */
export function ageInYears(birthDate: string | null, at: Date): number | undefined {
  const born = momentOf(birthDate);
  // A year alone does not tell the age.
  if (!born || born.to - born.from >= DAY_MS || born.from > at.getTime()) return undefined;
  const birth = new Date(born.from);
  const years = at.getUTCFullYear() - birth.getUTCFullYear();
  const had = at.getUTCMonth() > birth.getUTCMonth() || (at.getUTCMonth() === birth.getUTCMonth() && at.getUTCDate() >= birth.getUTCDate());
  return had ? years : years - 1;
}

export function yearsBetween(a: Moment, b: Moment): number {
  return (b.from - a.from) / (DAYS_PER_YEAR * DAY_MS);
}

/** `3 days`, `5 months`, `2 years`: as a reader says how long ago it was. */
export function spanInWords(days: number): string {
  if (days < 60) return plural(days, 'day');
  if (days < 730) return plural(Math.round(days / 30.44), 'month');
  return plural(Math.floor(days / DAYS_PER_YEAR), 'year');
}

/** The day of a date, `YYYY-MM-DD`, or as much of it as there is. */
export function dayOf(at: string): string {
  return /^\d{8}$/.test(at) ? `${at.slice(0, 4)}-${at.slice(4, 6)}-${at.slice(6)}` : at.slice(0, 10);
}

function instantOf(text: string): Moment | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : { from: time, to: time };
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
