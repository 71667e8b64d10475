import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery } from './fields.ts';
import { PatientKey } from './recycle-bin.ts';

const patientParams = Type.Object({ patient_key: PatientKey });
const idParams = Type.Object({ id: Id });
/** Why, in words; stored encrypted. */
const Reason = Type.String({ minLength: 3, maxLength: 1000 });

export const RetentionHold = Type.Object({
  id: Id,
  patient_key: PatientKey,
  reason: Type.String(),
  /** Ids of accounts. */
  placed_by: Type.String(),
  placed_at: Instant,
  released_by: Nullable(Type.String()),
  released_at: Nullable(Instant),
});
export type RetentionHold = Static<typeof RetentionHold>;

export const placeHold = endpoint({
  method: 'POST',
  path: '/api/v1/patients/:patient_key/holds',
  summary: 'Forbids to delete or erase anything of the patient, until the hold is released',
  permission: 'patient:erase',
  params: patientParams,
  body: Type.Object({ reason: Reason }),
  response: RetentionHold,
  status: 201,
});
export const listHolds = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/holds',
  summary: 'Retention holds of a patient, released ones too',
  permission: 'patient:erase',
  params: patientParams,
  response: Type.Object({ items: Type.Array(RetentionHold) }),
});
export const releaseHold = endpoint({
  method: 'POST',
  path: '/api/v1/holds/:id/release',
  summary: 'Ends a retention hold',
  permission: 'patient:erase',
  params: idParams,
  response: RetentionHold,
});

/** Once it is `done`, it is all that is left: it says that somebody was erased, when, and by whose decision, but not who. */
export const Erasure = Type.Object({
  id: Id,
  /** Null once it is done or refused. */
  patient_key: Nullable(PatientKey),
  /** By which the audit trail knows the patient. */
  pseudonym: Type.String(),
  reason: Type.String(),
  status: Type.Union([Type.Literal('requested'), Type.Literal('approved'), Type.Literal('done'), Type.Literal('refused')]),
  /** Ids of accounts. */
  requested_by: Type.String(),
  requested_at: Instant,
  approvals: Type.Array(Type.Object({ user_id: Type.String(), approved_at: Instant })),
  finished_at: Nullable(Instant),
  study_count: Nullable(Type.Integer()),
  instance_count: Nullable(Type.Integer()),
});
export type Erasure = Static<typeof Erasure>;

export const requestErasure = endpoint({
  method: 'POST',
  path: '/api/v1/patients/:patient_key/erasure',
  summary: 'Asks to erase a patient for good (GDPR article 17); two persons have to approve',
  permission: 'patient:erase',
  params: patientParams,
  body: Type.Object({ reason: Reason }),
  response: Erasure,
  status: 201,
});
export const listErasures = endpoint({
  method: 'GET',
  path: '/api/v1/erasures',
  summary: 'Erasures, asked for and done, newest first',
  permission: 'patient:erase',
  query: Type.Object(PageQuery),
  response: Page(Erasure),
});
export const approveErasure = endpoint({
  method: 'POST',
  path: '/api/v1/erasures/:id/approve',
  summary: 'Approves an erasure; with the second person it is carried out, and cannot be undone',
  permission: 'patient:erase',
  params: idParams,
  response: Erasure,
});
export const refuseErasure = endpoint({
  method: 'POST',
  path: '/api/v1/erasures/:id/refuse',
  summary: 'Refuses an erasure that is not yet approved by two',
  permission: 'patient:erase',
  params: idParams,
  response: Erasure,
});

export const exportSubject = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/export',
  summary:
    'Everything that is stored of a patient, as a ZIP archive: FHIR bundle, DICOM files, signed reports, all records, and who has seen them (GDPR articles 15 and 20)',
  permission: 'study:export',
  params: patientParams,
  response: Type.Unknown(),
  produces: 'application/zip',
  audit: 'export',
});
