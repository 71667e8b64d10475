import { AppError } from '../platform/errors.ts';

/** Where a page ended, as the next one is asked for. */
export function writeCursor(place: readonly (string | null)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @param length of what `writeCursor` was given @throws {AppError} `invalid-request` for a cursor that is none */
export function readCursor(cursor: string | undefined, length: number): (string | null)[] | undefined {
  if (cursor === undefined) return undefined;
  const place = parsed(Buffer.from(cursor, 'base64url').toString('utf8'));
  const isPlace = Array.isArray(place) && place.length === length && place.every((part) => part === null || typeof part === 'string');
  if (!isPlace) throw new AppError('invalid-request', 'The cursor is not one that this server gave');
  // Checked just before.
  return place as (string | null)[];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
