import { AsyncLocalStorage } from 'node:async_hooks';
import { createReadStream, mkdirSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { EVENTS, Server, type Upload } from '@tus/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { getUploadResult, type UploadResult } from '../../contract/studies.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { authorize, serve } from '../platform/route.ts';
import type { OpenScope, Scope } from '../platform/scope.ts';
import { type IngestDeps, ingestFile, uploadResult } from './ingest-file.ts';
import { tellProgress } from './upload-progress.ts';

/** Each tenant has a folder of its own in `uploadsDir`. */
export type ResumableDeps = { uploadsDir: string; scope: OpenScope };
type Deps = Omit<IngestDeps, keyof Scope> & ResumableDeps;

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
export function resumableUploads(http: FastifyInstance, deps: Deps): void {
  const callers = new WeakMap<FastifyRequest, Scope>();
  // The library tells of the end of an upload without the request that brought it.
  const uploading = new AsyncLocalStorage<Scope>();
  const servers = new Map<string, Server>();
  const serverOf = (tenantId: string): Server => {
    const server = servers.get(tenantId) ?? openServer(deps, tenantId, uploading);
    servers.set(tenantId, server);
    return server;
  };

  for (const url of [PATH, `${PATH}/:id`]) {
    http.route({
      method: ['POST', 'PATCH', 'HEAD', 'DELETE', 'OPTIONS'],
      url,
      onRequest: async (request) => {
        callers.set(request, (await authorize(http, request, { permission: 'study:write', action: 'import' })).scope);
      },
      handler: async (request, reply) => {
        const scope = callers.get(request);
        if (!scope) throw new AppError('unauthenticated', 'This needs a session');
        reply.hijack();
        const server = serverOf(scope.tenant_id);
        await uploading.run(scope, () => server.handle(request.raw, reply.raw));
        if (request.method === 'PATCH') await tellKept({ ...deps, ...scope }, server, request.url);
      },
    });
  }
  serve(http, getUploadResult, async ({ params, scope }) => readResult(folderOf(deps, scope.tenant_id), params.id));
}

/** What one tenant uploads no other can go on with, or ask for. */
function openServer(deps: Deps, tenantId: string, uploading: AsyncLocalStorage<Scope>): Server {
  const directory = folderOf(deps, tenantId);
  mkdirSync(directory, { recursive: true });
  const server = new Server({
    path: PATH,
    datastore: new FileStore({ directory, expirationPeriodInMilliseconds: EXPIRY_MS }),
    maxSize: deps.maxUploadBytes,
    relativeLocation: true,
    namingFunction: () => newId(),
    onUploadFinish: async (_request, upload) => {
      const scope = uploading.getStore() ?? (await deps.scope(tenantId));
      const result = await takeFinished({ ...deps, ...scope }, directory, upload);
      await tellProgress({ ...deps, ...scope }, upload, true).catch(ignore);
      return result.length > MAX_HEADER_BYTES ? {} : { headers: { 'Upload-Result': result } };
    },
  });
  // Of a part that takes long, once a second.
  server.on(EVENTS.POST_RECEIVE, (_request, upload) => {
    void deps
      .scope(tenantId)
      .then((scope) => tellProgress({ ...deps, ...scope }, upload))
      .catch(ignore);
  });
  return server;
}

/** What has been received of an upload that is not at its end: the end has told of itself. */
async function tellKept(deps: Deps & Scope, server: Server, url: string): Promise<void> {
  const id = new URL(url, 'http://localhost').pathname.split('/').at(-1) ?? '';
  const upload = await server.datastore.getUpload(id).catch(ignore);
  if (upload && upload.offset > 0 && upload.offset !== upload.size) await tellProgress(deps, upload).catch(ignore);
}

/** An upload goes on whether or not it can be told of. */
function ignore(): undefined {
  return undefined;
}

function folderOf({ uploadsDir }: ResumableDeps, tenantId: string): string {
  return join(uploadsDir, tenantId);
}

async function takeFinished(deps: IngestDeps, directory: string, upload: Upload): Promise<string> {
  const path = join(directory, upload.id);
  const name = upload.metadata?.['filename'] ?? 'file';
  const items = await ingestFile(deps, { name, content: createReadStream(path), fields: {} });
  const json = JSON.stringify(uploadResult(items));
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
