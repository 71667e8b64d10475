/** From the first text that a date or time means, to the first that it no longer means, as texts sort. */
export type Bounds = (text: string) => { from: string; before: string } | undefined;

/** Sorts after every character of a date or time that continues a shorter one. */
const AFTER_DIGITS = '~';

/** A DA value, also in the old form with periods; undefined if it is none. */
export function dateBounds(text: string): { from: string; before: string } | undefined {
  const digits = dateForm(text);
  return digits === undefined ? undefined : { from: digits, before: `${digits}${AFTER_DIGITS}` };
}

/** A TM value. Stored times may leave out what is zero: `10`, `1000` and `100000.000` are the same moment, and sort after `from` of it. */
export function timeBounds(text: string): { from: string; before: string } | undefined {
  const time = timeForm(text);
  return time === undefined ? undefined : { from: withoutZeros(time, 0), before: `${time}${AFTER_DIGITS}` };
}

/** A DT value, with the moments in UTC where it tells its offset. */
export function momentBounds(text: string): { from: string; before: string } | undefined {
  const moment = momentForm(text);
  return moment === undefined ? undefined : { from: withoutZeros(moment, 8), before: `${moment}${AFTER_DIGITS}` };
}

/** The days of a range of moments, as dates sort. */
export function daysOf({ from, until }: { from?: { date: string }; until?: { date: string } }): {
  kind: 'range';
  from: string;
  before: string | undefined;
} {
  return { kind: 'range', from: from?.date ?? '', before: until && `${until.date}${AFTER_DIGITS}` };
}

/** When a study was made, as it sorts among others: its date and time, or else when it arrived. @param arrived ISO 8601 in UTC */
export function studyMoment(date: string | undefined, time: string | undefined, arrived: string): string {
  const day = date === undefined ? undefined : dateForm(date);
  if (day === undefined) return arrived.replaceAll(/[-:TZ]|\.\d+/g, '');
  return `${day}${time === undefined ? '' : (timeForm(time) ?? '')}`;
}

/** A DA value as it sorts: `YYYYMMDD`. Undefined if it is none. */
export function dateForm(text: string): string | undefined {
  const digits = text.replace(/^(\d{4})\.(\d{2})\.(\d{2})$/, '$1$2$3');
  return /^\d{8}$/.test(digits) ? digits : undefined;
}

/** A TM value as it sorts: without colons. Undefined if it is none. */
export function timeForm(text: string): string | undefined {
  const time = text.replaceAll(':', '');
  return /^([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?$/.test(time) ? time : undefined;
}

/** A DT value as it sorts: with an offset from UTC, in UTC to the same precision; undefined if it is none. */
export function momentForm(text: string): string | undefined {
  const parts = /^(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\.\d{1,6})?([+-])?(\d{2})?(\d{2})?$/.exec(text);
  const [, year, month, day, hour, minute, second, fraction = '', sign, hours, minutes] = parts ?? [];
  if (year === undefined || (fraction !== '' && second === undefined)) return undefined;
  const digits = `${year}${month ?? ''}${day ?? ''}${hour ?? ''}${minute ?? ''}${second ?? ''}`;
  if (sign === undefined) return hours === undefined ? `${digits}${fraction}` : undefined;
  if (hours === undefined || minutes === undefined || Number(hours) > 14 || Number(minutes) > 59) return undefined;
  // Without an hour, a shift of hours says nothing.
  if (hour === undefined) return digits;
  const offsetMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute ?? 0), Number(second ?? 0));
  const utc = new Date(local - offsetMs).toISOString().replaceAll(/[-:T]/g, '');
  return utc.slice(0, digits.length) + fraction;
}

/** A time of day without the zeros at its end that say nothing; the first `keep` characters (a date) stay. */
function withoutZeros(text: string, keep: number): string {
  const [digits = '', fraction = ''] = text.split('.');
  const tail = fraction.replace(/0+$/, '');
  if (tail !== '') return `${digits}.${tail}`;
  return digits.slice(0, keep) + digits.slice(keep).replace(/(00)+$/, '');
}
