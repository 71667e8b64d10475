import { type Static, Type } from 'typebox';
import { Analysis, AnalysisStatus, Measurement, Score } from './analysis.ts';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable, Uid } from './fields.ts';
import { Finding } from './findings.ts';

const ModelId = Type.String({ minLength: 1, maxLength: 64 });
const params = Type.Object({ id: Id });

export const AnalysisRequest = Type.Object(
  {
    /** One of the three: what is to be looked at. */
    study_instance_uid: Type.Optional(Uid),
    series_instance_uid: Type.Optional(Uid),
    sop_instance_uid: Type.Optional(Uid),
    /** Ids of models; all if left out. */
    models: Type.Optional(Type.Array(ModelId, { maxItems: 50 })),
  },
  { additionalProperties: false },
);
export type AnalysisRequest = Static<typeof AnalysisRequest>;

/** What one model said of an image, a series or a study. */
export const ComparedRun = Type.Object({
  analysis_id: Id,
  model_id: Type.String(),
  model_version: Type.String(),
  status: AnalysisStatus,
  reason: Nullable(Type.String()),
  scores: Type.Array(Score),
  measurements: Type.Array(Measurement),
  findings: Type.Array(Finding),
});
export type ComparedRun = Static<typeof ComparedRun>;

export const AnalysisComparison = Type.Object({
  items: Type.Array(Type.Object({ series_instance_uid: Nullable(Uid), sop_instance_uid: Nullable(Uid), models: Type.Array(ComparedRun) })),
});
export type AnalysisComparison = Static<typeof AnalysisComparison>;

export const requestAnalysis = endpoint({
  method: 'POST',
  path: '/api/v1/analysis',
  summary: 'Asks for runs on a study, a series or an image; what is held already is given as it is (E-37)',
  permission: 'analysis:run',
  body: AnalysisRequest,
  response: Type.Object({ items: Type.Array(Analysis) }),
  status: 202,
});
export const getAnalysisStatus = endpoint({
  method: 'GET',
  path: '/api/v1/analysis/:id/status',
  summary: 'How far one run is',
  permission: 'study:read',
  params,
  response: Type.Object({
    id: Id,
    status: AnalysisStatus,
    reason: Nullable(Type.String()),
    started_at: Nullable(Instant),
    finished_at: Nullable(Instant),
  }),
});
export const getAnalysisFindings = endpoint({
  method: 'GET',
  path: '/api/v1/analysis/:id/findings',
  summary: 'What one run found, with the decision on each',
  permission: 'study:read',
  params,
  response: Type.Object({ items: Type.Array(Finding) }),
});
export const getAnalysisMeasurements = endpoint({
  method: 'GET',
  path: '/api/v1/analysis/:id/measurements',
  summary: 'What one run measured',
  permission: 'study:read',
  params,
  response: Type.Object({ items: Type.Array(Measurement) }),
});
export const rerunAnalysis = endpoint({
  method: 'POST',
  path: '/api/v1/analysis/:id/rerun',
  summary: 'Makes one run again, beside the first; of a run that succeeded it checks the scores and proposes no finding twice',
  permission: 'analysis:run',
  params,
  response: Analysis,
  status: 202,
});
export const compareAnalyses = endpoint({
  method: 'GET',
  path: '/api/v1/studies/:study_instance_uid/analysis/comparison',
  summary: 'What each model said of the same image, side by side',
  permission: 'study:read',
  params: Type.Object({ study_instance_uid: Uid }),
  response: AnalysisComparison,
});
