import { type Attribute, type DataSet, itemsOf, type PersonName, type Value, type Vr } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { componentForm } from '../studies/patient-name.ts';

/** VRs in whose keys `*` and `?` are wildcards (PS3.4 C.2.2.2.4). */
const WILDCARD_VRS: ReadonlySet<Vr> = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UR', 'UT']);
/** What asks for an empty value (PS3.4 C.2.2.2.7). */
const EMPTY_KEY = '""';
/** Keys that say how to read the others. */
const NOT_MATCHED: ReadonlySet<string> = new Set([Tag.SpecificCharacterSet, Tag.QueryRetrieveLevel, Tag.TimezoneOffsetFromUTC]);

/**
 * Whether what we hold meets every key of a query (PS3.4 C.2.2.2): single values, lists, wildcards, ranges of dates and times, sequences;
 * an empty key meets everything. Person names are compared without case and diacritics, other text as it is.
 */
export function matchesKeys(keys: DataSet, held: DataSet): boolean {
  return Object.entries(keys).every(([tag, key]) => NOT_MATCHED.has(tag) || matchesKey(key, held[tag], { keys, held, tag }));
}

/** Whether the key meets everything (PS3.4 C.2.2.2.3). */
export function isUniversal(key: Attribute): boolean {
  if (key.bytes || key.fragments) return true;
  return (key.Value ?? []).every((value) => value === null || value === '' || (value === '*' && WILDCARD_VRS.has(key.vr)));
}

/**
 * Whether `text` is what `pattern` means, `*` standing for any characters and `?` for one. Takes time proportional to the product of their
 * lengths at worst.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let [at, position] = [0, 0];
  let [star, retry] = [-1, 0];
  while (position < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      retry = position;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      position = ++retry;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** First and last instant that a DA, TM or DT key means, in digits of full length; undefined if it is no such key. */
export function rangeOf(key: string, vr: 'DA' | 'TM' | 'DT'): { from: string; to: string } | undefined {
  // In DT a hyphen also begins an offset from UTC, which has four digits and stands behind a date.
  const text = vr === 'DT' ? key.replaceAll(/[+-]\d{4}(?=-|$)/g, (offset, index: number) => (index >= 4 ? '' : offset)) : key;
  const [, from = '', hyphen, to = ''] = /^([\d.:]*)(-?)([\d.:]*)$/.exec(text.trim()) ?? [];
  if (hyphen === undefined || (from === '' && to === '')) return undefined;
  const until = hyphen === '' ? from : to;
  return { from: from === '' ? '' : padded(from, vr, 'low'), to: until === '' ? '9'.repeat(20) : padded(until, vr, 'high') };
}

type Place = { keys: DataSet; held: DataSet; tag: string };

function matchesKey(key: Attribute, held: Attribute | undefined, { keys, held: whole, tag }: Place): boolean {
  if (key.vr === 'SQ') {
    const [item] = itemsOf(keys, tag);
    return item === undefined || Object.values(item).every(isUniversal) || itemsOf(whole, tag).some((one) => matchesKeys(item, one));
  }
  if (isUniversal(key)) return true;
  const wanted = (key.Value ?? []).filter((value) => value !== null);
  const values = (held?.Value ?? []).filter((value) => value !== null && value !== '');
  if (wanted.length === 1 && wanted[0] === EMPTY_KEY) return values.length === 0;
  return values.some((value) => wanted.some((one) => matchesValue(one, value, key.vr)));
}

function matchesValue(key: Value, value: Value, vr: Vr): boolean {
  if (vr === 'PN') return isName(key) && isName(value) && matchesName(key, value);
  if (vr === 'DA' || vr === 'TM' || vr === 'DT') return matchesRange(String(key), String(value), vr);
  const [wanted, text] = [String(key).trim(), String(value).trim()];
  if (WILDCARD_VRS.has(vr)) return matchesWildcard(wanted, text);
  return wanted === text || (vr !== 'UI' && wanted !== '' && Number(wanted) === Number(text));
}

/**
 * A key of one group may mean any group of the name; one that names the group means that one. Components that a key does not have may be
 * anything, as in QIDO-RS.
 */
function matchesName(key: PersonName, name: PersonName): boolean {
  const groups = [name.Alphabetic, name.Ideographic, name.Phonetic];
  const meets = (wanted: string | undefined, among: (string | undefined)[]): boolean =>
    wanted === undefined || among.some((group) => group !== undefined && matchesGroup(componentForm(wanted), componentForm(group)));
  if (key.Ideographic === undefined && key.Phonetic === undefined) return meets(key.Alphabetic, groups);
  const pairs = [
    [key.Alphabetic, name.Alphabetic],
    [key.Ideographic, name.Ideographic],
    [key.Phonetic, name.Phonetic],
  ] as const;
  return pairs.every(([wanted, group]) => meets(wanted, [group]));
}

function matchesGroup(wanted: string, group: string): boolean {
  return matchesWildcard(wanted, group) || matchesWildcard(`${wanted}^*`, group);
}

function matchesRange(key: string, value: string, vr: 'DA' | 'TM' | 'DT'): boolean {
  const range = rangeOf(key, vr);
  if (!range) return key.trim() === value.trim();
  const held = padded(value.replace(/[+-]\d{4}$/, ''), vr, 'low');
  return held >= range.from && held <= range.to;
}

/** Digits of a date or time in full length: what is not said is filled with the least or the greatest that it can be. */
function padded(text: string, vr: 'DA' | 'TM' | 'DT', side: 'low' | 'high'): string {
  const [whole = '', fraction = ''] = vr === 'DA' ? [text.replaceAll('.', '')] : text.replaceAll(':', '').split('.');
  const rest = { DA: '00000101', TM: '000000', DT: '00000101000000' }[vr];
  const most = { DA: '99991231', TM: '235959', DT: '99991231235959' }[vr];
  const filled = whole + (side === 'low' ? rest : most).slice(whole.length);
  return vr === 'DA' ? filled : filled + fraction.padEnd(6, side === 'low' ? '0' : '9');
}

function isName(value: Value): value is PersonName {
  return typeof value === 'object' && value !== null;
}
