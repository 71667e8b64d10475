import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';

/** One vocabulary for every run of a model. */
export const AnalysisStatus = Type.Union([
  Type.Literal('queued'),
  Type.Literal('running'),
  Type.Literal('succeeded'),
  Type.Literal('abstained'),
  Type.Literal('failed'),
  Type.Literal('cancelled'),
]);
export type AnalysisStatus = Static<typeof AnalysisStatus>;

/** A label's raw logit and its calibrated probability, 0..1. */
export const Score = Type.Object({ label: Type.String(), title: Type.String(), raw_score: Type.Number(), probability: Type.Number() });
export type Score = Static<typeof Score>;

/** A number with its unit (UCUM) and where it was measured. */
export const Measurement = Type.Object({
  name: Type.String(),
  title: Type.String(),
  value: Type.Number(),
  unit: Type.String(),
  sop_instance_uid: Nullable(Uid),
});
export type Measurement = Static<typeof Measurement>;

export const Analysis = Type.Object({
  id: Id,
  study_instance_uid: Uid,
  series_instance_uid: Nullable(Uid),
  sop_instance_uid: Nullable(Uid),
  model_id: Type.String(),
  model_version: Type.String(),
  /** SHA-256 of card and weights together. */
  model_digest: Type.String(),
  input_digest: Nullable(Type.String()),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  status: AnalysisStatus,
  /** Why it abstained or failed, in words for the reader. */
  reason: Nullable(Type.String()),
  scores: Type.Array(Score),
  measurements: Type.Array(Measurement),
  has_heatmap: Type.Boolean(),
  out_of_distribution_score: Nullable(Type.Number()),
  disclaimer: Type.String(),
  started_at: Nullable(Instant),
  finished_at: Nullable(Instant),
  duration_ms: Nullable(Type.Number()),
});
export type Analysis = Static<typeof Analysis>;

const studyParams = Type.Object({ study_instance_uid: Uid });

export const analyzeStudyNow = endpoint({
  method: 'POST',
  path: '/api/v1/studies/:study_instance_uid/analysis',
  summary: 'Queues a run of every model that accepts the study (E-37)',
  permission: 'analysis:run',
  params: studyParams,
  response: Type.Object({ study_instance_uid: Uid, status: Type.Literal('queued') }),
  status: 202,
});
export const listAnalyses = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/analysis',
  summary: 'Runs on the study, newest first, abstentions included',
  permission: 'study:read',
  params: studyParams,
  response: Type.Object({ items: Type.Array(Analysis) }),
});
export const getAnalysis = endpoint({
  method: 'GET',
  path: '/api/v1/analysis/:id',
  summary: 'One run with its provenance',
  permission: 'study:read',
  params: Type.Object({ id: Id }),
  response: Analysis,
});
export const getHeatmap = endpoint({
  method: 'GET',
  path: '/api/v1/analysis/:id/heatmap',
  summary: 'Class activation map as a transparent PNG in the geometry of the analyzed frame',
  permission: 'study:read',
  params: Type.Object({ id: Id }),
  response: Type.Unknown(),
  produces: 'image/png',
});
