import { AppError } from '../platform/errors.ts';

/** One range of an Accept header: `type` in lower case, parameters by lower-case name without quotes. */
export type MediaRange = { type: string; parameters: Readonly<Record<string, string>> };

/**
 * The media ranges of an Accept header, the preferred first; ranges of quality 0 are left out. Without a header, everything is accepted.
 *
 * @param header as sent, or the `accept` parameter of the query, which goes before it (PS3.18 8.3.3.1)
 */
export function parseAccept(header: string | undefined): MediaRange[] {
  const ranges = splitOutsideQuotes(header ?? '', ',').flatMap((text) => {
    const [type = '', ...rest] = splitOutsideQuotes(text, ';');
    const parameters = Object.fromEntries(rest.map(parameterOf));
    const quality = Number(parameters['q'] ?? 1);
    return type === '' ? [] : [{ type: type.toLowerCase(), parameters, quality: Number.isFinite(quality) ? quality : 1 }];
  });
  if (ranges.length === 0) return [{ type: '*/*', parameters: {} }];
  return ranges
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality)
    .map(({ type, parameters }) => ({ type, parameters }));
}

/**
 * The first range that something can be given for.
 *
 * @param offer what would be given for a range; undefined if nothing
 * @throws {AppError} `not-acceptable`
 */
export function choose<T>(ranges: readonly MediaRange[], offer: (range: MediaRange) => T | undefined): T {
  for (const range of ranges) {
    const offered = offer(range);
    if (offered !== undefined) return offered;
  }
  throw new AppError('not-acceptable', 'The resource is not given in any of the media types that are accepted');
}

/** Media type of the parts that a range asks for in a multipart answer; undefined if it asks for a single part. */
export function partType({ type, parameters }: MediaRange): string | undefined {
  if (type !== 'multipart/related' && type !== 'multipart/*') return undefined;
  return parameters['type']?.toLowerCase() ?? '*/*';
}

/** Whether a media range, `*` included, takes the type. */
export function takes(range: string, type: string): boolean {
  return range === '*/*' || range === type || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));
}

function parameterOf(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  const unquoted = value
    .join('=')
    .trim()
    .replace(/^"(.*)"$/, '$1');
  return [name.trim().toLowerCase(), unquoted];
}

function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  const parts = text.match(separator === ',' ? /(?:"[^"]*"|[^,"])+/g : /(?:"[^"]*"|[^;"])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}
