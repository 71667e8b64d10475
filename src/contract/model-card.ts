import { type Static, Type } from 'typebox';
import { Nullable } from './fields.ts';

/** How a picture becomes the model's input tensor. */
export const ModelInput = Type.Object({
  name: Type.String(),
  width: Type.Integer({ minimum: 1, maximum: 4096 }),
  height: Type.Integer({ minimum: 1, maximum: 4096 }),
  resize: Type.Union([Type.Literal('stretch'), Type.Literal('center-crop'), Type.Literal('letterbox')]),
  normalize: Type.Union([
    Type.Object({ kind: Type.Literal('standardize') }),
    Type.Object({ kind: Type.Literal('scale'), mean: Type.Number(), std: Type.Number({ exclusiveMinimum: 0 }) }),
  ]),
});
export type ModelInput = Static<typeof ModelInput>;

/** What the model was made for; an input outside of it is not evaluated. */
export const ModelAcceptance = Type.Object({
  modalities: Type.Array(Type.String(), { minItems: 1 }),
  body_parts: Type.Array(Type.String()),
  views: Type.Array(Type.String()),
  age_years: Nullable(Type.Object({ min: Type.Number(), max: Type.Number() })),
  gate: Nullable(Type.Object({ model: Type.String(), label: Type.String(), min_probability: Type.Number() })),
});
export type ModelAcceptance = Static<typeof ModelAcceptance>;

export const ModelMetric = Type.Object({
  name: Type.String(),
  value: Type.Number(),
  ci95: Nullable(Type.Tuple([Type.Number(), Type.Number()])),
  dataset: Type.String(),
  n: Type.Integer(),
});

/** What every card says, whatever the model does. */
const aboutModel = {
  id: Type.String({ pattern: '^[a-z0-9-]+$' }),
  version: Type.String(),
  title: Type.String(),
  intended_use: Type.String(),
  population: Type.String(),
  limits: Type.Array(Type.String()),
  regulatory_status: Type.String(),
  licence: Type.String(),
  attribution: Type.Array(Type.String()),
  training_data: Type.Array(Type.Object({ name: Type.String(), count: Type.Integer(), licence: Type.String(), citation: Type.String() })),
  metrics: Type.Array(ModelMetric),
};

/** The card of an algorithm without weights that measures (`models/<id>/card.json`, no `model.onnx`). */
export const QuantificationCard = Type.Object({
  ...aboutModel,
  task: Type.Literal('quantification'),
  accepts: Type.Object({ modalities: Type.Array(Type.String(), { minItems: 1 }), min_slices: Type.Integer() }),
  measurements: Type.Array(Type.Object({ name: Type.String(), title: Type.String(), unit: Type.String() })),
  findings: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), rule: Type.String() })),
});
export type QuantificationCard = Static<typeof QuantificationCard>;

/** The card of a classification network (`models/<id>/card.json`). */
export const ModelCard = Type.Object({
  ...aboutModel,
  task: Type.Literal('classification'),
  accepts: ModelAcceptance,
  input: ModelInput,
  outputs: Type.Object({ logits: Type.String(), cam: Nullable(Type.String()), ood: Nullable(Type.String()) }),
  labels: Type.Array(Type.Object({ id: Type.String(), title: Type.String() }), { minItems: 2 }),
  calibration: Nullable(Type.Object({ temperature: Type.Number({ exclusiveMinimum: 0 }), set: Type.String() })),
  findings: Type.Array(
    Type.Object({ id: Type.String(), title: Type.String(), sum_of: Type.Array(Type.String(), { minItems: 1 }), threshold: Type.Number() }),
  ),
  out_of_distribution: Nullable(
    Type.Object({ threshold: Type.Number(), direction: Type.Union([Type.Literal('above'), Type.Literal('below')]) }),
  ),
  provenance: Type.Object({
    onnx_sha256: Type.String(),
    recipe: Type.String(),
    seed: Type.Union([Type.Integer(), Type.Array(Type.Integer())]),
    trained_on: Type.String(),
  }),
});
export type ModelCard = Static<typeof ModelCard>;
