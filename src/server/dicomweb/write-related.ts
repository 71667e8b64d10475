import { randomUUID } from 'node:crypto';

/** One part of a multipart answer. */
export type RelatedPart = { contentType: string; location?: string; body: Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array> };

export type Related = { contentType: string; content: AsyncGenerator<Uint8Array> };

/**
 * A multipart/related body (RFC 2387) that is written as it is read: a part is asked for when the one before has gone out.
 *
 * @param type media type of the parts, with parameters, as the head of the answer tells it
 */
export function writeRelated(type: string, parts: AsyncIterable<RelatedPart> | Iterable<RelatedPart>): Related {
  const boundary = `isocenter-${randomUUID()}`;
  const [media = '', ...parameters] = type.split(';').map((part) => part.trim());
  const told = [`multipart/related; type="${media}"`, ...parameters, `boundary=${boundary}`];
  return { contentType: told.join('; '), content: contentOf(boundary, parts) };
}

async function* contentOf(boundary: string, parts: AsyncIterable<RelatedPart> | Iterable<RelatedPart>): AsyncGenerator<Uint8Array> {
  for await (const { contentType, location, body } of parts) {
    const where = location === undefined ? '' : `Content-Location: ${location}\r\n`;
    yield Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\n${where}\r\n`);
    if (body instanceof Uint8Array) yield body;
    else yield* body;
    yield CRLF;
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

const CRLF = Buffer.from('\r\n');
