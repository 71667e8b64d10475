import type { FastifyInstance } from 'fastify';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import * as contract from '../../contract/history.ts';
import { checkPatientDrugs } from '../../contract/patient-drug-safety.ts';
import type { GrantedPermission } from '../../contract/permission.ts';
import { checkRecord } from '../agents/check-record.ts';
import { mayDo, type Principal, requirePermission } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import type { Db } from '../platform/ports.ts';
import { serve } from '../platform/route.ts';
import type { Scope } from '../platform/scope.ts';
import { type HistoryViews, scorePatient, synthesizePatient } from './patient-history.ts';

/** What a record says as a whole. The record is seen by `patient:read`; studies and reports as far as the caller's own rights to them reach. */
export function historyRoutes(http: FastifyInstance, { now }: { now: () => Date }): void {
  const viewsOf = async ({ db }: Scope, principal: Principal): Promise<HistoryViews> => ({
    record: db,
    studies: await viewBy(http, principal, 'study:read'),
    reports: await viewBy(http, principal, 'report:read'),
  });

  serve(http, contract.getSynthesis, async ({ params, query, scope, principal, act }) => {
    act.patient_id = params.patient_key;
    const views = await viewsOf(scope, principal);
    return synthesizePatient(views, { patientKey: params.patient_key, studyInstanceUid: query.study_instance_uid, now: now() });
  });
  serve(http, contract.getRecordedScores, async ({ params, scope, act }) => {
    act.patient_id = params.patient_key;
    const at = now();
    const items = await scorePatient(scope.db, { patientKey: params.patient_key, now: at });
    return { as_of: at.toISOString(), items, disclaimer: DISCLAIMER };
  });
  serve(http, checkPatientDrugs, async ({ params, query, scope, act }) => {
    act.patient_id = params.patient_key;
    const exam = query.contrast === undefined ? null : { contrast: query.contrast };
    const question = { patientKey: params.patient_key, exam, policy: query.policy };
    const { report, isKnown } = await checkRecord({ db: scope.db, now }, question);
    if (!isKnown) throw new AppError('patient-not-found', `No patient ${params.patient_key}`);
    return report;
  });
}

/** The part of the tenant that a principal sees with another permission than the endpoint's; undefined if it lacks it. */
async function viewBy(http: FastifyInstance, principal: Principal, permission: GrantedPermission): Promise<Db | undefined> {
  if (!mayDo(principal, permission)) return undefined;
  const { visibility } = requirePermission(principal, permission);
  return (await http.openScope(principal.tenant_id, visibility)).db;
}
