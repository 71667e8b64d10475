import type { DicomJson } from '../../dicom/dicom-json.ts';
import { parseColumn } from '../platform/json.ts';
import type { Db } from '../platform/ports.ts';
import { matchesFilter } from '../studies/match-attribute.ts';
import { canMatch, conditionOf } from '../studies/match-condition.ts';
import type { Filter } from '../studies/search-filter.ts';
import type { SearchKey } from '../studies/search-keys.ts';
import { keysOf, MAX_RESULTS, pageOf } from './parse-search.ts';
import { Ups } from './workitem-attributes.ts';
import { listWorkitems, type WorkitemRow } from './workitem-repository.ts';

type SentQuery = Readonly<Record<string, unknown>>;

/** What a query asks of workitems: attributes of every level, by name or tag, within sequences too. @throws {AppError} `invalid-request` */
export function workitemFilters(query: SentQuery): Filter[] {
  return filtersOf(keysOf(query), query['fuzzymatching'] === true || query['fuzzymatching'] === 'true');
}

/**
 * Workitems that match, in the order in which they are scheduled.
 *
 * @throws {AppError} `invalid-request`
 */
export async function searchWorkitems(db: Db, query: SentQuery): Promise<DicomJson[]> {
  const filters = workitemFilters(query);
  const { limit, offset } = pageOf(query);
  const wanted = Math.min(limit, MAX_RESULTS);
  const narrow = { uid: valuesOf(filters, Ups.SOPInstanceUID), states: valuesOf(filters, Ups.ProcedureStepState) };
  const found: DicomJson[] = [];
  let skip = offset;
  let after: WorkitemRow | undefined;
  while (found.length < wanted) {
    const page = await listWorkitems(db, { ...narrow, after });
    if (page.length === 0) break;
    after = page.at(-1);
    for (const { attributes } of page) {
      const json = parseColumn<DicomJson>(attributes);
      if (!filters.every((filter) => matchesFilter(json, filter))) continue;
      if (skip > 0) skip -= 1;
      else if (found.length < wanted) found.push(json);
    }
  }
  return found;
}

function filtersOf(keys: readonly SearchKey[], fuzzy: boolean): Filter[] {
  return keys.flatMap((key): Filter[] => {
    if (key.vr === 'SQ') {
      const filters = filtersOf(key.items, fuzzy);
      return filters.length > 0 ? [{ kind: 'item', tag: key.tag, filters }] : [];
    }
    const condition = canMatch(key.vr) ? conditionOf(key, { fuzzy }) : undefined;
    return condition ? [{ kind: 'attribute', tag: key.tag, condition }] : [];
  });
}

/** The values that an attribute may have, where a filter names them. */
function valuesOf(filters: readonly Filter[], tag: string): readonly string[] | undefined {
  const filter = filters.find((one) => one.kind === 'attribute' && one.tag === tag);
  return filter?.kind === 'attribute' && filter.condition.kind === 'equal' ? filter.condition.values : undefined;
}
