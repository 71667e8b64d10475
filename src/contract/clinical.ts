import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Nullable } from './fields.ts';

/** Where a score, a threshold or a rule comes from. */
export const Citation = Type.Object({
  text: Type.String(),
  doi: Type.Optional(Type.String()),
  pmid: Type.Optional(Type.String()),
});
export type Citation = Static<typeof Citation>;

export const NumberRange = Type.Object({ min: Type.Number(), max: Type.Number() });
export type NumberRange = Static<typeof NumberRange>;

/** A class that a score assigns: a risk group, a category, a level. */
export const ScoreBand = Type.Object({ id: Type.String(), title: Type.String() });
export type ScoreBand = Static<typeof ScoreBand>;

export const FollowUpModality = Type.Union([
  Type.Literal('ct'),
  Type.Literal('low-dose-ct'),
  Type.Literal('ct-or-mri'),
  Type.Literal('pet-ct'),
  Type.Literal('ultrasound'),
  Type.Literal('breast-imaging'),
  Type.Literal('tissue-sampling'),
  Type.Literal('clinical-evaluation'),
  Type.Literal('multidisciplinary-discussion'),
  Type.Literal('comparison-with-prior'),
]);
export type FollowUpModality = Static<typeof FollowUpModality>;

/** One act that a recommendation asks for. */
export const FollowUpStep = Type.Object({
  /** Months after the examination that was classified; null where the source names no time. */
  interval_months: Nullable(NumberRange),
  modality: FollowUpModality,
  /** What the source names as equal choices in place of `modality`. */
  alternatives: Type.Array(FollowUpModality),
  /** `optional`: may be done; `consider`: the source says to consider it; `recommended`; `prompt`: without waiting for an interval. */
  urgency: Type.Union([Type.Literal('optional'), Type.Literal('consider'), Type.Literal('recommended'), Type.Literal('prompt')]),
  /** Only if the finding persists or is unchanged at the step before. */
  if_unchanged: Type.Boolean(),
  /** Repeated at this distance until so many months after the first examination; null: once. */
  repeat: Nullable(Type.Object({ every_months: Type.Number(), until_months: Nullable(Type.Number()) })),
});
export type FollowUpStep = Static<typeof FollowUpStep>;

/** What follows from a class; no steps: nothing to do. */
export const Recommendation = Type.Object({ id: Type.String(), text: Type.String(), steps: Type.Array(FollowUpStep) });
export type Recommendation = Static<typeof Recommendation>;

export const ScoreInputDescription = Type.Object({
  name: Type.String(),
  title: Type.String(),
  kind: Type.Union([Type.Literal('number'), Type.Literal('integer'), Type.Literal('boolean'), Type.Literal('choice')]),
  /** UCUM; null for what has no unit. A bare number is taken to be in this unit. */
  unit: Nullable(Type.String()),
  /** Units that `{ value, unit }` may name. */
  accepted_units: Type.Array(Type.String()),
  /** Plausible values in `unit`; others are refused. */
  range: Nullable(NumberRange),
  choices: Nullable(Type.Array(ScoreBand)),
  /** False: refines the answer or is an alternative way to give another input. */
  required: Type.Boolean(),
});
export type ScoreInputDescription = Static<typeof ScoreInputDescription>;

const summaryFields = {
  id: Type.String(),
  version: Type.String(),
  title: Type.String(),
  population: Type.String(),
  citation: Citation,
};
export const ScoreSummary = Type.Object(summaryFields);
export type ScoreSummary = Static<typeof ScoreSummary>;

export const ScoreDescription = Type.Object({
  ...summaryFields,
  /** Further sources: thresholds, adopted versions, rules of measurement. */
  references: Type.Array(Citation),
  limits: Type.Array(Type.String()),
  unit: Nullable(Type.String()),
  inputs: Type.Array(ScoreInputDescription),
  bands: Type.Array(ScoreBand),
});
export type ScoreDescription = Static<typeof ScoreDescription>;

export const Fact = Type.Union([Type.Boolean(), Type.Number(), Type.String()]);
export type Fact = Static<typeof Fact>;

/** A bare value in the input's own unit, or a value with its UCUM unit; null says that it is not known. */
export const ScoreInputValue = Type.Union([
  Type.Boolean(),
  Type.Number(),
  Type.String({ maxLength: 100 }),
  Type.Object({ value: Type.Number(), unit: Type.String({ maxLength: 40 }) }, { additionalProperties: false }),
  Type.Null(),
]);
export type ScoreInputValue = Static<typeof ScoreInputValue>;

/**
 * What a score says of the inputs at hand. What is missing is never taken as "no": then `value` is null and `range`, `bands` and
 * `recommendations` hold everything that the missing inputs could still make of it.
 */
export const ScoreResult = Type.Object({
  score: Type.String(),
  version: Type.String(),
  title: Type.String(),
  citation: Citation,
  value: Nullable(Type.Number()),
  range: Nullable(NumberRange),
  /** UCUM; null where the score has no number. */
  unit: Nullable(Type.String()),
  band: Nullable(ScoreBand),
  bands: Type.Array(ScoreBand),
  recommendation: Nullable(Recommendation),
  recommendations: Type.Array(Recommendation),
  /** As used: in the unit of the definition. */
  inputs_used: Type.Array(Type.Object({ name: Type.String(), value: Fact, unit: Nullable(Type.String()) })),
  /** Inputs that are not known and could have mattered. */
  missing: Type.Array(Type.String()),
  /** Why the score must not be used for this patient or finding; null if nothing speaks against it. */
  not_applicable: Nullable(Type.String()),
  notes: Type.Array(Type.String()),
});
export type ScoreResult = Static<typeof ScoreResult>;

const scoreParams = Type.Object({ score: Type.String({ pattern: '^[a-z0-9][a-z0-9.-]*$', maxLength: 60 }) });

export const listScores = endpoint({
  method: 'GET',
  path: '/api/v1/clinical/scores',
  summary: 'The clinical scores and classifications that can be computed (A-03)',
  permission: 'session',
  response: Type.Object({ items: Type.Array(ScoreSummary) }),
});
export const getScore = endpoint({
  method: 'GET',
  path: '/api/v1/clinical/scores/:score',
  summary: 'One score: its inputs with units and ranges, its classes, its sources and limits',
  permission: 'session',
  params: scoreParams,
  response: ScoreDescription,
});
export const computeScore = endpoint({
  method: 'POST',
  path: '/api/v1/clinical/scores/:score',
  summary: 'Computes a score from the inputs at hand; what is missing makes a range, never a "no". Nothing is stored',
  permission: 'session',
  params: scoreParams,
  body: Type.Object({ inputs: Type.Record(Type.String(), ScoreInputValue) }),
  response: ScoreResult,
});
