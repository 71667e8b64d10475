import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as contract from '../../contract/patients-fhir.ts';
import { AppError } from '../platform/errors.ts';
import { serve } from '../platform/route.ts';
import { exportBundle } from './export-subject.ts';
import { importPatient, importRecord } from './import-bundle.ts';
import { studiesView } from './studies-view.ts';

/** Largest bundle: the record of one patient of many years has some megabytes. */
const MAX_BUNDLE_BYTES = 33_554_432;

type FhirRouteDeps = { now: () => Date };

export function fhirRoutes(http: FastifyInstance, deps: FhirRouteDeps): void {
  serve(http, contract.importPatient, async ({ query, scope, principal, request }) => {
    const json = await readJson(request);
    return importPatient({ ...deps, ...scope }, { principal, json, ...(query.issuer === undefined ? {} : { issuer: query.issuer }) });
  });
  serve(http, contract.importRecord, async ({ params, scope, request }) => {
    const json = await readJson(request);
    return importRecord({ ...deps, ...scope }, { patientKey: params.patient_key, json });
  });
  serve(http, contract.exportFhir, async ({ params, scope, principal, reply }) => {
    const studiesOf = await studiesView(http.openScope, { scope, principal }, 'study:read');
    const reportsOf = await studiesView(http.openScope, { scope, principal }, 'report:read');
    const bundle = await exportBundle({ ...deps, ...scope }, { patientKey: params.patient_key, studiesOf, reportsOf });
    return reply.header('content-disposition', `attachment; filename="${params.patient_key}.fhir.json"`).send(JSON.stringify(bundle));
  });
}

/** The body, which is read here because other JSON may not be as large. */
async function readJson(request: FastifyRequest): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.raw as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BUNDLE_BYTES) throw new AppError('too-large', `A bundle may have ${MAX_BUNDLE_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    throw new AppError('invalid-request', 'The body is not valid JSON', { fields: [{ field: 'Bundle', message: 'is not valid JSON' }] });
  }
}
