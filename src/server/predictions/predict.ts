import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { DISCLAIMER } from '../../contract/disclaimer.ts';
import type { Prediction } from '../../contract/predictions.ts';
import { InferenceError } from '../../inference/errors.ts';
import type { ModelPackage } from '../../inference/model-package.ts';
import { evaluatePicture, evaluateRadiograph, type PictureEvaluation } from '../../inference/pipeline.ts';
import type { ModelPool } from '../../inference/pool.ts';
import type { Classification } from '../../inference/postprocess.ts';
import { heatmapPng } from '../analysis/heatmap-picture.ts';
import type { Cache } from '../cache/cache.ts';
import { allowedModels } from '../identity/policies.ts';
import type { Principal } from '../platform/auth.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { CommitGroup, Db, Scan } from '../platform/ports.ts';
import { type GrayFrameDeps, grayOfPart10 } from '../studies/gray-of-part10.ts';
import { sniff } from '../studies/sniff.ts';
import { VERSION } from '../system/version.ts';
import { insertPrediction } from './repository.ts';

export type PredictDeps = GrayFrameDeps & {
  tenant_id: string;
  db: Db;
  commit: CommitGroup;
  cache: Cache;
  pool: ModelPool;
  now: () => Date;
  scan?: Scan | undefined;
};
export type PredictRequest = { filename: string; bytes: Uint8Array; model: string; heatmap: boolean };

/**
 * Classifies one picture or DICOM file at once: gate, model, calibration; or abstains with the reason. Every answer is kept as one of its own; the
 * same bytes are not put through the same model again within the hour (C-08).
 *
 * @throws {AppError} `model-not-found`, `forbidden` for a model that the role may not use, `invalid-image`, `invalid-dicom`, `no-pixels`, `too-large`, `infected`, `unavailable` when too many wait
 */
export async function predictPicture(
  deps: PredictDeps,
  principal: Principal,
  { filename, bytes, model, heatmap }: PredictRequest,
): Promise<Prediction> {
  const from = performance.now();
  const known = deps.pool.packages.find(({ card }) => card.id === model && card.findings.length > 0);
  if (!known) throw new AppError('model-not-found', `No model ${model}`);
  if (!(await allowedModels(deps.db, principal)).has(model))
    throw new AppError('forbidden', `The rules of this tenant do not let the role ${principal.role} use the model ${model}`);
  if (deps.scan) for await (const _ of deps.scan(Readable.from([bytes])));
  const input_digest = createHash('sha256').update(bytes).digest('hex');
  // A model's digest names its card and weights, and one may be the gate of another; the version names the code around them.
  const networks = deps.pool.packages.map(({ digest }) => digest);
  const asked = { name: 'prediction', key: [known.digest, networks, VERSION, input_digest, heatmap] };
  const said = await deps.cache.content(asked, deps.tenant_id, async () => {
    const evaluation = await evaluate(deps, model, bytes);
    return { ...verdict(evaluation), heatmap: heatmap && evaluation.status === 'succeeded' ? await mapOf(known, evaluation) : null };
  });
  const prediction: Prediction = {
    ...said,
    id: newId(deps.now()),
    image_filename: filename.slice(0, 255),
    model_name: model,
    model_version: known.card.version,
    model_digest: known.digest,
    input_digest,
    processing_time: performance.now() - from,
    disclaimer: DISCLAIMER,
    created_at: deps.now().toISOString(),
  };
  await deps.commit((tx) => insertPrediction(tx, prediction, principal.user_id));
  return prediction;
}

async function evaluate(deps: PredictDeps, model: string, bytes: Uint8Array): Promise<PictureEvaluation> {
  try {
    const kind = sniff(bytes);
    if (kind === 'png' || kind === 'jpeg' || kind === 'tiff')
      return await evaluatePicture(deps.pool, model, bytes, { priority: 'interactive' });
    const { image, acquisition } = await grayOfPart10(deps, bytes);
    return await evaluateRadiograph(deps.pool, model, image, { ...acquisition, priority: 'interactive' });
  } catch (error) {
    throw asAppError(error);
  }
}

function verdict(
  evaluation: PictureEvaluation,
): Pick<
  Prediction,
  'prediction_class' | 'confidence_score' | 'probabilities' | 'abstained' | 'abstention_reason' | 'out_of_distribution_score'
> {
  const scores = evaluation.classification?.scores ?? [];
  const probabilities = Object.fromEntries(scores.map(({ label, probability }) => [label, probability]));
  const out_of_distribution_score = evaluation.classification?.oodScore ?? null;
  if (evaluation.status === 'abstained') {
    return {
      prediction_class: null,
      confidence_score: null,
      probabilities,
      abstained: true,
      abstention_reason: evaluation.reason,
      out_of_distribution_score,
    };
  }
  const [best] = scores.toSorted((a, b) => b.probability - a.probability);
  return {
    prediction_class: best?.label ?? null,
    confidence_score: best?.probability ?? null,
    probabilities,
    abstained: false,
    abstention_reason: null,
    out_of_distribution_score,
  };
}

async function mapOf(
  { card }: ModelPackage,
  { classification, width, height }: { classification: Classification | null; width: number; height: number },
): Promise<string | null> {
  if (!classification?.cam) return null;
  return `data:image/png;base64,${Buffer.from(await heatmapPng(card.input, classification.cam, { width, height })).toString('base64')}`;
}

function asAppError(error: unknown): unknown {
  if (!(error instanceof InferenceError)) return error;
  if (error.kind === 'invalid-picture') return new AppError('invalid-image', error.message, { cause: error });
  if (error.kind === 'busy' || error.kind === 'closed')
    return new AppError('unavailable', 'Too many pictures wait for a model; try again', { cause: error });
  return error;
}
