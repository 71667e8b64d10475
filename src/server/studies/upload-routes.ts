import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addSampleStudy } from '../../contract/sample-study.ts';
import { type StoredItem, type UploadResult, uploadImages, uploadStudies } from '../../contract/studies.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { type IngestDeps, ingestFile, requireSomeStored, uploadResult } from './ingest-file.ts';
import { pictureFieldsOf } from './picture-fields.ts';
import { readMultipart } from './read-multipart.ts';
import { type ResumableDeps, resumableUploads } from './resumable-uploads.ts';
import { addSampleStudy as storeSampleStudy } from './sample-study.ts';

type UploadRouteDeps = Omit<IngestDeps, keyof Scope> & ResumableDeps;

/** The doors of the browser and of scripts: multipart, and resumable uploads. */
export function uploadRoutes(http: FastifyInstance, deps: UploadRouteDeps): void {
  serve(http, uploadStudies, async ({ request, scope }) => takeUpload({ ...deps, ...scope }, request));
  serve(http, uploadImages, async ({ request, scope }) => takeUpload({ ...deps, ...scope }, request));
  serve(http, addSampleStudy, async ({ scope }) => storeSampleStudy({ ...deps, ...scope }));
  resumableUploads(http, deps);
}

async function takeUpload(deps: IngestDeps, request: FastifyRequest): Promise<UploadResult> {
  const items: StoredItem[] = [];
  await readMultipart(request, deps.maxUploadBytes, async ({ name, content, fields }) => {
    items.push(...(await ingestFile(deps, { name, content, fields: pictureFieldsOf(fields) })));
  });
  return requireSomeStored(uploadResult(items));
}
