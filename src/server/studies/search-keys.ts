import type { Vr } from '../../dicom/data-set.ts';
import { keywordOf, tagOf } from '../../dicom/dictionary.ts';
import { belongsTo, type Level } from './attribute-levels.ts';
import { canMatch, conditionOf, type RangeCondition, rangeForm } from './match-condition.ts';
import { isSearched } from './search-columns.ts';
import type { Filter, MomentRange } from './search-filter.ts';

/** A key of a query: values of an attribute, or what an item of a sequence must be. */
export type SearchKey = { name: string; tag: string; vr: Vr; values: readonly string[]; items: readonly SearchKey[] };

export type KeyOptions = {
  level: Level;
  /** Fuzzy semantic matching of person names. */
  fuzzy: boolean;
  /** A date and a time of the same form of range are one range of moments. */
  combined: boolean;
  /** Of several values of a key each one must match (PS3.4 C.2.2.2.8); otherwise one of them. */
  everyValue: boolean;
};

/** VRs of attributes with several values whose keys can ask for each of several values. */
const MULTIPLE: ReadonlySet<Vr> = new Set(['AE', 'AS', 'AT', 'CS', 'LO', 'PN', 'SH', 'UC']);

/**
 * What keys ask for. A key whose attribute does not belong to the level or cannot be compared matches everything, as PS3.4 has it for
 * keys that are not supported; `unmatched` names those that said something.
 *
 * @throws {AppError} `invalid-request` for a key that is none of its VR
 */
export function filtersOf(keys: readonly SearchKey[], options: KeyOptions): { filters: Filter[]; unmatched: string[] } {
  const isMatched = ({ tag, vr }: SearchKey): boolean => isSearched(tag) && belongsTo(tag, options.level) && (vr === 'SQ' || canMatch(vr));
  const matched = keys.filter(isMatched);
  const unmatched = keys.filter((key) => !isMatched(key) && saysSomething(key)).map(({ name }) => name);
  const moments = options.combined ? momentsOf(matched) : [];
  const alone = matched.filter(({ tag }) => !moments.some(({ date, time }) => tag === date || tag === time));
  return { filters: [...moments, ...alone.flatMap((key) => filterOf(key, options))], unmatched };
}

function saysSomething({ values, items }: SearchKey): boolean {
  return values.some((value) => value.trim() !== '') || items.some(saysSomething);
}

function filterOf(key: SearchKey, options: KeyOptions): Filter[] {
  const { tag, vr, values, items } = key;
  if (vr === 'SQ') {
    const { filters } = filtersOf(items, { ...options, level: 'instance' });
    return filters.length === 0 ? [] : [{ kind: 'item', tag, filters }];
  }
  if (options.everyValue && MULTIPLE.has(vr) && values.length > 1)
    return values.flatMap((value) => filterOf({ ...key, values: [value] }, { ...options, everyValue: false }));
  const condition = conditionOf(key, options);
  return condition === undefined ? [] : [{ kind: 'attribute', tag, condition }];
}

type Moment = Extract<Filter, { kind: 'moment' }>;

/** The pairs of a date and its time that have the same form of range. */
function momentsOf(keys: readonly SearchKey[]): Moment[] {
  return keys.flatMap((date) => {
    const form = date.vr === 'DA' && date.values.length === 1 ? rangeForm(date.values[0] ?? '') : undefined;
    const twin = form && tagOf((keywordOf(date.tag) ?? '').replace(/Date$/, 'Time'));
    const time = keys.find(({ tag, vr, values }) => tag === twin && vr === 'TM' && values.length === 1);
    if (!form || !time || rangeForm(time.values[0] ?? '') !== form) return [];
    const [days, clock] = [date, time].map((key) => conditionOf(key, { fuzzy: false }));
    if (days?.kind !== 'range' || clock?.kind !== 'range') return [];
    return [{ kind: 'moment', date: date.tag, time: time.tag, range: combined(days, clock) }];
  });
}

function combined(days: RangeCondition, clock: RangeCondition): MomentRange {
  return {
    ...(days.from === '' ? {} : { from: { date: days.from, time: clock.from } }),
    ...(days.before === undefined || clock.before === undefined
      ? {}
      : // The last day itself is written before the mark that sorts after it.
        { until: { date: days.before.slice(0, 8), beforeTime: clock.before } }),
  };
}
