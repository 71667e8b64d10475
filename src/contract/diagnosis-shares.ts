import { type Static, Type } from 'typebox';
import { AgentState } from './agents.ts';
import { Diagnosis, diagnosisParams } from './diagnosis.ts';
import { DiagnosisResults } from './diagnosis-results.ts';
import { endpoint } from './endpoint.ts';
import { Id } from './fields.ts';
import { Secret } from './identity.ts';
import { heldLinkFields, newLinkFields } from './identity-shares.ts';

/** A link that shows the results of one diagnosis to whoever has it, read-only (E-29). */
export const DiagnosisLink = Type.Object({
  id: Id,
  diagnosis_id: Id,
  ...heldLinkFields,
});
export type DiagnosisLink = Static<typeof DiagnosisLink>;

export const NewDiagnosisLink = Type.Object(newLinkFields, { additionalProperties: false });
export type NewDiagnosisLink = Static<typeof NewDiagnosisLink>;

export const listDiagnosisLinks = endpoint({
  method: 'GET',
  path: '/api/v1/diagnosis/:id/shares',
  summary: 'Links to the results of a diagnosis, the newest first (E-29)',
  permission: 'share:read',
  params: diagnosisParams,
  response: Type.Object({ items: Type.Array(DiagnosisLink) }),
});
export const addDiagnosisLink = endpoint({
  method: 'POST',
  path: '/api/v1/diagnosis/:id/shares',
  summary: 'Makes an expiring link to the results of a diagnosis, opened as other links are; `url` and `token` are told this once (E-29)',
  permission: 'share:write',
  params: diagnosisParams,
  body: NewDiagnosisLink,
  response: Type.Object({ ...DiagnosisLink.properties, token: Secret, url: Type.String() }),
  status: 201,
});
export const revokeDiagnosisLink = endpoint({
  method: 'DELETE',
  path: '/api/v1/diagnosis/:id/shares/:link_id',
  summary: 'Ends a link to a diagnosis, and whoever looks through it, at once',
  permission: 'share:write',
  params: Type.Object({ ...diagnosisParams.properties, link_id: Id }),
  response: DiagnosisLink,
});

/** What the holder of a link sees: what the agents came to, without who the patient is, what people wrote about it, or anything else. */
export const SharedDiagnosis = Type.Object({
  ...Type.Pick(Diagnosis, ['id', 'status', 'priority', 'created_at', 'completed_at']).properties,
  agents: Type.Array(AgentState),
  results: DiagnosisResults,
});
export type SharedDiagnosis = Static<typeof SharedDiagnosis>;

export const getSharedDiagnosis = endpoint({
  method: 'GET',
  path: '/api/v1/shared/diagnosis',
  summary: 'The diagnosis that the link shows through which one came in, read-only (E-29)',
  permission: 'session',
  response: SharedDiagnosis,
  audit: 'access',
});
