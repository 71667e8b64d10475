import type { Vr } from '../../dicom/data-set.ts';
import { AppError } from '../platform/errors.ts';
import { componentForm, searchForm } from '../studies/patient-name.ts';

/**
 * What a query asks of one attribute (PS3.4 C.2.2.2); values of an attribute match if one of them does.
 *
 * - `equal`: one of the values, exactly
 * - `wildcard`: one of the patterns, `*` any characters, `?` one; case counts
 * - `range`: the text is not before `from` and before `before`; that is how dates and times sort
 * - `number`: the number
 * - `name`: a pattern for each component group, or one for any group; each in the form of `componentForm`. With `words`, also a name
 *   in which each word begins some word
 * - `empty`: no value
 */
export type Condition =
  | { kind: 'equal'; values: readonly string[] }
  | { kind: 'wildcard'; patterns: readonly string[] }
  | { kind: 'range'; from: string; before: string | undefined }
  | { kind: 'number'; value: number }
  | { kind: 'name'; anyGroup: string | undefined; groups: readonly (string | undefined)[]; words: readonly string[] | undefined }
  | { kind: 'empty' };

/** Sorts after every character of a date or time that continues a shorter one. */
export const AFTER_DIGITS = '~';
const MAX_KEY_LENGTH = 1024;

/** VRs whose values cannot contain a comma: a list of them is one of several. */
const LISTED: ReadonlySet<Vr> = new Set(['UI', 'CS']);
/** PS3.4 C.2.2.2.4. */
const WITH_WILDCARDS: ReadonlySet<Vr> = new Set(['AE', 'CS', 'LO', 'LT', 'SH', 'ST', 'UC', 'UR', 'UT']);
const NUMBERS: ReadonlySet<Vr> = new Set(['DS', 'IS', 'FD', 'FL', 'SL', 'SS', 'UL', 'US', 'SV', 'UV']);

/** Whether keys of this VR can be matched at all: sequences and binary values are not. */
export function canMatch(vr: Vr): boolean {
  return WITH_WILDCARDS.has(vr) || NUMBERS.has(vr) || ['AS', 'AT', 'DA', 'DT', 'PN', 'TM', 'UI'].includes(vr);
}

/**
 * The condition that a key stands for; undefined if it matches everything (empty, or `*`).
 *
 * @param name of the parameter, for the error: values are not told
 * @throws {AppError} `invalid-request` if the key is none of its VR
 */
export function parseCondition(name: string, key: string, { vr, fuzzy }: { vr: Vr; fuzzy: boolean }): Condition | undefined {
  if (key.length > MAX_KEY_LENGTH) throw new AppError('invalid-request', `${name} is longer than ${MAX_KEY_LENGTH} characters`);
  const text = key.trim();
  if (text === '' || /^\*+$/.test(text)) return undefined;
  if (text === '""') return { kind: 'empty' };
  if (vr === 'PN') return nameCondition(text, fuzzy);
  if (vr === 'DA') return rangeOf(name, text, dateBounds);
  if (vr === 'TM') return rangeOf(name, text, timeBounds);
  if (vr === 'DT') return rangeOf(name, text, momentBounds);
  if (NUMBERS.has(vr)) return numberCondition(name, text);
  return textCondition(name, text, vr);
}

function textCondition(name: string, text: string, vr: Vr): Condition {
  const values = LISTED.has(vr)
    ? text
        .split(/[,\\]/)
        .map((value) => value.trim())
        .filter((value) => value !== '')
    : [text];
  if (vr === 'UI' && !values.every((uid) => /^[0-9.]{1,64}$/.test(uid))) throw new AppError('invalid-request', `${name} takes UIDs`);
  const hasWildcards = WITH_WILDCARDS.has(vr) && values.some((value) => /[*?]/.test(value));
  return hasWildcards ? { kind: 'wildcard', patterns: values } : { kind: 'equal', values };
}

function numberCondition(name: string, text: string): Condition {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new AppError('invalid-request', `${name} takes a number`);
  return { kind: 'number', value };
}

/**
 * A key with `=` says which component group it is about; without, any group may match. Components that are empty in the key, and those
 * after its last, match anything.
 */
function nameCondition(text: string, fuzzy: boolean): Condition | undefined {
  const groups = text.split('=').slice(0, 3).map(namePattern);
  if (groups.every((group) => group === undefined)) return undefined;
  const words = searchForm(text.replaceAll(/[\^=*?]+/g, ' '));
  const named = { kind: 'name' as const, words: fuzzy && words !== '' ? words.split(' ') : undefined };
  return groups.length === 1 ? { ...named, anyGroup: groups[0], groups: [] } : { ...named, anyGroup: undefined, groups };
}

/** Undefined for a group that the key says nothing of. */
function namePattern(group: string): string | undefined {
  const components = componentForm(group)
    .split('^')
    .map((component) => (component === '' ? '*' : component));
  while (components.at(-1) === '*') components.pop();
  return components.length === 0 ? undefined : components.join('^');
}

type Bounds = (text: string) => { from: string; before: string } | undefined;

/** `a`, `a-b`, `a-` or `-b`; both ends belong to it, to the precision in which they are given (PS3.4 C.2.2.2.5). */
function rangeOf(name: string, text: string, bounds: Bounds): Condition {
  const single = bounds(text);
  if (single) return { kind: 'range', ...single };
  for (const hyphen of text.matchAll(/-/g)) {
    const [left, right] = [text.slice(0, hyphen.index).trim(), text.slice(hyphen.index + 1).trim()];
    const [first, last] = [left === '' ? undefined : bounds(left), right === '' ? undefined : bounds(right)];
    if ((left === '') === (first === undefined) && (right === '') === (last === undefined) && (first ?? last))
      return { kind: 'range', from: first?.from ?? '', before: last?.before };
  }
  throw new AppError('invalid-request', `${name} takes a value or a range of its kind`);
}

function dateBounds(text: string): { from: string; before: string } | undefined {
  const digits = text.replace(/^(\d{4})\.(\d{2})\.(\d{2})$/, '$1$2$3');
  return /^\d{8}$/.test(digits) ? { from: digits, before: `${digits}${AFTER_DIGITS}` } : undefined;
}

/** Stored times may leave out what is zero: `10`, `1000` and `100000.000` are the same moment, and sort after `from` of it. */
function timeBounds(text: string): { from: string; before: string } | undefined {
  const time = text.replaceAll(':', '');
  if (!/^([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?$/.test(time)) return undefined;
  return { from: withoutZeros(time, 0), before: `${time}${AFTER_DIGITS}` };
}

function momentBounds(text: string): { from: string; before: string } | undefined {
  const moment = momentForm(text);
  return moment === undefined ? undefined : { from: withoutZeros(moment, 8), before: `${moment}${AFTER_DIGITS}` };
}

/** A time of day without the zeros at its end that say nothing; the first `keep` characters (a date) stay. */
function withoutZeros(text: string, keep: number): string {
  const [digits = '', fraction = ''] = text.split('.');
  const tail = fraction.replace(/0+$/, '');
  if (tail !== '') return `${digits}.${tail}`;
  return digits.slice(0, keep) + digits.slice(keep).replace(/(00)+$/, '');
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
