import { type Static, Type } from 'typebox';
import { endpoint } from './endpoint.ts';
import { Id, Instant, Nullable } from './fields.ts';

/** One picture, answered at once (D-12); an abstention has no class. */
export const Prediction = Type.Object({
  id: Id,
  image_filename: Type.String(),
  model_name: Type.String(),
  model_version: Type.String(),
  model_digest: Type.String(),
  input_digest: Type.String(),
  prediction_class: Nullable(Type.String()),
  /** Calibrated probability of `prediction_class`, 0..1. */
  confidence_score: Nullable(Type.Number()),
  probabilities: Type.Record(Type.String(), Type.Number()),
  abstained: Type.Boolean(),
  abstention_reason: Nullable(Type.String()),
  out_of_distribution_score: Nullable(Type.Number()),
  /** PNG of the class activation map as a data URL; null if asked not to, or abstained. */
  heatmap: Nullable(Type.String()),
  /** Milliseconds from the complete upload to the answer. */
  processing_time: Type.Number(),
  disclaimer: Type.String(),
  created_at: Instant,
});
export type Prediction = Static<typeof Prediction>;

const modelQuery = Type.Object({
  model: Type.Optional(Type.String({ default: 'cxr-pneumonia' })),
  heatmap: Type.Optional(Type.Boolean({ default: false })),
});

export const predict = endpoint({
  method: 'POST',
  path: '/api/v1/predict',
  summary: 'Classifies one picture or DICOM file, multipart field `file` (E-41)',
  permission: 'prediction:run',
  consumes: 'multipart/form-data',
  query: modelQuery,
  response: Prediction,
});
export const predictBatch = endpoint({
  method: 'POST',
  path: '/api/v1/predict/batch',
  summary: 'Classifies up to 64 pictures, each on its own; a bad one does not fail the others (E-42)',
  permission: 'prediction:run',
  consumes: 'multipart/form-data',
  query: modelQuery,
  response: Type.Object({
    predictions: Type.Array(Prediction),
    errors: Type.Array(Type.Object({ file: Type.String(), error: Type.String(), reason: Type.String() })),
    total: Type.Integer(),
    processing_time: Type.Number(),
  }),
});
export const listPredictions = endpoint({
  method: 'GET',
  path: '/api/v1/predictions',
  summary: 'History, newest first (E-43)',
  permission: 'prediction:read',
  query: Type.Object({
    skip: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  }),
  response: Type.Object({ items: Type.Array(Prediction), total: Type.Integer() }),
});
export const getPrediction = endpoint({
  method: 'GET',
  path: '/api/v1/predictions/:id',
  summary: 'One prediction',
  permission: 'prediction:read',
  params: Type.Object({ id: Id }),
  response: Prediction,
});
