import { AppError } from './errors.ts';

/** Where a page ended, as the next one is asked for. */
export function writeCursor(place: readonly (string | null)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @param length of what `writeCursor` was given @throws {AppError} `invalid-request` for a cursor that is none */
export function readCursor(cursor: string | undefined, length: number): (string | null)[] | undefined {
  if (cursor === undefined) return undefined;
  const place = parsed(Buffer.from(cursor, 'base64url').toString('utf8'));
  const isPlace = Array.isArray(place) && place.length === length && place.every((part) => part === null || typeof part === 'string');
  if (!isPlace) throw notOurs();
  // Checked just before.
  return place as (string | null)[];
}

/** The same for a place of two texts. @throws {AppError} `invalid-request` */
export function readPair(cursor: string | undefined): readonly [string, string] | undefined {
  const [first, second] = readCursor(cursor, 2) ?? [];
  if (cursor === undefined) return undefined;
  if (typeof first !== 'string' || typeof second !== 'string') throw notOurs();
  return [first, second];
}

function notOurs(): AppError {
  return new AppError('invalid-request', 'The cursor is not one that this server gave');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
