import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Nullable, Uid } from './fields.ts';
import { QUANTITIES } from './measurements.ts';

/** Why a prior is of use: it shows the same part of the body, with the same or a like modality, or was described in the same words. */
export const PRIOR_REASONS = ['same_region', 'same_modality', 'like_modality', 'same_description'] as const;
export type PriorReason = (typeof PRIOR_REASONS)[number];

export const Prior = Type.Object({
  study_instance_uid: Uid,
  study_date: Nullable(Type.String()),
  description: Nullable(Type.String()),
  /** Of what it shows; reports and the like are not named. */
  modalities: Type.Array(Type.String()),
  body_parts: Type.Array(Type.String()),
  /** From it to the present study; null where a date is missing. */
  days: Nullable(Type.Integer()),
  reasons: Type.Array(Type.Enum([...PRIOR_REASONS])),
  /** Whether it has a signed report. */
  is_reported: Type.Boolean(),
});
export type Prior = Static<typeof Prior>;

/** How a number changed; `percent` is null where the unit has no true zero or the prior was 0. */
const ChangeOf = Type.Object({
  absolute: Type.Number(),
  percent: Nullable(Type.Number()),
  direction: Type.Enum(['larger', 'smaller', 'same']),
});

export const LesionChange = Type.Object({
  /** Of a measurement; null for two findings. */
  tracking_uid: Nullable(Uid),
  label: Type.String(),
  quantity: Type.Enum([...QUANTITIES, 'diameter', 'volume']),
  unit: Type.String(),
  prior: Type.Number(),
  present: Type.Number(),
  change: ChangeOf,
  /** Days in which the volume doubles, or halves if negative (Schwartz 1961); of a length, as if it were the diameter of a sphere. */
  doubling_time_days: Nullable(Type.Number()),
});
export type LesionChange = Static<typeof LesionChange>;

export const StudyChanges = Type.Object({
  /** From the prior study to this one. */
  days: Nullable(Type.Integer()),
  items: Type.Array(LesionChange),
  /** Over the lengths in mm of what was measured in both; arithmetic of RECIST 1.1, not a response. */
  sum_of_diameters: Nullable(
    Type.Object({
      lesions: Type.Integer(),
      prior_mm: Type.Number(),
      present_mm: Type.Number(),
      change: ChangeOf,
      threshold: Type.Enum(['decrease_30_percent', 'increase_20_percent_and_5_mm', 'neither']),
    }),
  ),
});
export type StudyChanges = Static<typeof StudyChanges>;

export const listPriors = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/priors',
  summary: 'Earlier studies of the same patient, the most useful for comparison first, each with why',
  permission: 'study:read',
  params: Type.Object({ study_instance_uid: Uid }),
  response: Type.Object({ items: Type.Array(Prior) }),
});
export const getChanges = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/changes',
  summary: 'How what was measured in this study and in a prior, under the same tracking UID, has changed',
  permission: 'study:read',
  params: Type.Object({ study_instance_uid: Uid }),
  query: Type.Object({ prior_study: Uid }),
  response: StudyChanges,
});
export const getFindingChange = endpoint({
  method: 'GET',
  path: '/api/v1/findings/:id/change',
  summary: 'How the size of a finding has changed since a finding of a prior study, which the reader takes for the same lesion',
  permission: 'finding:review',
  params: Type.Object({ id: Id }),
  query: Type.Object({ prior_finding: Id }),
  response: StudyChanges,
});
