import { createHash } from 'node:crypto';
import { AppError } from '../platform/errors.ts';

/** Inclusive positions of a part of `size` bytes. */
export type ContentRange = { start: number; end: number; size: number };

/** Entity tag of what is made from these parts: content never changes under its key, so equal parts give equal answers. */
export function etagOf(...parts: readonly string[]): string {
  return `"${createHash('sha256').update(parts.join('\n')).digest('base64url')}"`;
}

/** Whether If-None-Match names the tag (weak comparison, RFC 9110 13.1.2). */
export function isHeld(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  const named = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return named.includes('*') || named.includes(etag.replace(/^W\//, ''));
}

/**
 * The one range that a Range header asks for; undefined if it asks for none, or for several, which may be answered with the whole
 * (RFC 9110 14.2).
 *
 * @throws {AppError} `range-not-satisfiable`
 */
export function parseRange(header: string | undefined, size: number): ContentRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last));
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= size) throw new AppError('range-not-satisfiable', `The content has ${size} bytes`);
  return { start, end, size };
}
