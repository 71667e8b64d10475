import { type Attribute, textOf } from '../data-set.ts';

const DAY_MS = 86_400_000;

/**
 * Dates moved `days` to the past (DA, DT), times of day as they are (TM, and the time in DT): intervals between all dates of a patient
 * stay true, to the second. What is no date, or a precision that a shift would break, gives undefined.
 * @param days a whole number; positive is earlier
 */
export function shiftDates(attribute: Attribute, days: number): Attribute | undefined {
  const shifted = (attribute.Value ?? []).map((value) => {
    if (value === null) return null;
    return typeof value === 'string' ? shiftText(value.trim(), attribute.vr, days) : undefined;
  });
  if (shifted.length === 0 || shifted.includes(undefined)) return undefined;
  return { vr: attribute.vr, Value: shifted.map((value) => value ?? null) };
}

/** A date ("20040119") moved `days` to the past; undefined if it is none. */
export function shiftDate(date: string, days: number): string | undefined {
  const at = readDate(date);
  if (at === undefined) return undefined;
  const moved = new Date(at - days * DAY_MS);
  const year = moved.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) return undefined;
  return `${pad(year, 4)}${pad(moved.getUTCMonth() + 1, 2)}${pad(moved.getUTCDate(), 2)}`;
}

/** Milliseconds of a day "YYYYMMDD"; undefined if the calendar has no such day. */
export function readDate(date: string): number | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  if (year === undefined) return undefined;
  const at = new Date(0);
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isReal = at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day) && Number(year) > 0;
  return isReal ? at.getTime() : undefined;
}

/** Days of all DA and DT values, "YYYYMMDD"; the old form with points counts too. */
export function daysIn({ vr, Value = [] }: Attribute): string[] {
  if (vr !== 'DA' && vr !== 'DT') return [];
  return Value.flatMap((value) => {
    const text = typeof value === 'string' ? value.trim().replace(/^(\d{4})\.(\d{2})\.(\d{2})$/, '$1$2$3') : '';
    return readDate(text.slice(0, 8)) === undefined ? [] : [text.slice(0, 8)];
  });
}

/** Whether a Timezone Offset From UTC says an offset and nothing else. */
export function isTimezoneOffset(attribute: Attribute): boolean {
  return /^[+-]\d{4}$/.test(textOf({ zone: attribute }, 'zone') ?? '');
}

function shiftText(text: string, vr: string, days: number): string | undefined {
  if (vr === 'TM') return /^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/.test(text) ? text : undefined;
  if (vr === 'DA') return shiftDate(text.replace(/^(\d{4})\.(\d{2})\.(\d{2})$/, '$1$2$3'), days);
  const [, date = '', rest = ''] = /^(\d{8})((?:\d{2}(?:\d{2}(?:\d{2}(?:\.\d{1,6})?)?)?)?(?:[+-]\d{4})?)$/.exec(text) ?? [];
  const shifted = shiftDate(date, days);
  return shifted === undefined ? undefined : shifted + rest;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}
