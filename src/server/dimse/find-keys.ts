import { type Attribute, type DataSet, itemsOf, type PersonName, type Value } from '../../dicom/data-set.ts';
import { Tag } from '../../dicom/tags.ts';
import { belongsTo, type Level } from '../studies/attribute-levels.ts';
import type { WantedTags } from '../studies/found-attributes.ts';
import { writtenName } from '../studies/patient-name.ts';
import type { Filter } from '../studies/search-filter.ts';
import { filtersOf, type SearchKey } from '../studies/search-keys.ts';
import type { Matching } from './query-negotiation.ts';

/** Keys that are about the query or the answer, not about what is held. */
const ABOUT_THE_QUERY: ReadonlySet<string> = new Set([
  Tag.SpecificCharacterSet,
  Tag.QueryRetrieveLevel,
  Tag.RetrieveAETitle,
  Tag.InstanceAvailability,
  Tag.TimezoneOffsetFromUTC,
]);

/** What an identifier asks for, and what of it is to be returned; `isPartly` if it has keys that say something and are not matched. */
export type FindKeys = { filters: Filter[]; wanted: WantedTags; isPartly: boolean };

/**
 * The keys of an identifier (PS3.4 C.2.2, C.4.1.1.3). Those that do not belong to the level or one above it are returned empty.
 *
 * @throws {AppError} `invalid-request` for a key that is none of its VR
 */
export function findKeysOf(identifier: DataSet, level: Level, { fuzzy, combined, everyValue }: Matching): FindKeys {
  const keys = keysOf(Object.fromEntries(Object.entries(identifier).filter(([tag]) => !ABOUT_THE_QUERY.has(tag))));
  const { filters, unmatched } = filtersOf(keys, { level, fuzzy, combined, everyValue });
  const wanted = wantedOf(keys.filter(({ tag }) => belongsTo(tag, level)));
  return { filters, wanted, isPartly: unmatched.length > 0 };
}

function keysOf(identifier: DataSet): SearchKey[] {
  return Object.entries(identifier).map(([tag, attribute]) => {
    // A key for a sequence has one item (PS3.4 C.2.2.2.6).
    const [item = {}] = itemsOf(identifier, tag);
    return { name: tag, tag, vr: attribute.vr, values: attribute.vr === 'SQ' ? [] : textsOf(attribute), items: keysOf(item) };
  });
}

/** Of a sequence whose item has keys these alone. */
function wantedOf(keys: readonly SearchKey[]): WantedTags {
  return new Map(keys.map(({ tag, items }) => [tag, items.length > 0 ? wantedOf(items) : 'whole']));
}

function textsOf({ Value = [] }: Attribute): string[] {
  return Value.flatMap((value) => (value === null ? [] : [textOf(value)]));
}

function textOf(value: Exclude<Value, null>): string {
  // Outside of sequences, objects are person names.
  return typeof value === 'object' ? writtenName(value as PersonName) : String(value);
}
