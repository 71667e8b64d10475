import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type StoredItem, type UploadResult, uploadImages, uploadStudies } from '../../contract/studies.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { type IngestDeps, ingestFile, requireSomeStored, uploadResult } from './ingest-file.ts';
import { readMultipart } from './read-multipart.ts';
import { type ResumableDeps, resumableUploads } from './resumable-uploads.ts';
import type { PictureFields } from './wrap-image.ts';

/** Values that a person may give for a picture: DICOM code strings (PS3.5 6.2). */
const CODE_STRING = /^[A-Z0-9 _]{1,16}$/;

type UploadRouteDeps = Omit<IngestDeps, keyof Scope> & ResumableDeps;

/** The doors of the browser and of scripts: multipart, and resumable uploads. */
export function uploadRoutes(http: FastifyInstance, deps: UploadRouteDeps): void {
  serve(http, uploadStudies, async ({ request, scope }) => takeUpload({ ...deps, ...scope }, request));
  serve(http, uploadImages, async ({ request, scope }) => takeUpload({ ...deps, ...scope }, request));
  resumableUploads(http, deps);
}

async function takeUpload(deps: IngestDeps, request: FastifyRequest): Promise<UploadResult> {
  const items: StoredItem[] = [];
  await readMultipart(request, deps.maxUploadBytes, async ({ name, content, fields }) => {
    items.push(...(await ingestFile(deps, { name, content, fields: pictureFieldsOf(fields) })));
  });
  return requireSomeStored(uploadResult(items));
}

function pictureFieldsOf(fields: Record<string, string>): PictureFields {
  const picture: PictureFields = {};
  for (const name of ['patient_id', 'patient_name', 'modality', 'body_part'] as const) {
    const value = fields[name]?.trim();
    if (!value) continue;
    const isCode = name === 'modality' || name === 'body_part';
    // A backslash would make several values, a control character another text.
    const valid = isCode ? CODE_STRING.test(value) : value.length <= 64 && !/[\\\p{Cc}]/u.test(value);
    if (!valid)
      throw new AppError('invalid-request', 'A form field is not valid', {
        fields: [{ field: name, message: isCode ? 'up to 16 of A-Z, 0-9, space and _' : 'up to 64 characters, no backslash' }],
      });
    picture[name] = value;
  }
  return picture;
}
