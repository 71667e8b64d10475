import type { Readable } from 'node:stream';
import { Dicer } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../platform/errors.ts';
import { parseAccept } from './accept.ts';

const PART_HEADERS = { maxHeaderPairs: 20 };

/** Media types in which objects come (PS3.18 10.5.1): files, or attributes with bulk data beside them. */
export type RootType = 'application/dicom' | 'application/dicom+json' | 'application/dicom+xml';
export const ROOT_TYPES: readonly RootType[] = ['application/dicom', 'application/dicom+json', 'application/dicom+xml'];

/** One part: its media type in lower case, with parameters; undefined if it names none. */
export type Part = {
  type: string | undefined;
  parameters: Readonly<Record<string, string>>;
  location: string | undefined;
  content: AsyncIterable<Uint8Array>;
};

/** What the body of a request is made of. @throws {AppError} `unsupported-media-type` */
export function rootTypeOf(contentType: string): RootType {
  const named = /;\s*type="?([^";]+)"?/i.exec(contentType)?.[1]?.trim().toLowerCase() ?? 'application/dicom';
  const type = ROOT_TYPES.find((known) => known === named);
  if (!type) throw new AppError('unsupported-media-type', `This takes parts of type ${ROOT_TYPES.join(', ')}`);
  return type;
}

/** Parts that may be worked on at a time: more of a request is not read before one of them is done, so that memory stays small. */
const MAX_UNDER_WAY = 32;

/**
 * Streams a multipart/related body (RFC 2387): calls `take` for each part in turn. `take` must read it to its end.
 *
 * @throws {AppError} `invalid-request` if malformed or cut off, `too-large`, and what `take` throws
 */
export async function readRelated(request: FastifyRequest, maxBytes: number, take: (part: Part) => Promise<void>): Promise<void> {
  const dicer = new Dicer({ boundary: boundaryOf(request.headers['content-type'] ?? ''), ...PART_HEADERS });
  const underWay = new Set<Promise<void>>();
  const source = request.raw;
  let failure: unknown;
  await new Promise<void>((resolve) => {
    const finish = (error?: unknown): void => {
      failure ??= error;
      resolve();
    };
    const goOn = (): void => {
      if (failure === undefined && underWay.size < MAX_UNDER_WAY && !dicer.writableNeedDrain) source.resume();
    };
    onPart(dicer, (part, stream) => {
      const work = take(part)
        .catch((error: unknown) => {
          stream.resume();
          finish(error);
        })
        .finally(() => {
          underWay.delete(work);
          goOn();
        });
      underWay.add(work);
    });
    dicer.on('error', () => finish(new AppError('invalid-request', 'The multipart body is malformed or cut off')));
    dicer.on('finish', () => finish());
    dicer.on('drain', goOn);
    let received = 0;
    source.on('data', (chunk: Uint8Array) => {
      if (failure !== undefined) return;
      received += chunk.byteLength;
      if (received > maxBytes) finish(new AppError('too-large', `An upload may have ${maxBytes} bytes`));
      else if (!dicer.write(chunk) || underWay.size >= MAX_UNDER_WAY) source.pause();
    });
    source.on('end', () => dicer.end());
    source.on('aborted', () => finish(new AppError('invalid-request', 'The upload broke off')));
  });

  if (failure !== undefined) {
    // Ends the parts that are still being read; the rest of the request goes by unread.
    dicer.end();
    source.resume();
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure;
}

/** Calls `begin` for each part when its head is known, which comes before the content, if there is one. */
function onPart(dicer: Dicer, begin: (part: Part, stream: Readable) => void): void {
  dicer.on('part', (stream) => {
    // Whoever reads it hears of it; without a reader it would end the process.
    stream.on('error', () => undefined);
    let isBegun = false;
    const beginOnce = (header: object): void => {
      if (isBegun) return;
      isBegun = true;
      begin(partOf(header, stream), stream);
    };
    stream.once('header', beginOnce);
    stream.once('readable', () => beginOnce({}));
  });
}

/** @param header fields by lower-case name, each with its values */
function partOf(header: object, content: AsyncIterable<Uint8Array>): Part {
  const fields = header as Readonly<Record<string, readonly string[] | undefined>>;
  const [media] = fields['content-type']?.[0] === undefined ? [] : parseAccept(fields['content-type'][0]);
  return { type: media?.type, parameters: media?.parameters ?? {}, location: fields['content-location']?.[0]?.trim(), content };
}

function boundaryOf(contentType: string): string {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(contentType);
  const value = boundary?.[1] ?? boundary?.[2];
  if (value === undefined) throw new AppError('invalid-request', 'The multipart body has no boundary');
  return value;
}
