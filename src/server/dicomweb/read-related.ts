import type { FastifyRequest } from 'fastify';
import { type DataStream, openDataStream } from '../platform/data-stream.ts';
import { AppError } from '../platform/errors.ts';
import { parseAccept } from './accept.ts';
import { MultipartError, openSplitter } from './split-related.ts';

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
/** Bytes of a part that wait to be taken before the client is held back. */
const HIGH_WATER_BYTES = 262_144;

/**
 * Streams a multipart/related body (RFC 2387): calls `take` for each part in turn, while its content still comes. What `take` has not read
 * when it is done goes by unread.
 *
 * @throws {AppError} `invalid-request` if malformed or cut off, `too-large`, and what `take` throws
 */
export async function readRelated(request: FastifyRequest, maxBytes: number, take: (part: Part) => Promise<void>): Promise<void> {
  const source = request.raw;
  const underWay = new Set<Promise<void>>();
  let current: DataStream | undefined;
  let failure: unknown;
  await new Promise<void>((resolve) => {
    const finish = (error?: unknown): void => {
      failure ??= error;
      resolve();
    };
    const flow = (): void => {
      const isFull = underWay.size >= MAX_UNDER_WAY || (current?.waiting() ?? 0) >= HIGH_WATER_BYTES;
      if (failure === undefined && isFull) source.pause();
      else source.resume();
    };
    const begin = (fields: ReadonlyMap<string, string>): void => {
      const stream = openDataStream(flow);
      current = stream;
      const work = take(partOf(fields, stream.content))
        .catch(finish)
        .finally(() => {
          stream.discard();
          underWay.delete(work);
          flow();
        });
      underWay.add(work);
    };
    const splitter = openSplitter(boundaryOf(request.headers['content-type'] ?? ''), {
      begin,
      content: (bytes) => current?.push(bytes),
      end: () => current?.end(),
    });
    const orFinish = (split: () => void): void => {
      try {
        split();
      } catch (error) {
        finish(error instanceof MultipartError ? new AppError('invalid-request', 'The multipart body is malformed or cut off') : error);
      }
    };
    let received = 0;
    source.on('data', (chunk: Buffer) => {
      if (failure !== undefined) return;
      received += chunk.byteLength;
      if (received > maxBytes) finish(new AppError('too-large', `An upload may have ${maxBytes} bytes`));
      else orFinish(() => splitter.push(chunk));
      flow();
    });
    source.on('end', () => {
      orFinish(splitter.finish);
      finish();
    });
    source.on('aborted', () => finish(new AppError('invalid-request', 'The upload broke off')));
  });

  if (failure !== undefined) {
    // Ends the part that is still being read; the rest of the request goes by unread.
    current?.fail(failure instanceof Error ? failure : new Error('The upload broke off'));
    source.resume();
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure;
}

function partOf(fields: ReadonlyMap<string, string>, content: AsyncIterable<Uint8Array>): Part {
  const type = fields.get('content-type');
  const [media] = type === undefined ? [] : parseAccept(type);
  return { type: media?.type, parameters: media?.parameters ?? {}, location: fields.get('content-location'), content };
}

function boundaryOf(contentType: string): string {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(contentType);
  const value = boundary?.[1] ?? boundary?.[2];
  if (value === undefined) throw new AppError('invalid-request', 'The multipart body has no boundary');
  return value;
}
