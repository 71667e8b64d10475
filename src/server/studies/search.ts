import type { DicomJson } from '../../dicom/dicom-json.ts';
import { AppError } from '../platform/errors.ts';
import type { Db, Tx } from '../platform/ports.ts';
import { matchesFilter } from './match-attribute.ts';
import { BOUNDS, type Bounds, type Narrowing, narrowest } from './narrow-queries.ts';
import { isOnColumns } from './search-columns.ts';
import type { Search } from './search-filter.ts';
import { findKeys, isUpTo, isWithinStudy, type KeyRow, type Keys, lastOfNext, type Part } from './search-queries.ts';

/** Rows that one search looks at where no index narrows it, before it is refused. */
const MAX_LOOKED_AT = 1_000_000;
/** Candidates whose stored attributes one search reads before it is refused. */
const MAX_READ = 50_000;
/** Where looking is light, the first statement looks so many times as far, each one after it twice as far as the one before, and none farther than `most`. */
const LIGHT = { first: 4, each: 2, most: 16 };
/** Results of one statement, for who takes them all. */
const BATCH = 500;

/** What a door reads of each result. */
export type Door<R extends KeyRow> = {
  /** One statement: the columns of what the keys name, in their order. */
  read(keys: Keys): Promise<R[]>;
  /** The stored attributes that filters without a column are matched against. */
  attributes(row: R): DicomJson;
};

/** Which results: `offset` are left out, or those up to `after`; at most `limit`. */
export type Wanted = { offset?: number; limit?: number; after?: KeyRow | undefined; bounds?: Bounds };

type Parts = { db: Db | Tx; what: Search; narrowing: Narrowing };

/**
 * Every search of patients, studies, series and instances, whichever door it comes through: what is found, in order, batch by batch, each
 * read with one statement. Nothing is kept of it, and a reader may stop at any time. Equal searches give equal lists: the order is total.
 *
 * @throws {AppError} `too-large` if keys that no index serves are looked for in too many objects
 */
export async function* search<R extends KeyRow>(db: Db | Tx, what: Search, door: Door<R>, wanted: Wanted = {}): AsyncGenerator<R[]> {
  const { offset = 0, limit = Number.POSITIVE_INFINITY, after, bounds = BOUNDS } = wanted;
  const narrowing = await narrowest(db, what, bounds);
  const parts = { db, what, narrowing };
  const rest = what.filters.filter((filter) => !isOnColumns(filter));
  const skipsItself = rest.length === 0 && narrowing.kind !== 'many';
  const first = { after, limit: Math.min(limit + (skipsItself ? 0 : offset), rest.length > 0 || limit > MAX_READ ? BATCH : MAX_READ) };
  const batches =
    narrowing.kind === 'many'
      ? throughWindows(parts, door, { ...first, window: rest.length > 0 ? Math.min(BATCH, bounds.window) : bounds.window })
      : throughPages(parts, door, { ...first, offset: skipsItself ? offset : 0 });

  let [toSkip, left, read] = [skipsItself ? 0 : offset, limit, 0];
  for await (const batch of batches) {
    read += rest.length > 0 ? batch.length : 0;
    if (read > MAX_READ) throw tooBroad(MAX_READ);
    const matching = rest.length > 0 ? batch.filter((row) => matchesAll(door.attributes(row), rest)) : batch;
    const rows = matching.slice(toSkip, toSkip + left);
    toSkip = Math.max(0, toSkip - matching.length);
    left -= rows.length;
    if (rows.length > 0) yield rows;
    if (left <= 0) return;
  }
}

async function* throughPages<R extends KeyRow>({ db, what, narrowing }: Parts, door: Door<R>, first: Part): AsyncGenerator<R[]> {
  for (let part = first; ; ) {
    const rows = await door.read(findKeys(db, what, { part, narrowed: narrowing.tests }));
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < part.limit) return;
    // Who was not content with the first wants many.
    const limit = Math.max(part.limit, Math.min(part.limit * 2, BATCH));
    part = isWithinStudy(what.scope) ? { offset: (part.offset ?? 0) + part.limit, limit } : { after: last, limit };
  }
}

/** Looks at so many rows at a time, and goes on where the last one stood. */
async function* throughWindows<R extends KeyRow>(
  { db, what, narrowing: { tests: within, isLight = false } }: Parts,
  door: Door<R>,
  { after, limit, window: first }: Part & { window: number },
): AsyncGenerator<R[]> {
  let [from, window] = [after, isLight ? first * LIGHT.first : first];
  for (let lookedAt = 0; lookedAt < MAX_LOOKED_AT; lookedAt += window) {
    const last = await lastOfNext(db, what, { part: { after: from, limit: window }, within });
    const tests = last ? [...within, isUpTo(what, last)] : within;
    for (;;) {
      const rows: R[] = await door.read(findKeys(db, what, { part: { after: from, limit }, narrowed: tests }));
      yield rows;
      if (rows.length < limit) break;
      from = rows.at(-1);
    }
    if (!last) return;
    from = last;
    if (isLight) window = Math.min(window * LIGHT.each, first * LIGHT.most);
  }
  throw tooBroad(MAX_LOOKED_AT);
}

function matchesAll(attributes: DicomJson, filters: Search['filters']): boolean {
  return filters.every((filter) => matchesFilter(attributes, filter));
}

function tooBroad(most: number): AppError {
  return new AppError('too-large', `Such a search looks at no more than ${most} objects: give another key`);
}
