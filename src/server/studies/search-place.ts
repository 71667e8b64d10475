import { readPair, writeCursor } from '../platform/cursor.ts';
import type { KeyRow } from './search-queries.ts';

/** Where a page of found studies ended, as the next one is asked for. */
export function cursorAfter({ place, key }: KeyRow): string {
  return writeCursor([String(place), key]);
}

/** @throws {AppError} `invalid-request` for a cursor that is none */
export function placeAfter(cursor: string | undefined): KeyRow | undefined {
  const [place, key] = readPair(cursor) ?? [];
  return place === undefined || key === undefined ? undefined : { place, key };
}
