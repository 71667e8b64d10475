import { AppError } from '../platform/errors.ts';
import { type Condition, canMatch, parseCondition } from './match-condition.ts';
import { canSearch, hasColumn, type Level, tagOfName, vrOfAttribute } from './search-attributes.ts';

/** Most results of one answer; a search for more is told so. */
export const MAX_RESULTS = 5_000;
const NO_MATCH_KEYS: ReadonlySet<string> = new Set(['limit', 'offset', 'fuzzymatching', 'includefield', 'accept', 'charset']);

export type Filter = { tag: string; condition: Condition };
/** Study and series that the path names. */
export type Scope = { study?: string; series?: string };

export type Search = {
  level: Level;
  scope: Scope;
  /** Put to columns. */
  filters: Filter[];
  /** Matched on the stored DICOM JSON of the one study that the search is about. */
  jsonFilters: Filter[];
  includes: ReadonlySet<string> | 'all';
  limit: number;
  offset: number;
  /** What the client is to know of: keys that were not matched, results left off. */
  warnings: string[];
};

/**
 * What a QIDO-RS query asks (PS3.18 8.3.4, 10.6). Attributes are named by keyword or tag.
 *
 * A key whose attribute does not belong to the level, cannot be compared, or has no column although the search is not limited to one
 * study, matches everything, as PS3.4 has it for keys that are not supported; a warning names it.
 *
 * @param query as the server split it: repeated parameters are lists
 * @throws {AppError} `invalid-request` for an unknown attribute or a key that is none of its VR
 */
export function parseSearch(level: Level, scope: Scope, query: Readonly<Record<string, unknown>>): Search {
  const fuzzy = textsOf(query['fuzzymatching'])[0] === 'true';
  const limit = wholeNumber(query['limit'], 'limit') ?? MAX_RESULTS;
  const search: Search = {
    level,
    scope,
    filters: [],
    jsonFilters: [],
    includes: includesOf(textsOf(query['includefield'])),
    limit: Math.min(limit, MAX_RESULTS),
    offset: wholeNumber(query['offset'], 'offset') ?? 0,
    warnings: limit > MAX_RESULTS ? [`An answer has at most ${MAX_RESULTS} results`] : [],
  };
  const keys = Object.keys(query).filter((name) => !NO_MATCH_KEYS.has(name));
  const filters = keys.flatMap((name) => filterOf(search, name, { keys: textsOf(query[name]), fuzzy }));
  const isOneStudy = scope.study !== undefined || filters.some(({ tag, condition }) => tag === STUDY && isSingle(condition));
  for (const filter of filters) {
    if (hasColumn(filter.tag)) search.filters.push(filter);
    else if (isOneStudy) search.jsonFilters.push(filter);
    else search.warnings.push(`${filter.name} is matched within one study only and was not matched`);
  }
  return search;
}

const STUDY = '0020000D';

function filterOf(search: Search, name: string, { keys, fuzzy }: { keys: string[]; fuzzy: boolean }): (Filter & { name: string })[] {
  const tag = tagOfName(name);
  // The name may be anything that somebody typed: only what looks like one is repeated.
  if (tag === undefined) throw new AppError('invalid-request', `${/^\w{1,64}$/.test(name) ? name : 'A parameter'} is no attribute`);
  const vr = vrOfAttribute(tag);
  if (vr === undefined || !canMatch(vr) || !canSearch(tag, search.level)) {
    if (keys.some((key) => key.trim() !== '')) search.warnings.push(`${name} cannot be matched here and was not matched`);
    return [];
  }
  if (keys.length > 1 && vr !== 'UI' && vr !== 'CS') throw new AppError('invalid-request', `${name} is given more than once`);
  const condition = parseCondition(name, keys.join(','), { vr, fuzzy });
  return condition === undefined ? [] : [{ name, tag, condition }];
}

function isSingle(condition: Condition): boolean {
  return condition.kind === 'equal' && condition.values.length === 1;
}

function includesOf(fields: string[]): ReadonlySet<string> | 'all' {
  const names = fields.flatMap((field) => field.split(',')).flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  if (names.includes('all')) return 'all';
  return new Set(
    names.map((name) => {
      const tag = tagOfName(name);
      if (tag === undefined) throw new AppError('invalid-request', 'includefield takes keywords and tags');
      return tag;
    }),
  );
}

function wholeNumber(value: unknown, name: string): number | undefined {
  const [text, ...more] = textsOf(value);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text) || more.length > 0) throw new AppError('invalid-request', `${name} takes a whole number`);
  return Number(text);
}

function textsOf(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
