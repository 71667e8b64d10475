import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/patients-documents.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { readMultipart } from '../studies/read-multipart.ts';
import { type DocumentDeps, keepDocument, listDocuments, MAX_DOCUMENT_BYTES, removeDocument, requireDocument } from './keep-document.ts';
import { requirePatient } from './save-patient.ts';

/** What a multipart body has besides its file. */
const MULTIPART_BYTES = 65_536;
const EXTENSIONS: Readonly<Record<contract.DocumentType, string>> = {
  'application/pdf': 'pdf',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'text/plain': 'txt',
  'application/fhir+json': 'json',
  'application/hl7-cda+xml': 'xml',
};

type DocumentRouteDeps = Omit<DocumentDeps, keyof Scope>;

export function documentRoutes(http: FastifyInstance, deps: DocumentRouteDeps): void {
  serve(http, contract.uploadDocument, async ({ params, scope, principal, request, act }) => {
    const patientKey = params.patient_key;
    act.patient_id = patientKey;
    const kept: contract.PatientDocument[] = [];
    let count = 0;
    await readMultipart(request, MAX_DOCUMENT_BYTES + MULTIPART_BYTES, async (document) => {
      count += 1;
      if (count > 1) throw new AppError('invalid-request', 'One document at a time');
      kept.push(await keepDocument({ ...deps, ...scope }, { patientKey, document, principal }));
    });
    const [document] = kept;
    if (!document) throw new AppError('invalid-request', 'The upload holds no file');
    return document;
  });
  serve(http, contract.listDocuments, async ({ params, query, scope }) => {
    await requirePatient(scope.db, params.patient_key);
    return listDocuments(scope.db, params.patient_key, query);
  });
  serve(http, contract.getDocument, async ({ params, scope, reply, act }) => {
    act.patient_id = params.patient_key;
    const { title, media_type, blob_key, id } = await requireDocument(scope.db, params.patient_key, params.document_id);
    const { stream, size } = await scope.blobs.open(blob_key);
    const extension = EXTENSIONS[media_type];
    const name = encodeURIComponent(title.endsWith(`.${extension}`) ? title : `${title}.${extension}`).replaceAll(/['()*]/g, '_');
    return reply
      .type(media_type === 'text/plain' ? 'text/plain; charset=utf-8' : media_type)
      .header('content-length', size)
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${id}.${extension}"; filename*=UTF-8''${name}`)
      .send(stream);
  });
  serve(http, contract.deleteDocument, async ({ params, scope, act }) => {
    act.patient_id = params.patient_key;
    await removeDocument({ ...deps, ...scope }, { patientKey: params.patient_key, id: params.document_id });
    return {};
  });
}
