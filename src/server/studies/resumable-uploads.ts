import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server, type Upload } from '@tus/server';
import type { FastifyInstance } from 'fastify';
import { getUploadResult, type UploadResult } from '../../contract/studies.ts';
import { requirePermission } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { serve } from '../platform/route.ts';
import { type IngestDeps, ingestFile, uploadResult } from './ingest-file.ts';

export type ResumableDeps = { uploadsDir: string };

const PATH = '/api/v1/uploads';
/** Unfinished uploads are kept this long for their return. */
const EXPIRY_MS = 7 * 24 * 60 * 60 * 1000;
/** Clients refuse answers whose headers are longer than this or a little more (Node: 16 KiB). */
const MAX_HEADER_BYTES = 8192;
const UPLOAD_ID = /^[0-9a-f-]{36}$/;

/**
 * Uploads that go on after a broken connection (tus 1.0 at `/api/v1/uploads`). The last PATCH is answered when the file went through
 * `ingestFile`; its result stays to be asked for, and stands in the header `Upload-Result` (base64 of JSON) if it is short enough for one.
 */
export function resumableUploads(http: FastifyInstance, deps: IngestDeps & ResumableDeps): void {
  const tus = new Server({
    path: PATH,
    datastore: new FileStore({ directory: deps.uploadsDir, expirationPeriodInMilliseconds: EXPIRY_MS }),
    maxSize: deps.maxUploadBytes,
    relativeLocation: true,
    namingFunction: () => newId(),
    onUploadFinish: async (_request, upload) => {
      const result = await takeFinished(deps, upload);
      return result.length > MAX_HEADER_BYTES ? {} : { headers: { 'Upload-Result': result } };
    },
  });
  const authorize = async (request: Parameters<typeof http.authenticate>[0]): Promise<void> =>
    requirePermission(await http.authenticate(request), 'study:write');

  for (const url of [PATH, `${PATH}/:id`]) {
    http.route({
      method: ['POST', 'PATCH', 'HEAD', 'DELETE', 'OPTIONS'],
      url,
      onRequest: authorize,
      handler: async (request, reply) => {
        reply.hijack();
        await tus.handle(request.raw, reply.raw);
      },
    });
  }
  serve(http, getUploadResult, async ({ params }) => readResult(deps.uploadsDir, params.id));
}

async function takeFinished(deps: IngestDeps & ResumableDeps, upload: Upload): Promise<string> {
  const path = join(deps.uploadsDir, upload.id);
  const name = upload.metadata?.['filename'] ?? 'file';
  const items = await ingestFile(deps, { name, content: createReadStream(path), fields: {} });
  const json = JSON.stringify(uploadResult(items));
  await mkdir(deps.uploadsDir, { recursive: true });
  await writeFile(`${path}.part`, json, { flush: true });
  await rename(`${path}.part`, `${path}.result`);
  await rm(path, { force: true });
  return Buffer.from(json).toString('base64');
}

async function readResult(directory: string, id: string): Promise<UploadResult> {
  if (!UPLOAD_ID.test(id)) throw new AppError('not-found', 'No such upload');
  try {
    // Written by `takeFinished` from an `UploadResult`.
    return JSON.parse(await readFile(join(directory, `${id}.result`), 'utf8')) as UploadResult;
  } catch (error) {
    throw new AppError('not-found', 'The upload is not finished, or not known', { cause: error });
  }
}
