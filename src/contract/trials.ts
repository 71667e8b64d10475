import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Nullable } from './fields.ts';
import { CorpusSource, ImportedFile, OnlineSource } from './literature.ts';

/** Where a criterion stands: `structured` ones are fields of the registration (age, sex, status, distance). */
const CriterionKind = Type.Enum(['structured', 'inclusion', 'exclusion']);

/** A fact of the patient that a criterion was held against. */
export const PatientDatum = Type.Object({
  /** Of the record; null for age, sex and place. */
  record_entry_id: Nullable(Type.String()),
  text: Type.String(),
  /** When it was so, as exact as the record; null if that is not told. */
  date: Nullable(Type.String()),
});
export type PatientDatum = Static<typeof PatientDatum>;

/**
 * `met`: what the criterion describes holds for the patient; `not_met`: it does not; `unknown`: the record does not tell, or the criterion
 * cannot be read by rules. What a record does not mention is unknown, never "no".
 */
export const JudgedCriterion = Type.Object({
  kind: CriterionKind,
  text: Type.String(),
  status: Type.Enum(['met', 'not_met', 'unknown']),
  /** What it means for taking part: an exclusion criterion that is met speaks against it. */
  speaks: Type.Enum(['for', 'against', 'open']),
  reason: Type.String(),
  data: Type.Array(PatientDatum),
});
export type JudgedCriterion = Static<typeof JudgedCriterion>;

export const TRIAL_STATUSES = [
  'RECRUITING',
  'NOT_YET_RECRUITING',
  'ENROLLING_BY_INVITATION',
  'ACTIVE_NOT_RECRUITING',
  'COMPLETED',
  'SUSPENDED',
  'TERMINATED',
  'WITHDRAWN',
  'UNKNOWN',
] as const;
const TrialStatus = Type.Enum([...TRIAL_STATUSES]);

export const TrialMatch = Type.Object({
  nct_id: Type.String(),
  title: Type.String(),
  status: Type.String(),
  phases: Type.Array(Type.String()),
  conditions: Type.Array(Type.String()),
  interventions: Type.Array(Type.String()),
  url: Type.String(),
  updated_on: Nullable(Type.String()),
  origin: Type.Enum(['local', 'online']),
  /** Nearest open place, if a place was given to measure from; great-circle distance. */
  nearest: Nullable(
    Type.Object({ facility: Type.String(), city: Type.String(), country: Type.String(), distance_km: Nullable(Type.Number()) }),
  ),
  /** `excluded`: at least one criterion speaks against; `possible`: none does, whatever is still open. Never more: a person decides. */
  verdict: Type.Enum(['possible', 'excluded']),
  counts: Type.Object({ for: Type.Integer(), against: Type.Integer(), open: Type.Integer() }),
  criteria: Type.Array(JudgedCriterion),
});
export type TrialMatch = Static<typeof TrialMatch>;

export const TrialAnswer = Type.Object({
  /** First those that nothing speaks against, then by how many criteria speak for it, then by distance. */
  items: Type.Array(TrialMatch),
  /** What trials were looked for by. */
  conditions: Type.Array(Type.Object({ text: Type.String(), record_entry_id: Nullable(Type.String()) })),
  patient: Type.Object({ age: Nullable(Type.Number()), sex: Nullable(Type.Enum(['female', 'male'])) }),
  sources: Type.Array(CorpusSource),
  corpus_date: Nullable(Type.String()),
  online: Type.Array(OnlineSource),
  not_evaluable: Nullable(Type.String()),
  disclaimer: Type.String(),
});
export type TrialAnswer = Static<typeof TrialAnswer>;

const Degrees = (limit: number) => Type.Optional(Type.Number({ minimum: -limit, maximum: limit }));

export const matchTrials = endpoint({
  method: 'GET',
  path: '/api/v1/trials/match',
  summary: 'Clinical trials for a patient: each criterion met, not met or unknown, with the fact of the record that was used (A-05)',
  permission: 'patient:read',
  query: Type.Object({
    patient_key: Type.String({ pattern: '^[0-9a-f-]{32,36}$' }),
    /** A disease to look for; the active diseases of the record unless told. */
    condition: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    status: Type.Optional(TrialStatus),
    /** Where the patient lives, to measure from; it is never sent anywhere. Both or none. */
    latitude: Degrees(90),
    longitude: Degrees(180),
    /** Trials farther away speak against themselves. */
    max_km: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 20_100 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
    /** Asks ClinicalTrials.gov as well, where that is configured; sends terms of the thesaurus and `condition`, nothing else. */
    online: Type.Optional(Type.Boolean({ default: false })),
  }),
  response: TrialAnswer,
});

export const importTrials = endpoint({
  method: 'POST',
  path: '/api/v1/trials/import',
  summary: 'Takes in trials as ClinicalTrials.gov gives them (API v2 or download, JSON, also as .gz), for all tenants of the installation',
  permission: 'system:write',
  consumes: 'multipart/form-data',
  response: Type.Object({ files: Type.Array(ImportedFile) }),
});
