import { type Static, Type } from 'typebox';
import { ScoreInputValue, ScoreResult } from './clinical.ts';
import { endpoint } from './endpoint.ts';
import { Instant, Nullable, Uid } from './fields.ts';
import { PatientKey } from './recycle-bin.ts';

/** What a statement rests on: an entry of the structured record, a study, a signed report, a recommendation that is followed up. */
export const HistorySource = Type.Object({ kind: Type.Enum(['entry', 'study', 'report', 'follow_up', 'patient']), id: Type.String() });
export type HistorySource = Static<typeof HistorySource>;

/** One event of the patient's life; entries that say the same are one event with several sources. */
export const TimelineEvent = Type.Object({
  kind: Type.Enum(['condition', 'allergy', 'medication', 'observations', 'procedure', 'immunization', 'study', 'report']),
  /** As exact as its source: `2019`, `2019-05`, `2019-05-04`, an instant; null if no source dates it. */
  at: Nullable(Type.String()),
  until: Nullable(Type.String()),
  title: Type.String(),
  status: Nullable(Type.String()),
  from: Type.Array(HistorySource),
});
export type TimelineEvent = Static<typeof TimelineEvent>;

/** A measured value in the unit of its series. */
export const SeriesPoint = Type.Object({ at: Type.String(), value: Type.Number(), from: Type.Array(HistorySource) });
export type SeriesPoint = Static<typeof SeriesPoint>;

/** What several entries say only together. */
export const HistoryPattern = Type.Object({
  kind: Type.Enum(['trend', 'change', 'recurrent', 'gap', 'conflict']),
  /** The rule that found it; `docs/clinical/history.md` states each. */
  rule: Type.String(),
  title: Type.String(),
  explanation: Type.String(),
  /** Where the rule comes from; null for one of our own. */
  citation: Nullable(Type.String()),
  /** The values, with one unit (UCUM), where it is about a measurement. */
  series: Nullable(Type.Object({ test: Type.String(), unit: Type.String(), points: Type.Array(SeriesPoint) })),
  from: Type.Array(HistorySource),
});
export type HistoryPattern = Static<typeof HistoryPattern>;

/** A piece of history that matters for the present study, and why. */
export const RelevantHistory = Type.Object({
  rule: Type.String(),
  title: Type.String(),
  at: Nullable(Type.String()),
  reason: Type.String(),
  citation: Nullable(Type.String()),
  /** `safety`: may change how the examination is done; `interpretation`: how it is read; `comparison`: what to lay beside it. */
  matters_for: Type.Enum(['safety', 'interpretation', 'comparison']),
  from: Type.Array(HistorySource),
});
export type RelevantHistory = Static<typeof RelevantHistory>;

export const HistorySynthesis = Type.Object({
  as_of: Instant,
  /** The newest first; what has no date stands last. */
  timeline: Type.Array(TimelineEvent),
  patterns: Type.Array(HistoryPattern),
  /** The study that the relevance is told for; null if none was named. */
  present: Nullable(Type.Object({ study_instance_uid: Uid, regions: Type.Array(Type.String()), question: Nullable(Type.String()) })),
  relevant: Type.Array(RelevantHistory),
  /** What could not be read, and why: nothing is concluded from it. */
  not_used: Type.Array(Type.Object({ from: HistorySource, reason: Type.String() })),
  disclaimer: Type.String(),
});
export type HistorySynthesis = Static<typeof HistorySynthesis>;

/** An input of a score as the record gives it. */
export const RecordedInput = Type.Object({
  name: Type.String(),
  value: ScoreInputValue,
  /** When it was so; null if no source dates it. */
  at: Nullable(Type.String()),
  /** Whole days from then until now; null if no source dates it. */
  age_days: Nullable(Type.Integer()),
  from: Type.Array(HistorySource),
});
export type RecordedInput = Static<typeof RecordedInput>;

export const RecordedScore = Type.Object({
  result: ScoreResult,
  inputs: Type.Array(RecordedInput),
  /** What the record has but the score cannot take: too old, another unit, not plausible. */
  not_used: Type.Array(Type.Object({ name: Type.String(), reason: Type.String(), from: Type.Array(HistorySource) })),
});
export type RecordedScore = Static<typeof RecordedScore>;

const patientParams = Type.Object({ patient_key: PatientKey });

export const getSynthesis = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/synthesis',
  summary:
    'Timeline, patterns and, for a study, what of the history matters for it (A-03); each statement with its sources. Nothing is stored',
  permission: 'patient:read',
  params: patientParams,
  query: Type.Object({
    /** The relevance is told for this study of the patient; its question is the one of its order. */
    study_instance_uid: Type.Optional(Uid),
  }),
  response: HistorySynthesis,
});
export const getRecordedScores = endpoint({
  method: 'GET',
  path: '/api/v1/patients/:patient_key/scores',
  summary:
    'Clinical scores filled from the record, with where each input came from and how old it is; what is not known makes a range (A-03)',
  permission: 'patient:read',
  params: patientParams,
  response: Type.Object({ as_of: Instant, items: Type.Array(RecordedScore), disclaimer: Type.String() }),
});
