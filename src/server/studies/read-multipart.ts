import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../platform/errors.ts';

/** Text fields are short; a request with more of them than this is no upload. */
const LIMITS = { fieldSize: 1024, fields: 20, files: 100_000, headerPairs: 50 };

export type MultipartFile = { name: string; content: AsyncIterable<Uint8Array>; fields: Record<string, string> };

/**
 * Streams a multipart/form-data body: calls `take` for each file as it arrives, with the text fields that stood before it. `take` must
 * read the content to its end; while it does not, the client is held back.
 *
 * @throws {AppError} `invalid-request` if the body is malformed or cut off, `too-large` past `maxBytes`, and what `take` throws
 */
export async function readMultipart(
  request: FastifyRequest,
  maxBytes: number,
  take: (file: MultipartFile) => Promise<void>,
): Promise<void> {
  const fields: Record<string, string> = {};
  const running: Promise<void>[] = [];
  let failure: unknown;

  await new Promise<void>((resolve) => {
    const finish = (error?: unknown): void => {
      failure ??= error;
      resolve();
    };
    const busboy = openBusboy(request);
    let received = 0;
    busboy.on('field', (name, value) => {
      if (!Object.hasOwn(Object.prototype, name)) fields[name] = value;
    });
    busboy.on('file', (_field, content, name) => {
      const taken = take({ name: name || 'file', content, fields: { ...fields } }).catch((error: unknown) => {
        content.resume();
        finish(error);
      });
      running.push(taken);
    });
    busboy.on('error', () => finish(new AppError('invalid-request', 'The multipart body is malformed or cut off')));
    busboy.on('finish', () => finish());
    request.raw.on('data', (chunk: Uint8Array) => {
      received += chunk.byteLength;
      if (received > maxBytes) finish(new AppError('too-large', `An upload may have ${maxBytes} bytes`));
    });
    request.raw.on('aborted', () => {
      busboy.destroy(new Error('aborted'));
      finish(new AppError('invalid-request', 'The upload broke off'));
    });
    request.raw.pipe(busboy);
  });

  if (failure !== undefined) request.raw.unpipe();
  await Promise.all(running);
  if (failure !== undefined) throw failure;
}

function openBusboy(request: FastifyRequest): BusboyInstance {
  const type = request.headers['content-type'] ?? '';
  try {
    return new Busboy({ headers: { ...request.headers, 'content-type': type }, limits: LIMITS });
  } catch {
    throw new AppError('invalid-request', 'The multipart body has no boundary');
  }
}
