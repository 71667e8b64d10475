import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';

/** Axis-aligned box in pixels of the named frame: column, row of the top left corner, then size. */
export const Box = Type.Object({ x: Type.Number(), y: Type.Number(), width: Type.Number(), height: Type.Number() });
export type Box = Static<typeof Box>;

export const Finding = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  series_instance_uid: Nullable(Uid),
  sop_instance_uid: Nullable(Uid),
  frame: Nullable(Type.Integer({ minimum: 1 })),
  analysis_id: Nullable(Id),
  source: Type.Union([Type.Literal('model'), Type.Literal('person')]),
  code: Type.String(),
  title: Type.String(),
  /** Calibrated probability, 0..1; null where the source gives none. */
  confidence: Nullable(Type.Number({ minimum: 0, maximum: 1 })),
  threshold: Nullable(Type.Number()),
  box: Nullable(Box),
  /** What the finding rests on, in words and numbers (diameter, volume, score). */
  evidence: Type.Record(Type.String(), Type.Unknown()),
  status: Type.Union([Type.Literal('proposed'), Type.Literal('accepted'), Type.Literal('edited'), Type.Literal('rejected')]),
  /** The reader's wording after an edit. */
  text: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  reviewed_by: Nullable(Type.String()),
  reviewed_at: Nullable(Instant),
  disclaimer: Nullable(Type.String()),
  created_at: Instant,
});
export type Finding = Static<typeof Finding>;

export const listFindings = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/findings',
  summary: 'Findings of the study with the decision on each',
  permission: 'study:read',
  params: Type.Object({ study_instance_uid: Uid }),
  response: Type.Object({ items: Type.Array(Finding) }),
});
export const addFinding = endpoint({
  method: 'POST',
  path: '/api/v1/studies/:study_instance_uid/findings',
  summary: "Adds a person's own finding; it counts as accepted",
  permission: 'finding:review',
  params: Type.Object({ study_instance_uid: Uid }),
  body: Type.Object({
    title: Type.String({ minLength: 1, maxLength: 500 }),
    text: Type.String({ minLength: 1, maxLength: 4000 }),
    sop_instance_uid: Type.Optional(Uid),
    frame: Type.Optional(Type.Integer({ minimum: 1 })),
    box: Type.Optional(Box),
  }),
  response: Finding,
  status: 201,
});
export const reviewFinding = endpoint({
  method: 'POST',
  path: '/api/v1/findings/:id/review',
  summary: 'Accepts, edits or rejects one finding; a rejection needs a reason, an edit its text. Refused once the report is signed',
  permission: 'finding:review',
  params: Type.Object({ id: Id }),
  body: Type.Object({
    decision: Type.Union([Type.Literal('accept'), Type.Literal('edit'), Type.Literal('reject')]),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 4000 })),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
  }),
  response: Finding,
});
