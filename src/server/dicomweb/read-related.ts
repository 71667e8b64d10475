import { Dicer } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../platform/errors.ts';

const PART_HEADERS = { maxHeaderPairs: 20 };

/**
 * Streams a multipart/related body (RFC 2387) of DICOM parts: calls `take` for each part in turn. `take` must read it to its end.
 *
 * @throws {AppError} `invalid-request` if malformed or cut off, `unsupported-media-type` for parts that are not `application/dicom`
 */
export async function readRelated(
  request: FastifyRequest,
  maxBytes: number,
  take: (content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const boundary = boundaryOf(request.headers['content-type'] ?? '');
  const running: Promise<void>[] = [];
  let failure: unknown;

  await new Promise<void>((resolve) => {
    const finish = (error?: unknown): void => {
      failure ??= error;
      resolve();
    };
    const dicer = new Dicer({ boundary, ...PART_HEADERS });
    dicer.on('part', (part) => {
      running.push(
        take(part).catch((error: unknown) => {
          part.resume();
          finish(error);
        }),
      );
    });
    dicer.on('error', () => finish(new AppError('invalid-request', 'The multipart body is malformed or cut off')));
    dicer.on('finish', () => finish());
    let received = 0;
    request.raw.on('data', (chunk: Uint8Array) => {
      received += chunk.byteLength;
      if (received > maxBytes) finish(new AppError('too-large', `An upload may have ${maxBytes} bytes`));
    });
    request.raw.on('aborted', () => finish(new AppError('invalid-request', 'The upload broke off')));
    request.raw.pipe(dicer);
  });

  if (failure !== undefined) request.raw.unpipe();
  await Promise.all(running);
  if (failure !== undefined) throw failure;
}

/** Boundary of a request whose parts are DICOM files. */
function boundaryOf(contentType: string): string {
  const type = /;\s*type="?([^";]+)"?/i.exec(contentType)?.[1]?.trim().toLowerCase();
  if (type !== undefined && type !== 'application/dicom')
    throw new AppError('unsupported-media-type', 'This takes parts of type application/dicom');
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^;\s]{1,70}))/i.exec(contentType);
  const value = boundary?.[1] ?? boundary?.[2];
  if (value === undefined) throw new AppError('invalid-request', 'The multipart body has no boundary');
  return value;
}
