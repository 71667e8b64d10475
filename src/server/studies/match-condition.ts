import type { Vr } from '../../dicom/data-set.ts';
import { AppError } from '../platform/errors.ts';
import { type Bounds, dateBounds, momentBounds, timeBounds } from './moment-bounds.ts';
import { componentForm, searchForm } from './patient-name.ts';

/** A pattern for each component group, or one for any group, in the form of `componentForm`. */
export type NameCondition = {
  kind: 'name';
  anyGroup: string | undefined;
  groups: readonly (string | undefined)[];
  /** Fuzzy: also a name in which each word begins some word. */
  words: readonly string[] | undefined;
};
/** The text is not before `from` and before `before`; that is how dates and times sort. An end that is not given is open. */
export type RangeCondition = { kind: 'range'; from: string; before: string | undefined };

/**
 * What a query asks of one attribute (PS3.4 C.2.2.2); values of an attribute match if one of them does.
 *
 * - `equal`: one of the values, exactly
 * - `wildcard`: one of the patterns, `*` any characters, `?` one; case counts
 * - `number`: the number
 * - `empty`: no value
 * - `any`: one of the conditions
 */
export type Condition =
  | { kind: 'equal'; values: readonly string[] }
  | { kind: 'wildcard'; patterns: readonly string[] }
  | { kind: 'number'; value: number }
  | { kind: 'empty' }
  | { kind: 'any'; of: readonly Condition[] }
  | RangeCondition
  | NameCondition;

/** A key as it was sent: its values as text. `name` is for the error; values are not told. */
export type Key = { name: string; vr: Vr; values: readonly string[] };

const MAX_VALUE_LENGTH = 1_024;
/** Most values of one key: each is a parameter of the statement. */
const MAX_VALUES = 5_000;
/** PS3.4 C.2.2.2.4. */
const WITH_WILDCARDS: ReadonlySet<Vr> = new Set(['AE', 'CS', 'LO', 'LT', 'SH', 'ST', 'UC', 'UR', 'UT']);
const NUMBERS: ReadonlySet<Vr> = new Set(['DS', 'IS', 'FD', 'FL', 'SL', 'SS', 'UL', 'US', 'SV', 'UV']);
const BOUNDS: Partial<Record<Vr, Bounds>> = { DA: dateBounds, TM: timeBounds, DT: momentBounds };
/** What asks for no value (PS3.4 C.2.2.2.7). */
const EMPTY_VALUE = '""';

/** Whether keys of this VR can be compared with values: binary ones are not, and sequences only by their items. */
export function canMatch(vr: Vr): boolean {
  return WITH_WILDCARDS.has(vr) || NUMBERS.has(vr) || ['AS', 'AT', 'DA', 'DT', 'PN', 'TM', 'UI'].includes(vr);
}

/**
 * The condition that a key stands for; undefined if it matches everything (empty, or `*`). Of several values one must match.
 *
 * @throws {AppError} `invalid-request` if the key is none of its VR
 */
export function conditionOf(key: Key, { fuzzy }: { fuzzy: boolean }): Condition | undefined {
  const { name, vr } = key;
  const values = key.values.map((value) => value.trim()).filter((value) => value !== '');
  if (values.length > MAX_VALUES || values.some((value) => value.length > MAX_VALUE_LENGTH))
    throw new AppError('invalid-request', `${name} is too long, or has more than ${MAX_VALUES} values`);
  if (values.length === 0 || values.some((value) => /^\*+$/.test(value))) return undefined;
  if (values.length === 1 && values[0] === EMPTY_VALUE) return { kind: 'empty' };

  const bounds = BOUNDS[vr];
  if (bounds) return oneOf(values.map((value) => rangeOf(name, value, bounds)));
  if (NUMBERS.has(vr)) return oneOf(values.map((value) => numberCondition(name, value)));
  if (vr !== 'PN') return textCondition(name, values, vr);
  const names = values.map((value) => nameCondition(value, fuzzy));
  return names.includes(undefined) ? undefined : oneOf(names.flatMap((condition) => condition ?? []));
}

/** The range that a key asks for, and whether it is open at an end or has two; undefined if it is a single value or none. */
export function rangeForm(text: string): 'from' | 'until' | 'between' | undefined {
  const hyphens = text.trim().match(/-/g)?.length ?? 0;
  if (hyphens !== 1) return undefined;
  return text.trim().endsWith('-') ? 'from' : text.trim().startsWith('-') ? 'until' : 'between';
}

function oneOf(conditions: Condition[]): Condition {
  const [only] = conditions;
  return conditions.length === 1 && only ? only : { kind: 'any', of: conditions };
}

function textCondition(name: string, values: readonly string[], vr: Vr): Condition {
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
function nameCondition(text: string, fuzzy: boolean): NameCondition | undefined {
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

/** `a`, `a-b`, `a-` or `-b`; both ends belong to it, to the precision in which they are given (PS3.4 C.2.2.2.5). */
function rangeOf(name: string, text: string, bounds: Bounds): RangeCondition {
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
