import { type Static, Type } from 'typebox';
import { DiagnosisPriority, DiagnosisStatus } from './diagnosis.ts';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Page, PageQuery, Uid } from './fields.ts';
import { Label } from './labels.ts';
import { StudySummary } from './studies.ts';

/** From the most to the least urgent. */
export const READING_LEVELS = ['critical', 'urgent', 'routine', 'low'] as const;
export const ReadingLevel = Type.Enum(READING_LEVELS);
export type ReadingLevel = Static<typeof ReadingLevel>;

/** `reading`: somebody has it open; `drafted`: there is a report to sign; `signed`: the newest report is. */
export const READING_STATUSES = ['unread', 'reading', 'drafted', 'signed'] as const;
export const ReadingStatus = Type.Enum(READING_STATUSES);
export type ReadingStatus = Static<typeof ReadingStatus>;

/** After the categories of the ACR Actionable Reporting Work Group: to be told within minutes, hours, or days. */
export const FindingUrgency = Type.Enum(['critical', 'high', 'notable']);
export type FindingUrgency = Static<typeof FindingUrgency>;

/** Why a study stands where it stands: each with what it rests on. `level` is what it raises (or lowers) the study to; null if it only tells. */
export const ReadingReason = Type.Union([
  Type.Object({
    kind: Type.Literal('order'),
    level: Nullable(ReadingLevel),
    /** As it was ordered (DICOM Requested Procedure Priority, PS3.3 C.4.11). */
    priority: Type.Enum(['STAT', 'HIGH', 'ROUTINE', 'MEDIUM', 'LOW']),
  }),
  Type.Object({ kind: Type.Literal('diagnosis'), level: Nullable(ReadingLevel), priority: DiagnosisPriority, diagnosis_id: Id }),
  Type.Object({
    kind: Type.Literal('finding'),
    level: Nullable(ReadingLevel),
    urgency: FindingUrgency,
    finding_id: Id,
    title: Type.String(),
    model_id: Nullable(Type.String()),
    model_version: Nullable(Type.String()),
    /** Calibrated probability, 0..1; null where the model gives none. */
    confidence: Nullable(Type.Number()),
    /** Whether a person has confirmed it. */
    is_confirmed: Type.Boolean(),
  }),
  /** The AI gave no answer: that is no all-clear. */
  Type.Object({ kind: Type.Literal('not_evaluable'), level: Nullable(ReadingLevel), reason: Nullable(Type.String()) }),
  /** A tracked recommendation for the patient whose time has passed; this study may be what was asked for. */
  Type.Object({ kind: Type.Literal('follow_up'), level: Nullable(ReadingLevel), follow_up_id: Id, due_to: Type.String() }),
  /** Set by hand: holds in place of what else speaks for or against it, until it is taken back or a more urgent finding comes. */
  Type.Object({ kind: Type.Literal('person'), level: Nullable(ReadingLevel), set_level: ReadingLevel, by: Type.String(), at: Instant }),
  /** Waits longer than its target allows. */
  Type.Object({
    kind: Type.Literal('overdue'),
    level: Nullable(ReadingLevel),
    /** Of the level that it has without waiting. */
    target_minutes: Type.Integer(),
    due_at: Instant,
  }),
]);
export type ReadingReason = Static<typeof ReadingReason>;

/** Minutes from the arrival to the signed report that are aimed at. */
const Minutes = Type.Integer({ minimum: 1, maximum: 60 * 24 * 90 });
export const LevelTargets = Type.Object(
  { critical: Minutes, urgent: Minutes, routine: Minutes, low: Minutes },
  { additionalProperties: false },
);
export type LevelTargets = Static<typeof LevelTargets>;

export const ReadingTargets = Type.Object(
  {
    ...LevelTargets.properties,
    /** Of studies with such a modality, in place of those above; of several the shorter ones hold. */
    modalities: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Z0-9_]{1,16}$' }), LevelTargets, { additionalProperties: false, maxProperties: 20 }),
    ),
  },
  { additionalProperties: false },
);
export type ReadingTargets = Static<typeof ReadingTargets>;

const Person = Type.Object({ id: Id, full_name: Type.String() });

/** Who has a study open for reading. */
export const ReadingLock = Type.Object({
  user_id: Id,
  full_name: Type.String(),
  since: Instant,
  /** It ends by itself then, unless it is renewed. */
  until: Instant,
});
export type ReadingLock = Static<typeof ReadingLock>;

export const ReadingItem = Type.Object({
  ...StudySummary.properties,
  patient_key: Type.String(),
  reading_status: ReadingStatus,
  level: ReadingLevel,
  /** The most urgent first. */
  reasons: Type.Array(ReadingReason),
  due_at: Instant,
  assignee: Nullable(Person),
  lock: Nullable(ReadingLock),
  labels: Type.Array(Label),
  body_parts: Type.Array(Type.String()),
  /** The newest that the study is part of. */
  diagnosis: Nullable(Type.Object({ id: Id, status: DiagnosisStatus, priority: DiagnosisPriority })),
  /** Arrival is `created_at`. */
  first_opened_at: Nullable(Instant),
  drafted_at: Nullable(Instant),
  signed_at: Nullable(Instant),
});
export type ReadingItem = Static<typeof ReadingItem>;

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
/** Which studies a list shows. */
export const readingFilter = {
  /** `open`: everything that is not signed. */
  status: Type.Optional(Type.Enum([...READING_STATUSES, 'open', 'all'])),
  level: Type.Optional(ReadingLevel),
  /** Waits longer than the target of the level at which it stands. */
  overdue: Type.Optional(Type.Boolean()),
  /** `me`, `nobody`, or the id of an account. */
  assignee: Type.Optional(Type.String({ pattern: '^(me|nobody|[0-9a-f-]{36})$' })),
  modality: Type.Optional(Type.String({ pattern: '^[A-Z0-9_]{1,16}$' })),
  body_part: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  /** Days of the study. */
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  ai: Type.Optional(StudySummary.properties.analysis_status),
  label: Type.Optional(Label),
  q: Type.Optional(Type.String({ maxLength: 200 })),
};
export const ReadingFilter = Type.Object(readingFilter, { additionalProperties: false });
export type ReadingFilter = Static<typeof ReadingFilter>;

/** `priority`: by level, then who waits longest; `arrival` and `study_date`: the newest first. */
export const ReadingOrder = Type.Enum(['priority', 'arrival', 'study_date']);
export type ReadingOrder = Static<typeof ReadingOrder>;

/** How one person wants the list. */
export const ReadingPreferences = Type.Object(
  {
    /** Names of columns in their order; all that there are if left out. */
    columns: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z_]{1,32}$' }), { maxItems: 40 })),
    views: Type.Array(
      Type.Object(
        { id: Id, name: Type.String({ minLength: 1, maxLength: 60 }), filter: ReadingFilter, order: ReadingOrder },
        { additionalProperties: false },
      ),
      { maxItems: 30 },
    ),
  },
  { additionalProperties: false },
);
export type ReadingPreferences = Static<typeof ReadingPreferences>;

const viewParts = { name: Type.String({ minLength: 1, maxLength: 60 }), filter: ReadingFilter, order: ReadingOrder };
/** A view that its owner shares with everybody of the tenant; `me` in its filter is whoever looks. */
export const SharedView = Type.Object({ id: Id, ...viewParts, owner: Person, is_own: Type.Boolean() });
export type SharedView = Static<typeof SharedView>;

const studyParams = Type.Object({ study_instance_uid: Uid });

export const listReadings = endpoint({
  method: 'GET',
  path: '/api/v1/reading-list',
  summary:
    'Studies to read, with the diagnoses that they are part of: by priority with its reasons, or newest first; with locks, assignees and times',
  permission: 'reading:read',
  query: Type.Object({ ...PageQuery, ...readingFilter, order: Type.Optional(ReadingOrder) }),
  response: Page(ReadingItem),
});
export const getReading = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/reading',
  summary: 'The line of one study in the reading list',
  permission: 'reading:read',
  params: studyParams,
  response: ReadingItem,
});
export const countReadings = endpoint({
  method: 'GET',
  path: '/api/v1/reading-list/counts',
  summary: "How many studies stand in each of the list's own views, in the caller's and in those that are shared, counted up to `most`",
  permission: 'reading:read',
  response: Type.Object({
    most: Type.Integer(),
    /** `open`, `mine`, `nobody`, `critical`, `overdue`, `drafted`, and the ids of own and shared views. */
    counts: Type.Record(Type.String(), Type.Integer()),
  }),
});
export const listReaders = endpoint({
  method: 'GET',
  path: '/api/v1/reading-list/readers',
  summary: 'Whom a study can be given to: everybody who writes reports',
  permission: 'report:write',
  response: Type.Object({ items: Type.Array(Person) }),
});
export const assignReading = endpoint({
  method: 'PUT',
  path: '/api/v1/studies/:study_instance_uid/reader',
  summary: 'Gives a study to a person to read, or to nobody',
  permission: 'report:write',
  params: studyParams,
  body: Type.Object({ user_id: Nullable(Id) }, { additionalProperties: false }),
  response: ReadingItem,
});
export const lockReading = endpoint({
  method: 'PUT',
  path: '/api/v1/studies/:study_instance_uid/reading-lock',
  summary:
    'Opens a study for reading, and says so to others, until `until`; called again it lasts longer. Held by another it stays theirs, unless it is taken over',
  permission: 'report:write',
  params: studyParams,
  body: Type.Object({ take_over: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
  response: Type.Object({ lock: ReadingLock, is_own: Type.Boolean() }),
  // Renewed each minute while somebody reads: repeats are counted, not listed.
  audit: 'access',
});
export const unlockReading = endpoint({
  method: 'DELETE',
  path: '/api/v1/studies/:study_instance_uid/reading-lock',
  summary: 'Ends the own reading of a study; nothing changes if it is not the own',
  permission: 'report:write',
  params: studyParams,
  response: Type.Object({ released: Type.Boolean() }),
  // Renewed each minute while somebody reads: repeats are counted, not listed.
  audit: 'access',
});
export const setReadingLevel = endpoint({
  method: 'PUT',
  path: '/api/v1/studies/:study_instance_uid/reading-level',
  summary: 'Sets the priority of a study by hand, or leaves it to the rules again (null)',
  permission: 'report:write',
  params: studyParams,
  body: Type.Object({ level: Nullable(ReadingLevel) }, { additionalProperties: false }),
  response: ReadingItem,
});
export const listSharedViews = endpoint({
  method: 'GET',
  path: '/api/v1/reading-list/views',
  summary: 'Views of the list that somebody shares with everybody, the oldest first',
  permission: 'reading:read',
  response: Type.Object({ items: Type.Array(SharedView) }),
});
export const putSharedView = endpoint({
  method: 'PUT',
  path: '/api/v1/reading-list/views/:id',
  summary: 'Shares a view, or changes one that is shared by the caller',
  permission: 'report:write',
  params: Type.Object({ id: Id }),
  body: Type.Object(viewParts, { additionalProperties: false }),
  response: SharedView,
});
export const removeSharedView = endpoint({
  method: 'DELETE',
  path: '/api/v1/reading-list/views/:id',
  summary: 'Shares a view no longer; nothing changes if it is not the own',
  permission: 'report:write',
  params: Type.Object({ id: Id }),
  response: Type.Object({ removed: Type.Boolean() }),
});
export const getReadingTargets = endpoint({
  method: 'GET',
  path: '/api/v1/reading-list/targets',
  summary: 'Turnaround targets by level, and of single modalities, in minutes from the arrival to the signed report',
  permission: 'reading:read',
  response: ReadingTargets,
});
export const putReadingTargets = endpoint({
  method: 'PUT',
  path: '/api/v1/reading-list/targets',
  summary: 'Sets the turnaround targets; the list is ordered by them from then on',
  permission: 'system:write',
  body: ReadingTargets,
  response: ReadingTargets,
});
export const getReadingPreferences = endpoint({
  method: 'GET',
  path: '/api/v1/reading-list/preferences',
  summary: "The caller's columns and saved views",
  permission: 'reading:read',
  response: ReadingPreferences,
});
export const putReadingPreferences = endpoint({
  method: 'PUT',
  path: '/api/v1/reading-list/preferences',
  summary: "Keeps the caller's columns and saved views",
  permission: 'reading:read',
  body: ReadingPreferences,
  response: ReadingPreferences,
});
