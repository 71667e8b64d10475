import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/diagnosis.ts';
import { getDiagnosisResults } from '../../contract/diagnosis-results.ts';
import type { Cache } from '../cache/cache.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { cancelDiagnosis, changeDiagnosis } from './change-diagnosis.ts';
import { beginDiagnosis, type DiagnosisDeps } from './create-diagnosis.ts';
import { readAgentsReports } from './export-diagnosis.ts';
import { pageOfDiagnoses, pageWithPatients } from './list-diagnoses.ts';
import { agentStateOf, describeDiagnosis, listAgentRows, missingOf, progressOf } from './queries.ts';
import { readResults } from './read-results.ts';
import { getDiagnosis } from './repository.ts';

export function diagnosisRoutes(http: FastifyInstance, deps: Omit<DiagnosisDeps, keyof Scope> & { cache: Cache }): void {
  serve(http, contract.listDiagnoses, async ({ query, scope }) => pageWithPatients(scope.db, query));
  serve(http, contract.listDiagnosesOfPatient, async ({ params, query, scope }) =>
    pageOfDiagnoses(scope.db, { ...query, patient_key: params.patient_key }),
  );
  serve(http, contract.createDiagnosis, async ({ body, principal, scope, reply }) => {
    const diagnosis = await beginDiagnosis({ ...deps, ...scope }, principal, body);
    reply.header('location', `/api/v1/diagnosis/${diagnosis.id}`).header('etag', etagOf(diagnosis.version));
    return diagnosis;
  });
  serve(http, contract.getDiagnosis, async ({ params, scope, reply }) => {
    const row = await getDiagnosis(scope.db, params.id);
    reply.header('etag', etagOf(row.version));
    return describeDiagnosis(scope.db, row);
  });
  serve(http, contract.updateDiagnosis, async ({ params, body, principal, scope, request, reply }) => {
    const version = versionOf(request.headers['if-match']);
    const diagnosis = await changeDiagnosis({ ...deps, ...scope }, principal, { id: params.id, version, change: body });
    reply.header('etag', etagOf(diagnosis.version));
    return diagnosis;
  });
  serve(http, contract.cancelDiagnosis, async ({ params, principal, scope }) =>
    cancelDiagnosis({ ...deps, ...scope }, principal, params.id),
  );
  serve(http, contract.getDiagnosisStatus, async ({ params, scope }) => {
    const { id, status } = await getDiagnosis(scope.db, params.id);
    const agents = await listAgentRows(scope.db, [id]);
    return { id, status, progress: progressOf(status, agents), agents: agents.map(agentStateOf), missing: missingOf(agents) };
  });
  serve(http, getDiagnosisResults, async ({ params, scope }) => {
    const row = await getDiagnosis(scope.db, params.id);
    return deps.cache.view({ name: 'diagnosis-results', key: row }, { db: scope }, ({ db }) => readResults(db, row));
  });
  serve(http, contract.getDiagnosisAgents, async ({ params, scope }) => {
    const { id } = await getDiagnosis(scope.db, params.id);
    return readAgentsReports(scope.db, id);
  });
}

function etagOf(version: number): string {
  return `"${version}"`;
}

/** What an If-Match names; a form that was never given out matches no version. */
function versionOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const [, version] = /^"(\d{1,9})"$/.exec(header.trim()) ?? [];
  return version === undefined ? -1 : Number(version);
}
