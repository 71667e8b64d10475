import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Selectable } from 'kysely';
import { newId } from '../src/server/platform/ids.ts';
import type { Tables } from '../src/server/platform/schema.ts';
import type { Scope } from '../src/server/platform/scope.ts';
import { storeInstance } from '../src/server/studies/store-instance.ts';
import type { TestApp } from './app.ts';
import { secondaryCapture } from './builders.ts';
import { makeDeidentification } from './deidentification-objects.ts';
import { makeDiagnosis, makeDiagnosisLink } from './diagnosis-objects.ts';
import { ABSENT_DICOM_SERVICES, type DicomServiceObjects, makeDicomServiceObjects } from './dicom-service-objects.ts';
import { ABSENT_ID } from './example-input.ts';
import { makeFollowUps } from './follow-up-objects.ts';
import { type IdentityObjects, makeIdentityObjects } from './identity-objects.ts';
import { makePatientObjects } from './patient-objects.ts';
import { makePrivacyObjects, type PrivacyObjects } from './privacy-objects.ts';
import { makeReportDesk } from './report-desk-objects.ts';

/** Objects of one study of a tenant, and others of the same tenant, by what the parameters of endpoints are called. */
export type Objects = Record<
  | 'study'
  | 'series'
  | 'instance'
  | 'analysis'
  | 'finding'
  | 'report'
  | 'followUp'
  | 'discordance'
  | 'addendum'
  | 'criticalResult'
  | 'reportTemplate'
  | 'reportMacro'
  | 'prediction'
  | 'peer'
  | 'upload'
  | 'webhook'
  | 'workitem'
  | 'deidentification'
  | 'diagnosis'
  | 'diagnosisLink'
  | 'patient'
  | 'entry'
  | 'document'
  | keyof DicomServiceObjects
  | 'merge'
  | 'match'
  | keyof IdentityObjects
  | keyof PrivacyObjects,
  string
>;
const ABSENT_UID = '2.25.404';
export const ABSENT: Objects = {
  study: ABSENT_UID,
  series: ABSENT_UID,
  instance: ABSENT_UID,
  analysis: ABSENT_ID,
  finding: ABSENT_ID,
  report: ABSENT_ID,
  followUp: ABSENT_ID,
  discordance: ABSENT_ID,
  addendum: ABSENT_ID,
  criticalResult: ABSENT_ID,
  reportTemplate: ABSENT_ID,
  reportMacro: ABSENT_ID,
  prediction: ABSENT_ID,
  peer: ABSENT_ID,
  upload: ABSENT_ID,
  webhook: ABSENT_ID,
  workitem: ABSENT_UID,
  deidentification: ABSENT_ID,
  diagnosis: ABSENT_ID,
  diagnosisLink: ABSENT_ID,
  patient: ABSENT_ID,
  entry: ABSENT_ID,
  document: ABSENT_ID,
  ...ABSENT_DICOM_SERVICES,
  merge: ABSENT_ID,
  match: ABSENT_ID,
  user: ABSENT_ID,
  invitation: ABSENT_ID,
  registration: ABSENT_ID,
  apiKey: ABSENT_ID,
  shareLink: ABSENT_ID,
  provider: ABSENT_ID,
  recycled: ABSENT_ID,
  hold: ABSENT_ID,
  erasure: ABSENT_ID,
};

type Kind = { patient: string; isReleased: boolean; owner: string };
const AT = '2030-01-01T00:00:00.000Z';
let count = 0;

/** A study with one of everything, in a tenant; its report is signed if it is released. `owner` stands in whatever text there is. */
export async function makeObjects(app: TestApp, scope: Scope, { patient, isReleased, owner }: Kind): Promise<Objects> {
  count += 1;
  // All of one length: none is the beginning of another.
  const study = `2.25.7.${1_000_000 + count}`;
  const [series, instance] = [`${study}.1`, `${study}.1.1`];
  const names = { study, series, instance, patientId: `${owner}-${patient}`, patientName: owner };
  await storeInstance({ ...app.deps, ...scope }, once(secondaryCapture(names)));
  const [analysis, finding, report, prediction, peer, upload] = Array.from({ length: 6 }, () => newId()) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const picture = await scope.blobs.put(once(Buffer.from(owner)));
  const place = { study_instance_uid: study, series_instance_uid: series, sop_instance_uid: instance };
  const { db } = scope;
  await db
    .insertInto('analysis')
    .values(analysisRow(place, { id: analysis, owner, picture: picture.key }))
    .execute();
  const about = { source: 'person', code: 'c', title: owner, evidence: '{}', status: 'accepted', created_at: AT } as const;
  await db
    .insertInto('finding')
    .values({ ...place, ...about, id: finding })
    .execute();
  await db
    .insertInto('report')
    .values(reportRow(study, { id: report, owner, isReleased, paper: picture.key }))
    .execute();
  const { followUp, discordance } = await makeFollowUps(scope, { study, report, owner });
  const desk = await makeReportDesk(scope, { study, report, owner, isReleased });
  await db.insertInto('prediction').values(predictionRow(prediction, owner)).execute();
  const rights = { tls: 0, may_store: 1, may_query: 1, may_retrieve: 1 };
  await db
    .insertInto('peer')
    .values({ id: peer, ae_title: `P${count}`, host: '127.0.0.1', port: 1, ...rights, created_at: AT })
    .execute();
  const webhook = newId();
  await db
    .insertInto('webhook')
    .values({ id: webhook, url: `https://${owner}.example`, event_types: '["*"]', secret: '', cursor: 0, created_at: AT })
    .execute();
  const workitem = `${study}.7`;
  await db.insertInto('workitem').values(workitemRow(workitem, owner)).execute();
  const people = { ...(await makeIdentityObjects(scope, { owner, study })), ...(await makePrivacyObjects(scope, owner)) };
  const services = await makeDicomServiceObjects(scope, { study, peer, owner });
  const deidentification = await makeDeidentification(scope, { study, owner });
  const { patient_key } = await db
    .selectFrom('study')
    .select('patient_key')
    .where('study_instance_uid', '=', study)
    .executeTakeFirstOrThrow();
  const diagnosis = await makeDiagnosis(scope, { patient_key, study, owner });
  const diagnosisLink = await makeDiagnosisLink(scope, { patient_key, diagnosis, owner });
  const folder = join(app.deps.uploadsDir, scope.tenant_id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${upload}.result`), JSON.stringify({ stored: 0, already_held: 0, refused: 0, items: [] }));
  return {
    study,
    series,
    instance,
    analysis,
    finding,
    report,
    followUp,
    discordance,
    ...desk,
    prediction,
    peer,
    upload,
    webhook,
    workitem,
    deidentification,
    diagnosis,
    diagnosisLink,
    patient: patient_key,
    ...(await makePatientObjects(scope, { patient_key, owner, blob_key: picture.key })),
    ...services,
    ...people,
  };
}

/** Of no study that is kept, as a worklist may have it. */
function workitemRow(uid: string, owner: string): Selectable<Tables['workitem']> {
  const attributes = { '00080018': { vr: 'UI', Value: [uid] }, '00100020': { vr: 'LO', Value: [owner] } };
  return {
    sop_instance_uid: uid,
    study_instance_uid: null,
    state: 'SCHEDULED',
    transaction_uid: null,
    performer: null,
    input_digest: null,
    start_at: '20300101000000',
    attributes: JSON.stringify(attributes),
    revision: 0,
    created_at: AT,
    finished_at: null,
  };
}

type Place = { study_instance_uid: string; series_instance_uid: string; sop_instance_uid: string };

function analysisRow(place: Place, { id, owner, picture }: Record<'id' | 'owner' | 'picture', string>): Selectable<Tables['analysis']> {
  return {
    ...place,
    id,
    run_key: id,
    model_id: 'm',
    model_version: '1',
    model_digest: 'd',
    input_digest: null,
    parameters: '{}',
    status: 'succeeded',
    reason: owner,
    scores: '[]',
    measurements: '[]',
    heatmap_blob_key: picture,
    out_of_distribution_score: null,
    started_at: AT,
    finished_at: AT,
    duration_ms: 1,
    created_at: AT,
  };
}

function reportRow(
  study_instance_uid: string,
  { id, owner, isReleased, paper }: { id: string; owner: string; isReleased: boolean; paper: string },
): Selectable<Tables['report']> {
  const text = { clinical_information: owner, technique: '', comparison: '', findings: owner, impression: owner, recommendation: '' };
  return {
    id,
    study_instance_uid,
    version: 1,
    amends: null,
    status: isReleased ? 'final' : 'draft',
    locale: 'en',
    sections: JSON.stringify(text),
    finding_ids: '[]',
    statements: null,
    acknowledged: null,
    revision: 0,
    amendment_reason: null,
    signed_content: null,
    content_sha256: null,
    signed_by: isReleased ? owner : null,
    signed_at: isReleased ? AT : null,
    signature_meaning: isReleased ? 'read' : null,
    pdf_status: 'ready',
    pdf_blob_key: paper,
    created_at: AT,
    updated_at: AT,
  };
}

function predictionRow(id: string, owner: string): Selectable<Tables['prediction']> {
  return {
    id,
    image_filename: owner,
    model_name: 'm',
    model_version: '1',
    model_digest: 'd',
    input_digest: 'd',
    prediction_class: 'c',
    confidence_score: 0.5,
    probabilities: '{}',
    abstained: 0,
    abstention_reason: null,
    out_of_distribution_score: null,
    processing_time: 1,
    created_by: owner,
    created_at: AT,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
