import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';

/** Of a patient's record. */
export const PatientKey = Type.String({ pattern: '^[0-9A-Za-z-]{1,64}$' });

/** A study, or a patient with all studies, that was deleted and can still be restored. */
export const RecycledItem = Type.Object({
  id: Id,
  /** Null for a patient with all studies. */
  study_instance_uid: Nullable(Uid),
  patient_key: PatientKey,
  patient_id: Type.String(),
  patient_name: Type.String(),
  study_count: Type.Integer(),
  instance_count: Type.Integer(),
  /** Id of the account. */
  deleted_by: Type.String(),
  deleted_at: Instant,
  /** From then on it is removed for good. */
  purge_after: Instant,
});
export type RecycledItem = Static<typeof RecycledItem>;

const itemParams = Type.Object({ id: Id });

export const deleteStudy = endpoint({
  method: 'DELETE',
  path: '/api/v1/studies/:study_instance_uid',
  summary: 'Moves a study with everything about it to the recycle bin',
  permission: 'study:delete',
  params: Type.Object({ study_instance_uid: Uid }),
  response: RecycledItem,
});
export const deletePatient = endpoint({
  method: 'DELETE',
  path: '/api/v1/patients/:patient_key',
  summary: 'Moves a patient with all studies to the recycle bin (E-11)',
  permission: 'study:delete',
  params: Type.Object({ patient_key: PatientKey }),
  response: RecycledItem,
});
export const listRecycled = endpoint({
  method: 'GET',
  path: '/api/v1/recycle-bin',
  summary: 'What was deleted and can be restored, newest first',
  permission: 'study:delete',
  query: Type.Object(PageQuery),
  response: Page(RecycledItem),
});
export const restoreRecycled = endpoint({
  method: 'POST',
  path: '/api/v1/recycle-bin/:id/restore',
  summary: 'Puts a deleted study or patient back as it was (X-22)',
  permission: 'study:delete',
  params: itemParams,
  response: Type.Object({ study_instance_uids: Type.Array(Uid) }),
});
export const purgeRecycled = endpoint({
  method: 'DELETE',
  path: '/api/v1/recycle-bin/:id',
  summary: 'Removes a deleted study or patient for good, before its time',
  permission: 'patient:erase',
  params: itemParams,
  response: Type.Object({}),
});
