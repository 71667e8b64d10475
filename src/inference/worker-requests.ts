import type { ModelCard } from '../contract/model-card.ts';
import type { GrayImage } from '../imaging/gray-image.ts';
import type { Acquisition } from './acceptance.ts';
import type { Picture, PictureEvaluation } from './pipeline.ts';
import type { Classification, RawOutputs } from './postprocess.ts';

/** What a model thread is told when it starts. */
export type WorkerModels = { models: { card: ModelCard; digest: string; onnxPath: string }[]; threads: number };

/** What a model thread can be asked. */
export type ModelRequest =
  | { kind: 'run'; modelId: string; tensor: Float32Array; dims: readonly number[] }
  | { kind: 'classify'; modelId: string; image: GrayImage }
  | { kind: 'evaluate'; modelId: string; picture: Picture; acquisition: Acquisition };

export type ModelResponses = { run: RawOutputs; classify: Classification; evaluate: PictureEvaluation };
export type ModelResponse = ModelResponses[keyof ModelResponses];
