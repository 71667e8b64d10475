import { type Static, type TSchema, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';

/** Percent. */
const Percent = Type.Number({ minimum: 0, maximum: 100 });

/**
 * Where an event is told: `study:<uid>`, `diagnosis:<id>`, `upload:<id>`, `system`, or `security` (for administrators). A client may also join `all`, which
 * is every topic that it may see, and `analysis`, which is `ANALYSIS_EVENTS` of every topic.
 */
export const Room = Type.String({
  pattern: '^(all|analysis|system|security|study:[0-9.]{1,64}|upload:[0-9a-f-]{36}|diagnosis:[0-9A-Za-z-]{1,64})$',
});

/** Numbered upwards in the order in which the changes were committed, with gaps: who has seen a number has missed nothing before it. */
const Seq = Type.Integer({ minimum: 0 });

const event = <const T extends string, D extends TSchema>(type: T, data: D) =>
  Type.Object({ seq: Seq, type: Type.Literal(type), at: Instant, topic: Type.String(), data });

const events = <const T extends string, D extends TSchema>(types: readonly T[], data: D) =>
  Type.Object({ seq: Seq, type: Type.Unsafe<T>(Type.Enum([...types])), at: Instant, topic: Type.String(), data });

const ofStudy = { study_instance_uid: Uid };
const ofFinding = Type.Object({ ...ofStudy, finding_id: Id });
const ofPatient = Type.Object({ patient_key: Id });
const ofReport = Type.Object({ ...ofStudy, report_id: Id });

/** V-01. */
const AgentStatus = Type.Object({
  agent: Type.Enum(['monai', 'history', 'drug_checker', 'research']),
  status: Type.Object({
    status: Type.Enum(['ready', 'processing', 'complete', 'error']),
    progress: Percent,
    /** Null where nobody has measured it. */
    accuracy: Type.Optional(Nullable(Percent)),
    /** Seconds. */
    processing_time: Type.Optional(Nullable(Type.Number({ minimum: 0 }))),
  }),
  diagnosis_id: Type.Optional(Id),
  study_instance_uid: Type.Optional(Uid),
});
/** V-03. */
const AnalysisProgress = Type.Object({
  progress: Percent,
  stage: Type.Enum(['upload', 'processing', 'analysis', 'complete']),
  diagnosis_id: Type.Optional(Id),
  study_instance_uid: Type.Optional(Uid),
});
/** V-04 where it is about a diagnosis; the models' part of a study has its results at `/api/v1/studies/:study_instance_uid`. */
const AnalysisComplete = Type.Object({
  diagnosis_id: Type.Optional(Id),
  study_instance_uid: Type.Optional(Uid),
  results: Type.Optional(
    Type.Object({ primary_diagnosis: Nullable(Type.String()), confidence: Nullable(Percent), findings: Type.Array(Type.Unknown()) }),
  ),
});

/** What becomes of a study on its way to a peer; the last two are the peer's answer to a request for storage commitment. */
const FORWARD_EVENTS = [
  'forward_requested',
  'forward_sent',
  'forward_delayed',
  'forward_failed',
  'forward_cancelled',
  'storage_committed',
  'storage_not_committed',
] as const;
/** What a modality tells of a procedure step (MPPS). */
const PROCEDURE_EVENTS = ['procedure_in_progress', 'procedure_completed', 'procedure_discontinued'] as const;

/** What happens to a diagnosis; each is in its timeline and is told as `diagnosis_<step>`. */
export const DIAGNOSIS_STEPS = [
  'created',
  'started',
  'changed',
  'images_added',
  'commented',
  'agent_ended',
  'agent_failed',
  'agent_restarted',
  'completed',
  'cancelled',
] as const;
export type DiagnosisStep = (typeof DIAGNOSIS_STEPS)[number];
/** V-10: of a resumable upload, after each part and each second of a long one. */
const UploadProgress = Type.Object({
  upload_id: Type.String(),
  /** Bytes; `total` is null while the client has not said it. */
  received: Type.Integer({ minimum: 0 }),
  total: Nullable(Type.Integer({ minimum: 0 })),
  progress: Percent,
  stage: Type.Enum(['upload', 'complete']),
});

/** Everything that is told, by its `type`; `data` holds ids, numbers and closed words, never what identifies a patient. */
export const LiveEvent = Type.Union([
  event('instance_stored', Type.Object(ofStudy)),
  event('upload_progress', UploadProgress),
  event('study_labeled', Type.Object(ofStudy)),
  event('study_complete', Type.Object(ofStudy)),
  event('study_deleted', Type.Object(ofStudy)),
  event('study_restored', Type.Object(ofStudy)),
  event('analysis_queued', Type.Object(ofStudy)),
  event('analysis_started', Type.Object(ofStudy)),
  event('analysis_finished', Type.Object({ ...ofStudy, analysis_id: Id })),
  event('analysis_progress', AnalysisProgress),
  event('analysis_complete', AnalysisComplete),
  event('agent_status', AgentStatus),
  event('finding_added', ofFinding),
  event('finding_reviewed', ofFinding),
  event('measurements_saved', Type.Object({ ...ofStudy, sop_instance_uid: Uid })),
  event('report_drafted', ofReport),
  event('report_signed', ofReport),
  event('report_rendered', ofReport),
  event('report_amendment_opened', ofReport),
  events(['addendum_opened', 'addendum_signed'], Type.Object({ ...ofReport.properties, addendum_id: Id })),
  events(
    ['critical_result_marked', 'critical_result_told', 'critical_result_acknowledged', 'critical_result_withdrawn'],
    Type.Object({ ...ofStudy, critical_result_id: Id }),
  ),
  events(
    DIAGNOSIS_STEPS.map((step) => `diagnosis_${step}` as const),
    Type.Object({ diagnosis_id: Id }),
  ),
  events(FORWARD_EVENTS, Type.Object({ ...ofStudy, forward_id: Id })),
  events(['order_scheduled', 'order_changed', 'order_removed'], Type.Object({ ...ofStudy, order_id: Id })),
  events(PROCEDURE_EVENTS, Type.Object({ study_instance_uid: Type.Optional(Uid) })),
  events(
    ['reading_assigned', 'reading_begun', 'reading_taken_over', 'reading_ended'],
    Type.Object({ ...ofStudy, user_id: Type.Optional(Id) }),
  ),
  event('reading_priority_changed', Type.Object(ofStudy)),
  events(['follow_up_opened', 'follow_up_done', 'follow_up_dismissed'], Type.Object({ ...ofStudy, follow_up_id: Id })),
  events(['discordance_opened', 'discordance_resolved'], Type.Object({ ...ofStudy, discordance_id: Id })),
  event('mentioned', Type.Object({ diagnosis_id: Id, user_id: Id, comment_id: Id })),
  event('patient_created', ofPatient),
  event('patient_updated', ofPatient),
  event('record_changed', Type.Object({ ...ofPatient.properties, entry_id: Id })),
  event('record_imported', ofPatient),
  events(['patient_merged', 'patient_unmerged'], Type.Object({ ...ofPatient.properties, source_key: Id })),
  event('study_moved', Type.Object(ofStudy)),
  events(['document_added', 'document_removed'], Type.Object({ ...ofPatient.properties, document_id: Id })),
  events(
    ['knowledge_source_on', 'knowledge_source_off', 'knowledge_imported', 'knowledge_removed'],
    Type.Object({ source: Type.String() }),
  ),
  events(
    ['knowledge_override_requested', 'knowledge_override_approved', 'knowledge_override_removed'],
    Type.Object({ rule_id: Type.String() }),
  ),
  /** Somebody may do less than before, or nothing; without an id it is everybody of the tenant. */
  event('access_changed', Type.Object({ user_id: Type.Optional(Id), api_key_id: Type.Optional(Id), share_link_id: Type.Optional(Id) })),
  event('break_glass', Type.Object({ ...ofStudy, break_glass_id: Id, user_id: Id, expires_at: Instant })),
]);
export type LiveEvent = Static<typeof LiveEvent>;
export type EventType = LiveEvent['type'];

/** Of the room `analysis`. */
export const ANALYSIS_EVENTS: readonly EventType[] = [
  'analysis_queued',
  'analysis_started',
  'analysis_progress',
  'analysis_finished',
  'analysis_complete',
  'agent_status',
];

/** An event as it is sent. A client takes types that it does not know as news of their topic. */
export const EventMessage = Type.Object({
  seq: Seq,
  type: Type.String(),
  at: Instant,
  topic: Type.String(),
  data: Type.Record(Type.String(), Type.Unknown()),
});
export type EventMessage = Static<typeof EventMessage>;

export const listEvents = endpoint({
  method: 'GET',
  path: '/api/v1/events',
  summary:
    'Events after `since`, oldest first, for clients that poll: who keeps `last` misses nothing. 410 where those after `since` are no longer kept',
  permission: 'event:read',
  query: Type.Object({
    /** 0: from the oldest that is kept. */
    since: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
    topic: Type.Optional(Room),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  }),
  response: Type.Object({
    items: Type.Array(EventMessage),
    /** What to ask `since` next. */
    last: Seq,
    /** False while there is more to ask for. */
    done: Type.Boolean(),
  }),
});

/** What a client of a live connection sends. `since`: tell of the room what came after that number, before anything new. */
export const ClientMessage = Type.Union([
  Type.Object({ type: Type.Literal('join'), room: Room, since: Type.Optional(Seq) }),
  Type.Object({ type: Type.Literal('leave'), room: Room }),
  Type.Object({ type: Type.Literal('ping') }),
]);
export type ClientMessage = Static<typeof ClientMessage>;

/** What a live connection says besides events. */
export const ControlMessage = Type.Union([
  /** From here on the room is heard; `seq` is what has been told of it, or needed no telling. */
  Type.Object({ type: Type.Literal('joined'), room: Room, seq: Seq }),
  Type.Object({ type: Type.Literal('left'), room: Room }),
  /** The reader was too slow: what came after `after`, up to `seq`, was not sent. It can be asked for (`since=after`), or what is shown be loaded anew. */
  Type.Object({ type: Type.Literal('digest'), after: Seq, seq: Seq }),
  /** What was asked for is no longer kept: load what is shown anew. Everything after `seq` follows. */
  Type.Object({ type: Type.Literal('gone'), seq: Seq }),
  /** V-06. */
  Type.Object({ type: Type.Literal('error'), code: Type.String(), detail: Type.String() }),
  Type.Object({ type: Type.Literal('pong') }),
]);
export type ControlMessage = Static<typeof ControlMessage>;
