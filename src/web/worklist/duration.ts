import { intlLocale } from '../strings/locale.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A time span in its two greatest units, `3 d 4 h` or `12 min`, in the units of the language. */
export function duration(ms: number): string {
  const span = Math.max(0, ms);
  if (span >= DAY_MS) return join([span / DAY_MS, 'day'], [(span % DAY_MS) / HOUR_MS, 'hour']);
  if (span >= HOUR_MS) return join([span / HOUR_MS, 'hour'], [(span % HOUR_MS) / MINUTE_MS, 'minute']);
  return inUnit(span / MINUTE_MS, 'minute');
}

type Unit = 'day' | 'hour' | 'minute';

function join(...[[first, unit], [rest, smaller]]: [[number, Unit], [number, Unit]]): string {
  const second = Math.floor(rest);
  return second === 0 ? inUnit(first, unit) : `${inUnit(first, unit)} ${inUnit(second, smaller)}`;
}

function inUnit(value: number, unit: Unit): string {
  return new Intl.NumberFormat(intlLocale(), { style: 'unit', unit, unitDisplay: 'short' }).format(Math.floor(value));
}
