import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery } from './fields.ts';
import { PatientSummary } from './patients.ts';
import { PatientKey } from './recycle-bin.ts';

/** Two records that were found to be of one person, and what became of it. */
export const PatientMerge = Type.Object({
  id: Id,
  /** The record that stays. */
  patient_key: PatientKey,
  /** The record that gave everything up to it. */
  source_key: PatientKey,
  /** How many rows of each kind have moved: studies, facts, documents and so on. */
  moved: Type.Record(Type.String(), Type.Integer()),
  /** Ids of accounts. */
  merged_by: Type.String(),
  merged_at: Instant,
  undone_by: Nullable(Type.String()),
  undone_at: Nullable(Instant),
});
export type PatientMerge = Static<typeof PatientMerge>;

/**
 * Why two records may be of one person: the same number with another name or birth date; the same name and birth date with another number;
 * the same birth date and one name within the other, or its parts in another order.
 */
export const MATCH_RULES = ['same-number', 'same-name-and-birth', 'similar-name-and-birth'] as const;
export type MatchRule = (typeof MATCH_RULES)[number];
export const MatchStatus = Type.Enum(['open', 'accepted', 'dismissed']);

export const PatientMatch = Type.Object({
  id: Id,
  rule: Type.Enum([...MATCH_RULES]),
  status: MatchStatus,
  patients: Type.Array(PatientSummary, { minItems: 2, maxItems: 2 }),
  decided_by: Nullable(Type.String()),
  decided_at: Nullable(Instant),
  created_at: Instant,
});
export type PatientMatch = Static<typeof PatientMatch>;

const patientParams = Type.Object({ patient_key: PatientKey });
const matchParams = Type.Object({ match_id: Id });

export const mergePatient = endpoint({
  method: 'POST',
  path: '/api/v1/patients/:patient_key/merge',
  summary:
    'Makes one of two records that are of one person: everything of this one moves to the other, and what arrives for it later goes there. Can be undone',
  permission: 'patient:merge',
  params: patientParams,
  body: Type.Object({ into: PatientKey }),
  response: PatientMerge,
  status: 201,
});
export const listMerges = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/merges',
  summary: 'Records that were merged into this one, the latest first, those that were undone too',
  permission: 'patient:merge',
  params: patientParams,
  response: Type.Object({ items: Type.Array(PatientMerge) }),
});
export const undoMerge = endpoint({
  method: 'POST',
  path: '/api/v1/patients/:patient_key/merges/:merge_id/undo',
  summary:
    'Takes two records apart again: what had moved goes back, with the studies that have arrived under its identity since; what people wrote since stays',
  permission: 'patient:merge',
  params: Type.Object({ patient_key: PatientKey, merge_id: Id }),
  response: PatientMerge,
});
export const listMatches = endpoint({
  method: 'GET',
  path: '/api/v1/patients/matches',
  summary: 'Pairs of records that may be of one person, for a person to decide on; nothing is merged without',
  permission: 'patient:merge',
  query: Type.Object({ ...PageQuery, status: Type.Optional(MatchStatus) }),
  response: Page(PatientMatch),
});
export const acceptMatch = endpoint({
  method: 'POST',
  path: '/api/v1/patients/matches/:match_id/accept',
  summary: 'Says that both are one person, and merges the records into the one that is named',
  permission: 'patient:merge',
  params: matchParams,
  body: Type.Object({ into: PatientKey }),
  response: PatientMerge,
});
export const dismissMatch = endpoint({
  method: 'POST',
  path: '/api/v1/patients/matches/:match_id/dismiss',
  summary: 'Says that they are two persons: the pair does not come up again',
  permission: 'patient:merge',
  params: matchParams,
  response: PatientMatch,
});
