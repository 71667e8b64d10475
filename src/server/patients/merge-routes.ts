import type { FastifyInstance } from 'fastify';
import * as contract from '../../contract/patients-merge.ts';
import { serve } from '../platform/route.ts';
import { acceptMatch, dismissMatch, listMatches } from './decide-match.ts';
import { mergeOf, mergePatients, undoMerge } from './merge-patients.ts';
import { listMergeRows } from './merge-repository.ts';
import { requirePatient } from './save-patient.ts';

export function mergeRoutes(http: FastifyInstance, deps: { now: () => Date }): void {
  serve(http, contract.mergePatient, async ({ params, body, scope, principal }) =>
    mergePatients({ ...deps, ...scope }, { patientKey: params.patient_key, into: body.into, userId: principal.user_id }),
  );
  serve(http, contract.listMerges, async ({ params, scope }) => {
    await requirePatient(scope.db, params.patient_key);
    return { items: (await listMergeRows(scope.db, params.patient_key)).map(mergeOf) };
  });
  serve(http, contract.undoMerge, async ({ params, scope, principal, act }) => {
    act.patient_id = params.patient_key;
    const { patient_key: patientKey, merge_id: mergeId } = params;
    return undoMerge({ ...deps, ...scope }, { patientKey, mergeId, userId: principal.user_id });
  });
  serve(http, contract.listMatches, async ({ query, scope }) => listMatches({ ...deps, ...scope }, query));
  serve(http, contract.acceptMatch, async ({ params, body, scope, principal }) =>
    acceptMatch({ ...deps, ...scope }, { matchId: params.match_id, into: body.into, userId: principal.user_id }),
  );
  serve(http, contract.dismissMatch, async ({ params, scope, principal }) =>
    dismissMatch({ ...deps, ...scope }, { matchId: params.match_id, userId: principal.user_id }),
  );
}
