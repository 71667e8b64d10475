import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';

/**
 * How soon somebody who treats the patient has to know: within minutes, hours or days. Larson PA, Berland LL, Griffith B, Kahn CE Jr,
 * Liebscher LA: Actionable findings and the role of IT support, report of the ACR Actionable Reporting Work Group. J Am Coll Radiol
 * 2014;11:552-558, doi 10.1016/j.jacr.2013.12.016. The limits in minutes are the installation's (`ISOCENTER_CRITICAL_RESULT_MINUTES`).
 */
export const CRITICAL_CATEGORIES = ['minutes', 'hours', 'days'] as const;
export const TOLD_BY_WAYS = ['in-person', 'telephone', 'video', 'message'] as const;

const Name = Type.String({ minLength: 2, maxLength: 200 });

export const CriticalResult = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  finding_id: Nullable(Id),
  category: Type.Enum([...CRITICAL_CATEGORIES]),
  /** What has to be known, in the reader's words. */
  text: Type.String(),
  /** `told`: a person knows; `acknowledged`: that person has confirmed it; `withdrawn`: it was none. */
  status: Type.Enum(['open', 'told', 'acknowledged', 'withdrawn']),
  due_at: Instant,
  /** Open, and its time has passed. */
  is_overdue: Type.Boolean(),
  marked_by: Type.String(),
  marked_at: Instant,
  told_to: Nullable(Type.String()),
  told_by: Nullable(Type.String()),
  told_at: Nullable(Instant),
  told_how: Nullable(Type.Enum([...TOLD_BY_WAYS])),
  /** Whether the listener read it back, as The Joint Commission asks of what is told by telephone. */
  read_back: Type.Boolean(),
  acknowledged_by: Nullable(Type.String()),
  acknowledged_at: Nullable(Instant),
  reason: Nullable(Type.String()),
});
export type CriticalResult = Static<typeof CriticalResult>;

/** With what tells whose it is, for a list over many studies. */
export const ListedCriticalResult = Type.Object({
  ...CriticalResult.properties,
  patient_name: Type.String(),
  patient_id: Type.String(),
  study_description: Nullable(Type.String()),
  modalities: Type.Array(Type.String()),
});
export type ListedCriticalResult = Static<typeof ListedCriticalResult>;

const params = Type.Object({ id: Id });

export const listCriticalResults = endpoint({
  method: 'GET',
  path: '/api/v1/critical-results',
  summary: 'Critical results, those that are due first at the top',
  permission: 'report:write',
  query: Type.Object({
    ...PageQuery,
    /** `waiting`: open, or told and not acknowledged yet. */
    status: Type.Optional(Type.Enum(['open', 'told', 'acknowledged', 'withdrawn', 'waiting'])),
    /** Only those whose time has passed. */
    overdue: Type.Optional(Type.Boolean()),
    study_instance_uid: Type.Optional(Uid),
  }),
  response: Page(ListedCriticalResult),
});
export const markCriticalResult = endpoint({
  method: 'POST',
  path: '/api/v1/studies/:study_instance_uid/critical-results',
  summary: 'Says that somebody has to be told of a result at once; its time begins',
  permission: 'report:write',
  params: Type.Object({ study_instance_uid: Uid }),
  body: Type.Object({
    category: Type.Enum([...CRITICAL_CATEGORIES]),
    text: Type.String({ minLength: 3, maxLength: 1000 }),
    finding_id: Type.Optional(Id),
  }),
  response: CriticalResult,
  status: 201,
});
export const tellCriticalResult = endpoint({
  method: 'POST',
  path: '/api/v1/critical-results/:id/told',
  summary: 'Records whom it was told to, how, when, and whether it was read back',
  permission: 'report:write',
  params,
  body: Type.Object({
    told_to: Name,
    told_how: Type.Enum([...TOLD_BY_WAYS]),
    read_back: Type.Boolean(),
    /** Now unless told; not in the future. */
    told_at: Type.Optional(Instant),
  }),
  response: CriticalResult,
});
export const acknowledgeCriticalResult = endpoint({
  method: 'POST',
  path: '/api/v1/critical-results/:id/acknowledge',
  summary: 'Records that who was told has confirmed it',
  permission: 'report:write',
  params,
  body: Type.Object({ acknowledged_by: Name }),
  response: CriticalResult,
});
export const withdrawCriticalResult = endpoint({
  method: 'POST',
  path: '/api/v1/critical-results/:id/withdraw',
  summary: 'Says why it was no critical result',
  permission: 'report:write',
  params,
  body: Type.Object({ reason: Type.String({ minLength: 3, maxLength: 1000 }) }),
  response: CriticalResult,
});
