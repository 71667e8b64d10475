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
  /** The reader's wording after an edit; null: the program words what stands here. */
  text: Nullable(Type.String()),
  /** What the model said, of a finding whose title or evidence the reader has corrected. */
  proposed: Nullable(Type.Object({ title: Type.String(), evidence: Type.Record(Type.String(), Type.Unknown()) })),
  reason: Nullable(Type.String()),
  reviewed_by: Nullable(Type.String()),
  reviewed_at: Nullable(Instant),
  disclaimer: Nullable(Type.String()),
  created_at: Instant,
});
export type Finding = Static<typeof Finding>;

/**
 * What of the evidence a reader may correct, each only where the model gave it: what is measured and told. A probability and a place in
 * space stay the model's.
 */
export const CORRECTABLE_NUMBERS = ['diameter_mm', 'volume_mm3', 'mean_hu', 'laa950_percent'] as const;
export const CORRECTABLE_WORDS = {
  side: ['left', 'right'],
  kind: ['solid', 'subsolid'],
  subtype: ['bacterial_pneumonia', 'viral_pneumonia'],
} as const;
/** What a corrected number is held to, here and on the page, which has no schemas; a diameter and a volume of 0 are none. */
export const CORRECTION_LIMITS = {
  diameter_mm: { exclusiveMinimum: 0, maximum: 1_000 },
  volume_mm3: { exclusiveMinimum: 0, maximum: 10_000_000 },
  /** Hounsfield units. */
  mean_hu: { minimum: -1_024, maximum: 3_071 },
  laa950_percent: { minimum: 0, maximum: 100 },
} as const;
export const FindingCorrections = Type.Object(
  {
    diameter_mm: Type.Optional(Type.Number(CORRECTION_LIMITS.diameter_mm)),
    volume_mm3: Type.Optional(Type.Number(CORRECTION_LIMITS.volume_mm3)),
    mean_hu: Type.Optional(Type.Number(CORRECTION_LIMITS.mean_hu)),
    laa950_percent: Type.Optional(Type.Number(CORRECTION_LIMITS.laa950_percent)),
    side: Type.Optional(Type.Enum([...CORRECTABLE_WORDS.side])),
    kind: Type.Optional(Type.Enum([...CORRECTABLE_WORDS.kind])),
    subtype: Type.Optional(Type.Enum([...CORRECTABLE_WORDS.subtype])),
  },
  { additionalProperties: false },
);
export type FindingCorrections = Static<typeof FindingCorrections>;

/** One decision on a finding, as it was made. */
export const FindingDecision = Type.Object({
  id: Id,
  decision: Type.Enum(['accept', 'edit', 'reject']),
  title: Type.String(),
  text: Nullable(Type.String()),
  reason: Nullable(Type.String()),
  corrections: FindingCorrections,
  decided_by: Type.String(),
  decided_at: Instant,
});
export type FindingDecision = Static<typeof FindingDecision>;

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
  summary:
    'Accepts, edits or rejects one finding; a rejection needs a reason, an edit a text, a title or corrections. What the model said is kept. Refused once the report is signed',
  permission: 'finding:review',
  params: Type.Object({ id: Id }),
  body: Type.Object({
    decision: Type.Union([Type.Literal('accept'), Type.Literal('edit'), Type.Literal('reject')]),
    /** The reader's words for the report; without them the program words what was corrected. */
    text: Type.Optional(Type.String({ minLength: 1, maxLength: 4000 })),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
    /** In place of the model's. */
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    corrections: Type.Optional(FindingCorrections),
  }),
  response: Finding,
});
export const listFindingDecisions = endpoint({
  method: 'GET',
  path: '/api/v1/findings/:id/decisions',
  summary: 'Every decision on a finding, the first first: who, when, and what it changed',
  permission: 'study:read',
  params: Type.Object({ id: Id }),
  response: Type.Object({ items: Type.Array(FindingDecision) }),
});
