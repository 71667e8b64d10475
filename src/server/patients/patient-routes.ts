import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/patients.ts';
import { getAnalytics } from '../../contract/patients-analytics.ts';
import { getHistory } from '../../contract/patients-history.ts';
import { listPatients, searchPatients } from '../../contract/patients-search.ts';
import type { Cache } from '../cache/cache.ts';
import { mayDo } from '../platform/auth.ts';
import { serve } from '../platform/route.ts';
import { analyzePatients } from './analyze-patients.ts';
import { addEntry, changeEntry, entryTag, removeEntry, requireEntryOf } from './edit-record.ts';
import { findPatients } from './find-patients.ts';
import { listRecord } from './list-record.ts';
import { readHistory } from './read-history.ts';
import { createPatient, requirePatient, updatePatient } from './save-patient.ts';
import { etagOf, patientOfRow } from './show-patient.ts';
import { studiesScope, studiesView } from './studies-view.ts';

type PatientRouteDeps = { cache: Cache; now: () => Date };

export function patientRoutes(http: FastifyInstance, deps: PatientRouteDeps): void {
  serve(http, contract.createPatient, async ({ body, scope, principal, reply }) => {
    const row = await createPatient({ ...deps, ...scope }, principal, body);
    reply.header('etag', etagOf(row)).header('location', `/api/v1/patients/${row.id}`);
    return patientOfRow({ ...deps, ...scope, mayReadDiagnoses: mayDo(principal, 'diagnosis:read') }, row);
  });
  serve(http, contract.getPatient, async ({ params, scope, principal, reply }) => {
    const row = await requirePatient(scope.db, params.patient_key);
    reply.header('etag', etagOf(row));
    return patientOfRow({ ...deps, ...scope, mayReadDiagnoses: mayDo(principal, 'diagnosis:read') }, row);
  });
  serve(http, contract.updatePatient, async ({ params, body, scope, principal, request, reply }) => {
    const ifMatch = request.headers['if-match'];
    const row = await updatePatient({ ...deps, ...scope }, { patientKey: params.patient_key, body, ifMatch });
    reply.header('etag', etagOf(row));
    return patientOfRow({ ...deps, ...scope, mayReadDiagnoses: mayDo(principal, 'diagnosis:read') }, row);
  });
  serve(http, listPatients, async ({ query, scope }) => findPatients({ ...deps, ...scope }, query));
  serve(http, searchPatients, async ({ query, scope }) => findPatients({ ...deps, ...scope }, query));
  serve(http, getAnalytics, async ({ query, scope, principal }) => {
    const views = { db: scope, studiesOf: await studiesScope(http.openScope, { scope, principal }, 'study:read') };
    const at = deps.now().toISOString();
    // Ages and months are those of today.
    const asked = { name: 'patient-analytics', key: [query, at.slice(0, 10)] };
    return { ...(await deps.cache.view(asked, views, (dbs) => analyzePatients({ ...deps, ...dbs }, query))), at };
  });
  serve(http, getHistory, async ({ params, query, scope, principal }) => {
    await requirePatient(scope.db, params.patient_key);
    const caller = { scope, principal };
    const studies = await studiesView(http.openScope, caller, 'study:read');
    const reports = await studiesView(http.openScope, caller, 'report:read');
    return readHistory({ record: scope.db, studies, reports }, params.patient_key, query);
  });
  recordRoutes(http, deps);
}

function recordRoutes(http: FastifyInstance, deps: PatientRouteDeps): void {
  serve(http, contract.listRecord, async ({ params, query, scope }) => {
    await requirePatient(scope.db, params.patient_key);
    return listRecord(scope.db, params.patient_key, query);
  });
  serve(http, contract.addRecordEntry, async ({ params, body, scope, reply }) => {
    const entry = await addEntry({ ...deps, ...scope }, params.patient_key, body);
    reply.header('etag', entryTag(entry));
    return entry;
  });
  serve(http, contract.getRecordEntry, async ({ params, scope, reply, act }) => {
    act.patient_id = params.patient_key;
    const entry = await requireEntryOf(scope.db, { patientKey: params.patient_key, entryId: params.entry_id });
    reply.header('etag', entryTag(entry));
    return entry;
  });
  serve(http, contract.updateRecordEntry, async ({ params, body, scope, request, reply, act }) => {
    act.patient_id = params.patient_key;
    const place = { patientKey: params.patient_key, entryId: params.entry_id };
    const entry = await changeEntry({ ...deps, ...scope }, place, { body, ifMatch: request.headers['if-match'] });
    reply.header('etag', entryTag(entry));
    return entry;
  });
  serve(http, contract.deleteRecordEntry, async ({ params, scope, act }) => {
    act.patient_id = params.patient_key;
    await removeEntry({ ...deps, ...scope }, { patientKey: params.patient_key, entryId: params.entry_id });
    return {};
  });
}
