import { requestForward } from '../src/server/dimse/manage-forwards.ts';
import { requestRetrieval } from '../src/server/dimse/manage-retrievals.ts';
import type { Scope } from '../src/server/platform/scope.ts';
import { createRule } from '../src/server/routing/manage-rules.ts';
import { scheduleOrder } from '../src/server/worklist/manage-orders.ts';
import { ABSENT_ID } from './example-input.ts';

/** What DICOM services keep, by what parameters of endpoints are called. */
export type DicomServiceObjects = { forward: string; retrieval: string; order: string; rule: string };
export const ABSENT_DICOM_SERVICES: DicomServiceObjects = { forward: ABSENT_ID, retrieval: ABSENT_ID, order: ABSENT_ID, rule: ABSENT_ID };

/** Values of the bodies of their endpoints that no schema tells. */
export const KNOWN_OF_DICOM_SERVICES = {
  patient_id: 'P-1',
  patient_name: 'Some^Body',
  accession_number: 'A-1',
  requested_procedure_id: 'R-1',
  step_id: 'S-1',
  modality: 'CT',
  station_ae_title: 'CT1',
  start_date: '20300101',
  start_time: '0900',
};

/** `owner` stands in whatever text there is. */
export async function makeDicomServiceObjects(
  scope: Scope,
  { study, peer, owner }: { study: string; peer: string; owner: string },
): Promise<DicomServiceObjects> {
  const deps = { ...scope, now: () => new Date('2030-01-01T00:00:00.000Z'), models: [] };
  const forward = await requestForward(deps, { requestedBy: owner }, { study_instance_uid: study, peer_id: peer });
  const retrieval = await requestRetrieval(deps, owner, { study_instance_uid: study, peer_id: peer });
  const order = await scheduleOrder(deps, { ...KNOWN_OF_DICOM_SERVICES, study_instance_uid: study, patient_name: owner });
  const actions = [{ kind: 'label' as const, label: 'routed' }];
  const rule = await createRule(deps, { name: `${owner} ${study}`, occasion: 'complete', conditions: { min_instances: 1_000 }, actions });
  return { forward: forward.id, retrieval: retrieval.id, order: order.id, rule: rule.id };
}
