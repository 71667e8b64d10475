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
  const boundary = boundaryOf();
  return { contentType: typeOf(type, boundary), content: contentOf(boundary, parts) };
}

/** As `writeRelated`, of one part that is in memory: in one piece, whose length is known. */
export function joinRelated(type: string, part: RelatedPart & { body: Uint8Array }): { contentType: string; content: Buffer } {
  const boundary = boundaryOf();
  return { contentType: typeOf(type, boundary), content: Buffer.concat([headOf(boundary, part), part.body, CRLF, endOf(boundary)]) };
}

async function* contentOf(boundary: string, parts: AsyncIterable<RelatedPart> | Iterable<RelatedPart>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    yield headOf(boundary, part);
    if (part.body instanceof Uint8Array) yield part.body;
    else yield* part.body;
    yield CRLF;
  }
  yield endOf(boundary);
}

function boundaryOf(): string {
  return `isocenter-${randomUUID()}`;
}

function typeOf(type: string, boundary: string): string {
  const [media = '', ...parameters] = type.split(';').map((part) => part.trim());
  return [`multipart/related; type="${media}"`, ...parameters, `boundary=${boundary}`].join('; ');
}

function headOf(boundary: string, { contentType, location }: RelatedPart): Buffer {
  const where = location === undefined ? '' : `Content-Location: ${location}\r\n`;
  return Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\n${where}\r\n`);
}

function endOf(boundary: string): Buffer {
  return Buffer.from(`--${boundary}--\r\n`);
}

const CRLF = Buffer.from('\r\n');
