import { entryOf, tagOf } from '../../dicom/dictionary.ts';
import { AppError } from '../platform/errors.ts';
import type { Level } from '../studies/attribute-levels.ts';
import type { WantedTags } from '../studies/found-attributes.ts';
import type { Scope, Search } from '../studies/search-filter.ts';
import { filtersOf, type SearchKey } from '../studies/search-keys.ts';

/** Most results of one answer; a search for more is told so. */
export const MAX_RESULTS = 5_000;
/** Most names in a path into sequences. */
const MAX_PATH = 8;
const NOT_KEYS: ReadonlySet<string> = new Set([
  'limit',
  'offset',
  'fuzzymatching',
  'emptyvaluematching',
  'multiplevaluematching',
  'includefield',
  'accept',
  'charset',
  'deletionlock',
]);

/** What a QIDO-RS query asks. */
export type Query = Search & {
  /** Besides what every answer of the level has: what is named by `includefield`, and the attributes that were matched. */
  includes: WantedTags | 'all';
  limit: number;
  offset: number;
  /** What the client is to know of: keys that were not matched, results left off. */
  warnings: string[];
};

/**
 * What a QIDO-RS query asks (PS3.18 8.3.4, 10.6). Attributes are named by keyword or tag, those within sequences by the names on the way to
 * them with periods between. A date and a time of the same form of range are one range of moments.
 *
 * @param query as the server split it: repeated parameters are lists
 * @throws {AppError} `invalid-request` for an unknown attribute or a key that is none of its VR
 */
export function parseSearch(level: Level, scope: Scope, query: Readonly<Record<string, unknown>>): Query {
  const { limit, offset } = pageOf(query);
  const everyValue = isTrue(query['multiplevaluematching']);
  const keys = keysOf(query);
  const { filters, unmatched } = filtersOf(keys, { level, fuzzy: isTrue(query['fuzzymatching']), combined: true, everyValue });
  return {
    level,
    scope,
    filters,
    order: 'moment',
    includes: includesOf(textsOf(query['includefield']), keys),
    limit: Math.min(limit, MAX_RESULTS),
    offset,
    warnings: [
      ...(limit > MAX_RESULTS ? [`An answer has at most ${MAX_RESULTS} results`] : []),
      ...unmatched.map((name) => `${name} cannot be matched here and was not matched`),
    ],
  };
}

/** The attributes that a query names, and what they are to be. @throws {AppError} `invalid-request` for an unknown one */
export function keysOf(query: Readonly<Record<string, unknown>>): SearchKey[] {
  const everyValue = isTrue(query['multiplevaluematching']);
  const named = Object.keys(query).filter((name) => !NOT_KEYS.has(name));
  return merged(named.map((name) => keyOf(name, { path: pathOf(name), values: textsOf(query[name]), everyValue })));
}

/** @throws {AppError} `invalid-request` */
export function pageOf(query: Readonly<Record<string, unknown>>): { limit: number; offset: number } {
  return { limit: wholeNumber(query['limit'], 'limit') ?? MAX_RESULTS, offset: wholeNumber(query['offset'], 'offset') ?? 0 };
}

/** Tags on the way to an attribute. @throws {AppError} `invalid-request` */
function pathOf(name: string, problem?: string): string[] {
  const tags = name.split('.').map((part) => (/^[0-9A-Fa-f]{8}$/.test(part) ? part.toUpperCase() : tagOf(part)));
  // The name may be anything that somebody typed: only what looks like one is repeated.
  if (tags.includes(undefined) || tags.length > MAX_PATH)
    throw new AppError('invalid-request', problem ?? `${/^[\w.]{1,64}$/.test(name) ? name : 'A parameter'} is no attribute`);
  return tags.flatMap((tag) => tag ?? []);
}

type Given = { path: readonly string[]; values: string[]; everyValue: boolean };

function keyOf(name: string, { path, values, everyValue }: Given): SearchKey {
  const [tag = '', ...inner] = path;
  const vr = entryOf(tag)?.vr ?? 'UN';
  if (inner.length > 0) return { name, tag, vr: 'SQ', values: [], items: [keyOf(name, { path: inner, values, everyValue })] };
  // No value of these VRs holds what separates their values.
  const separator = vr === 'UI' || vr === 'CS' ? /[,\\]/ : everyValue ? /\\/ : undefined;
  if (values.length > 1 && !separator) throw new AppError('invalid-request', `${name} is given more than once`);
  return { name, tag, vr, values: separator ? values.flatMap((value) => value.split(separator)) : values, items: [] };
}

/** Keys within the same sequence are about the same item of it. */
function merged(keys: readonly SearchKey[]): SearchKey[] {
  const byTag = Map.groupBy(keys, ({ tag }) => tag);
  return [...byTag.values()].flatMap((same) => {
    const [first] = same;
    if (first?.vr !== 'SQ') return same;
    return [{ ...first, items: merged(same.flatMap(({ items }) => items)) }];
  });
}

function includesOf(fields: readonly string[], keys: readonly SearchKey[]): WantedTags | 'all' {
  const names = fields.flatMap((field) => field.split(',')).flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
  if (names.includes('all')) return 'all';
  const wanted = new Map<string, WantedTags | 'whole'>();
  for (const name of names) want(wanted, pathOf(name, 'includefield takes keywords, tags and paths of them'));
  for (const { tag } of keys) want(wanted, [tag]);
  return wanted;
}

/** Adds a path; what is wanted whole stays so. */
function want(wanted: Map<string, WantedTags | 'whole'>, [tag, ...inner]: readonly string[]): void {
  if (tag === undefined) return;
  const known = wanted.get(tag);
  if (known === 'whole') return;
  // Maps within are made here alone.
  const within = new Map(known) as Map<string, WantedTags | 'whole'>;
  want(within, inner);
  wanted.set(tag, inner.length === 0 ? 'whole' : within);
  // Who asks for a private attribute is told whose it is (PS3.5 7.8.1).
  if (Number.parseInt(tag.slice(3, 4), 16) % 2 === 1 && !tag.startsWith('00', 4))
    wanted.set(`${tag.slice(0, 4)}00${tag.slice(4, 6)}`, 'whole');
}

function isTrue(value: unknown): boolean {
  return textsOf(value)[0] === 'true';
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
