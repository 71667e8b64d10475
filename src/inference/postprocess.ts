import type { ModelCard } from '../contract/model-card.ts';
import { calibratedSoftmax } from './calibrate.ts';
import { InferenceError } from './errors.ts';

/** A network's output: values in row-major order of `dims`. */
export type RawTensor = { data: Float32Array; dims: readonly number[] };

/** Logits `[n, labels]`, class activation maps `[n, labels, height, width]`, out-of-distribution scores `[n]`. */
export type RawOutputs = { logits: RawTensor; cam: RawTensor | null; ood: RawTensor | null };

/** A label's raw logit and its calibrated probability, 0..1. */
export type LabelScore = { label: string; title: string; raw_score: number; probability: number };

/** A sum of labels against its threshold; `positive` at or above it. */
export type ModelFinding = { id: string; title: string; probability: number; threshold: number; positive: boolean };

/** Class activation map `[height, width]` of the network's last layer; larger speaks more for the finding. */
export type ActivationMap = { values: Float32Array; width: number; height: number };

/** What one network says about one picture. */
export type Classification = {
  /** In the card's order. */
  scores: LabelScore[];
  findings: ModelFinding[];
  oodScore: number | null;
  outOfDistribution: boolean;
  /**
   * Of the most probable finding: the sum of its labels' maps, over the whole picture. Null if the model has no maps or no findings, or
   * sees a part of the picture only (`center-crop`, `letterbox`): evidence in the wrong place is worse than none.
   */
  cam: ActivationMap | null;
};

/**
 * Reads a network's numbers by its card.
 *
 * @param raw outputs for one picture
 * @throws {InferenceError} `failed` if the outputs have another shape than the card says, or are not finite
 */
export function interpret(card: ModelCard, raw: RawOutputs): Classification {
  if (raw.logits.data.length !== card.labels.length)
    throw new InferenceError('failed', `${card.id}: ${raw.logits.data.length} logits for ${card.labels.length} labels`);
  if (!raw.logits.data.every(Number.isFinite)) throw new InferenceError('failed', `${card.id}: a logit is not a finite number`);
  const probabilities = calibratedSoftmax(raw.logits.data, card.calibration?.temperature ?? 1);
  const scores = card.labels.map(({ id, title }, index) => ({
    label: id,
    title,
    raw_score: raw.logits.data[index] ?? 0,
    probability: probabilities[index] ?? 0,
  }));
  const oodScore = raw.ood?.data[0] ?? null;
  return {
    scores,
    findings: card.findings.map((finding) => findingOf(finding, scores)),
    oodScore,
    outOfDistribution: isOutOfDistribution(card, oodScore),
    cam: activationMap(card, scores, raw.cam),
  };
}

function findingOf({ id, title, sum_of, threshold }: ModelCard['findings'][number], scores: LabelScore[]): ModelFinding {
  const sum = scores.reduce((total, score) => total + (sum_of.includes(score.label) ? score.probability : 0), 0);
  const probability = Math.min(1, sum);
  return { id, title, probability, threshold, positive: probability >= threshold };
}

/** A score that is missing or not a number counts as outside: the model cannot vouch for the picture. */
function isOutOfDistribution(card: ModelCard, score: number | null): boolean {
  if (card.out_of_distribution === null) return false;
  if (score === null || Number.isNaN(score)) return true;
  const { threshold, direction } = card.out_of_distribution;
  return direction === 'above' ? score > threshold : score < threshold;
}

function activationMap(card: ModelCard, scores: LabelScore[], cam: RawTensor | null): ActivationMap | null {
  const probabilityOf = (finding: ModelCard['findings'][number]) => findingOf(finding, scores).probability;
  const [top] = card.findings.toSorted((a, b) => probabilityOf(b) - probabilityOf(a));
  if (cam === null || top === undefined || card.input.resize !== 'stretch') return null;
  const [count, labels, height, width] = cam.dims;
  if (count !== 1 || labels !== card.labels.length || height === undefined || width === undefined)
    throw new InferenceError('failed', `${card.id}: activation maps of shape [${cam.dims.join(', ')}]`);
  const size = width * height;
  const values = new Float32Array(size);
  for (const [index, { id }] of card.labels.entries()) {
    if (!top.sum_of.includes(id)) continue;
    for (let i = 0; i < size; i++) values[i] = (values[i] ?? 0) + (cam.data[index * size + i] ?? 0);
  }
  return { values, width, height };
}
