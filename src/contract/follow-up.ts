import { type Static, Type } from 'typebox';
import { Citation, Recommendation, ScoreInputValue } from './clinical.ts';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';
import { PatientKey } from './recycle-bin.ts';

/** Calendar day, `2026-11-21`. */
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** What a guideline asks for after a measured finding. Several options: what is not known decides between them. */
export const FollowUpAdvice = Type.Object({
  /** The score that classified it, and its edition. */
  rule: Type.String(),
  version: Type.String(),
  title: Type.String(),
  citation: Citation,
  finding_ids: Type.Array(Id),
  /** What was classified: how many, and the most suspicious of them. */
  subject: Type.Object({ code: Type.String(), count: Type.Integer(), kind: Nullable(Type.String()), diameter_mm: Nullable(Type.Number()) }),
  options: Type.Array(Recommendation),
  missing: Type.Array(Type.String()),
  /** What the guideline was told besides the finding, as `high_risk`. */
  assumed: Type.Array(Type.Object({ name: Type.String(), because: Type.String() })),
  /** The first act of the options: from the earliest to the latest day that they name; null if none is asked for or no time is named. */
  due: Nullable(Type.Object({ from: Day, to: Day })),
});
export type FollowUpAdvice = Static<typeof FollowUpAdvice>;

/** A recommendation of a signed report, tracked until a person closes it. */
export const FollowUp = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  report_id: Nullable(Id),
  patient_key: Type.String(),
  rule: Type.String(),
  version: Type.String(),
  /** As it stands in the report. */
  text: Type.String(),
  finding_ids: Type.Array(Id),
  options: Type.Array(Recommendation),
  due_from: Nullable(Day),
  due_to: Nullable(Day),
  status: Type.Enum(['open', 'done', 'dismissed']),
  /** Open, and the last day that was named has passed. */
  is_overdue: Type.Boolean(),
  /** Later studies of the patient that may be what was asked for; a person decides. Empty once it is closed. */
  proposed_studies: Type.Array(
    Type.Object({ study_instance_uid: Uid, study_date: Nullable(Type.String()), description: Nullable(Type.String()) }),
  ),
  /** The study by which it was done. */
  done_by_study: Nullable(Uid),
  reason: Nullable(Type.String()),
  closed_by: Nullable(Type.String()),
  closed_at: Nullable(Instant),
  created_at: Instant,
});
export type FollowUp = Static<typeof FollowUp>;

export const Discordance = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  report_id: Id,
  /** `model-only`: the AI found it and the report does not say it; `report-only`: the report says it and the AI looked and did not find it. */
  kind: Type.Enum(['model-only', 'report-only']),
  /** As `pneumonia`. */
  observation: Type.String(),
  finding_ids: Type.Array(Id),
  /** What of the report it rests on. */
  sentence: Nullable(Type.String()),
  status: Type.Enum(['open', 'resolved']),
  resolution: Nullable(Type.Enum(['report-right', 'model-right', 'no-contradiction', 'superseded'])),
  reason: Nullable(Type.String()),
  resolved_by: Nullable(Type.String()),
  resolved_at: Nullable(Instant),
  created_at: Instant,
});
export type Discordance = Static<typeof Discordance>;

const idParams = Type.Object({ id: Id });
const studyParams = Type.Object({ study_instance_uid: Uid });
const Reason = Type.String({ minLength: 3, maxLength: 1000 });

export const listFollowUps = endpoint({
  method: 'GET',
  path: '/api/v1/follow-ups',
  summary: 'Recommendations that are tracked, by the day until which they are due; what has no day stands last',
  permission: 'report:write',
  query: Type.Object({
    ...PageQuery,
    status: Type.Optional(Type.Enum(['open', 'done', 'dismissed'])),
    /** Only those whose time has passed. */
    overdue: Type.Optional(Type.Boolean()),
    study_instance_uid: Type.Optional(Uid),
    /** Of all studies of the patient. */
    patient_key: Type.Optional(PatientKey),
  }),
  response: Page(FollowUp),
});
export const adviseFollowUps = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/follow-up-advice',
  summary: 'What guidelines ask for after the accepted findings of the study, with rule and version; it enters the report draft',
  permission: 'report:write',
  params: studyParams,
  response: Type.Object({ items: Type.Array(FollowUpAdvice), disclaimer: Type.String() }),
});
export const addFollowUp = endpoint({
  method: 'POST',
  path: '/api/v1/studies/:study_instance_uid/follow-ups',
  summary: 'Tracks what a score recommends for values that the reader gives; refused where the score leaves the recommendation open',
  permission: 'report:write',
  params: studyParams,
  body: Type.Object({
    score: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]*$', maxLength: 60 }),
    inputs: Type.Record(Type.String(), ScoreInputValue),
    finding_ids: Type.Optional(Type.Array(Id, { maxItems: 50 })),
  }),
  response: FollowUp,
  status: 201,
});
export const completeFollowUp = endpoint({
  method: 'POST',
  path: '/api/v1/follow-ups/:id/done',
  summary: 'Says that it was done, by a study of the patient or elsewhere',
  permission: 'report:write',
  params: idParams,
  body: Type.Object({ study_instance_uid: Type.Optional(Uid), reason: Type.Optional(Reason) }),
  response: FollowUp,
});
export const dismissFollowUp = endpoint({
  method: 'POST',
  path: '/api/v1/follow-ups/:id/dismiss',
  summary: 'Says why it will not be done',
  permission: 'report:write',
  params: idParams,
  body: Type.Object({ reason: Reason }),
  response: FollowUp,
});
export const listDiscordances = endpoint({
  method: 'GET',
  path: '/api/v1/discordances',
  summary: 'Where a signed report and the findings of the models disagree, the newest first',
  permission: 'finding:review',
  query: Type.Object({ ...PageQuery, status: Type.Optional(Type.Enum(['open', 'resolved'])), study_instance_uid: Type.Optional(Uid) }),
  response: Page(Discordance),
});
export const resolveDiscordance = endpoint({
  method: 'POST',
  path: '/api/v1/discordances/:id/resolve',
  summary: 'Says who was right, with the reason',
  permission: 'finding:review',
  params: idParams,
  body: Type.Object({ resolution: Type.Enum(['report-right', 'model-right', 'no-contradiction']), reason: Reason }),
  response: Discordance,
});
